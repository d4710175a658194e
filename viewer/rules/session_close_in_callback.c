/* SPDX-License-Identifier: MIT */
/* session-close-in-callback: a session's close that waits is called where it must not wait. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    return waiter->function == MI_FN_session_close &&
           (reason->cause == WAIT_OWN_CALLBACK || reason->cause == WAIT_OWN_DELIVERY);
}

static void tell(const struct deadlock_root *root)
{
    g_autofree char *what = deadlock_what(root);
    g_autofree char *callback = rules_callback_title(root->reason->callback);

    finding_set_message(root->finding, "%s: it was called without a completion function inside %s", what,
                        callback);
    finding_set_advice(
        root->finding,
        "Give MI_Session_Close a completion function: then it returns at once. Do what has to come after "
        "the close in that function, or on another thread.");
    deadlock_tell_callback(root);
}

const struct deadlock_rule deadlock_session_close_in_callback = {.explains = explains, .tell = tell};

const char help_session_close_in_callback[] =
    "MI_Session_Close was called without a completion function inside a callback of MI.\n"
    "\n"
    "Without a completion function the close waits until every operation of the session is gone, and an "
    "operation is "
    "gone only after its callback has returned: the callback waits for itself, also when the operation was "
    "closed first. "
    "A callback that runs on the thread that delivers MI's results also keeps all other sessions from "
    "getting theirs. "
    "When the call came back this time, the rule is broken all the same and the finding is a warning.\n"
    "\n"
    "Inside callbacks, always pass a completion function. It is called when the session is gone. Do not wait "
    "for it "
    "inside the callback either.\n"
    "\n"
    "    MI_Operation_Close(operation);\n"
    "    MI_Session_Close(&client->session, client, on_session_closed);   /* returns at once */\n";
