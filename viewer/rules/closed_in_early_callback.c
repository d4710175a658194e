/* SPDX-License-Identifier: MIT */
/* closed-in-early-callback: a defect of OMI that makes a session's close wait for ever, and the way around
 * it. */
#include "rules/deadlock_rules.h"

static bool explains(const struct waiter *waiter, const struct wait_reason *reason)
{
    (void)waiter;
    return reason->cause == WAIT_DEFECT && reason->defect->kind == OMI_EARLY_CLOSE;
}

static void tell(const struct deadlock_root *root)
{
    const struct omi_defect *defect = root->reason->defect;
    const struct model_handle *operation = defect->operation;
    const char *start = mi_functions[operation->created.function].name;
    g_autofree char *what = deadlock_what(root);
    g_autofree char *named = deadlock_named(root, operation);
    g_autofree char *title = rules_handle_title(operation);
    g_autofree char *session = rules_handle_title(root->handle);
    g_autofree char *in = rules_in(root->rules, &defect->site);

    finding_set_message(root->finding,
                        "%s because of a defect of OMI: %s failed inside the call that started it, and was "
                        "closed there by its "
                        "callback%s",
                        what, named, in);
    finding_set_advice(
        root->finding,
        "The program breaks no rule here. To get around the defect, do not call MI_Operation_Close in a "
        "callback that comes before %s has returned: close %s after it.",
        start, title);
    deadlock_link(root, root->handle, "a count of OMI that never gets there",
                  "OMI counted the end of %s twice, so that %s never seems to be empty", title, session);
    finding_relate(root->finding, &operation->created, operation, "%s was started", title);
    finding_relate(root->finding, &defect->site, operation, "%s was closed inside its own start", title);
}

const struct deadlock_rule deadlock_closed_in_early_callback = {.explains = explains, .tell = tell};

const char help_closed_in_early_callback[] =
    "A session's close waits for ever, or crashes, because of a defect of OMI. The program breaks no rule.\n"
    "\n"
    "When the server cannot be reached, MI reports the failure in a callback that runs inside the starting "
    "call. Closing an "
    "operation in the callback that gets its last result is what the documentation asks for. But OMI "
    "destroys the operation "
    "at once then, goes on to write into it, and counts down the session's operations twice. The session's "
    "close waits for "
    "a number that is never reached any more. (omi issue 108 and pull request 323 are about the same code.)\n"
    "\n"
    "Until OMI is mended, close such an operation after the starting call has returned. Remember in the "
    "callback that it is "
    "due.\n"
    "\n"
    "    static void on_instance(MI_Operation *operation, void *context, ...)\n"
    "    {\n"
    "        struct request *request = context;\n"
    "        if (request->started)\n"
    "            MI_Operation_Close(operation);\n"
    "        else\n"
    "            request->failed_early = 1;            /* inside MI_Session_EnumerateInstances */\n"
    "    }\n"
    "\n"
    "    MI_Session_EnumerateInstances(&session, 0, NULL, ns, name, MI_FALSE, &callbacks, "
    "&request->operation);\n"
    "    if (request->failed_early)\n"
    "        MI_Operation_Close(&request->operation);\n";
