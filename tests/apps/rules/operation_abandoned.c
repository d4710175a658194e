/* SPDX-License-Identifier: MIT */
/*
 * HANGS: a synchronous operation is closed before its final result was read: "first", after the first
 * instance; "timeout", when a time limit that the program keeps itself is over; "wrong-getter", instances are
 * asked of an operation that yields classes; "wrong-callback", the callback given is that of another kind, so
 * nobody reads. LEGAL: "drained", cancelled and read to the end; "error", an error is a final result, too;
 * "other-thread", drained by a thread while main waits to close.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

static MI_Application application;
static MI_Session session;

static void connect_local(void)
{
    open_application(&application, "operation_abandoned");
    open_session(&application, &session);
}

static void disconnect(void)
{
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

/* MSFT_President has several instances, so the first one is not the final result. */
static void find_first(MI_Operation *operation)
{
    const MI_Instance *instance = NULL;
    MI_Boolean more;
    MI_Result result;

    MI_Session_EnumerateInstances(&session, 0, NULL, "root/test", "MSFT_President", MI_FALSE, NULL,
                                  operation);
    app_require("get", MI_Operation_GetInstance(operation, &instance, &more, &result, NULL, NULL));
    printf("found %s\n", instance != NULL ? "one" : "none");
    fflush(stdout);
}

static void first(void)
{
    MI_Operation operation;

    connect_local();
    find_first(&operation);
    app_print("close", MI_Operation_Close(&operation));
    disconnect();
}

static void read_for(MI_Operation *operation, double seconds)
{
    struct timespec begin, now;
    MI_Boolean more = MI_TRUE;
    MI_Result result;
    const MI_Instance *instance;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    do {
        clock_gettime(CLOCK_MONOTONIC, &now);
        if ((double)(now.tv_sec - begin.tv_sec) + (double)(now.tv_nsec - begin.tv_nsec) / 1e9 >= seconds) {
            printf("took too long\n");
            return;
        }
        app_require("get", MI_Operation_GetInstance(operation, &instance, &more, &result, NULL, NULL));
    } while (more);
}

static void timeout(void)
{
    MI_Operation operation;

    connect_local();
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    read_for(&operation, 0.0);
    app_print("close", MI_Operation_Close(&operation));
    disconnect();
}

static void wrong_getter(void)
{
    MI_Operation operation;
    const MI_Instance *instance;
    MI_Boolean more;
    MI_Result result;

    connect_local();
    MI_Session_GetClass(&session, 0, NULL, app_namespace(), app_class(), NULL, &operation);
    app_print("get", MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL));
    app_print("close", MI_Operation_Close(&operation));
    disconnect();
}

static void on_class(MI_Operation *operation, void *context, const MI_Class *result_class, MI_Boolean more,
                     MI_Result result, const MI_Char *message, const MI_Instance *details,
                     MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)context;
    (void)result_class;
    (void)more;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    puts("never called");
}

static void wrong_callback(void)
{
    MI_OperationCallbacks callbacks = {.classResult = on_class};
    MI_Operation operation;

    connect_local();
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  &operation);
    usleep(100000);
    app_print("close", MI_Operation_Close(&operation));
    disconnect();
}

static void drained(void)
{
    MI_Operation operation;

    connect_local();
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    usleep(100000);
    app_print("cancel", MI_Operation_Cancel(&operation, 0));
    drain_unseen(&operation);
    app_print("close", MI_Operation_Close(&operation));
    disconnect();
}

/* The getter returns OK; that the request failed stands in `result`. */
static void error(void)
{
    MI_Operation operation;
    const MI_Instance *instance = NULL;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    connect_local();
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), "No_Such_Class", MI_FALSE, NULL,
                                  &operation);
    app_print("get", MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL));
    printf("request %s\n", result == MI_RESULT_OK ? "succeeded" : "failed");
    app_print("close", MI_Operation_Close(&operation));
    disconnect();
}

static void *drain(void *operation)
{
    drain_unseen(operation);
    return NULL;
}

static void other_thread(void)
{
    MI_Operation operation;
    pthread_t reader;

    connect_local();
    find_first(&operation);
    if (pthread_create(&reader, NULL, drain, &operation) == 0) {
        pthread_join(reader, NULL);
    }
    app_print("close", MI_Operation_Close(&operation));
    disconnect();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"first", first},
                                              {"timeout", timeout},
                                              {"wrong-getter", wrong_getter},
                                              {"wrong-callback", wrong_callback},
                                              {"drained", drained},
                                              {"error", error},
                                              {"other-thread", other_thread}};

    return RUN_VARIANT(argc, argv, variants);
}
