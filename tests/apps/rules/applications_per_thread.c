/* SPDX-License-Identifier: MIT */
/* LEAKS ("forget"): each worker initialises an application of its own, which goes out of scope with the
 * worker. LEGAL ("tidy"): it closes it. */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

enum { WORKERS = 3 };

struct worker {
    pthread_t thread;
    bool tidy;
    MI_Application application;
    unsigned found;
};

static void worker_begin(struct worker *worker)
{
    app_require("initialize", MI_Application_Initialize(0, "worker", NULL, &worker->application));
}

static void worker_list(struct worker *worker)
{
    MI_Session session;
    MI_Operation operation;

    open_session(&worker->application, &session);
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    app_require("enumerate", drain_instances(&operation, &worker->found));
    MI_Operation_Close(&operation);
    MI_Session_Close(&session, NULL, NULL);
}

static void worker_end(struct worker *worker)
{
    if (worker->tidy) {
        MI_Application_Close(&worker->application);
    }
}

static void *worker_main(void *argument)
{
    struct worker *worker = argument;

    worker_begin(worker);
    worker_list(worker);
    worker_end(worker);
    return NULL;
}

static void run_workers(bool tidy)
{
    for (int i = 0; i < WORKERS; i++) {
        struct worker worker = {.tidy = tidy};

        if (pthread_create(&worker.thread, NULL, worker_main, &worker) == 0) {
            pthread_join(worker.thread, NULL);
        }
        printf("worker %d found %s\n", i, worker.found > 0 ? "some" : "none");
    }
}

static void forget(void)
{
    run_workers(false);
}

static void tidy(void)
{
    run_workers(true);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"forget", forget}, {"tidy", tidy}};

    return RUN_VARIANT(argc, argv, variants);
}
