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
        return "at the latest in the callback that gets its last result";
    }
    return operation->final_seen ? "once its last result was read"
                                 : "after its results have been read to the last one";
}

void deadlock_tell_operation_open(const struct deadlock_root *root)
{
    g_autofree char *what = deadlock_what(root);
    g_autofree char *open = rules_handle_titles(root->reason->handles);
    g_autofree char *title = rules_handle_title(root->handle);
    g_autofree char *made = rules_made_in(root->rules, root->handle);

    finding_set_message(root->finding, "%s: %s %s never closed", what, open,
                        root->reason->handles->len == 1 ? "was" : "were");
    finding_set_advice(root->finding, "Call MI_Operation_Close for %s%s, %s.", title, made,
                       when_to_close(root->handle));
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
