/* SPDX-License-Identifier: MIT */
/* A correct synchronous client: enumerate, drain, close operation, session and application in that order. */
#include "app_support.h"

#include <stdio.h>

static MI_Result list_instances(MI_Session *session)
{
    MI_Operation operation;
    unsigned count = 0;
    MI_Result result;

    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL, &operation);
    result = drain_instances(&operation, &count);
    printf("%s instances\n", count > 0 ? "some" : "no");
    app_print("MI_Operation_Close", MI_Operation_Close(&operation));
    return result;
}

int main(void)
{
    MI_Application application;
    MI_Session session;
    MI_Result result;

    open_application(&application, "clean_sync");
    open_session(&application, &session);
    result = list_instances(&session);
    app_print("enumeration", result);
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, NULL));
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return result == MI_RESULT_OK ? 0 : 1;
}
