/* SPDX-License-Identifier: MIT */
/* Correct: every handle is closed once, but through a copy: GetSession's, GetApplication's, a callback's. */
#include "app_support.h"

#include <string.h>

struct client {
    sem_t finished;
    sem_t session_closed;
};

static void on_session_closed(void *context)
{
    struct client *client = context;

    sem_post(&client->session_closed);
}

/* Closes the session through the copy that the operation gives, and the operation through the callback's
 * copy. */
static void close_through_aliases(MI_Operation *operation, struct client *client)
{
    MI_Session session;

    app_require("MI_Operation_GetSession", MI_Operation_GetSession(operation, &session));
    app_print("MI_Operation_Close", MI_Operation_Close(operation));
    app_print("MI_Session_Close", MI_Session_Close(&session, client, on_session_closed));
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
        close_through_aliases(operation, client);
        sem_post(&client->finished);
    }
}

int main(void)
{
    MI_Application application, alias;
    MI_Session session;
    MI_Operation operation;
    struct client client;
    MI_OperationCallbacks callbacks = {.callbackContext = &client, .instanceResult = on_instance};

    sem_init(&client.finished, 0, 0);
    sem_init(&client.session_closed, 0, 0);
    open_application(&application, "alias_handles");
    open_session(&application, &session);
    app_require("MI_Session_GetApplication", MI_Session_GetApplication(&session, &alias));
    memset(&application, 0, sizeof application);
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  &operation);
    wait_for(&client.finished);
    wait_for(&client.session_closed);
    app_print("MI_Application_Close through the alias", MI_Application_Close(&alias));
    return 0;
}
