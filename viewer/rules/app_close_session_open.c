/* SPDX-License-Identifier: MIT */
/* app-close-session-open: an application's close waits for sessions or hosted providers that nobody closed.
 */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    return waiter->function == MI_FN_application_close && reason->cause == WAIT_NEVER_CLOSED;
}

static void tell(const struct deadlock_root *root)
{
    g_autofree char *what = deadlock_what(root);
    g_autofree char *why = deadlock_why_open(root);
    g_autofree char *call = deadlock_close_call(root->handle, " before MI_Application_Close");
    g_autofree char *first = deadlock_children_first(root->handle, MI_KIND_operation);

    finding_set_message(root->finding, "%s: %s", what, why);
    finding_set_advice(root->finding, "%s%s", call, first);
    deadlock_tell_open(root);
}

const struct deadlock_rule deadlock_app_close_session_open = {.explains = explains, .tell = tell};

const char help_app_close_session_open[] =
    "MI_Application_Close does not return because a session (or hosted provider) of the application is open "
    "and nobody "
    "closes it.\n"
    "\n"
    "The close cancels what runs in the application's sessions, but it closes none of them: it waits, "
    "without a time "
    "limit, until the program has closed every session that MI_Application_NewSession gave it. Error paths "
    "that return "
    "early are the usual place where one is forgotten.\n"
    "\n"
    "Close the operations of each session, then the session, then the application.\n"
    "\n"
    "    if (start_work(&session) != 0)\n"
    "        goto close_session;                        /* not: goto close_application */\n"
    "    ...\n"
    "    close_session:\n"
    "        MI_Session_Close(&session, NULL, NULL);\n"
    "    close_application:\n"
    "        MI_Application_Close(&application);\n";
