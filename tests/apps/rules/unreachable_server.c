/* SPDX-License-Identifier: MIT */
/*
 * Nobody listens at the destination, so the only result comes inside the starting call, with a live
 * operation. HANGS ("in-callback"): the operation is closed in there, which breaks no rule; OMI then counts
 * the session's connections down twice. LEGAL ("after-start"): it is closed once the start has returned;
 * ("synchronous"): there is no callback.
 */
#include "app_support.h"
#include "variants.h"

#include <stdbool.h>
#include <stdio.h>

struct probe {
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    bool close_in_callback;
    bool failed;
};

static void probe_open(struct probe *probe)
{
    open_application(&probe->application, "unreachable_server");
    app_require("session",
                MI_Application_NewSession(&probe->application, "OMI_SOCKETS", "/nonexistent/server.sock",
                                          NULL, NULL, NULL, &probe->session));
}

static void probe_close(struct probe *probe)
{
    app_print("session", MI_Session_Close(&probe->session, NULL, NULL));
    app_print("application", MI_Application_Close(&probe->application));
}

static void probe_result(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                         MI_Result result, const MI_Char *message, const MI_Instance *details,
                         MI_ResultAcknowledgement acknowledge)
{
    struct probe *probe = context;

    (void)instance;
    (void)more;
    (void)message;
    (void)details;
    (void)acknowledge;
    probe->failed = result != MI_RESULT_OK;
    if (probe->close_in_callback) {
        MI_Operation_Close(operation);
    }
}

static void probe_start(struct probe *probe)
{
    MI_OperationCallbacks callbacks = {.callbackContext = probe, .instanceResult = probe_result};

    MI_Session_TestConnection(&probe->session, 0, &callbacks, &probe->operation);
    printf("reachable: %s\n", probe->failed ? "no" : "yes");
    fflush(stdout);
}

static void in_callback(void)
{
    struct probe probe = {.close_in_callback = true};

    probe_open(&probe);
    probe_start(&probe);
    probe_close(&probe);
}

static void after_start(void)
{
    struct probe probe = {.close_in_callback = false};

    probe_open(&probe);
    probe_start(&probe);
    MI_Operation_Close(&probe.operation);
    probe_close(&probe);
}

static void synchronous(void)
{
    struct probe probe = {.close_in_callback = false};

    probe_open(&probe);
    MI_Session_TestConnection(&probe.session, 0, NULL, &probe.operation);
    printf("reachable: %s\n", drain_unseen(&probe.operation) == MI_RESULT_OK ? "yes" : "no");
    MI_Operation_Close(&probe.operation);
    probe_close(&probe);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"in-callback", in_callback}, {"after-start", after_start}, {"synchronous", synchronous}};

    return RUN_VARIANT(argc, argv, variants);
}
