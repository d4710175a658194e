/* SPDX-License-Identifier: MIT */
/*
 * MISUSE (error: MI lets go of the operation twice): "together", two threads read the results of one
 * operation at the same time, so this program LEAKS session and application rather than to find out what
 * their close does. LEGAL ("in-turn"): two threads read by turns, under a lock.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static MI_Application application;
static MI_Session session;
static MI_Operation operation;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static MI_Boolean more = MI_TRUE;

static void start(void)
{
    open_application(&application, "two_readers");
    open_session(&application, &session);
}

static void *read_one(void *argument)
{
    const MI_Instance *indication;
    const MI_Char *bookmark, *machine;
    MI_Boolean follows;
    MI_Result result;

    MI_Operation_GetIndication(&operation, &indication, &bookmark, &machine, &follows, &result, NULL, NULL);
    return argument;
}

/* On the real OMI nothing ever comes, so both readers are in the getter when the program ends. */
static void together(void)
{
    pthread_t readers[2];

    start();
    MI_Session_Subscribe(&session, 0, NULL, "root/cimv2", "WQL",
                         "SELECT * FROM CIM_InstIndication WHERE SourceInstance ISA L_LifecycleC2", NULL,
                         NULL, &operation);
    for (int i = 0; i < 2; i++) {
        pthread_create(&readers[i], NULL, read_one, NULL);
        usleep(100000);
    }
    puts("two readers");
    exit(0);
}

static void *read_by_turns(void *argument)
{
    const MI_Instance *instance;
    MI_Result result;

    pthread_mutex_lock(&lock);
    while (more) {
        app_require("get", MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL));
        pthread_mutex_unlock(&lock);
        usleep(10000);
        pthread_mutex_lock(&lock);
    }
    pthread_mutex_unlock(&lock);
    return argument;
}

static void in_turn(void)
{
    pthread_t readers[2];

    start();
    MI_Session_EnumerateInstances(&session, 0, NULL, "root/test", "MSFT_President", MI_FALSE, NULL,
                                  &operation);
    for (int i = 0; i < 2; i++) {
        pthread_create(&readers[i], NULL, read_by_turns, NULL);
    }
    for (int i = 0; i < 2; i++) {
        pthread_join(readers[i], NULL);
    }
    app_print("operation", MI_Operation_Close(&operation));
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"together", together}, {"in-turn", in_turn}};

    return RUN_VARIANT(argc, argv, variants);
}
