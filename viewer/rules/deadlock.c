/* SPDX-License-Identifier: MIT */
/* From the wait-for graph to findings: one for each root, with what follows from it. */
#include "rules/deadlock.h"

#include "rules/closes_in_callbacks.h"

static bool has_ended(const struct model_process *process)
{
    return process->end != MODEL_RUNNING && process->end != MODEL_SIGNAL;
}

static int64_t blocked_ns(const struct rules *rules, const struct waiter *waiter)
{
    const struct model_process *process = waiter->handle->process;
    int64_t end_ns = has_ended(process) ? process->last_ns : model_now(rules->model);

    return waiter->call == NULL ? -1 : end_ns - waiter->call->begin_ns;
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

static enum finding_certainty certainty_of(const struct rules *rules, const struct wait_for *graph,
                                           const struct waiter *waiter, const struct wait_reason *reason)
{
    const struct model_handle *handle = reason->handles->pdata[0];
    bool certain = rules_trace_is_whole(rules) && !handle->doubtful && !waiter->handle->doubtful &&
                   !may_be_mended(rules, graph, waiter, reason);

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

/* "thread 12 waits for session 1: it is inside MI_Session_Close" */
static void link_call(struct finding *finding, const struct waiter *waiter)
{
    if (waiter->call != NULL) {
        finding_link(finding, g_strdup_printf("thread %u", waiter->thread->tid),
                     rules_handle_title(waiter->handle),
                     g_strdup_printf("it is inside %s", mi_functions[waiter->function].name));
    }
}

static struct finding *new_finding(const struct rules *rules, const struct rule *rule,
                                   const struct waiter *waiter, const struct model_handle *subject)
{
    struct finding *finding = finding_new(rule, waiter->handle->process);

    finding_set_handle(finding, subject);
    finding->at = waiter->site;
    finding->blocked_ns = blocked_ns(rules, waiter);
    finding_occurred(finding, waiter->site.time_ns);
    link_call(finding, waiter);
    return finding;
}

static struct finding *tell_root(const struct rules *rules, const struct wait_for *graph,
                                 const struct waiter *waiter, const struct wait_reason *reason)
{
    const struct rule *rule = find_rule(waiter, reason);
    struct deadlock_root root = {
        .rules = rules, .waiter = waiter, .reason = reason, .handle = reason->handles->pdata[0]};

    if (rule == NULL) {
        return NULL;
    }
    root.finding = new_finding(rules, rule, waiter, subject_of(waiter, reason));
    root.finding->certainty = certainty_of(rules, graph, waiter, reason);
    rule->deadlock->tell(&root);
    return root.finding;
}

/* The rule whose title fits the call of one who is stuck behind a root; that of the root when none does. */
static const struct rule *rule_of_consequence(const struct waiter *waiter, const struct rule *root)
{
    switch ((int)waiter->function) {
    case MI_FN_application_close:
        return rules_find("app-close-session-open");
    case MI_FN_session_close:
        return rules_find(waiter->call == NULL ? "async-close-never-completes"
                                               : "session-close-operation-open");
    case MI_FN_operation_close:
        return rules_find("operation-close-undrained");
    default:
        return root;
    }
}

static bool leads_to(const struct waiter *waiter, const struct waiter *root)
{
    g_autoptr(GPtrArray) reachable = waiter->edges->len == 0 ? NULL : wait_for_reachable(waiter);

    return reachable != NULL && g_ptr_array_find(reachable, root, NULL);
}

/* The edge that leads to a root: directly, or through another one who is stuck. */
static const struct wait_edge *find_edge(const struct waiter *waiter, const struct waiter *root)
{
    for (guint i = 0; i < waiter->edges->len; i++) {
        const struct wait_edge *edge = &g_array_index(waiter->edges, struct wait_edge, i);
        if (edge->to == root || leads_to(edge->to, root)) {
            return edge;
        }
    }
    return NULL;
}

static char *explain_edge(const struct wait_edge *edge)
{
    g_autofree char *callback = edge->callback == NULL ? NULL : rules_callback_title(edge->callback);

    if (callback == NULL) {
        return g_strdup_printf("%s runs there", mi_functions[edge->to->function].name);
    }
    if (edge->callback->handle == edge->through) {
        return g_strdup_printf("%s runs there", callback);
    }
    return g_strdup_printf("that thread delivers MI's results and is inside %s", callback);
}

static void link_edge(struct finding *finding, const struct waiter *waiter, const struct wait_edge *edge)
{
    if (edge->through != waiter->handle) {
        finding_link(finding, rules_handle_title(waiter->handle), rules_handle_title(edge->through),
                     g_strdup("it belongs to it and is not done"));
    }
    if (edge->to->call != NULL) {
        finding_link(finding, rules_handle_title(edge->through),
                     g_strdup_printf("thread %u", edge->to->thread->tid), explain_edge(edge));
    }
}

static struct finding *tell_consequence(const struct rules *rules, const struct waiter *waiter,
                                        const struct waiter *root, const struct rule *rule)
{
    const struct wait_edge *edge = find_edge(waiter, root);
    struct finding *finding = new_finding(rules, rule_of_consequence(waiter, rule), waiter, waiter->handle);
    g_autofree char *title = rules_handle_title(waiter->handle);
    g_autofree char *through = rules_handle_title(edge->through);
    const char *call = mi_functions[waiter->function].name;

    if (waiter->call == NULL) {
        finding_set_message(finding, "the completion of %s on %s waits for %s", call, title, through);
    } else if (edge->through == waiter->handle) {
        finding_set_message(finding, "%s on %s waits, too", call, title);
    } else {
        finding_set_message(finding, "%s on %s waits for %s", call, title, through);
    }
    link_edge(finding, waiter, edge);
    return finding;
}

/* An asynchronous close that does not complete harms nobody when the process ends, unless somebody waits for
 * it. */
static bool matters(const struct wait_for *graph, const struct waiter *waiter)
{
    if (waiter->call != NULL || !has_ended(graph->process)) {
        return true;
    }
    for (guint i = 0; i < graph->waiters->len; i++) {
        const struct waiter *other = graph->waiters->pdata[i];
        if (other->call != NULL && leads_to(other, waiter)) {
            return true;
        }
    }
    return false;
}

/* Whoever is stuck behind `root` is told with its first finding. */
static void add_consequences(const struct rules *rules, const struct wait_for *graph,
                             const struct waiter *root, struct finding *finding)
{
    for (guint i = 0; i < graph->waiters->len; i++) {
        const struct waiter *waiter = graph->waiters->pdata[i];
        if (waiter != root && leads_to(waiter, root)) {
            struct finding *consequence = tell_consequence(rules, waiter, root, finding->rule);
            consequence->certainty = finding->certainty;
            g_ptr_array_add(finding->consequences, consequence);
        }
    }
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
            add_consequences(rules, graph, waiter, finding);
        }
        first = false;
        g_hash_table_add(rules->hung, graph->process);
        rules_add(rules, finding);
    }
}

static void judge_process(struct rules *rules, struct model_process *process)
{
    struct wait_for *graph = wait_for_new(process, is_explained);

    for (guint i = 0; i < graph->waiters->len; i++) {
        const struct waiter *waiter = graph->waiters->pdata[i];
        if (waiter->stuck && matters(graph, waiter)) {
            judge_waiter(rules, graph, waiter);
        }
    }
    wait_for_free(graph);
}

static void *start(struct rules *rules, struct model *model)
{
    (void)rules;
    return closes_in_callbacks_new(model);
}

static void judge(struct rules *rules, void *state)
{
    const GPtrArray *processes = model_processes(rules->model);

    for (guint i = 0; i < processes->len; i++) {
        judge_process(rules, processes->pdata[i]);
    }
    closes_in_callbacks_report(state, rules);
}

static void stop(void *state)
{
    closes_in_callbacks_free(state);
}

const struct rule_code deadlock_code = {.start = start, .judge = judge, .stop = stop};
