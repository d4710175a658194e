/* SPDX-License-Identifier: MIT */
/* ack-never-given: a close waits for an operation one of whose results was not acknowledged. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    (void)waiter;
    return reason->cause == WAIT_UNACKNOWLEDGED;
}

static bool is_answer(const struct model_handle *operation)
{
    return operation->owed == 0;
}

static void advise(const struct deadlock_root *root, const char *callback)
{
    g_autofree char *title = rules_handle_title(root->handle);

    if (is_answer(root->handle)) {
        finding_set_advice(root->finding,
                           "Call the response function that %s is given, once for each call of it.",
                           callback);
        return;
    }
    finding_set_advice(
        root->finding,
        "Call the acknowledgement function that %s is given, once for each result, also for the last "
        "one. Or start %s without MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS: then MI does it by itself.",
        callback, title);
}

static void tell_refused(const struct deadlock_root *root, const char *what, const char *named)
{
    g_autofree char *result = rules_result(root->handle->refused_result);
    g_autofree char *in = rules_in(root->rules, &root->handle->refused);

    finding_set_message(root->finding, "%s: %s of %s%s was refused (%s)", what,
                        is_answer(root->handle) ? "an answer to a request"
                                                : "the acknowledgement of a result",
                        named, in, result);
    finding_relate(root->finding, &root->handle->refused, root->handle, "refused acknowledgement (%s)",
                   result);
}

static void tell(const struct deadlock_root *root)
{
    const struct model_handle *operation = root->handle;
    const char *callback = operation->owed_callback == MI_CB_COUNT
                               ? "its callback"
                               : mi_callbacks[operation->owed_callback].title;
    const char *what_of = is_answer(operation) ? "request" : "result";
    const char *done = is_answer(operation) ? "answered" : "acknowledged";
    g_autofree char *what = deadlock_what(root);
    g_autofree char *title = rules_handle_title(operation);
    g_autofree char *named = deadlock_named(root, operation);
    g_autofree char *owner = rules_handle_title(root->waiter->handle);

    if (operation->refused.thread != NULL) {
        tell_refused(root, what, named);
    } else {
        finding_set_message(root->finding, "%s: %s never %s a %s of %s", what, callback, done, what_of,
                            named);
    }
    advise(root, callback);
    deadlock_link(root, root->waiter->handle, title, "that belongs to %s and is not done", owner);
    deadlock_link(root, operation, is_answer(operation) ? "an answer" : "an acknowledgement",
                  "a %s that %s got was never %s", what_of, callback, done);
    finding_relate(root->finding, &operation->last_owed, operation, "the %s that was not %s was handed to %s",
                   what_of, done, callback);
}

const struct deadlock_rule deadlock_ack_never_given = {.explains = explains, .tell = tell};

const char help_ack_never_given[] =
    "A close waits for an operation one of whose results was never acknowledged.\n"
    "\n"
    "With MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS each result callback is handed an acknowledgement function. "
    "Until the "
    "program has called it for a result, MI delivers nothing further, and the operation is not done even if "
    "it was "
    "closed. MI_Operation_Close itself returns; the hang shows in MI_Session_Close or MI_Application_Close. "
    "The same "
    "holds for the answers that promptUser and writeError are asked for. An acknowledgement that MI refuses, "
    "for "
    "example because the thread runs under another user, does not count.\n"
    "\n"
    "Acknowledge each result exactly once: in the callback or later, on any thread, also the final one and "
    "also after "
    "the operation was closed. The function pointer is NULL when nothing is owed.\n"
    "\n"
    "    keep_copy(instance);\n"
    "    if (acknowledge != NULL)\n"
    "        acknowledge(operation);\n";
