/* SPDX-License-Identifier: MIT */
/*
 * Operation options per request. LEAKS ("raw"): made for each request and forgotten. LEGAL: "owned", deleted
 * by their owner's destructor; "early", deleted as soon as an asynchronous request was started, while it
 * still runs.
 */
#include "app_support.h"
#include "variants.h"

#include <cstdio>
#include <memory>

struct OptionsDeleter {
    void operator()(MI_OperationOptions *options) const
    {
        MI_OperationOptions_Delete(options);
        delete options;
    }
};
using OwnedOptions = std::unique_ptr<MI_OperationOptions, OptionsDeleter>;

class Connection
{
  public:
    Connection()
    {
        open_application(&application_, "request_options");
        open_session(&application_, &session_);
    }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;
    ~Connection()
    {
        MI_Session_Close(&session_, nullptr, nullptr);
        MI_Application_Close(&application_);
    }

    MI_OperationOptions *NewOptions(MI_Uint32 seconds)
    {
        auto *options = new MI_OperationOptions;
        MI_Interval timeout = {};
        timeout.seconds = seconds;
        app_require("options", MI_Application_NewOperationOptions(&application_, MI_FALSE, options));
        MI_OperationOptions_SetInterval(options, "__MI_OPERATIONOPTIONS_TIMEOUT", &timeout, 0);
        return options;
    }

    MI_Result Enumerate(MI_OperationOptions *options)
    {
        MI_Operation operation;
        MI_Session_EnumerateInstances(&session_, 0, options, app_namespace(), app_class(), MI_FALSE, nullptr,
                                      &operation);
        MI_Result result = drain_unseen(&operation);
        MI_Operation_Close(&operation);
        return result;
    }

    MI_Session *session()
    {
        return &session_;
    }

  private:
    MI_Application application_;
    MI_Session session_;
};

static void ForgetOptions()
{
    Connection connection;
    for (MI_Uint32 seconds = 10; seconds < 15; seconds++) {
        MI_OperationOptions *options = connection.NewOptions(seconds);
        app_print("request", connection.Enumerate(options));
        delete options; // the struct, not what it stands for
    }
}

static void OwnOptions()
{
    Connection connection;
    for (MI_Uint32 seconds = 10; seconds < 15; seconds++) {
        OwnedOptions options(connection.NewOptions(seconds));
        app_print("request", connection.Enumerate(options.get()));
    }
}

static void OnResult(MI_Operation *operation, void *context, const MI_Instance *, MI_Boolean more,
                     MI_Result result, const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement)
{
    if (!more) {
        app_print("request", result);
        MI_Operation_Close(operation);
        sem_post(static_cast<sem_t *>(context));
    }
}

static void DeleteEarly()
{
    Connection connection;
    sem_t done;
    sem_init(&done, 0, 0);
    MI_OperationCallbacks callbacks = {};
    callbacks.callbackContext = &done;
    callbacks.instanceResult = OnResult;
    MI_Operation operation;
    {
        OwnedOptions options(connection.NewOptions(30));
        MI_Session_EnumerateInstances(connection.session(), 0, options.get(), app_namespace(), app_class(),
                                      MI_FALSE, &callbacks, &operation);
    }
    wait_for(&done);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"raw", ForgetOptions}, {"owned", OwnOptions}, {"early", DeleteEarly}};
    return RUN_VARIANT(argc, argv, variants);
}
