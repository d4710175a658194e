/* SPDX-License-Identifier: MIT */
/*
 * Requests with a time limit that the program keeps itself. LEGAL: "answered", in time; "cancelled", the
 * limit is over, the request is cancelled, and its last callback is waited for; "closed", it is closed
 * instead, and the last callback still comes. HANGS ("gives-up"): the limit is over, and the program closes
 * the session, but not the request.
 */
#include "app_support.h"
#include "variants.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

enum { LIMIT_MS = 200 };

struct request {
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    sem_t last;
};

static void open_request(struct request *request)
{
    signal(SIGPIPE, SIG_IGN); /* OMI writes to the server when a subscription ends */
    sem_init(&request->last, 0, 0);
    open_application(&request->application, "time_limits");
    open_session(&request->application, &request->session);
}

static void close_request(struct request *request)
{
    app_print("session", MI_Session_Close(&request->session, NULL, NULL));
    app_print("application", MI_Application_Close(&request->application));
}

static void on_answer(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                      MI_Result result, const MI_Char *message, const MI_Instance *details,
                      MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)instance;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        sem_post(context);
    }
}

static void on_alarm(MI_Operation *operation, void *context, const MI_Instance *indication,
                     const MI_Char *bookmark, const MI_Char *machine, MI_Boolean more, MI_Result result,
                     const MI_Char *message, const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)bookmark;
    (void)machine;
    on_answer(operation, context, indication, more, result, message, details, acknowledge);
}

static bool wait_until_limit(sem_t *event)
{
    struct timespec limit;

    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_nsec += LIMIT_MS * 1000000L;
    limit.tv_sec += limit.tv_nsec / 1000000000L;
    limit.tv_nsec %= 1000000000L;
    while (sem_timedwait(event, &limit) != 0) {
        if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

static void ask(struct request *request)
{
    MI_OperationCallbacks callbacks = {.callbackContext = &request->last, .instanceResult = on_answer};

    MI_Session_EnumerateInstances(&request->session, 0, NULL, app_namespace(), app_class(), MI_FALSE,
                                  &callbacks, &request->operation);
}

/* On the real OMI nothing ever comes of this one. */
static void ask_for_alarms(struct request *request)
{
    MI_OperationCallbacks callbacks = {.callbackContext = &request->last, .indicationResult = on_alarm};

    MI_Session_Subscribe(&request->session, 0, NULL, "root/cimv2", "WQL",
                         "SELECT * FROM CIM_InstIndication WHERE SourceInstance ISA L_LifecycleC2", NULL,
                         &callbacks, &request->operation);
}

static void answered(void)
{
    struct request request;

    open_request(&request);
    ask(&request);
    wait_for(&request.last);
    app_print("request", MI_Operation_Close(&request.operation));
    close_request(&request);
}

static void cancelled(void)
{
    struct request request;

    open_request(&request);
    ask_for_alarms(&request);
    if (!wait_until_limit(&request.last)) {
        MI_Operation_Cancel(&request.operation, 0);
        wait_for(&request.last);
    }
    app_print("request", MI_Operation_Close(&request.operation));
    close_request(&request);
}

static void closed(void)
{
    struct request request;
    bool in_time;

    open_request(&request);
    ask_for_alarms(&request);
    in_time = wait_until_limit(&request.last);
    app_print("request", MI_Operation_Close(&request.operation));
    if (!in_time) {
        wait_for(&request.last);
    }
    close_request(&request);
}

static void gives_up(void)
{
    struct request request;

    open_request(&request);
    ask_for_alarms(&request);
    if (!wait_until_limit(&request.last)) {
        puts("no answer");
        fflush(stdout);
    }
    close_request(&request);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"answered", answered}, {"cancelled", cancelled}, {"closed", closed}, {"gives-up", gives_up}};

    return RUN_VARIANT(argc, argv, variants);
}
