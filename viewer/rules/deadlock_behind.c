/* SPDX-License-Identifier: MIT */
/* Those who wait, told one by one: calls as first links, edges as further links, consequences as findings. */
#include "rules/deadlock_behind.h"

static char *thread_title(const struct waiter *waiter)
{
    return g_strdup_printf("thread %u", waiter->thread->tid);
}

/* "thread 12 waits for session 1: it is inside MI_Session_Close in close_session (client.c:50)" */
static void link_call(const struct rules *rules, struct finding *finding, const struct waiter *waiter)
{
    g_autofree char *in = rules_in(rules, &waiter->site);

    if (waiter->call != NULL) {
        finding_link(finding, thread_title(waiter), rules_handle_title(waiter->handle),
                     g_strdup_printf("it is inside %s%s", mi_functions[waiter->function].name, in));
    }
}

struct finding *deadlock_new_finding(const struct rules *rules, const struct rule *rule,
                                     const struct waiter *waiter, const struct model_handle *subject)
{
    struct finding *finding = finding_new(rule, waiter->thread->process);
    int64_t end_ns = model_end_of(rules->model, waiter->thread->process);

    finding_set_handle(finding, subject);
    finding_set_at(finding, &waiter->site);
    finding->blocked_ns = waiter->call == NULL ? -1 : end_ns - waiter->call->begin_ns;
    finding_occurred(finding, waiter->site.time_ns);
    link_call(rules, finding, waiter);
    return finding;
}

/* A waiter on the way to the root, and the edge by which it was reached. */
struct step {
    const struct waiter *waiter;
    const struct wait_edge *edge;
    guint from; /* index of the step before */
};

static void append_steps(GArray *steps, guint from, GHashTable *seen)
{
    const GArray *edges = g_array_index(steps, struct step, from).waiter->edges;

    for (guint i = 0; i < edges->len; i++) {
        const struct wait_edge *edge = &g_array_index(edges, struct wait_edge, i);
        struct step step = {.waiter = edge->to, .edge = edge, .from = from};
        if (g_hash_table_add(seen, edge->to)) {
            g_array_append_val(steps, step);
        }
    }
}

/* The edges of the shortest way from `waiter` to `root`, const struct wait_edge *; none when there is no way.
 */
static GPtrArray *find_path(const struct waiter *waiter, const struct waiter *root)
{
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(struct step));
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    const struct step first = {.waiter = waiter};
    GPtrArray *path = g_ptr_array_new();
    guint i = 0;

    g_array_append_val(steps, first);
    while (i < steps->len && (i == 0 || g_array_index(steps, struct step, i).waiter != root)) {
        append_steps(steps, i++, seen);
    }
    for (; i > 0 && i < steps->len; i = g_array_index(steps, struct step, i).from) {
        g_ptr_array_insert(path, 0, (gpointer)g_array_index(steps, struct step, i).edge);
    }
    return path;
}

/* A thread comes before an asynchronous close, and a short way before a long one. */
static bool is_nearer(const struct waiter *waiter, const struct waiter *other, const struct waiter *root)
{
    g_autoptr(GPtrArray) path = find_path(waiter, root), others = find_path(other, root);

    if ((waiter->call != NULL) != (other->call != NULL)) {
        return waiter->call != NULL;
    }
    return path->len < others->len;
}

const struct waiter *deadlock_face(const struct wait_for *graph, const struct waiter *root,
                                   const struct wait_reason *reason)
{
    const struct waiter *face = NULL;

    if (reason->cause != WAIT_OUTSIDE) {
        return root;
    }
    for (guint i = 0; i < graph->waiters->len; i++) {
        const struct waiter *waiter = graph->waiters->pdata[i];
        if (wait_for_leads_to(waiter, root) && (face == NULL || is_nearer(waiter, face, root))) {
            face = waiter;
        }
    }
    return face;
}

static char *explain_edge(const struct wait_edge *edge)
{
    const char *call = mi_functions[edge->to->function].name;
    g_autofree char *callback = edge->callback == NULL ? NULL : rules_callback_title(edge->callback);

    if (callback == NULL) {
        return g_strdup_printf("that thread is inside %s", call);
    }
    if (edge->callback->handle != edge->through) {
        return g_strdup_printf("that thread delivers MI's results and is inside %s", callback);
    }
    return g_strdup_printf("that thread is inside %s", callback);
}

/* "session 1 waits for operation 2: that belongs to session 1 and is not done" */
static void link_edge(struct finding *finding, const struct waiter *waiter, const struct wait_edge *edge)
{
    g_autofree char *owner = rules_handle_title(waiter->handle);

    if (edge->through != waiter->handle) {
        finding_link(finding, g_strdup(owner), rules_handle_title(edge->through),
                     g_strdup_printf("that belongs to %s and is not done", owner));
    }
    if (edge->to->call != NULL || edge->to->callback != NULL) {
        finding_link(finding, rules_handle_title(edge->through), thread_title(edge->to), explain_edge(edge));
    }
}

void deadlock_link_path(const struct deadlock_root *root)
{
    const struct waiter *waiter = root->face;
    g_autoptr(GPtrArray) path = waiter == root->waiter ? NULL : find_path(waiter, root->waiter);

    for (guint i = 0; path != NULL && i < path->len; i++) {
        const struct wait_edge *edge = path->pdata[i];
        link_edge(root->finding, waiter, edge);
        waiter = edge->to;
    }
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

static void tell_consequence(const struct rules *rules, struct finding *finding, const struct waiter *waiter,
                             const struct wait_edge *edge)
{
    g_autofree char *title = rules_handle_title(waiter->handle);
    g_autofree char *through = rules_handle_title(edge->through);
    g_autofree char *in = rules_in(rules, &waiter->site);
    const char *call = mi_functions[waiter->function].name;

    if (waiter->call == NULL) {
        finding_set_message(finding, "the completion of %s on %s%s waits for %s", call, title, in, through);
    } else if (edge->through == waiter->handle) {
        finding_set_message(finding, "%s on %s%s waits, too", call, title, in);
    } else {
        finding_set_message(finding, "%s on %s%s waits for %s", call, title, in, through);
    }
    link_edge(finding, waiter, edge);
}

/* The close of a session that is the root's own subject is no consequence of it. */
static bool is_told(const struct finding *finding, const struct waiter *waiter,
                    const struct wait_reason *reason)
{
    bool is_face = waiter->thread == finding->at.thread && waiter->site.time_ns == finding->at.time_ns;

    return is_face || (reason->cause == WAIT_AFTER_CALLBACK && waiter->call == NULL &&
                       g_ptr_array_find(reason->handles, waiter->handle, NULL));
}

void deadlock_add_consequences(const struct rules *rules, const struct wait_for *graph,
                               const struct waiter *root, const struct wait_reason *reason,
                               struct finding *finding)
{
    for (guint i = 0; i < graph->waiters->len; i++) {
        const struct waiter *waiter = graph->waiters->pdata[i];
        g_autoptr(GPtrArray) path = NULL;
        struct finding *consequence;

        if (waiter == root || !wait_for_leads_to(waiter, root) || is_told(finding, waiter, reason)) {
            continue;
        }
        consequence =
            deadlock_new_finding(rules, rule_of_consequence(waiter, finding->rule), waiter, waiter->handle);
        consequence->certainty = finding->certainty;
        path = find_path(waiter, root);
        tell_consequence(rules, consequence, waiter, path->pdata[0]);
        g_ptr_array_add(finding->consequences, consequence);
    }
}
