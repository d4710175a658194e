/* SPDX-License-Identifier: MIT */
/*
 * Handles are plain structs, and people keep them by value in containers that copy them about. LEGAL: "map",
 * sessions by host name; "batch", a vector of operations that grows while they run; "queue", finished
 * operations are closed by another thread. LEAKS ("erased"): an entry is erased from the map without a close,
 * and the program leaves the rest alone for fear of a hang.
 */
#include "app_support.h"
#include "variants.h"

#include <condition_variable>
#include <cstdio>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

MI_Application OpenApplication()
{
    MI_Application application;
    app_require("application", MI_Application_Initialize(0, "handles_in_containers", nullptr, &application));
    return application;
}

MI_Session OpenSession(MI_Application application)
{
    MI_Session session;
    app_require("session", MI_Application_NewSession(&application, nullptr, nullptr, nullptr, nullptr,
                                                     nullptr, &session));
    return session;
}

static MI_Operation StartListing(MI_Session session, MI_OperationCallbacks *callbacks)
{
    MI_Operation operation;
    MI_Session_EnumerateInstances(&session, 0, nullptr, app_namespace(), app_class(), MI_FALSE, callbacks,
                                  &operation);
    return operation;
}

static void FinishListing(MI_Operation operation)
{
    drain_unseen(&operation);
    MI_Operation_Close(&operation);
}

static std::map<std::string, MI_Session> OpenSessions(MI_Application application)
{
    std::map<std::string, MI_Session> sessions;
    for (const char *host : {"delta", "alpha", "gamma", "beta"}) {
        sessions[host] = OpenSession(application);
    }
    for (auto &entry : sessions) {
        FinishListing(StartListing(entry.second, nullptr));
    }
    return sessions;
}

static void Map()
{
    MI_Application application = OpenApplication();
    std::map<std::string, MI_Session> sessions = OpenSessions(application);
    for (auto entry : sessions) {
        MI_Session_Close(&entry.second, nullptr, nullptr);
    }
    app_print("application", MI_Application_Close(&application));
}

static void Erased()
{
    MI_Application application = OpenApplication();
    std::map<std::string, MI_Session> sessions = OpenSessions(application);
    sessions.erase("gamma");
    for (auto entry : sessions) {
        MI_Session_Close(&entry.second, nullptr, nullptr);
    }
    printf("%zu sessions closed\n", sessions.size());
}

static void Batch()
{
    MI_Application application = OpenApplication();
    MI_Session session = OpenSession(application);
    std::vector<MI_Operation> operations;
    for (int i = 0; i < 20; i++) {
        operations.push_back(StartListing(session, nullptr));
    }
    while (!operations.empty()) {
        FinishListing(operations.back());
        operations.pop_back();
    }
    app_print("session", MI_Session_Close(&session, nullptr, nullptr));
    app_print("application", MI_Application_Close(&application));
}

class Reaper
{
  public:
    Reaper() : thread_([this] { Run(); })
    {
    }
    ~Reaper()
    {
        thread_.join();
    }
    void Bury(MI_Operation operation)
    {
        std::lock_guard<std::mutex> guard(lock_);
        dead_.push_back(operation);
        changed_.notify_one();
    }

  private:
    void Run()
    {
        for (int buried = 0; buried < 8; buried++) {
            std::unique_lock<std::mutex> guard(lock_);
            changed_.wait(guard, [this] { return !dead_.empty(); });
            MI_Operation operation = dead_.front();
            dead_.pop_front();
            guard.unlock();
            MI_Operation_Close(&operation);
        }
    }

    std::mutex lock_;
    std::condition_variable changed_;
    std::deque<MI_Operation> dead_;
    std::thread thread_;
};

static void OnLast(MI_Operation *operation, void *context, const MI_Instance *, MI_Boolean more, MI_Result,
                   const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement)
{
    if (!more) {
        static_cast<Reaper *>(context)->Bury(*operation);
    }
}

static void Queue()
{
    MI_Application application = OpenApplication();
    MI_Session session = OpenSession(application);
    {
        Reaper reaper;
        MI_OperationCallbacks callbacks = {};
        callbacks.callbackContext = &reaper;
        callbacks.instanceResult = OnLast;
        for (int i = 0; i < 8; i++) {
            StartListing(session, &callbacks);
        }
    }
    app_print("session", MI_Session_Close(&session, nullptr, nullptr));
    app_print("application", MI_Application_Close(&application));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"map", Map}, {"batch", Batch}, {"queue", Queue}, {"erased", Erased}};
    return RUN_VARIANT(argc, argv, variants);
}
