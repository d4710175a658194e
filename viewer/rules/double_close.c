/* SPDX-License-Identifier: MIT */
/* double-close: a handle is closed, or an object deleted, once more than it was opened. */
#include "rules/misuse_rules.h"

/* MI lets one of two overlapping closes of a session win, and tells the other that all is well. */
static bool may_overlap(enum mi_kind kind)
{
    return kind == MI_KIND_session || kind == MI_KIND_hosted_provider;
}

/* A close by another user is refused and closes nothing. */
static bool is_of_opener(const struct model_handle *handle, const struct model_site *site)
{
    const struct model_handle *session = handle->kind == MI_KIND_operation ? handle->parent : handle;

    return handle->kind != MI_KIND_operation || session == NULL ||
           (session->created.uid == site->uid && session->created.gid == site->gid);
}

static enum finding_severity severity_of_overlap(const struct model_handle *handle)
{
    bool harms = handle->kind == MI_KIND_operation ? !handle->asynchronous
                                                   : misuse_harms(handle) || (handle->r1 | handle->r2) != 0;

    return harms ? FINDING_ERROR : FINDING_WARNING;
}

static void tell_overlap(const struct misuse_call *seen)
{
    const struct model_activity *first = misuse_running(seen, seen->handle, MI_ROLE_CLOSES);
    struct finding *finding;

    if (first == NULL || may_overlap(seen->handle->kind) || !is_of_opener(seen->handle, &first->site) ||
        !is_of_opener(seen->handle, &seen->call->site)) {
        return;
    }
    finding = misuse_new(seen, severity_of_overlap(seen->handle), seen->handle);
    misuse_explain(finding, "", "thread %u was closing it", first->site.thread->tid);
    finding_relate(finding, &first->site, seen->handle, "the other call");
    misuse_add(seen, finding);
}

static const char *consequence(const struct model_handle *handle, bool harms)
{
    if (misuse_is_plural(handle->kind)) {
        return "; it gives back a share that is not its own";
    }
    if (harms) {
        return "; it touches memory that was freed";
    }
    return mi_kinds[handle->kind].layout == MI_LAYOUT_WORDS ? "" : "; MI refuses it";
}

static void tell_second(const struct misuse_call *seen)
{
    const struct model_handle *handle = seen->handle;
    bool harms = misuse_harms(handle);
    const char *verb = rules_closed_verb(handle->kind);
    struct finding *finding = misuse_new(seen, harms ? FINDING_ERROR : FINDING_WARNING, handle);

    misuse_explain(finding, consequence(handle, harms), "%s %s already",
                   handle->kind == MI_KIND_class ? "its last reference was" : misuse_it_was(handle->kind),
                   verb);
    finding_relate(finding, &handle->closing, handle, "%s %s first", misuse_it_was(handle->kind), verb);
    misuse_add(seen, finding);
}

static bool is_close(const struct misuse_call *seen)
{
    return seen->handle != NULL && (mi_functions[seen->call->function].roles & MI_ROLE_CLOSES) != 0 &&
           !misuse_is_doubtful(seen);
}

/* It may not come back when memory is at risk. */
static void entered(const struct misuse_call *seen)
{
    if (!is_close(seen)) {
        return;
    }
    if (seen->call->ending == MODEL_ENDED) {
        if (misuse_harms(seen->handle)) {
            tell_second(seen);
        }
    } else if (seen->handle->closes_running > 0) {
        tell_overlap(seen);
    }
}

static void left(const struct misuse_call *seen)
{
    if (is_close(seen) && seen->call->ending == MODEL_ENDED && seen->result != MISUSE_ACCESS_DENIED &&
        !misuse_harms(seen->handle)) {
        tell_second(seen);
    }
}

static bool is_one_place(const struct finding *finding)
{
    const struct finding_related *first = finding->related->pdata[0];

    return first->site.function == finding->at.function && first->site.stack == finding->at.stack;
}

static void advise(struct finding *finding)
{
    const char *verb = rules_close_verb(finding->handle.kind);

    if (is_one_place(finding)) {
        finding_set_advice(finding,
                           "Clear the variable after %s: MI's functions do nothing with an empty handle.",
                           mi_functions[finding->at.function].name);
    } else {
        finding_set_advice(finding,
                           "Decide which of the two places owns it, and let the other one not %s it.", verb);
    }
}

const struct misuse_rule misuse_double_close = {.entered = entered, .left = left, .advise = advise};

const char help_double_close[] =
    "A handle was closed a second time, or an object was deleted more often than it was created. Copies of a "
    "handle "
    "are the same handle: the first close ends all of them.\n"
    "\n"
    "What happens depends on the kind. MI recognises operations and sessions that are closed and answers "
    "INVALID_PARAMETER: a warning, as nothing is harmed. It does not recognise a closed application, deleted "
    "options, "
    "instances and classes: it frees memory that may belong to something else by then, or takes away the "
    "share that a "
    "session has in its options. These are errors, and so are two closes of one operation at the same time.\n"
    "\n"
    "Usually two parts of the program each believe that they own the handle: a callback closes its operation "
    "and the "
    "code that started it does so as well, or an error path closes what the normal path has closed. Decide "
    "for "
    "one of "
    "them, and clear the variable there; MI's functions do nothing with an empty handle.\n"
    "\n"
    "    MI_Operation_Close(&job->operation);\n"
    "    job->operation = (MI_Operation)MI_OPERATION_NULL;\n"
    "    ...\n"
    "    MI_Operation_Close(&job->operation);          /* harmless now */\n";
