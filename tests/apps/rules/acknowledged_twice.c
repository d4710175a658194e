/* SPDX-License-Identifier: MIT */
/*
 * MISUSE (errors: MI does not check): a result is acknowledged a second time: "first", a result that others
 * follow; "last", the final one. LEGAL
 * ("queue"): each once, in order, on another thread than its callback's.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>

struct item {
    MI_Operation operation;
    MI_ResultAcknowledgement acknowledge;
    MI_Boolean more;
};

static MI_Application application;
static MI_Session session;
static MI_Operation operation;
static struct item item;
static sem_t arrived, finished;
static unsigned results;

static void begin(void (*callback)(MI_Operation *, void *, const MI_Instance *, MI_Boolean, MI_Result,
                                   const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement))
{
    MI_OperationCallbacks callbacks = {.instanceResult = callback};

    sem_init(&arrived, 0, 0);
    sem_init(&finished, 0, 0);
    open_application(&application, "acknowledged_twice");
    open_session(&application, &session);
    MI_Session_EnumerateInstances(&session, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, NULL, "root/test",
                                  "MSFT_President", MI_FALSE, &callbacks, &operation);
}

static void end(void)
{
    MI_Operation_Close(&operation);
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

static void answer_again(MI_ResultAcknowledgement acknowledge, MI_Operation *source)
{
    app_print("again", acknowledge(source));
}

static void answer_first_twice(MI_Operation *source, void *context, const MI_Instance *instance,
                               MI_Boolean more, MI_Result result, const MI_Char *message,
                               const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    MI_Operation copy = *source;

    (void)context;
    (void)instance;
    (void)result;
    (void)message;
    (void)details;
    acknowledge(&copy);
    if (results++ == 0) {
        answer_again(acknowledge, &copy);
    }
    if (!more) {
        sem_post(&finished);
    }
}

static void answer_last_twice(MI_Operation *source, void *context, const MI_Instance *instance,
                              MI_Boolean more, MI_Result result, const MI_Char *message,
                              const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    MI_Operation copy = *source;

    (void)context;
    (void)instance;
    (void)result;
    (void)message;
    (void)details;
    acknowledge(&copy);
    if (!more) {
        answer_again(acknowledge, &copy);
        sem_post(&finished);
    }
}

static void first(void)
{
    begin(answer_first_twice);
    wait_for(&finished);
    end();
}

static void last(void)
{
    begin(answer_last_twice);
    wait_for(&finished);
    end();
}

static void enqueue(MI_Operation *source, void *context, const MI_Instance *instance, MI_Boolean more,
                    MI_Result result, const MI_Char *message, const MI_Instance *details,
                    MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)instance;
    (void)result;
    (void)message;
    (void)details;
    item = (struct item){*source, acknowledge, more};
    sem_post(&arrived);
}

static void *answer_queue(void *argument)
{
    bool more = true;

    while (more) {
        struct item current;

        wait_for(&arrived);
        current = item;
        more = current.more;
        current.acknowledge(&current.operation);
    }
    return argument;
}

static void queue(void)
{
    pthread_t thread;

    begin(enqueue);
    if (pthread_create(&thread, NULL, answer_queue, NULL) == 0) {
        pthread_join(thread, NULL);
    }
    end();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"first", first}, {"last", last}, {"queue", queue}};

    return RUN_VARIANT(argc, argv, variants);
}
