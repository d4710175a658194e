/* SPDX-License-Identifier: MIT */
/* Callbacks, and how they can be left: return, pthread_exit, longjmp. Exceptions: visible_exceptions.cpp. */
#include "visible.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

/* A start that fails at once calls back inside of the call, on the thread that called. */
static void fail_to_start(MI_Session *session, void *callback, void *context)
{
    MI_OperationCallbacks callbacks = {.callbackContext = context};
    MI_Operation operation = {0};

    memcpy(&callbacks.instanceResult, &callback, sizeof(callback));
    MI_Session_GetInstance(session, 0, NULL, app_namespace(), NULL, &callbacks, &operation);
    TOLD(MI_Operation_Close(&operation));
}

struct listing {
    sem_t finished;
    unsigned results;
    pthread_t thread;
};

static void take(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                 MI_Result result, const MI_Char *message, const MI_Instance *details,
                 MI_ResultAcknowledgement acknowledge)
{
    struct listing *listing = context;

    printf("result %u: operation %d, instance %d, more %d, result %d, message %d, details %d, ack %d\n",
           listing->results, operation != NULL, instance != NULL, more, (int)result, message != NULL,
           details != NULL, acknowledge != NULL);
    printf("same thread %d\n", listing->results == 0 || pthread_equal(listing->thread, pthread_self()));
    listing->thread = pthread_self();
    listing->results++;
    errno = EDOM; /* a callback's errno is its own */
    if (!more) {
        sem_post(&listing->finished);
    }
}

/* On whatever thread: what it saw is told by main. */
static void forget(void *context)
{
    sem_post(context);
}

static int asynchronous(int argc, char **argv)
{
    struct listing listing = {0};
    MI_OperationCallbacks callbacks = {.callbackContext = &listing, .instanceResult = take};
    MI_Application application;
    MI_Session session;
    MI_Operation operation;

    (void)argc;
    (void)argv;
    sem_init(&listing.finished, 0, 0);
    TOLD(MI_Application_Initialize(0, "asynchronous", NULL, &application));
    TOLD(MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &session));
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  &operation);
    wait_for(&listing.finished);
    TOLD(MI_Operation_Close(&operation));
    TOLD(MI_Session_Close(&session, &listing.finished, forget));
    wait_for(&listing.finished);
    puts("session closed");
    TOLD(MI_Application_Close(&application));
    return 0;
}

static MI_Application application;
static MI_Session session;
static jmp_buf way_out;

static void open_both(const char *id)
{
    TOLD(MI_Application_Initialize(0, id, NULL, &application));
    TOLD(MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &session));
}

static void jump_out(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                     MI_Result result, const MI_Char *message, const MI_Instance *details,
                     MI_ResultAcknowledgement acknowledge)
{
    (void)operation, (void)context, (void)instance, (void)message, (void)details, (void)acknowledge;
    printf("jumping with more %d, result %d\n", more, (int)result);
    longjmp(way_out, 1);
}

static int longjmps(int argc, char **argv)
{
    volatile int left = 3;

    (void)argc;
    (void)argv;
    open_both("longjmps");
    if (setjmp(way_out) != 0) {
        left--;
    }
    if (left > 0) {
        void (*callback)(void) = (void (*)(void))jump_out;
        fail_to_start(&session, (void *)callback, NULL);
    }
    visible_use("after the jumps");
    fflush(stdout);
    return 0;
}

static void leave_thread(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                         MI_Result result, const MI_Char *message, const MI_Instance *details,
                         MI_ResultAcknowledgement acknowledge)
{
    (void)operation, (void)instance, (void)more, (void)result, (void)message, (void)details,
        (void)acknowledge;
    pthread_exit(context);
}

static void note(void *what)
{
    printf("cleanup of %s\n", (const char *)what);
}

static void *start_and_leave(void *value)
{
    void (*callback)(void) = (void (*)(void))leave_thread;

    pthread_cleanup_push(note, "the thread");
    fail_to_start(&session, (void *)callback, value);
    pthread_cleanup_pop(0);
    return NULL;
}

static int thread_exits(int argc, char **argv)
{
    static int value;
    pthread_t thread;
    void *ended = NULL;

    (void)argc;
    (void)argv;
    open_both("thread_exits");
    for (int i = 0; i < 3; i++) {
        pthread_create(&thread, NULL, start_and_leave, &value);
        pthread_join(thread, &ended);
        printf("the thread left with its value: %d\n", ended == &value);
    }
    visible_use("after the threads");
    fflush(stdout);
    return 0;
}

int visible_exceptions(int argc, char **argv);

const struct scenario scenarios_callbacks[] = {
    {"asynchronous", asynchronous},     {"longjmps", longjmps}, {"thread_exits", thread_exits},
    {"exceptions", visible_exceptions}, {NULL, NULL},
};
