/* SPDX-License-Identifier: MIT */
/* session-close-operation-open: a session's close waits for operations that nobody closed. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    return waiter->function == MI_FN_session_close && waiter->call != NULL &&
           reason->cause == WAIT_NEVER_CLOSED;
}

static const char *when_to_close(const struct model_handle *operation)
{
    if (operation->asynchronous) {
        return ", at the latest in the callback that gets its last result";
    }
    return operation->final_seen ? " before MI_Session_Close: its last result has been read"
                                 : " before MI_Session_Close, after reading its results to the last one";
}

void deadlock_tell_operation_open(const struct deadlock_root *root)
{
    g_autofree char *what = deadlock_what(root);
    g_autofree char *why = deadlock_why_open(root);
    g_autofree char *call = deadlock_close_call(root->handle, when_to_close(root->handle));

    finding_set_message(root->finding, "%s: %s", what, why);
    finding_set_advice(root->finding, "%s", call);
    deadlock_tell_open(root);
}

const struct deadlock_rule deadlock_session_close_operation_open = {.explains = explains,
                                                                    .tell = deadlock_tell_operation_open};

const char help_session_close_operation_open[] =
    "MI_Session_Close does not return because an operation of the session is open and nobody closes it.\n"
    "\n"
    "Every operation that was started needs MI_Operation_Close: also when all of its results were read, when "
    "it failed "
    "at the server, and when it was cancelled. The session's close cancels its operations, but waits without "
    "a time "
    "limit until the program has closed each of them.\n"
    "\n"
    "Close a synchronous operation after its last result was read, an asynchronous one in the callback that "
    "gets its "
    "last result (or earlier: then that is a cancel).\n"
    "\n"
    "    MI_Session_EnumerateInstances(&session, 0, NULL, ns, class_name, MI_FALSE, NULL, &operation);\n"
    "    do {\n"
    "        r = MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL);\n"
    "    } while (r == MI_RESULT_OK && more);\n"
    "    MI_Operation_Close(&operation);\n"
    "    MI_Session_Close(&session, NULL, NULL);\n";
