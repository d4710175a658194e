/* SPDX-License-Identifier: MIT */
/* blocking-call-in-callback: a call waits for a result that only its own thread could deliver. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    bool closes_more = waiter->function == MI_FN_application_close || waiter->function == MI_FN_session_close;

    return !closes_more && (reason->cause == WAIT_OWN_DELIVERY || reason->cause == WAIT_OWN_CALLBACK);
}

static char *wanted_callback(const struct model_handle *operation)
{
    enum mi_callback wanted = mi_functions[operation->created.function].result_callback;

    return wanted == MI_CB_COUNT ? g_strdup("a callback")
                                 : g_strdup_printf("a callback (%s)", mi_callbacks[wanted].title);
}

static void tell(const struct deadlock_root *root)
{
    const struct model_handle *operation = root->waiter->handle;
    g_autofree char *wanted = wanted_callback(operation);
    g_autofree char *what = deadlock_what(root);
    g_autofree char *callback = rules_callback_title(root->reason->callback);
    g_autofree char *named = deadlock_named(root, operation);

    finding_set_message(root->finding,
                        "%s: it was called inside %s, on the thread that would have to deliver the result",
                        what, callback);
    finding_set_advice(
        root->finding,
        "Do not wait for MI inside a callback: start %s with %s of its own, or do this work on another "
        "thread.",
        named, wanted);
    deadlock_tell_callback(root);
}

const struct deadlock_rule deadlock_blocking_call_in_callback = {.explains = explains, .tell = tell};

const char help_blocking_call_in_callback[] =
    "A blocking MI call was made inside a callback, on the thread that would have to deliver what the call "
    "waits for.\n"
    "\n"
    "One thread of MI delivers the results of all operations of the process. While a callback runs on it, no "
    "other "
    "result is delivered. MI_Operation_GetInstance, MI_Operation_GetClass and MI_Operation_GetIndication, "
    "and the close "
    "of a synchronous operation, wait for a result: called in that callback they wait for ever, and with "
    "them every "
    "other operation.\n"
    "\n"
    "Inside callbacks start further operations with a result callback of their own, or hand the work to "
    "another "
    "thread.\n"
    "\n"
    "    static MI_OperationCallbacks next = {.instanceResult = on_next_instance};\n"
    "    MI_Session_GetInstance(&client->session, 0, NULL, ns, key, &next, &client->operation);\n"
    "    /* and return; on_next_instance gets the result */\n";
