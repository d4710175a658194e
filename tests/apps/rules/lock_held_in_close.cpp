/* SPDX-License-Identifier: MIT */
/*
 * A lock of the program and MI's calls. HANGS: "close", main holds the lock inside MI_Session_Close while a
 * callback wants it; "application", inside MI_Application_Close; "join", the callback waits for a thread that
 * waits for the lock. LEGAL: "released", main lets the lock go first; "slow", the callback holds the lock,
 * but not for ever.
 */
#include "app_support.h"
#include "variants.h"

#include <chrono>
#include <cstdio>
#include <map>
#include <mutex>
#include <string>
#include <thread>

class Registry
{
  public:
    Registry()
    {
        open_application(&application_, "lock_held_in_close");
        open_session(&application_, &session_);
    }

    // The callback may be running, or about to, when this returns.
    void Start(bool dawdle)
    {
        MI_OperationCallbacks callbacks = {};
        callbacks.callbackContext = this;
        callbacks.instanceResult = OnItem;
        dawdle_ = dawdle;
        MI_Session_EnumerateInstances(&session_, 0, nullptr, app_namespace(), app_class(), MI_FALSE,
                                      &callbacks, &operation_);
    }

    void JoinInCallback()
    {
        join_ = true;
    }

    void WaitForItem()
    {
        wait_for(&arrived_);
    }

    std::mutex &lock()
    {
        return lock_;
    }

    void CloseSession()
    {
        app_print("operation", MI_Operation_Close(&operation_));
        app_print("session", MI_Session_Close(&session_, nullptr, nullptr));
    }

    void ShutDown()
    {
        app_print("operation", MI_Operation_Close(&operation_));
        app_print("session", MI_Session_Close(&session_, nullptr, [](void *) {}));
        app_print("application", MI_Application_Close(&application_));
    }

    void CloseApplication()
    {
        app_print("application", MI_Application_Close(&application_));
    }

  private:
    static void OnItem(MI_Operation *, void *context, const MI_Instance *, MI_Boolean more, MI_Result,
                       const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement)
    {
        auto *self = static_cast<Registry *>(context);
        sem_post(&self->arrived_);
        if (self->join_) {
            std::thread([self] { self->Add("item"); }).join();
        } else {
            self->Add(more ? "item" : "last");
        }
    }

    void Add(const std::string &name)
    {
        std::lock_guard<std::mutex> guard(lock_);
        if (dawdle_) {
            std::this_thread::sleep_for(std::chrono::milliseconds(200));
        }
        items_[name]++;
    }

    static sem_t MakeSemaphore()
    {
        sem_t semaphore;
        sem_init(&semaphore, 0, 0);
        return semaphore;
    }

    MI_Application application_;
    MI_Session session_;
    MI_Operation operation_;
    std::mutex lock_;
    std::map<std::string, int> items_;
    sem_t arrived_ = MakeSemaphore();
    bool dawdle_ = false;
    bool join_ = false;
};

static void Close()
{
    Registry registry;
    std::lock_guard<std::mutex> guard(registry.lock());
    registry.Start(false);
    registry.WaitForItem();
    registry.CloseSession();
    registry.CloseApplication();
}

static void Application()
{
    Registry registry;
    std::lock_guard<std::mutex> guard(registry.lock());
    registry.Start(false);
    registry.WaitForItem();
    registry.ShutDown();
}

static void Join()
{
    Registry registry;
    registry.JoinInCallback();
    std::unique_lock<std::mutex> guard(registry.lock());
    registry.Start(false);
    registry.WaitForItem();
    registry.CloseSession();
    guard.unlock();
    registry.CloseApplication();
}

static void Released()
{
    Registry registry;
    {
        std::lock_guard<std::mutex> guard(registry.lock());
        registry.Start(false);
        registry.WaitForItem();
    }
    registry.CloseSession();
    registry.CloseApplication();
}

static void Slow()
{
    Registry registry;
    registry.Start(true);
    registry.WaitForItem();
    registry.CloseSession();
    registry.CloseApplication();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"close", Close},
                                              {"application", Application},
                                              {"join", Join},
                                              {"released", Released},
                                              {"slow", Slow}};
    return RUN_VARIANT(argc, argv, variants);
}
