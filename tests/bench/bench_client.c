/* SPDX-License-Identifier: MIT */
/* The MI client of bench_calls. */
#include "bench_client.h"

#include <stdio.h>
#include <stdlib.h>

static void require(MI_Result result, const char *what)
{
    if (result != MI_RESULT_OK) {
        fprintf(stderr, "%s failed: %u\n", what, result);
        exit(1);
    }
}

void client_open(struct client *client)
{
    char instances[16];

    snprintf(instances, sizeof(instances), "%d", CLIENT_INSTANCES);
    setenv("MITRACE_MI_INSTANCES", instances, 1); /* for the runtime of ours; OMI's class has as many */
    sem_init(&client->finished, 0, 0);
    require(MI_Application_Initialize(0, "bench", NULL, &client->application), "MI_Application_Initialize");
    require(MI_Application_NewSession(&client->application, NULL, NULL, NULL, NULL, NULL, &client->session),
            "MI_Application_NewSession");
    require(MI_Application_NewInstance(&client->application, "Bench_Thing", NULL, &client->instance),
            "MI_Application_NewInstance");
}

void client_close(struct client *client)
{
    require(MI_Instance_Delete(client->instance), "MI_Instance_Delete");
    require(MI_Session_Close(&client->session, NULL, NULL), "MI_Session_Close");
    require(MI_Application_Close(&client->application), "MI_Application_Close");
}

void client_call(void *context, unsigned count)
{
    struct client *client = context;
    MI_Uint32 elements;

    for (unsigned i = 0; i < count; i++) {
        MI_Instance_GetElementCount(client->instance, &elements);
    }
}

void client_create(void *context, unsigned count)
{
    struct client *client = context;

    for (unsigned i = 0; i < count; i++) {
        MI_Instance *instance;
        require(MI_Application_NewInstance(&client->application, "Bench_Thing", NULL, &instance),
                "MI_Application_NewInstance");
        MI_Instance_Delete(instance);
    }
}

void client_operate(void *context, unsigned count)
{
    struct client *client = context;

    for (unsigned i = 0; i < count; i++) {
        const MI_Instance *instance;
        MI_Operation operation;
        MI_Boolean more = MI_TRUE;
        MI_Result result;
        MI_Session_EnumerateInstances(&client->session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, NULL,
                                      &operation);
        while (more) {
            require(MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL),
                    "MI_Operation_GetInstance");
        }
        require(MI_Operation_Close(&operation), "MI_Operation_Close");
    }
}

static void on_result(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                      MI_Result result, const MI_Char *message, const MI_Instance *details,
                      MI_ResultAcknowledgement acknowledge)
{
    struct client *client = context;

    (void)instance;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (client->results++ == 0) {
        client->first = bench_now();
    }
    if (!more) {
        client->last = bench_now();
        MI_Operation_Close(operation);
        sem_post(&client->finished);
    }
}

void client_enumerate(void *context, unsigned count)
{
    struct client *client = context;
    MI_OperationCallbacks callbacks = {.callbackContext = client, .instanceResult = on_result};

    for (unsigned i = 0; i < count; i++) {
        MI_Operation operation;
        client->results = 0;
        MI_Session_EnumerateInstances(&client->session, 0, NULL, "root/cimv2", "X_SmallNumber", MI_FALSE,
                                      &callbacks, &operation);
        sem_wait(&client->finished);
    }
}

double client_time_callback(struct client *client)
{
    client_enumerate(client, 1);
    return client->results > 1 ? (double)(client->last - client->first) / (client->results - 1) : 0;
}
