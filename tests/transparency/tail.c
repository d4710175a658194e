/* SPDX-License-Identifier: MIT */
/* Built with -O2: every MI call here is the last thing that a function does, so that compilers jump to it. */
#include "visible.h"

#define APART __attribute__((noinline))

static APART MI_Result begin(MI_Application *application)
{
    return MI_Application_Initialize(0, "tail", NULL, application);
}

static APART MI_Result connect_to(MI_Application *application, MI_Session *session)
{
    return MI_Application_NewSession(application, NULL, NULL, NULL, NULL, NULL, session);
}

static APART void close_in_callback(MI_Operation *operation, void *context, const MI_Instance *instance,
                                    MI_Boolean more, MI_Result result, const MI_Char *message,
                                    const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)operation, (void)instance, (void)result, (void)message, (void)details, (void)acknowledge;
    if (!more) {
        sem_post(context);
    }
}

static APART void start(MI_Session *session, MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, callbacks,
                                  operation);
}

static APART MI_Result end_operation(MI_Operation *operation)
{
    return MI_Operation_Close(operation);
}

static APART MI_Result end_session(MI_Session *session)
{
    return MI_Session_Close(session, NULL, NULL);
}

static APART MI_Result end(MI_Application *application)
{
    return MI_Application_Close(application);
}

int main(void)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    sem_t finished;
    MI_OperationCallbacks callbacks = {.callbackContext = &finished, .instanceResult = close_in_callback};

    sem_init(&finished, 0, 0);
    app_print("begin", begin(&application));
    app_print("connect", connect_to(&application, &session));
    for (int i = 0; i < 3; i++) {
        start(&session, &callbacks, &operation);
        wait_for(&finished);
        app_print("operation", end_operation(&operation));
    }
    app_print("session", end_session(&session));
    app_print("application", end(&application));
    return 0;
}
