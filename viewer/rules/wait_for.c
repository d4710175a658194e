/* SPDX-License-Identifier: MIT */
/* Builds the graph: who waits, then why, and judges who is stuck for good. */
#include "rules/wait_for.h"

static void free_waiter(gpointer data)
{
    struct waiter *waiter = data;

    for (guint i = 0; i < waiter->reasons->len; i++) {
        g_ptr_array_unref(g_array_index(waiter->reasons, struct wait_reason, i).handles);
    }
    g_array_unref(waiter->reasons);
    g_array_unref(waiter->edges);
    if (waiter->beyond != NULL) {
        g_hash_table_unref(waiter->beyond);
    }
    g_free(waiter);
}

static void free_array(gpointer data)
{
    g_ptr_array_unref(data);
}

static bool is_weak(enum wait_cause cause)
{
    return cause == WAIT_UNACKNOWLEDGED || cause == WAIT_NEVER_CLOSED;
}

/* Somebody may still make the call that is missing. Returns whether there was something to drop. */
static bool drop_weak_reasons(struct waiter *waiter)
{
    bool dropped = false;

    for (guint i = waiter->reasons->len; i > 0; i--) {
        const struct wait_reason *reason = &g_array_index(waiter->reasons, struct wait_reason, i - 1);
        if (is_weak(reason->cause)) {
            g_ptr_array_unref(reason->handles);
            g_array_remove_index(waiter->reasons, i - 1);
            dropped = true;
        }
    }
    return dropped;
}

static bool has_own_cause(const struct wait_for *graph, const struct waiter *waiter)
{
    for (guint i = 0; i < waiter->reasons->len; i++) {
        if (graph->is_sufficient(waiter, &g_array_index(waiter->reasons, struct wait_reason, i))) {
            return true;
        }
    }
    return false;
}

static bool leads_to_stuck(const struct waiter *waiter)
{
    for (guint i = 0; i < waiter->edges->len; i++) {
        if (g_array_index(waiter->edges, struct wait_edge, i).to->stuck) {
            return true;
        }
    }
    return false;
}

static void mark_stuck(struct wait_for *graph)
{
    bool changed = true;

    for (guint i = 0; i < graph->waiters->len; i++) {
        struct waiter *waiter = graph->waiters->pdata[i];
        waiter->stuck = has_own_cause(graph, waiter);
    }
    while (changed) {
        changed = false;
        for (guint i = 0; i < graph->waiters->len; i++) {
            struct waiter *waiter = graph->waiters->pdata[i];
            if (!waiter->stuck && leads_to_stuck(waiter)) {
                waiter->stuck = changed = true;
            }
        }
    }
}

/* One who is taken off the stuck may be the one who frees another: until nothing changes. */
static void judge(struct wait_for *graph)
{
    bool changed = true;

    while (changed) {
        changed = false;
        mark_stuck(graph);
        for (guint i = 0; i < graph->waiters->len; i++) {
            struct waiter *waiter = graph->waiters->pdata[i];
            if (wait_for_is_moving(graph, waiter) && drop_weak_reasons(waiter)) {
                changed = true;
            }
        }
    }
}

static const struct model_activity *innermost_callback(const struct model_thread *thread)
{
    for (guint depth = thread->inside->len; depth > 0; depth--) {
        const struct model_activity *activity =
            &g_array_index(thread->inside, struct model_activity, depth - 1);
        if (activity->kind == MODEL_CALLBACK) {
            return activity;
        }
    }
    return NULL;
}

static void reach(const struct waiter *waiter, GHashTable *seen, GPtrArray *reached)
{
    for (guint i = 0; i < waiter->edges->len; i++) {
        struct waiter *to = g_array_index(waiter->edges, struct wait_edge, i).to;
        if (g_hash_table_add(seen, to)) {
            g_ptr_array_add(reached, to);
        }
    }
}

