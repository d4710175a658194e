/* SPDX-License-Identifier: MIT */
/* use-after-close: something is used that was closed, deleted, given back to MI, or never made. */
#include "rules/misuse_rules.h"

#include <signal.h>

/* A closed serializer of MOF silently writes XML instead. */
static bool is_harmful(const struct model_handle *handle)
{
    return misuse_harms(handle) || (handle->kind == MI_KIND_serializer && (handle->r1 | handle->r2) != 0);
}

/* Instances inside others come and go unseen: since something was handed out, one may stand where this one
 * was. */
static bool is_certain(const struct model_process *process, enum mi_kind kind, int64_t since_ns)
{
    return kind != MI_KIND_instance || process->handed_out_ns <= since_ns;
}

static const char *consequence(bool certain, bool harms, enum mi_kind kind)
{
    if (!certain) {
        return ", unless something else stands at its address by now";
    }
    if (harms) {
        return "; it touches memory that was freed";
    }
    return mi_kinds[kind].layout == MI_LAYOUT_WORDS ? "" : "; MI refuses it";
}

static void tell_closed(const struct misuse_call *seen)
{
    const struct model_handle *handle = seen->handle;
    const char *verb = rules_closed_verb(handle->kind);
    bool certain = is_certain(handle->process, handle->kind, handle->closing.time_ns);
    enum finding_severity severity = certain && is_harmful(handle) ? FINDING_ERROR : FINDING_WARNING;
    struct finding *finding = misuse_new(seen, severity, handle);

    finding->certainty = certain ? FINDING_OBSERVED : FINDING_POSSIBLE;
    misuse_explain(finding, consequence(certain, misuse_harms(handle), handle->kind), "it was %s already",
                   verb);
    finding_relate(finding, &handle->closing, handle, "it was %s here", verb);
    misuse_add(seen, finding);
}

/* What made MI take it back. */
static const char *end_of(const struct model_loan *loan)
{
    if (loan->ended.function == MI_FN_none) {
        return "its callback returned";
    }
    if (loan->life == MODEL_LOAN_ACKNOWLEDGED) {
        return "it was acknowledged";
    }
    return (mi_functions[loan->ended.function].roles & MI_ROLE_CLOSES) != 0 ? "the operation was closed"
                                                                            : "the next result was read";
}

static void tell_given_back(const struct misuse_call *seen, const struct model_loan *loan)
{
    bool certain = is_certain(seen->thread->process, loan->key.kind, loan->ended.time_ns);
    struct finding *finding = misuse_new(seen, certain ? FINDING_ERROR : FINDING_WARNING, loan->owner);

    finding->certainty = certain ? FINDING_OBSERVED : FINDING_POSSIBLE;
    misuse_explain(finding, consequence(certain, true, loan->key.kind), "%s before", end_of(loan));
    finding_relate(finding, &loan->ended, loan->owner, "%s", end_of(loan));
    finding_relate(finding, &loan->lent, loan->owner, "it was handed out");
    misuse_add(seen, finding);
}

/* More answers than results that want one. */
static bool is_excess(const struct misuse_call *seen)
{
    const struct model_handle *operation = seen->handle;
    unsigned wanted = seen->call->function == MI_FN_acknowledge ? operation->owed : operation->owed_answers;

    return wanted == 0 || operation->owed + operation->owed_answers <= operation->responding;
}

static bool is_response(enum mi_function function)
{
    return function == MI_FN_acknowledge || function == MI_FN_answer_prompt || function == MI_FN_answer_error;
}

static void tell_excess(const struct misuse_call *seen)
{
    const struct model_handle *operation = seen->handle;
    const char *what = seen->call->function == MI_FN_acknowledge ? "acknowledged" : "answered";
    struct finding *finding = misuse_new(seen, FINDING_ERROR, operation);

    misuse_explain(finding, "; MI does not check that and touches what is gone",
                   operation->responded.thread == NULL ? "nothing of it was to be %s"
                                                       : "all of it was %s already",
                   what);
    if (operation->responded.thread != NULL) {
        finding_relate(finding, &operation->responded, operation, "it was %s before", what);
    }
    misuse_add(seen, finding);
}

static void see_known(const struct misuse_call *seen)
{
    if (is_response(seen->call->function)) {
        if (is_excess(seen)) {
            tell_excess(seen);
        }
    } else if (seen->call->ending == MODEL_ENDED) {
        tell_closed(seen);
    }
}

