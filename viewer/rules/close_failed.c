/* SPDX-License-Identifier: MIT */
/* close-failed: MI refuses to close something that is open, so it stays open. */
#include "rules/misuse_rules.h"

/* Told as close-other-user. */
static bool is_of_other_user(const struct misuse_call *seen)
{
    const struct model_handle *handle = seen->handle;
    const struct model_handle *session = handle->kind == MI_KIND_operation ? handle->parent : handle;

    return seen->result == MISUSE_ACCESS_DENIED && session != NULL &&
           (session->created.uid != seen->call->site.uid || session->created.gid != seen->call->site.gid);
}

static void left(const struct misuse_call *seen)
{
    const struct model_handle *handle = seen->handle;
    g_autofree char *result = rules_result(seen->result);
    struct finding *finding;

    if (handle == NULL || (mi_functions[seen->call->function].roles & MI_ROLE_CLOSES) == 0 ||
        seen->result == 0 || handle->state != MODEL_LIVE || is_of_other_user(seen)) {
        return;
    }
    finding = misuse_new(seen, FINDING_WARNING, handle);
    misuse_explain(finding, "", "it returned %s, so the %s is not %s", result, mi_kinds[handle->kind].title,
                   rules_closed_verb(handle->kind));
    misuse_add(seen, finding);
}

static void advise(struct finding *finding)
{
    finding_set_advice(finding, "Look at the result of %s, and call it again when the cause is gone.",
                       mi_functions[finding->at.function].name);
}

const struct misuse_rule misuse_close_failed = {.left = left, .advise = advise};

const char help_close_failed[] =
    "A close or delete of something that is open returned an error, and so it is still open.\n"
    "\n"
    "A program that does not look at the result takes the handle for closed. It is not: it leaks, and the "
    "close of what "
    "it belongs to waits for it. When the cause was another user id, the finding is close-other-user; a "
    "close "
    "of what was "
    "closed before is double-close.\n"
    "\n"
    "Look at the result, and close again when the cause is gone. Until then the handle is valid.\n"
    "\n"
    "    MI_Result result = MI_Session_Close(&session, NULL, NULL);\n"
    "    if (result != MI_RESULT_OK)\n"
    "        report(\"session not closed\", result);\n";
