/* SPDX-License-Identifier: MIT */
/*
 * Results with manual acknowledgement. HANGS: "final", the last result is not acknowledged; "first", none is;
 * "empty", a result without an instance is thought to need none; "queue", results wait in a queue whose
 * consumer has stopped. LEGAL: "in-callback"; "on-main"; "refused", a start that failed owes nothing although
 * the flag was given; "automatic", there is nothing to call.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct feed {
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    sem_t result;
    MI_Boolean last;
    MI_ResultAcknowledgement pending;
    MI_Operation pending_operation;
};

typedef void (*feed_callback)(MI_Operation *, void *, const MI_Instance *, MI_Boolean, MI_Result,
                              const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement);

static struct feed feed;

static void begin(feed_callback callback, MI_Uint32 flags, const char *class_name)
{
    MI_OperationCallbacks callbacks = {.callbackContext = &feed, .instanceResult = callback};

    memset(&feed, 0, sizeof feed);
    sem_init(&feed.result, 0, 0);
    open_application(&feed.application, "manual_acknowledgement");
    open_session(&feed.application, &feed.session);
    MI_Session_EnumerateInstances(&feed.session, flags, NULL, app_namespace(), class_name, MI_FALSE,
                                  &callbacks, &feed.operation);
}

static void end(void)
{
    app_print("operation", MI_Operation_Close(&feed.operation));
    app_print("session", MI_Session_Close(&feed.session, NULL, NULL));
    app_print("application", MI_Application_Close(&feed.application));
}

static void acknowledge_all_but_last(MI_Operation *operation, void *context, const MI_Instance *instance,
                                     MI_Boolean more, MI_Result result, const MI_Char *message,
                                     const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)result;
    (void)message;
    (void)details;
    print_instance(instance);
    if (more) {
        acknowledge(operation);
        return;
    }
    sem_post(&feed.result);
}

static void never_acknowledge(MI_Operation *operation, void *context, const MI_Instance *instance,
                              MI_Boolean more, MI_Result result, const MI_Char *message,
                              const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)context;
    (void)more;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    print_instance(instance);
    sem_post(&feed.result);
}

static void acknowledge_instances(MI_Operation *operation, void *context, const MI_Instance *instance,
                                  MI_Boolean more, MI_Result result, const MI_Char *message,
                                  const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)result;
    (void)message;
    (void)details;
    if (instance != NULL) {
        acknowledge(operation);
    }
    if (!more) {
        sem_post(&feed.result);
    }
}

static void acknowledge_all(MI_Operation *operation, void *context, const MI_Instance *instance,
                            MI_Boolean more, MI_Result result, const MI_Char *message,
                            const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)message;
    (void)details;
    print_instance(instance);
    if (acknowledge != NULL) {
        app_print("acknowledge", acknowledge(operation));
    }
    if (!more) {
        printf("last: %s\n", result == MI_RESULT_OK ? "ok" : "failed");
        sem_post(&feed.result);
    }
}

static void enqueue(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                    MI_Result result, const MI_Char *message, const MI_Instance *details,
                    MI_ResultAcknowledgement acknowledge)
{
    struct feed *target = context;

    (void)result;
    (void)message;
    (void)details;
    print_instance(instance);
    target->pending = acknowledge;
    target->pending_operation = *operation;
    target->last = !more;
    sem_post(&target->result);
}

static void run(feed_callback callback, MI_Uint32 flags, const char *class_name)
{
    begin(callback, flags, class_name);
    wait_for(&feed.result);
    end();
}

static void final(void)
{
    run(acknowledge_all_but_last, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, app_class());
}

static void first(void)
{
    run(never_acknowledge, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, app_class());
}

static void empty(void)
{
    run(acknowledge_instances, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, "No_Such_Class");
}

/* Looks at the queue once and goes home. */
static void queue(void)
{
    run(enqueue, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, app_class());
}

static void in_callback(void)
{
    run(acknowledge_all, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, app_class());
}

static void on_main(void)
{
    MI_Boolean last;

    begin(enqueue, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, app_class());
    do {
        MI_Operation operation;

        wait_for(&feed.result);
        last = feed.last;
        operation = feed.pending_operation;
        feed.pending(&operation);
    } while (!last);
    end();
}

static void refused(void)
{
    MI_OperationCallbacks callbacks = {.callbackContext = &feed, .instanceResult = acknowledge_all};

    sem_init(&feed.result, 0, 0);
    open_application(&feed.application, "manual_acknowledgement");
    open_session(&feed.application, &feed.session);
    MI_Session_GetInstance(&feed.session, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, NULL, app_namespace(), NULL,
                           &callbacks, &feed.operation);
    wait_for(&feed.result);
    end();
}

static void automatic(void)
{
    run(acknowledge_all, 0, app_class());
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"final", final},
                                              {"first", first},
                                              {"empty", empty},
                                              {"queue", queue},
                                              {"in-callback", in_callback},
                                              {"on-main", on_main},
                                              {"refused", refused},
                                              {"automatic", automatic}};

    return RUN_VARIANT(argc, argv, variants);
}
