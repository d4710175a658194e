/* SPDX-License-Identifier: MIT */
/* operation-close-undrained: a synchronous operation is closed before its final result was read. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    (void)waiter;
    return reason->cause == WAIT_UNREAD;
}

/* Callbacks were given, but not the one that would have made the operation asynchronous. */
static char *missing_callback(const struct model_handle *operation)
{
    enum mi_callback wanted = mi_functions[operation->created.function].result_callback;

    if (operation->callbacks == 0 || wanted == MI_CB_COUNT) {
        return g_strdup("");
    }
    return g_strdup_printf(" The callbacks given to %s lack %s, so it is a synchronous operation.",
                           mi_functions[operation->created.function].name, mi_callbacks[wanted].title);
}

static void tell(const struct deadlock_root *root)
{
    const char *getter = deadlock_getter(root->handle);
    g_autofree char *what = deadlock_what(root);
    g_autofree char *missing = missing_callback(root->handle);
    g_autofree char *title = rules_handle_title(root->handle);
    g_autofree char *read = g_strdup_printf("%s on %s", getter, title);

    finding_set_message(root->finding, "%s: nobody read its final result", what);
    finding_set_advice(
        root->finding,
        "Call %s until moreResults is MI_FALSE before MI_Operation_Close, also after an error and after "
        "MI_Operation_Cancel.%s",
        getter, missing);
    deadlock_link(root, root->handle, read,
                  "nobody makes that call any more to read the final result (%u read so far)",
                  root->handle->results);
}

const struct deadlock_rule deadlock_operation_close_undrained = {.explains = explains, .tell = tell};

const char help_operation_close_undrained[] =
    "MI_Operation_Close was called on a synchronous operation whose final result was not read.\n"
    "\n"
    "An operation that was started without the callback for its kind of result is synchronous: the program "
    "reads the "
    "results. Its close cancels it and then waits until a getter has handed out the final result, the one "
    "with "
    "moreResults MI_FALSE. That it has arrived is not enough; somebody must read it. A loop that stops at "
    "the first "
    "interesting result, or at an error, hangs in the close.\n"
    "\n"
    "Read on until moreResults is MI_FALSE, whatever the results are, and close then. To be done sooner, "
    "call "
    "MI_Operation_Cancel first.\n"
    "\n"
    "    MI_Operation_Cancel(&operation, MI_REASON_NONE);\n"
    "    while (more && MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL) == "
    "MI_RESULT_OK)\n"
    "        ;\n"
    "    MI_Operation_Close(&operation);\n";
