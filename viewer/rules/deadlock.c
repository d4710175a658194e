/* SPDX-License-Identifier: MIT */
/* From the wait-for graph to findings: one for each root, with what follows from it. */
#include "rules/deadlock.h"

#include "rules/closes_in_callbacks.h"
#include "rules/deadlock_behind.h"

static bool has_ended(const struct model_process *process)
{
    return process->end != MODEL_RUNNING && process->end != MODEL_SIGNAL;
}

/* Could a thread of the program still make the missing call, or read the result? */
static bool may_be_mended(const struct rules *rules, const struct wait_for *graph,
                          const struct waiter *waiter, const struct wait_reason *reason)
{
    switch (reason->cause) {
    case WAIT_UNREAD:
        if (!waiter->handle->several_users) {
            return false;
        }
        break;
    case WAIT_UNACKNOWLEDGED:
    case WAIT_NEVER_CLOSED:
        break;
    default:
        return false;
    }
    return !has_ended(graph->process) && !rules->trace->timed_out && wait_for_has_free_thread(graph, waiter);
}

/* Causes that are seen, but not that they last: a callback may come back, and a close may be at work. */
static bool may_end(const struct wait_reason *reason)
{
    return reason->cause == WAIT_NOTHING || reason->cause == WAIT_AFTER_CALLBACK ||
           reason->cause == WAIT_OUTSIDE;
}

static enum finding_certainty certainty_of(const struct rules *rules, const struct wait_for *graph,
                                           const struct waiter *waiter, const struct wait_reason *reason)
{
    const struct model_handle *handle = reason->handles->pdata[0];
    bool certain = rules_trace_is_whole(rules) && handle->process->unpatched == 0 && !handle->doubtful &&
                   !waiter->handle->doubtful && !may_be_mended(rules, graph, waiter, reason) &&
                   !may_end(reason);

    return certain ? FINDING_OBSERVED : FINDING_POSSIBLE;
}

static const struct rule *find_rule(const struct waiter *waiter, const struct wait_reason *reason)
{
    for (size_t i = 0; i < rules_count; i++) {
        const struct deadlock_rule *deadlock = rules_registry[i].deadlock;
        if (deadlock != NULL && deadlock->explains(waiter, reason)) {
            return &rules_registry[i];
        }
    }
    return NULL;
}

/* A wait that a rule explains does not end by itself. */
static bool is_explained(const struct waiter *waiter, const struct wait_reason *reason)
{
    return find_rule(waiter, reason) != NULL;
}

/* A cause that lies in the call itself makes the call's own handle the subject. */
static const struct model_handle *subject_of(const struct waiter *waiter, const struct wait_reason *reason)
{
    bool own = reason->cause == WAIT_OWN_CALLBACK || reason->cause == WAIT_OWN_DELIVERY;

    return own ? waiter->handle : reason->handles->pdata[0];
}

static struct finding *tell_root(const struct rules *rules, const struct wait_for *graph,
                                 const struct waiter *waiter, const struct wait_reason *reason)
{
    const struct rule *rule = find_rule(waiter, reason);
    struct deadlock_root root = {.rules = rules,
                                 .waiter = waiter,
                                 .face = deadlock_face(graph, waiter, reason),
                                 .reason = reason,
                                 .handle = reason->handles->pdata[0]};

    if (rule == NULL || root.face == NULL) {
        return NULL;
    }
    root.finding = deadlock_new_finding(rules, rule, root.face, subject_of(waiter, reason));
    root.finding->certainty = certainty_of(rules, graph, waiter, reason);
    deadlock_link_path(&root);
    rule->deadlock->tell(&root);
    return root.finding;
}

/* An asynchronous close that does not complete harms nobody when the process ends, unless somebody waits for
 * it. */
static bool matters(const struct wait_for *graph, const struct waiter *waiter)
{
    if (waiter->call != NULL || waiter->callback != NULL || !has_ended(graph->process)) {
        return true;
    }
    for (guint i = 0; i < graph->waiters->len; i++) {
        const struct waiter *other = graph->waiters->pdata[i];
        if (other->call != NULL && wait_for_leads_to(other, waiter)) {
            return true;
        }
    }
    return false;
}

static void judge_waiter(struct rules *rules, const struct wait_for *graph, const struct waiter *waiter)
{
    bool first = true;

    for (guint i = 0; i < waiter->reasons->len; i++) {
        const struct wait_reason *reason = &g_array_index(waiter->reasons, struct wait_reason, i);
        struct finding *finding = tell_root(rules, graph, waiter, reason);
        if (finding == NULL) {
            continue;
        }
        if (first) {
            deadlock_add_consequences(rules, graph, waiter, reason, finding);
        }
        first = false;
        g_hash_table_add(rules->hung, graph->process);
        rules_add(rules, finding);
    }
}

static void judge_process(struct rules *rules, struct model_process *process)
{
    struct wait_for *graph =
        wait_for_new(process, model_end_of(rules->model, process), rules->defects, is_explained);

    for (guint i = 0; i < graph->waiters->len; i++) {
        const struct waiter *waiter = graph->waiters->pdata[i];
        if (waiter->stuck && matters(graph, waiter)) {
            judge_waiter(rules, graph, waiter);
        }
    }
    wait_for_free(graph);
}

struct watchers {
    struct closes_in_callbacks *closes;
    struct omi_defects *defects;
};

static void *start(struct rules *rules, struct model *model)
{
    struct watchers *watchers = g_new0(struct watchers, 1);

    watchers->closes = closes_in_callbacks_new(model);
    watchers->defects = omi_defects_new(model);
    rules->defects = watchers->defects;
    return watchers;
}

static void judge(struct rules *rules, void *state)
{
    const GPtrArray *processes = model_processes(rules->model);
    struct watchers *watchers = state;

    for (guint i = 0; i < processes->len; i++) {
        judge_process(rules, processes->pdata[i]);
    }
    closes_in_callbacks_report(watchers->closes, rules);
}

static void stop(void *state)
{
    struct watchers *watchers = state;

    closes_in_callbacks_free(watchers->closes);
    omi_defects_free(watchers->defects);
    g_free(watchers);
}

const struct rule_code deadlock_code = {.start = start, .judge = judge, .stop = stop};
