/* SPDX-License-Identifier: MIT */
/*
 * For each result, a callback wants to know more. HANGS: "get", it reads a synchronous operation on MI's
 * thread; "helper", the same through a helper that uses another application; "class", with a getter for
 * classes. LEGAL: "offline", the destination cannot be reached, so the result is there at once; "chained", it
 * starts an asynchronous operation instead; "refused", the callback of a start that failed runs on main.
 */
#include "app_support.h"
#include "variants.h"

#include <cstdio>
#include <functional>

class Client
{
  public:
    explicit Client(const char *protocol = nullptr, const char *destination = nullptr)
    {
        open_application(&application_, "lookup_in_callback");
        app_require("session", MI_Application_NewSession(&application_, protocol, destination, nullptr,
                                                         nullptr, nullptr, &session_));
    }
    ~Client()
    {
        MI_Session_Close(&session_, nullptr, nullptr);
        MI_Application_Close(&application_);
    }
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    MI_Session *session()
    {
        return &session_;
    }

  private:
    MI_Application application_;
    MI_Session session_;
};

// An asynchronous enumeration; `on_last` runs in its last callback.
class Enumeration
{
  public:
    Enumeration(Client &client, std::function<void()> on_last) : on_last_(on_last)
    {
        MI_OperationCallbacks callbacks = {};
        sem_init(&done_, 0, 0);
        callbacks.callbackContext = this;
        callbacks.instanceResult = Arrived;
        MI_Session_EnumerateInstances(client.session(), 0, nullptr, app_namespace(), app_class(), MI_FALSE,
                                      &callbacks, &operation_);
    }

    void Wait()
    {
        wait_for(&done_);
    }

  private:
    static void Arrived(MI_Operation *operation, void *context, const MI_Instance *, MI_Boolean more,
                        MI_Result result, const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement)
    {
        if (!more) {
            auto *self = static_cast<Enumeration *>(context);
            app_print("enumeration", result);
            self->on_last_();
            MI_Operation_Close(operation);
            sem_post(&self->done_);
        }
    }

    std::function<void()> on_last_;
    sem_t done_;
    MI_Operation operation_;
};

MI_Result FetchDetails(MI_Session *session)
{
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    MI_Session_EnumerateInstances(session, 0, nullptr, app_namespace(), app_class(), MI_TRUE, nullptr,
                                  &operation);
    while (more) {
        const MI_Instance *instance = nullptr;
        MI_Operation_GetInstance(&operation, &instance, &more, &result, nullptr, nullptr);
    }
    MI_Operation_Close(&operation);
    return result;
}

MI_Result FetchClass(MI_Session *session)
{
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    MI_Session_GetClass(session, 0, nullptr, app_namespace(), app_class(), nullptr, &operation);
    while (more) {
        const MI_Class *found = nullptr;
        MI_Operation_GetClass(&operation, &found, &more, &result, nullptr, nullptr);
    }
    MI_Operation_Close(&operation);
    return result;
}

static void Get()
{
    Client client;
    Enumeration enumeration(client, [&] { app_print("details", FetchDetails(client.session())); });
    enumeration.Wait();
}

static void Helper()
{
    Client client, helper;
    Enumeration enumeration(client, [&] { app_print("details", FetchDetails(helper.session())); });
    enumeration.Wait();
}

static void Class()
{
    Client client;
    Enumeration enumeration(client, [&] { app_print("class", FetchClass(client.session())); });
    enumeration.Wait();
}

static void Offline()
{
    Client client;
    Client nowhere("OMI_SOCKETS", "/nonexistent/server.sock");
    Enumeration enumeration(client, [&] {
        printf("details: %s\n", FetchDetails(nowhere.session()) == MI_RESULT_OK ? "ok" : "failed");
    });
    enumeration.Wait();
}

static void Chained()
{
    Client client;
    Enumeration *second = nullptr;
    sem_t started;
    sem_init(&started, 0, 0);
    Enumeration first(client, [&] {
        second = new Enumeration(client, [] { puts("details"); });
        sem_post(&started);
    });
    wait_for(&started);
    first.Wait();
    second->Wait();
    delete second;
}

static void OnRefused(MI_Operation *, void *context, const MI_Instance *, MI_Boolean, MI_Result,
                      const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement)
{
    app_print("details", FetchDetails(static_cast<Client *>(context)->session()));
}

static void Refused()
{
    Client client;
    MI_OperationCallbacks callbacks = {};
    MI_Operation operation;
    callbacks.callbackContext = &client;
    callbacks.instanceResult = OnRefused;
    MI_Session_CreateInstance(client.session(), 0, nullptr, app_namespace(), nullptr, &callbacks, &operation);
    MI_Operation_Close(&operation);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"get", Get},         {"helper", Helper},
                                              {"class", Class},     {"offline", Offline},
                                              {"chained", Chained}, {"refused", Refused}};
    return RUN_VARIANT(argc, argv, variants);
}
