/* SPDX-License-Identifier: MIT */
/* HANGS: an error path forgets the session, and the application's close waits for it for ever. */
#include "app_support.h"

/* Returns without closing the session if the enumeration failed, which it may well never do in tests. */
static MI_Result count_instances(MI_Application *application, const char *class_name, unsigned *count)
{
    MI_Session session;
    MI_Operation operation;
    MI_Result result;

    open_session(application, &session);
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), class_name, MI_FALSE, NULL, &operation);
    result = drain_instances(&operation, count);
    MI_Operation_Close(&operation);
    if (result != MI_RESULT_OK) {
        return result;
    }
    MI_Session_Close(&session, NULL, NULL);
    return MI_RESULT_OK;
}

int main(void)
{
    MI_Application application;
    unsigned count = 0;

    open_application(&application, "app_close_session_open");
    app_print("count of a known class", count_instances(&application, app_class(), &count));
    app_print("count of an unknown class", count_instances(&application, "No_Such_Class", &count));
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return 0;
}
