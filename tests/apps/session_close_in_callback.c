/* SPDX-License-Identifier: MIT */
/* HANGS: the last callback closes its session without a completion function; the close waits for the
 * callback. */
#include "app_support.h"

struct client {
    MI_Session session;
    sem_t finished;
};

static void close_session(MI_Session *session)
{
    app_print("MI_Session_Close", MI_Session_Close(session, NULL, NULL));
}

static void on_instance(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge)
{
    struct client *client = context;

    (void)message;
    (void)details;
    (void)acknowledge;
    print_instance(instance);
    if (!more) {
        app_print("enumeration", result);
        MI_Operation_Close(operation);
        close_session(&client->session);
        sem_post(&client->finished);
    }
}

int main(void)
{
    MI_Application application;
    MI_Operation operation;
    struct client client;
    MI_OperationCallbacks callbacks = {.callbackContext = &client, .instanceResult = on_instance};

    sem_init(&client.finished, 0, 0);
    open_application(&application, "session_close_in_callback");
    open_session(&application, &client.session);
    MI_Session_EnumerateInstances(&client.session, 0, NULL, app_namespace(), app_class(), MI_FALSE,
                                  &callbacks, &operation);
    wait_for(&client.finished);
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return 0;
}