static void entered(const struct misuse_call *seen)
{
    struct model_process *process = seen->thread->process;
    enum mi_kind kind = mi_functions[seen->call->function].kind;
    const struct model_loan *loan;

    if ((mi_functions[seen->call->function].roles & MI_ROLE_CLOSES) != 0) {
        return;
    }
    if (seen->handle != NULL) {
        if (!misuse_is_doubtful(seen)) {
            see_known(seen);
        }
        return;
    }
    loan = seen->call->handle != NULL ? NULL : model_loan_at(process, kind, seen->call->words.address);
    if (loan != NULL && loan->ended.thread != NULL && !misuse_has_second_mi(process, kind) &&
        loan->ended.time_ns >= process->unseen_error_ns) {
        tell_given_back(seen, loan);
    }
}

/* The thread's last call made no handle. Whatever is done with that handle jumps to address 0: nothing
 * records it. */
static bool failed_last(const struct model_thread *thread)
{
    const struct model_activity *call = &thread->last;

    return thread->inside->len == 0 && call->kind == MODEL_CALL && call->begin_ns != 0 && call->result != 0 &&
           (call->function == MI_FN_application_initialize ||
            call->function == MI_FN_application_new_session);
}

static void tell_crash(struct rules *rules, const struct rule *rule, const struct model_thread *thread)
{
    struct finding *finding = finding_new(rule, thread->process);
    g_autofree char *result = rules_result(thread->last.result);
    g_autofree char *in = rules_in(rules, &thread->last.site);
    const char *call = mi_functions[thread->last.function].name;

    finding->certainty = FINDING_POSSIBLE;
    finding_set_at(finding, &thread->last.site);
    finding_occurred(finding, thread->last.site.time_ns);
    finding_set_message(finding, "the process crashed right after %s%s had failed (%s)", call, in, result);
    finding_set_advice(finding, "Look at the result of %s: a handle that was not made can only be closed.",
                       call);
    rules_add(rules, finding);
}

static void judge_process(struct rules *rules, const struct rule *rule, struct model_process *process)
{
    g_autoptr(GPtrArray) threads = model_threads(process);

    for (guint i = 0; i < threads->len; i++) {
        const struct model_thread *thread = threads->pdata[i];
        if (thread->last_ns == process->last_ns && failed_last(thread)) {
            tell_crash(rules, rule, thread);
        }
    }
}

static void judge(struct rules *rules, const struct rule *rule)
{
    const GPtrArray *processes = model_processes(rules->model);

    for (guint i = 0; i < processes->len; i++) {
        struct model_process *process = processes->pdata[i];
        if (process->end == MODEL_SIGNAL &&
            (process->end_status == SIGSEGV || process->end_status == SIGBUS)) {
            judge_process(rules, rule, process);
        }
    }
}

static void advise(struct finding *finding)
{
    const char *call = mi_functions[finding->at.function].name;
    enum mi_kind kind = mi_functions[finding->at.function].kind;

    if (is_response(finding->at.function)) {
        finding_set_advice(finding, "Call the function that a callback is given once for each callback.");
    } else if (kind != finding->handle.kind) {
        finding_set_advice(finding, "Clone it with %s while it is valid, use the clone, and delete that.",
                           kind == MI_KIND_class ? "MI_Class_Clone" : "MI_Instance_Clone");
    } else {
        finding_set_advice(finding, "Let %s come after the last use, or do without %s.",
                           rules_closer(finding->handle.kind), call);
    }
}

const struct misuse_rule misuse_use_after_close = {.entered = entered, .judge = judge, .advise = advise};

const char help_use_after_close[] =
    "Something was used that the program had given up before: a handle that was closed (through a copy or an "
    "alias, "
    "too), an instance, class or options that were deleted, a result that MI had taken back, a result "
    "acknowledged for "
    "the second time. A process that crashes right after MI_Application_Initialize or "
    "MI_Application_NewSession had "
    "failed is told here as well: a handle that was not made can only be closed.\n"
    "\n"
    "MI recognises operations and sessions that are closed, and refuses (INVALID_PARAMETER; a start calls "
    "back "
    "with an "
    "error): a warning. Everything else is not checked. Applications, instances, classes and options are "
    "memory that was "
    "freed; a closed serializer of MOF silently writes XML; a second acknowledgement counts for another "
    "result, or hits an "
    "operation that is gone. These are errors.\n"
    "\n"
    "A result belongs to its operation: it is valid until the next getter or the close of the operation, in "
    "a "
    "callback "
    "until that returns, with manual acknowledgement until it is acknowledged. What is needed for longer "
    "must "
    "be cloned.\n"
    "\n"
    "    MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL);\n"
    "    MI_Instance_Clone(instance, &copy);           /* ours: MI_Instance_Delete(copy) later */\n"
    "    MI_Operation_Close(&operation);               /* `instance` is gone, `copy` is not */\n"
    "\n"
    "The finding is only possible when an instance inside another one may stand at the same address by "
    "now.\n";
