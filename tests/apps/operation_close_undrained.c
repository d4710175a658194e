/* SPDX-License-Identifier: MIT */
/* HANGS: a synchronous operation is closed although nobody read its last result. Cancelling it does not help.
 */
#include "app_support.h"

#include <unistd.h>

/* The pause lets the result arrive: OMI's developer build may not survive a cancel while it still connects.
 */
static void ask_and_lose_interest(MI_Session *session)
{
    MI_Operation operation;

    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL, &operation);
    usleep(100000);
    app_print("MI_Operation_Cancel", MI_Operation_Cancel(&operation, 0));
    app_print("MI_Operation_Close", MI_Operation_Close(&operation));
}

int main(void)
{
    MI_Application application;
    MI_Session session;

    open_application(&application, "operation_close_undrained");
    open_session(&application, &session);
    ask_and_lose_interest(&session);
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, NULL));
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return 0;
}
