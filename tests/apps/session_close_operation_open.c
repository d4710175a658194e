/* SPDX-License-Identifier: MIT */
/* HANGS: an operation whose results were all read is never closed; the session's close waits for that. */
#include "app_support.h"

/* Reads everything and believes that this is enough. */
static MI_Result list_instances(MI_Session *session, MI_Operation *operation)
{
    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL, operation);
    return drain_instances(operation, NULL);
}

int main(void)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;

    open_application(&application, "session_close_operation_open");
    open_session(&application, &session);
    app_print("enumeration", list_instances(&session, &operation));
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, NULL));
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return 0;
}
