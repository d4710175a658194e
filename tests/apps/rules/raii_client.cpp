/* SPDX-License-Identifier: MIT */
/*
 * Handles as C++ objects that close themselves. LEGAL: "scope"; "exception", thrown while everything is open;
 * "moved", into a vector and back; "shared", the last owner closes. HANGS ("order"): members are destroyed in
 * the wrong order, the application first. MISUSE ("copied"): a copy closes its session a second time, which
 * MI refuses (warning).
 */
#include "app_support.h"
#include "variants.h"

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

class Application
{
  public:
    Application()
    {
        app_require("application", MI_Application_Initialize(0, "raii_client", nullptr, &handle_));
    }
    ~Application()
    {
        MI_Application_Close(&handle_);
    }
    Application(const Application &) = delete;
    Application &operator=(const Application &) = delete;

    MI_Application *get()
    {
        return &handle_;
    }

  private:
    MI_Application handle_;
};

class Session
{
  public:
    explicit Session(Application &application)
    {
        app_require("session", MI_Application_NewSession(application.get(), nullptr, nullptr, nullptr,
                                                         nullptr, nullptr, &handle_));
    }
    Session(Session &&other) noexcept : handle_(std::exchange(other.handle_, MI_Session()))
    {
    }
    Session &operator=(Session &&other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~Session()
    {
        if (handle_.ft != nullptr) {
            MI_Session_Close(&handle_, nullptr, nullptr);
        }
    }

    MI_Session *get()
    {
        return &handle_;
    }

  private:
    MI_Session handle_;
};

class Listing
{
  public:
    Listing(Session &session, const char *class_name)
    {
        MI_Session_EnumerateInstances(session.get(), 0, nullptr, app_namespace(), class_name, MI_FALSE,
                                      nullptr, &handle_);
    }
    ~Listing()
    {
        if (!finished_) {
            drain_unseen(&handle_);
        }
        MI_Operation_Close(&handle_);
    }
    Listing(const Listing &) = delete;
    Listing &operator=(const Listing &) = delete;

    // Throws when the request failed.
    unsigned Count()
    {
        unsigned count = 0;
        finished_ = true;
        if (drain_instances(&handle_, &count) != MI_RESULT_OK) {
            throw std::runtime_error("listing failed");
        }
        return count;
    }

  private:
    MI_Operation handle_;
    bool finished_ = false;
};

static void Scope()
{
    Application application;
    Session session(application);
    Listing listing(session, app_class());
    printf("found %s\n", listing.Count() > 0 ? "some" : "none");
    Listing unread(session, app_class());
}

static void Exception()
{
    try {
        Application application;
        Session session(application);
        Listing first(session, app_class()), second(session, "No_Such_Class");
        printf("found %s\n", second.Count() > 0 ? "some" : "none");
    } catch (const std::runtime_error &error) {
        printf("caught: %s\n", error.what());
    }
}

static void Moved()
{
    Application application;
    std::vector<Session> sessions;
    for (int i = 0; i < 5; i++) {
        sessions.push_back(Session(application));
    }
    std::swap(sessions.front(), sessions.back());
    Session last = std::move(sessions.back());
    sessions.erase(sessions.begin() + 1);
    Listing listing(last, app_class());
    printf("found %s\n", listing.Count() > 0 ? "some" : "none");
}

static void Shared()
{
    auto application = std::make_shared<Application>();
    std::vector<std::shared_ptr<Session>> users;
    auto session =
        std::shared_ptr<Session>(new Session(*application), [application](Session *last) { delete last; });
    for (int i = 0; i < 3; i++) {
        users.push_back(session);
    }
    application.reset();
    session.reset();
    Listing(*users[1], app_class()).Count();
    users.clear();
    puts("all gone");
}

// Members are destroyed from the last to the first.
class Client
{
  public:
    Client() : application_(std::make_unique<Application>())
    {
        session_ = std::make_unique<Session>(*application_);
    }
    Session &session()
    {
        return *session_;
    }

  private:
    std::unique_ptr<Session> session_;
    std::unique_ptr<Application> application_;
};

static void Order()
{
    Client client;
    Listing(client.session(), app_class()).Count();
}

// A wrapper that somebody made copyable.
struct LooseSession {
    explicit LooseSession(Application &application)
    {
        open_session(application.get(), &handle);
    }
    LooseSession(const LooseSession &other) = default;
    ~LooseSession()
    {
        app_print("loose session", MI_Session_Close(&handle, nullptr, nullptr));
    }
    MI_Session handle;
};

static void Use(LooseSession session)
{
    MI_Operation operation;
    MI_Session_TestConnection(&session.handle, 0, nullptr, &operation);
    drain_unseen(&operation);
    MI_Operation_Close(&operation);
}

static void Copied()
{
    Application application;
    LooseSession session(application);
    Use(session);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"scope", Scope}, {"exception", Exception},
                                              {"moved", Moved}, {"shared", Shared},
                                              {"order", Order}, {"copied", Copied}};
    return RUN_VARIANT(argc, argv, variants);
}