static void find_beyond(struct waiter *waiter)
{
    g_autoptr(GPtrArray) reached = g_ptr_array_new();

    if (waiter->edges->len == 0) {
        return;
    }
    waiter->beyond = g_hash_table_new(NULL, NULL);
    reach(waiter, waiter->beyond, reached);
    for (guint i = 0; i < reached->len; i++) {
        reach(reached->pdata[i], waiter->beyond, reached);
    }
}

bool wait_for_leads_to(const struct waiter *waiter, const struct waiter *other)
{
    return waiter->beyond != NULL && g_hash_table_contains(waiter->beyond, other);
}

/* Callbacks on several threads may wait for one another: the first such call in the cycle stands for it. */
static bool break_cycle(struct waiter *waiter)
{
    const struct model_activity *callback = waiter->call == NULL ? NULL : innermost_callback(waiter->thread);

    if (waiter->stuck || callback == NULL || callback->handle == NULL || !wait_for_leads_to(waiter, waiter)) {
        return false;
    }
    wait_for_add_reason(waiter, WAIT_OWN_CALLBACK, callback->handle, callback);
    return true;
}

static void break_cycles(struct wait_for *graph)
{
    for (guint i = 0; i < graph->waiters->len; i++) {
        if (break_cycle(graph->waiters->pdata[i])) {
            mark_stuck(graph);
        }
    }
}

struct wait_for *wait_for_new(struct model_process *process, int64_t end_ns,
                              const struct omi_defects *defects, wait_judge is_sufficient)
{
    struct wait_for *graph = g_new0(struct wait_for, 1);

    graph->process = process;
    graph->end_ns = end_ns;
    graph->defects = defects;
    graph->is_sufficient = is_sufficient;
    graph->waiters = g_ptr_array_new_with_free_func(free_waiter);
    graph->threads = g_ptr_array_new();
    graph->children = g_hash_table_new_full(NULL, NULL, NULL, free_array);
    graph->by_thread = g_hash_table_new(NULL, NULL);
    graph->by_callback = g_hash_table_new(NULL, NULL);
    graph->by_session = g_hash_table_new(NULL, NULL);
    wait_for_find(graph);
    for (guint i = 0; i < graph->waiters->len; i++) {
        wait_for_resolve(graph, graph->waiters->pdata[i]);
    }
    for (guint i = 0; i < graph->waiters->len; i++) {
        find_beyond(graph->waiters->pdata[i]);
    }
    judge(graph);
    break_cycles(graph);
    return graph;
}

void wait_for_free(struct wait_for *graph)
{
    g_ptr_array_unref(graph->waiters);
    g_ptr_array_unref(graph->threads);
    g_hash_table_unref(graph->children);
    g_hash_table_unref(graph->by_thread);
    g_hash_table_unref(graph->by_callback);
    g_hash_table_unref(graph->by_session);
    g_free(graph);
}

/* A thread that never used MI, and one of MI's own that is in no callback, will not make a call of the
 * program. */
static bool may_call(const struct model_thread *thread)
{
    bool used_mi = thread->inside->len > 0 || thread->last.begin_ns != 0;
    bool idle_library = (thread->library || thread->delivers) && thread->inside->len == 0;

    return used_mi && !idle_library;
}

bool wait_for_has_free_thread(const struct wait_for *graph, const struct waiter *waiter)
{
    for (guint i = 0; i < graph->threads->len; i++) {
        struct model_thread *thread = graph->threads->pdata[i];
        const struct waiter *other = g_hash_table_lookup(graph->by_thread, thread);
        bool is_self = waiter->call != NULL && thread == waiter->thread;
        bool is_stuck = other != NULL && other->stuck;
        if (!is_self && !is_stuck && may_call(thread)) {
            return true;
        }
    }
    return false;
}

GPtrArray *wait_for_children(const struct wait_for *graph, const struct model_handle *parent)
{
    return g_hash_table_lookup(graph->children, parent);
}
