/* SPDX-License-Identifier: MIT */
/* Correct: main waits in MI_Application_Close while another thread still closes an operation and the session.
 * (It had better not run a query then: the close cancels it, and OMI may not survive a cancel at that
 * moment.) */
#include "app_support.h"

#include <pthread.h>
#include <unistd.h>

struct client {
    MI_Application application;
    MI_Session session;
    sem_t drained;
};

static void *finish_work(void *argument)
{
    struct client *client = argument;
    MI_Operation operation;

    MI_Session_EnumerateInstances(&client->session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    app_print("enumeration", drain_instances(&operation, NULL));
    sem_post(&client->drained);
    usleep(100000);
    app_print("MI_Operation_Close", MI_Operation_Close(&operation));
    usleep(100000);
    app_print("MI_Session_Close", MI_Session_Close(&client->session, NULL, NULL));
    return NULL;
}

int main(void)
{
    struct client client;
    pthread_t worker;
    MI_Result result;

    sem_init(&client.drained, 0, 0);
    open_application(&client.application, "close_from_other_thread");
    open_session(&client.application, &client.session);
    if (pthread_create(&worker, NULL, finish_work, &client) != 0) {
        return 1;
    }
    wait_for(&client.drained);
    result = MI_Application_Close(&client.application);
    pthread_join(worker, NULL);
    app_print("MI_Application_Close", result);
    return 0;
}
