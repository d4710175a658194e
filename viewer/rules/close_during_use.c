/* SPDX-License-Identifier: MIT */
/*
 * close-during-use: a thread closes a handle while another one is inside a call on it, or two threads read
 * the results of one operation at the same time.
 */
#include "rules/misuse_rules.h"

/* The close that was told last: each reader that it meets would tell it again. */
struct told {
    const struct model_process *process;
    const struct model_thread *thread;
    int64_t time_ns;
};

/* Which calls must not run while a handle of this kind is closed; 0: MI's close waits for them, or does not
 * mind. */
static unsigned roles_in_the_way(const struct model_handle *handle)
{
    switch (handle->kind) {
    case MI_KIND_application:
    case MI_KIND_session:
    case MI_KIND_hosted_provider:
        return 0;
    case MI_KIND_operation:
        return MI_ROLE_RESULTS;
    default:
        return MI_ROLE_USES | MI_ROLE_CREATES;
    }
}

static bool is_harmless(const struct model_handle *handle)
{
    bool codec = handle->kind == MI_KIND_serializer || handle->kind == MI_KIND_deserializer;

    return handle->kind == MI_KIND_deserializer || (codec && (handle->r1 | handle->r2) == 0);
}

static void tell_close(const struct misuse_call *seen, const struct model_activity *close,
                       const struct model_activity *use)
{
    const struct model_handle *handle = seen->handle;
    struct told *told = seen->state;
    const struct told now = {handle->process, close->site.thread, close->begin_ns};
    struct finding *finding;

    if (told->process == now.process && told->thread == now.thread && told->time_ns == now.time_ns) {
        return;
    }
    *told = now;
    finding = misuse_new(seen, is_harmless(handle) ? FINDING_WARNING : FINDING_ERROR, handle);
    finding_set_at(finding, &close->site);
    misuse_explain(finding, "", "thread %u was inside %s on it", use->site.thread->tid,
                   mi_functions[use->function].name);
    finding_relate(finding, &use->site, handle, "%s was called", mi_functions[use->function].name);
    misuse_add(seen, finding);
}

static void see_close(const struct misuse_call *seen)
{
    const struct model_handle *handle = seen->handle;
    bool shared = handle->kind == MI_KIND_class && handle->references > 1;
    const struct model_activity *use;

    if (handle->uses_running == 0 || shared) {
        return;
    }
    use = misuse_running(seen, handle, roles_in_the_way(handle));
    if (use != NULL) {
        tell_close(seen, seen->call, use);
    }
}

static void tell_readers(const struct misuse_call *seen, const struct model_activity *other)
{
    struct finding *finding = misuse_new(seen, FINDING_ERROR, seen->handle);

    misuse_explain(finding, "", "thread %u was inside %s on it", other->site.thread->tid,
                   mi_functions[other->function].name);
    finding_relate(finding, &other->site, seen->handle, "the other reader");
    misuse_add(seen, finding);
}

static void see_use(const struct misuse_call *seen)
{
    const struct model_handle *handle = seen->handle;
    unsigned roles = mi_functions[seen->call->function].roles;
    const struct model_activity *close =
        handle->closes_running > 0 ? misuse_running(seen, handle, MI_ROLE_CLOSES) : NULL;
    const struct model_activity *reader;

    if (close != NULL && (roles & roles_in_the_way(handle)) != 0) {
        tell_close(seen, close, seen->call);
    }
    reader = (roles & MI_ROLE_RESULTS) != 0 && handle->uses_running > 0
                 ? misuse_running(seen, handle, MI_ROLE_RESULTS)
                 : NULL;
    if (reader != NULL) {
        tell_readers(seen, reader);
    }
}

/* A getter that cannot get anything does no harm. */
static bool is_settled(const struct model_handle *handle)
{
    return handle->kind == MI_KIND_operation && (handle->asynchronous || handle->final_seen);
}

static void entered(const struct misuse_call *seen)
{
    if (seen->handle == NULL || seen->call->ending == MODEL_ENDED || misuse_is_doubtful(seen) ||
        is_settled(seen->handle)) {
        return;
    }
    if ((mi_functions[seen->call->function].roles & MI_ROLE_CLOSES) != 0) {
        see_close(seen);
    } else {
        see_use(seen);
    }
}

static void advise(struct finding *finding)
{
    const struct finding_related *other = finding->related->pdata[0];

    if ((mi_functions[finding->at.function].roles & MI_ROLE_CLOSES) == 0) {
        finding_set_advice(finding, "Let one thread read the results of an operation.");
    } else if (finding->handle.kind == MI_KIND_operation) {
        finding_set_advice(
            finding, "Call MI_Operation_Cancel, wait until the reader has the final result, and close then.");
    } else {
        finding_set_advice(finding, "Wait until %s has returned before %s is called.",
                           mi_functions[other->site.function].name, mi_functions[finding->at.function].name);
    }
}

const struct misuse_rule misuse_close_during_use = {
    .entered = entered, .advise = advise, .state_size = sizeof(struct told)};

const char help_close_during_use[] =
    "A handle was closed on one thread while another thread was inside a call on it; or two threads were "
    "inside getters of "
    "one operation.\n"
    "\n"
    "MI_Operation_Close waits for the final result and then acknowledges it. When another thread is just "
    "reading it, one of "
    "the two acknowledgements goes wrong: the session's close may never return, or memory is freed too "
    "early. "
    "Two readers "
    "may both take the final result. A serializer of MOF, an instance or options are freed while the other "
    "thread still "
    "uses them. For codecs that own nothing it is a warning.\n"
    "\n"
    "Let one thread read. To end it from outside, cancel the operation, wait for the reader, and close "
    "then.\n"
    "\n"
    "    MI_Operation_Cancel(&operation, MI_REASON_NONE);\n"
    "    pthread_join(reader, NULL);                   /* it has read the final result */\n"
    "    MI_Operation_Close(&operation);\n";
