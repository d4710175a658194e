/* SPDX-License-Identifier: MIT */
/*
 * HANGS: a session is closed while an operation of it is open: "unclosed", results read, operation left;
 * "async", the last callback came and nobody closed; "cancelled", cancelling is taken for closing;
 * "overwritten", the handle of one that is open is used for the next. LEGAL: "closed", the operation is
 * closed while its callback still runs.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct cim {
    MI_Application application;
    MI_Session session;
};

static struct cim *cim_open(void)
{
    struct cim *cim = malloc(sizeof *cim);

    if (cim == NULL) {
        exit(1);
    }
    open_application(&cim->application, "session_closed_too_soon");
    open_session(&cim->application, &cim->session);
    return cim;
}

static void cim_close(struct cim *cim)
{
    app_print("session", MI_Session_Close(&cim->session, NULL, NULL));
    app_print("application", MI_Application_Close(&cim->application));
    free(cim);
}

static void signal_last(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
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

/* Still at work on the last result while main closes everything. */
static void signal_first(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                         MI_Result result, const MI_Char *message, const MI_Instance *details,
                         MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)instance;
    (void)more;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    sem_post(context);
    usleep(100000);
}

static void start(struct cim *cim, MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    MI_Session_EnumerateInstances(&cim->session, 0, NULL, app_namespace(), app_class(), MI_FALSE, callbacks,
                                  operation);
}

static void unclosed(void)
{
    struct cim *cim = cim_open();
    MI_Operation operation;

    start(cim, NULL, &operation);
    drain_instances(&operation, NULL);
    cim_close(cim);
}

static void async(void)
{
    struct cim *cim = cim_open();
    MI_Operation operation;
    sem_t last;
    MI_OperationCallbacks callbacks = {.callbackContext = &last, .instanceResult = signal_last};

    sem_init(&last, 0, 0);
    start(cim, &callbacks, &operation);
    wait_for(&last);
    cim_close(cim);
}

static void cancelled(void)
{
    struct cim *cim = cim_open();
    MI_Operation operation;

    start(cim, NULL, &operation);
    usleep(100000);
    app_print("cancel", MI_Operation_Cancel(&operation, 0));
    drain_unseen(&operation);
    cim_close(cim);
}

/* The second operation overwrites the first one's handle. */
static void overwritten(void)
{
    struct cim *cim = cim_open();
    MI_Operation operation;

    start(cim, NULL, &operation);
    drain_unseen(&operation);
    start(cim, NULL, &operation);
    drain_unseen(&operation);
    app_print("operation", MI_Operation_Close(&operation));
    cim_close(cim);
}

static void closed(void)
{
    struct cim *cim = cim_open();
    MI_Operation operation;
    sem_t arrived;
    MI_OperationCallbacks callbacks = {.callbackContext = &arrived, .instanceResult = signal_first};

    sem_init(&arrived, 0, 0);
    start(cim, &callbacks, &operation);
    wait_for(&arrived);
    app_print("operation", MI_Operation_Close(&operation));
    cim_close(cim);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"unclosed", unclosed},
                                              {"async", async},
                                              {"cancelled", cancelled},
                                              {"overwritten", overwritten},
                                              {"closed", closed}};

    return RUN_VARIANT(argc, argv, variants);
}
