/* SPDX-License-Identifier: MIT */
/* Correct: handles whose creation failed. They owe nothing, and closing them is allowed. */
#include "app_support.h"

static void on_session_closed(void *context)
{
    (void)context;
    app_print("completion of a session that never was", MI_RESULT_OK);
}

static void fail_to_open_session(MI_Application *application)
{
    MI_Session session;

    app_print("MI_Application_NewSession",
              MI_Application_NewSession(application, "NO_SUCH_PROTOCOL", NULL, NULL, NULL, NULL, &session));
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, on_session_closed));
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, NULL));
}

static void fail_to_open_application(void)
{
    MI_Application application;

    app_print("MI_Application_Initialize",
              MI_Application_Initialize(1, "failed_session", NULL, &application));
    app_print("MI_Application_Close", MI_Application_Close(&application));
}

/* Its protocol is known but nobody listens: the session exists, the operation fails and is a real one. */
static void fail_to_connect(MI_Application *application)
{
    MI_Session session;
    MI_Operation operation;

    app_require("MI_Application_NewSession",
                MI_Application_NewSession(application, "OMI_SOCKETS", "/nonexistent/mitrace.sock", NULL, NULL,
                                          NULL, &session));
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    app_print("enumeration without a server", drain_instances(&operation, NULL));
    app_print("MI_Operation_Close", MI_Operation_Close(&operation));
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, NULL));
}

int main(void)
{
    MI_Application application;

    open_application(&application, "failed_session");
    fail_to_open_session(&application);
    fail_to_open_application();
    fail_to_connect(&application);
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return 0;
}
