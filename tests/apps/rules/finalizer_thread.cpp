/* SPDX-License-Identifier: MIT */
/*
 * Managed objects: what the program forgets, a finalizer thread closes later. LEGAL: "finalized", nothing is
 * disposed of by hand; "disposed", everything is, and the finalizer is told. MISUSE ("both"): Dispose forgets
 * to tell the finalizer, so operations are closed twice (warning). LEAKS ("suppressed"): Dispose tells the
 * finalizer but does not delete the instance.
 */
#include "app_support.h"
#include "variants.h"

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

class Finalizer
{
  public:
    Finalizer() : thread_([this] { Run(); })
    {
    }
    ~Finalizer()
    {
        Later(nullptr);
        thread_.join();
    }
    void Later(std::function<void()> work)
    {
        std::lock_guard<std::mutex> guard(lock_);
        work_.push_back(std::move(work));
        changed_.notify_one();
    }

  private:
    void Run()
    {
        for (;;) {
            std::unique_lock<std::mutex> guard(lock_);
            changed_.wait(guard, [this] { return !work_.empty(); });
            auto work = std::move(work_.front());
            work_.pop_front();
            guard.unlock();
            if (!work) {
                return;
            }
            work();
        }
    }

    std::mutex lock_;
    std::condition_variable changed_;
    std::deque<std::function<void()>> work_;
    std::thread thread_;
};

class CimSession
{
  public:
    explicit CimSession(Finalizer &finalizer) : finalizer_(finalizer)
    {
        open_application(&application_, "finalizer_thread");
        open_session(&application_, &session_);
    }

    // Closes what is left, after everything that was finalized before.
    ~CimSession()
    {
        auto application = application_;
        auto session = session_;
        finalizer_.Later([application, session]() mutable {
            app_print("session", MI_Session_Close(&session, nullptr, nullptr));
            app_print("application", MI_Application_Close(&application));
        });
    }

    MI_Operation Query()
    {
        MI_Operation operation;
        MI_Session_QueryInstances(&session_, 0, nullptr, app_namespace(), "WQL", "SELECT * FROM OMI_Identify",
                                  nullptr, &operation);
        drain_unseen(&operation);
        return operation;
    }

    MI_Instance *NewInstance()
    {
        MI_Instance *instance = nullptr;
        app_require("instance", MI_Application_NewInstance(&application_, "CimInstance", nullptr, &instance));
        return instance;
    }

  private:
    Finalizer &finalizer_;
    MI_Application application_;
    MI_Session session_;
};

static void CloseOperation(MI_Operation operation)
{
    app_print("operation", MI_Operation_Close(&operation));
}

void FinalizeOperation(MI_Operation operation)
{
    app_print("operation, finalized", MI_Operation_Close(&operation));
}

static void Finalized()
{
    Finalizer finalizer;
    CimSession session(finalizer);
    for (int i = 0; i < 3; i++) {
        auto operation = session.Query();
        auto *instance = session.NewInstance();
        finalizer.Later([operation, instance] {
            FinalizeOperation(operation);
            MI_Instance_Delete(instance);
        });
    }
}

static void Disposed()
{
    Finalizer finalizer;
    CimSession session(finalizer);
    for (int i = 0; i < 3; i++) {
        CloseOperation(session.Query());
        MI_Instance_Delete(session.NewInstance());
    }
}

static void Both()
{
    Finalizer finalizer;
    CimSession session(finalizer);
    auto operation = session.Query();
    CloseOperation(operation);
    finalizer.Later([operation] { FinalizeOperation(operation); });
}

static void Suppressed()
{
    Finalizer finalizer;
    CimSession session(finalizer);
    for (int i = 0; i < 3; i++) {
        CloseOperation(session.Query());
        session.NewInstance();
    }
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"finalized", Finalized}, {"disposed", Disposed}, {"both", Both}, {"suppressed", Suppressed}};
    return RUN_VARIANT(argc, argv, variants);
}
