/* SPDX-License-Identifier: MIT */
/* Correct: main waits in MI_Application_Close while other threads still drain an operation and close the
 * session. */
#include "app_support.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct client {
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
};

/* Cancelled by the application's close, the operation still has to be read to its end and closed. */
static void *finish_work(void *argument)
{
    struct client *client = argument;
    MI_Result result;

    result = drain_unseen(&client->operation);
    printf("drained by the worker: %s\n",
           result == MI_RESULT_OK || result == MI_RESULT_FAILED ? "yes" : "no");
    app_print("MI_Operation_Close", MI_Operation_Close(&client->operation));
    usleep(100000);
    app_print("MI_Session_Close", MI_Session_Close(&client->session, NULL, NULL));
    return NULL;
}

int main(void)
{
    struct client client;
    pthread_t worker;
    MI_Result result;

    open_application(&client.application, "close_from_other_thread");
    open_session(&client.application, &client.session);
    MI_Session_EnumerateInstances(&client.session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &client.operation);
    if (pthread_create(&worker, NULL, finish_work, &client) != 0) {
        return 1;
    }
    result = MI_Application_Close(&client.application);
    pthread_join(worker, NULL);
    app_print("MI_Application_Close", result);
    return 0;
}
