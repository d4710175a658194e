/* SPDX-License-Identifier: MIT */
/*
 * Four threads take jobs from a queue and share one session. LEGAL ("good"): each job closes its operation,
 * whatever came of it. HANGS ("careless"): a job that fails returns early, so the pool cannot close its
 * session at the end.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

enum { THREADS = 4, JOBS = 24 };

struct job {
    const char *namespace_name;
    const char *class_name;
};

struct pool {
    MI_Application application;
    MI_Session session;
    pthread_t threads[THREADS];
    pthread_mutex_t lock;
    int next;
    bool careless;
    atomic_uint done, failed;
};

/* Every eighth job asks for a class that is not there. */
static struct job job_number(int number)
{
    static const struct job jobs[] = {{"root/omi", "OMI_Identify"}, {"root/test", "MSFT_President"}};

    return number % 8 == 7 ? (struct job){"root/omi", "No_Such_Class"} : jobs[number % 2];
}

static MI_Result job_run(struct pool *pool, const struct job *job)
{
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;
    const MI_Instance *instance;

    MI_Session_EnumerateInstances(&pool->session, 0, NULL, job->namespace_name, job->class_name, MI_FALSE,
                                  NULL, &operation);
    while (more) {
        app_require("get", MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL));
    }
    if (result != MI_RESULT_OK && pool->careless) {
        return result;
    }
    MI_Operation_Close(&operation);
    return result;
}

static int pool_take(struct pool *pool)
{
    int number;

    pthread_mutex_lock(&pool->lock);
    number = pool->next < JOBS ? pool->next++ : -1;
    pthread_mutex_unlock(&pool->lock);
    return number;
}

static void *pool_thread(void *argument)
{
    struct pool *pool = argument;
    int number;

    while ((number = pool_take(pool)) >= 0) {
        struct job job = job_number(number);
        if (job_run(pool, &job) == MI_RESULT_OK) {
            atomic_fetch_add(&pool->done, 1);
        } else {
            atomic_fetch_add(&pool->failed, 1);
        }
    }
    return NULL;
}

static void pool_start(struct pool *pool)
{
    pthread_mutex_init(&pool->lock, NULL);
    open_application(&pool->application, "worker_pool");
    open_session(&pool->application, &pool->session);
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&pool->threads[i], NULL, pool_thread, pool) != 0) {
            perror("pthread_create");
        }
    }
}

static void pool_finish(struct pool *pool)
{
    for (int i = 0; i < THREADS; i++) {
        pthread_join(pool->threads[i], NULL);
    }
    printf("done %u, failed %u\n", pool->done, pool->failed);
    fflush(stdout);
    app_print("session", MI_Session_Close(&pool->session, NULL, NULL));
    app_print("application", MI_Application_Close(&pool->application));
}

static void run(bool careless)
{
    static struct pool pool;

    pool.careless = careless;
    pool_start(&pool);
    pool_finish(&pool);
}

static void good(void)
{
    run(false);
}

static void careless(void)
{
    run(true);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"good", good}, {"careless", careless}};

    return RUN_VARIANT(argc, argv, variants);
}
