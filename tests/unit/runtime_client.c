/* SPDX-License-Identifier: MIT */
/* See runtime_client.h. */
#include "runtime_client.h"

#include <stdlib.h>
#include <string.h>

static void on_instance(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge)
{
    struct client *client = context;

    (void)instance;
    (void)message;
    (void)details;
    client->callback_thread = pthread_self();
    client->acknowledge = acknowledge;
    client->acknowledged = *operation;
    client->more = more;
    client->code = result;
    client->results++;
    if (!more && client->last != NULL) {
        client->last(client, operation);
    }
    sem_post(&client->result);
}

void on_session_closed(void *context)
{
    struct client *client = context;

    client->completion_thread = pthread_self();
    sem_post(&client->session_closed);
}

void open_client(struct client *client)
{
    memset(client, 0, sizeof *client);
    sem_init(&client->result, 0, 0);
    sem_init(&client->session_closed, 0, 0);
    open_application(&client->application, "test");
    open_session(&client->application, &client->session);
}

void start_as(struct client *client, MI_Uint32 flags, const char *namespace_name, const char *class_name)
{
    MI_OperationCallbacks callbacks = {.callbackContext = client, .instanceResult = on_instance};

    MI_Session_EnumerateInstances(&client->session, flags, NULL, namespace_name, class_name, MI_FALSE,
                                  &callbacks, &client->operation);
}

void start_asynchronously(struct client *client)
{
    start_as(client, 0, "root/omi", "OMI_Identify");
}

void start_synchronously(struct client *client)
{
    MI_Session_EnumerateInstances(&client->session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, NULL,
                                  &client->operation);
}

void start_many(struct client *client)
{
    MI_Session_EnumerateInstances(&client->session, 0, NULL, "root/test", "MSFT_President", MI_FALSE, NULL,
                                  &client->operation);
}

void must(MI_Result result)
{
    if (result != MI_RESULT_OK) {
        abort();
    }
}

void close_application(void *client)
{
    must(MI_Application_Close(&((struct client *)client)->application));
}

void close_session(void *client)
{
    must(MI_Session_Close(&((struct client *)client)->session, NULL, NULL));
}

void close_operation(void *client)
{
    must(MI_Operation_Close(&((struct client *)client)->operation));
}

void close_all(struct client *client)
{
    close_operation(client);
    close_session(client);
    close_application(client);
}

/* Returns when the delivery thread has done all that it had to do before: a question of its own is answered.
 */
void let_delivery_catch_up(struct client *client)
{
    MI_Session session;
    MI_Operation operation;

    open_session(&client->application, &session);
    MI_Session_TestConnection(&session, 0, NULL, &operation);
    must(drain_unseen(&operation));
    must(MI_Operation_Close(&operation));
    must(MI_Session_Close(&session, NULL, NULL));
}

void reopen_without_server(struct client *client)
{
    close_session(client);
    must(MI_Application_NewSession(&client->application, "OMI_SOCKETS", "/nonexistent/mitrace.sock", NULL,
                                   NULL, NULL, &client->session));
}
