/* SPDX-License-Identifier: MIT */
/* HANGS: the last callback of an operation closes the application, which waits for that very callback to
 * return. */
#include "app_support.h"

struct client {
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    sem_t started;
    sem_t finished;
};

static void on_session_closed(void *context)
{
    (void)context;
}

/* The session may be closed here, because it is given a completion function; the application may not. */
static void shut_down(struct client *client)
{
    MI_Operation_Close(&client->operation);
    MI_Session_Close(&client->session, NULL, on_session_closed);
    MI_Application_Close(&client->application);
}

static void on_instance(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge)
{
    struct client *client = context;

    (void)operation;
    (void)message;
    (void)details;
    (void)acknowledge;
    print_instance(instance);
    if (!more) {
        app_print("enumeration", result);
        wait_for(&client->started);
        shut_down(client);
        sem_post(&client->finished);
    }
}

int main(void)
{
    struct client client;
    MI_OperationCallbacks callbacks = {.callbackContext = &client, .instanceResult = on_instance};

    sem_init(&client.started, 0, 0);
    sem_init(&client.finished, 0, 0);
    open_application(&client.application, "app_close_in_callback");
    open_session(&client.application, &client.session);
    MI_Session_EnumerateInstances(&client.session, 0, NULL, app_namespace(), app_class(), MI_FALSE,
                                  &callbacks, &client.operation);
    sem_post(&client.started);
    wait_for(&client.finished);
    return 0;
}
