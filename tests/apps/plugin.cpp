/* SPDX-License-Identifier: MIT */
/* A C++ plugin that uses MI through its own link to the library, and lets exceptions fly where C++ code may:
 * through a starting call whose callback runs inside it, and within callbacks on MI's thread. */
#include "app_support.h"

#include <cstdio>
#include <stdexcept>

namespace
{

struct StartFailed : std::runtime_error {
    using std::runtime_error::runtime_error;
};

extern "C" void throw_failure(MI_Operation *, void *, const MI_Instance *, MI_Boolean, MI_Result result,
                              const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement)
{
    throw StartFailed(app_result_name(result));
}

/* The start fails at once; its callback throws, and the exception passes MI's frames on its way here. */
void start_and_catch(MI_Session &session)
{
    MI_OperationCallbacks callbacks = {};
    MI_Operation operation = {};

    callbacks.instanceResult = throw_failure;
    try {
        MI_Session_GetInstance(&session, 0, nullptr, app_namespace(), nullptr, &callbacks, &operation);
        std::printf("no exception\n");
    } catch (const StartFailed &failure) {
        std::printf("caught outside the call: %s\n", failure.what());
    }
    app_print("MI_Operation_Close", MI_Operation_Close(&operation));
}

class Listing
{
  public:
    Listing()
    {
        sem_init(&finished_, 0, 0);
    }

    void run(MI_Session &session)
    {
        MI_OperationCallbacks callbacks = {};
        MI_Operation operation = {};

        callbacks.callbackContext = this;
        callbacks.instanceResult = on_instance;
        MI_Session_EnumerateInstances(&session, 0, nullptr, app_namespace(), app_class(), MI_FALSE,
                                      &callbacks, &operation);
        wait_for(&finished_);
        app_print("MI_Operation_Close", MI_Operation_Close(&operation));
    }

  private:
    void take(const MI_Instance *instance) const
    {
        print_instance(instance);
        throw StartFailed("one instance is enough");
    }

    static void on_instance(MI_Operation *, void *context, const MI_Instance *instance, MI_Boolean more,
                            MI_Result, const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement)
    {
        Listing *listing = static_cast<Listing *>(context);

        try {
            listing->take(instance);
        } catch (const StartFailed &failure) {
            std::printf("caught inside the callback: %s\n", failure.what());
        }
        if (!more) {
            sem_post(&listing->finished_);
        }
    }

    sem_t finished_;
};

} // namespace

extern "C" int plugin_run()
{
    MI_Application application = {};
    MI_Session session = {};

    open_application(&application, "plugin");
    open_session(&application, &session);
    start_and_catch(session);
    Listing().run(session);
    app_print("MI_Session_Close", MI_Session_Close(&session, nullptr, nullptr));
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return 0;
}
