/* SPDX-License-Identifier: MIT */
/*
 * MISUSE (errors: freed memory): results of operations are looked at when MI has taken them back: "next",
 * after the next result was asked for; "closed", after the operation was closed; "returned", after the
 * callback; "acknowledged". LEGAL ("in-time"): while they are valid, which with manual acknowledgement is
 * longer than the callback.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>

static MI_Application application;
static MI_Session session;
static MI_Operation operation;
static sem_t arrived;

/* What a callback hands to main. */
static const MI_Instance *kept;
static MI_ResultAcknowledgement owed;
static MI_Operation owing;

static void start(void)
{
    sem_init(&arrived, 0, 0);
    open_application(&application, "results_kept_too_long");
    open_session(&application, &session);
}

static void stop(void)
{
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

static void enumerate(MI_Uint32 flags, MI_OperationCallbacks *callbacks)
{
    MI_Session_EnumerateInstances(&session, flags, NULL, "root/test", "MSFT_President", MI_FALSE, callbacks,
                                  &operation);
}

static const MI_Instance *next_result(MI_Boolean *more)
{
    const MI_Instance *instance = NULL;
    MI_Result result;

    app_require("get", MI_Operation_GetInstance(&operation, &instance, more, &result, NULL, NULL));
    return instance;
}

/* A copy of what is not there any more is made with a stack in the trace; it goes at once. */
static void look_at(const MI_Instance *instance)
{
    MI_Instance *copy = NULL;

    if (MI_Instance_Clone(instance, &copy) == MI_RESULT_OK) {
        MI_Instance_Delete(copy);
    }
}

static void next(void)
{
    MI_Boolean more = MI_TRUE;
    const MI_Instance *first, *second;

    start();
    enumerate(0, NULL);
    first = next_result(&more);
    second = next_result(&more);
    look_at(second);
    look_at(first);
    while (more) {
        next_result(&more);
    }
    MI_Operation_Close(&operation);
    stop();
}

static void closed(void)
{
    MI_Boolean more = MI_TRUE;
    const MI_Instance *last = NULL;

    start();
    enumerate(0, NULL);
    while (more) {
        last = next_result(&more);
    }
    MI_Operation_Close(&operation);
    look_at(last);
    stop();
}

static void hand_over(MI_Operation *source, void *context, const MI_Instance *instance, MI_Boolean more,
                      MI_Result result, const MI_Char *message, const MI_Instance *details,
                      MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)result;
    (void)message;
    (void)details;
    if (!more) {
        kept = instance;
        owed = acknowledge;
        owing = *source;
        sem_post(&arrived);
    } else if (acknowledge != NULL) {
        acknowledge(source);
    }
}

static void await_last(MI_Uint32 flags)
{
    MI_OperationCallbacks callbacks = {.instanceResult = hand_over};

    start();
    enumerate(flags, &callbacks);
    wait_for(&arrived);
}

/* The session's end makes sure that the callback has returned. */
static void returned(void)
{
    await_last(0);
    MI_Operation_Close(&operation);
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    look_at(kept);
    app_print("application", MI_Application_Close(&application));
}

static void acknowledged(void)
{
    await_last(MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS);
    app_print("acknowledge", owed(&owing));
    look_at(kept);
    MI_Operation_Close(&operation);
    stop();
}

static void in_time(void)
{
    await_last(MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS);
    look_at(kept);
    app_print("acknowledge", owed(&owing));
    MI_Operation_Close(&operation);
    stop();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"next", next},
                                              {"closed", closed},
                                              {"returned", returned},
                                              {"acknowledged", acknowledged},
                                              {"in-time", in_time}};

    return RUN_VARIANT(argc, argv, variants);
}
