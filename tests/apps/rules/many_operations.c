/* SPDX-License-Identifier: MIT */
/*
 * 120 operations of one session at once, more than MI cancels when a session is closed. LEGAL ("closed"):
 * main closes them when all have ended. HANGS ("open"): none is closed. (In their callbacks they must not be
 * closed: a server that is this busy refuses connections, and see unreachable_server.)
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>

enum { OPERATIONS = 120 };

struct crowd {
    MI_Application application;
    MI_Session session;
    MI_Operation operations[OPERATIONS];
    sem_t finished;
};

static struct crowd crowd;

static void member_finished(MI_Operation *operation, void *context, const MI_Instance *instance,
                            MI_Boolean more, MI_Result result, const MI_Char *message,
                            const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)context;
    (void)instance;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        sem_post(&crowd.finished);
    }
}

static void start_all(void)
{
    MI_OperationCallbacks callbacks = {.instanceResult = member_finished};

    sem_init(&crowd.finished, 0, 0);
    open_application(&crowd.application, "many_operations");
    open_session(&crowd.application, &crowd.session);
    for (int i = 0; i < OPERATIONS; i++) {
        MI_Session_TestConnection(&crowd.session, 0, &callbacks, &crowd.operations[i]);
    }
}

static void await_all(void)
{
    for (int i = 0; i < OPERATIONS; i++) {
        wait_for(&crowd.finished);
    }
    puts("all answered");
    fflush(stdout);
}

static void disconnect(void)
{
    app_print("session", MI_Session_Close(&crowd.session, NULL, NULL));
    app_print("application", MI_Application_Close(&crowd.application));
}

static void closed(void)
{
    start_all();
    await_all();
    for (int i = 0; i < OPERATIONS; i++) {
        MI_Operation_Close(&crowd.operations[i]);
    }
    disconnect();
}

static void left_open(void)
{
    start_all();
    await_all();
    disconnect();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"closed", closed}, {"open", left_open}};

    return RUN_VARIANT(argc, argv, variants);
}
