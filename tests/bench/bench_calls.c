/* SPDX-License-Identifier: MIT */
/*
 * Calls of MI, timed: bench_calls ROUNDS COUNT. The same program runs bare, preloaded and recorded;
 * scripts/bench compares. Prints "<what> <nanoseconds>" lines.
 */
#include "bench.h"
#include "mi_client.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

struct client {
    MI_Application application;
    MI_Session session;
    MI_Instance *instance;
    sem_t finished;
    unsigned rounds;
};

static void call(void *context, unsigned count)
{
    struct client *client = context;
    MI_Uint32 elements;

    for (unsigned i = 0; i < count; i++) {
        MI_Instance_GetElementCount(client->instance, &elements);
    }
}

static void create(void *context, unsigned count)
{
    struct client *client = context;

    for (unsigned i = 0; i < count; i++) {
        MI_Instance *instance;
        MI_Application_NewInstance(&client->application, "Bench_Thing", NULL, &instance);
        MI_Instance_Delete(instance);
    }
}

struct depth {
    struct client *client;
    unsigned frames;
};

static void create_deep(void *context, unsigned count)
{
    struct depth *depth = context;

    bench_at_depth(depth->frames, create, depth->client, count);
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
    if (!more) {
        MI_Operation_Close(operation);
        sem_post(&client->finished);
    }
}

/* An asynchronous enumeration: a start, a callback for each instance, a close. */
static void enumerate(void *context, unsigned count)
{
    struct client *client = context;
    MI_OperationCallbacks callbacks = {.callbackContext = client, .instanceResult = on_result};
    MI_Operation operation;

    for (unsigned i = 0; i < count; i++) {
        MI_Session_EnumerateInstances(&client->session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE,
                                      &callbacks, &operation);
        sem_wait(&client->finished);
    }
}

struct worker {
    struct client *client;
    unsigned count;
};

static void *run_worker(void *argument)
{
    struct worker *worker = argument;

    call(worker->client, worker->count);
    return NULL;
}

/* `count` calls, half of them on each of two threads. */
static void call_twice(void *context, unsigned count)
{
    struct worker worker = {context, count / 2};
    pthread_t threads[2];

    for (size_t i = 0; i < 2; i++) {
        pthread_create(&threads[i], NULL, run_worker, &worker);
    }
    for (size_t i = 0; i < 2; i++) {
        pthread_join(threads[i], NULL);
    }
}

static void run_all(struct client *client, unsigned rounds, unsigned count)
{
    static const unsigned depths[] = {0, 8, 16, 32};

    bench_run("call", rounds, count, call, client);
    bench_run("call-2-threads", rounds, count, call_twice, client);
    for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
        struct depth depth = {client, depths[i]};
        char name[32];
        snprintf(name, sizeof(name), "create-%u-frames", depths[i]);
        bench_run(name, rounds, count / 10, create_deep, &depth);
    }
    bench_run("enumerate", rounds, count / 1000 + 1, enumerate, client);
}

int main(int argc, char **argv)
{
    struct client client;

    if (argc != 3) {
        fprintf(stderr, "usage: bench_calls ROUNDS COUNT\n");
        return 2;
    }
    sem_init(&client.finished, 0, 0);
    if (MI_Application_Initialize(0, "bench", NULL, &client.application) != MI_RESULT_OK ||
        MI_Application_NewSession(&client.application, NULL, NULL, NULL, NULL, NULL, &client.session) !=
            MI_RESULT_OK ||
        MI_Application_NewInstance(&client.application, "Bench_Thing", NULL, &client.instance) !=
            MI_RESULT_OK) {
        return 1;
    }
    run_all(&client, (unsigned)strtoul(argv[1], NULL, 10), (unsigned)strtoul(argv[2], NULL, 10));
    MI_Instance_Delete(client.instance);
    MI_Session_Close(&client.session, NULL, NULL);
    return MI_Application_Close(&client.application) == MI_RESULT_OK ? 0 : 1;
}
