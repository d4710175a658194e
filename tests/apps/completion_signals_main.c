/* SPDX-License-Identifier: MIT */
/* Correct: the session is closed in the last callback, with a completion function that only wakes another
 * thread; that thread closes the application. */
#include "app_support.h"

#include <pthread.h>

struct client {
    MI_Application application;
    MI_Session session;
    sem_t session_closed;
};

static void wake_closer(void *context)
{
    struct client *client = context;

    sem_post(&client->session_closed);
}

static void *close_application(void *argument)
{
    struct client *client = argument;

    wait_for(&client->session_closed);
    app_print("MI_Application_Close", MI_Application_Close(&client->application));
    return NULL;
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
        app_print("MI_Operation_Close", MI_Operation_Close(operation));
        app_print("MI_Session_Close", MI_Session_Close(&client->session, client, wake_closer));
    }
}

int main(void)
{
    struct client client;
    MI_Operation operation;
    MI_OperationCallbacks callbacks = {.callbackContext = &client, .instanceResult = on_instance};
    pthread_t closer;

    sem_init(&client.session_closed, 0, 0);
    open_application(&client.application, "completion_signals_main");
    open_session(&client.application, &client.session);
    if (pthread_create(&closer, NULL, close_application, &client) != 0) {
        return 1;
    }
    MI_Session_EnumerateInstances(&client.session, 0, NULL, app_namespace(), app_class(), MI_FALSE,
                                  &callbacks, &operation);
    pthread_join(closer, NULL);
    return 0;
}
