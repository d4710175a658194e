/* SPDX-License-Identifier: MIT */
/* async-close-never-completes: a session was closed with a completion function that is never called. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    return waiter->call == NULL &&
           (reason->cause == WAIT_NEVER_CLOSED || deadlock_nothing_open(waiter, reason));
}

static void tell(const struct deadlock_root *root)
{
    if (root->reason->cause == WAIT_NEVER_CLOSED) {
        deadlock_tell_operation_open(root);
    } else {
        deadlock_tell_nothing_open(root);
    }
}

const struct deadlock_rule deadlock_async_close_never_completes = {.explains = explains, .tell = tell};

const char help_async_close_never_completes[] =
    "MI_Session_Close was given a completion function and accepted, but the function is never called, "
    "because an "
    "operation of the session is open and nobody closes it.\n"
    "\n"
    "A close with a completion function returns at once and goes on in the background. It completes when "
    "every "
    "operation of the session has been closed, has delivered its last result, and that result was "
    "acknowledged. "
    "Whoever waits for the completion, and MI_Application_Close, waits for ever.\n"
    "\n"
    "Call MI_Operation_Close for every operation, best in the callback that gets its last result.\n"
    "\n"
    "    static void on_instance(MI_Operation *operation, void *context, const MI_Instance *instance,\n"
    "                            MI_Boolean more, ...)\n"
    "    {\n"
    "        if (!more) {\n"
    "            MI_Operation_Close(operation);\n"
    "            MI_Session_Close(&client->session, client, on_session_closed);\n"
    "        }\n"
    "    }\n";
