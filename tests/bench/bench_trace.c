/* SPDX-License-Identifier: MIT */
/*
 * A program to record: bench_trace EVENTS [LIVE [THREADS [PROCESSES]]]. Each process makes LIVE instances
 * that it deletes at its end, and its threads enumerate, make and delete until about EVENTS events are
 * recorded in all.
 */
#include "mi_client.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* Instances made and deleted for each enumeration. */
#define INSTANCES 6u

/* Processes that run at a time. */
#define AT_ONCE 4u

struct work {
    MI_Application application;
    MI_Session session;
    unsigned long calls; /* for each thread */
};

/* Returns how many calls were made. */
static unsigned long enumerate(struct work *work)
{
    MI_Operation operation;
    const MI_Instance *instance = NULL;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;
    unsigned long calls = 2;

    MI_Session_EnumerateInstances(&work->session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, NULL,
                                  &operation);
    for (; more && result == MI_RESULT_OK; calls++) {
        if (MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL) != MI_RESULT_OK) {
            exit(1);
        }
    }
    MI_Operation_Close(&operation);
    return calls;
}

static MI_Instance *make_instance(struct work *work)
{
    MI_Instance *instance = NULL;

    if (MI_Application_NewInstance(&work->application, "Bench_Thing", NULL, &instance) != MI_RESULT_OK) {
        exit(1);
    }
    return instance;
}

static void *run_thread(void *context)
{
    struct work *work = context;

    for (unsigned long calls = 0; calls < work->calls;) {
        for (unsigned i = 0; i < INSTANCES; i++) {
            MI_Instance_Delete(make_instance(work));
        }
        calls += 2 * INSTANCES + enumerate(work);
    }
    return NULL;
}

static void run_threads(struct work *work, unsigned long count)
{
    pthread_t *threads = calloc(count, sizeof(*threads));

    for (unsigned long i = 0; threads != NULL && i < count; i++) {
        if (pthread_create(&threads[i], NULL, run_thread, work) != 0) {
            exit(1);
        }
    }
    for (unsigned long i = 0; threads != NULL && i < count; i++) {
        pthread_join(threads[i], NULL);
    }
    free(threads);
}

static int run_process(unsigned long calls, unsigned long live, unsigned long threads)
{
    struct work work = {.calls = calls / threads};
    MI_Instance **kept = calloc(live + 1, sizeof(MI_Instance *));

    if (kept == NULL || MI_Application_Initialize(0, "bench", NULL, &work.application) != MI_RESULT_OK ||
        MI_Application_NewSession(&work.application, NULL, NULL, NULL, NULL, NULL, &work.session) !=
            MI_RESULT_OK) {
        return 1;
    }
    for (unsigned long i = 0; i < live; i++) {
        kept[i] = make_instance(&work);
    }
    run_threads(&work, threads);
    for (unsigned long i = 0; i < live; i++) {
        MI_Instance_Delete(kept[i]);
    }
    free(kept);
    MI_Session_Close(&work.session, NULL, NULL);
    return MI_Application_Close(&work.application) == MI_RESULT_OK ? 0 : 1;
}

/* The argument at `index`, at least `least`; `otherwise` when it is not there. */
static unsigned long number(int argc, char **argv, int index, unsigned long least, unsigned long otherwise)
{
    unsigned long value = argc > index ? strtoul(argv[index], NULL, 10) : otherwise;

    return value < least ? least : value;
}

/* Returns how many have failed: of the processes that run, until `left` do. */
static int wait_until(unsigned long *running, unsigned long left)
{
    int failed = 0, status = 0;

    while (*running > left && wait(&status) > 0) {
        failed += status != 0;
        (*running)--;
    }
    return failed;
}

int main(int argc, char **argv)
{
    unsigned long events = number(argc, argv, 1, 100, 100000), live = number(argc, argv, 2, 0, 100);
    unsigned long threads = number(argc, argv, 3, 1, 1), processes = number(argc, argv, 4, 1, 1);
    unsigned long calls = events / 2 / processes, kept = 2 * live, running = 0;
    int failed = 0;

    setenv("MITRACE_MI_DELAY_US", "0", 0); /* the runtime's server need not take its time */
    for (unsigned long i = 0; i < processes; i++) {
        failed += wait_until(&running, AT_ONCE - 1);
        pid_t child = fork();
        if (child == 0) {
            exit(run_process(calls > kept ? calls - kept : 0, live, threads));
        }
        failed += child < 0;
        running += child > 0;
    }
    return failed + wait_until(&running, 0) == 0 ? 0 : 1;
}
