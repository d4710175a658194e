/* SPDX-License-Identifier: MIT */
/* Finds those who wait: calls, asynchronous closes, callbacks; and what reasons are found with. */
#include "rules/wait_for.h"

struct waiter *wait_for_add_waiter(struct wait_for *graph, struct model_handle *handle,
                                   const struct model_site *site)
{
    struct waiter *waiter = g_new0(struct waiter, 1);

    waiter->thread = site->thread;
    waiter->function = site->function;
    waiter->handle = handle;
    waiter->site = *site;
    waiter->quiet_ns = graph->end_ns - MAX(site->time_ns, handle->last_child_ns);
    waiter->reasons = g_array_new(FALSE, FALSE, sizeof(struct wait_reason));
    waiter->edges = g_array_new(FALSE, FALSE, sizeof(struct wait_edge));
    g_ptr_array_add(graph->waiters, waiter);
    return waiter;
}

static bool blocks(const struct model_activity *call)
{
    return (mi_functions[call->function].roles & MI_ROLE_BLOCKS) != 0 && call->token == 0;
}

/* What is known of the handle of a forked child's parent tells nothing of the child. */
static bool is_ours(const struct wait_for *graph, const struct model_handle *handle)
{
    return handle != NULL && (handle->process == graph->process || graph->undelivered);
}

static void find_blocked_call(struct wait_for *graph, struct model_thread *thread)
{
    const struct model_activity *call = model_blocked_call(thread);
    struct waiter *waiter;

    if (call == NULL || !blocks(call) || !is_ours(graph, call->handle)) {
        return;
    }
    waiter = wait_for_add_waiter(graph, call->handle, &call->site);
    waiter->call = call;
    g_hash_table_insert(graph->by_thread, thread, waiter);
}

static bool is_live_deliverer(const struct model_thread *thread)
{
    return thread->delivers && (thread->library || !thread->announced);
}

/* MI's thread stayed in the parent, and none of MI's was seen here. */
static bool lacks_deliverer(const struct wait_for *graph, const GPtrArray *threads)
{
    if (graph->process->deliverer_seen) {
        return false;
    }
    for (guint i = 0; i < threads->len; i++) {
        const struct model_thread *thread = threads->pdata[i];
        if (thread->library || thread->delivers) {
            return false;
        }
    }
    return graph->process->delivery_left != NULL;
}

static void find_threads(struct wait_for *graph)
{
    g_autoptr(GPtrArray) threads = model_threads(graph->process);
    unsigned deliverers = 0;

    graph->undelivered = lacks_deliverer(graph, threads);
    for (guint i = 0; i < threads->len; i++) {
        struct model_thread *thread = threads->pdata[i];
        g_ptr_array_add(graph->threads, thread);
        find_blocked_call(graph, thread);
        wait_for_find_callback(graph, thread);
        if (is_live_deliverer(thread)) {
            deliverers++;
            graph->deliverer = thread;
        }
    }
    graph->deliverer = deliverers == 1 ? graph->deliverer : NULL;
}

static void add_child(struct model_handle *handle, void *context)
{
    struct wait_for *graph = context;
    GPtrArray *children;

    if (handle->parent == NULL) {
        return;
    }
    children = g_hash_table_lookup(graph->children, handle->parent);
    if (children == NULL) {
        children = g_ptr_array_new();
        g_hash_table_insert(graph->children, handle->parent, children);
    }
    g_ptr_array_add(children, handle);
}

static void find_asynchronous_close(struct model_handle *handle, void *context)
{
    struct wait_for *graph = context;

    if (handle->kind == MI_KIND_session && handle->state == MODEL_CLOSING && handle->close_accepted &&
        handle->close_asynchronous && !handle->completion_entered) {
        struct waiter *waiter = wait_for_add_waiter(graph, handle, &handle->closing);
        g_hash_table_insert(graph->by_session, handle, waiter);
    }
}

void wait_for_find(struct wait_for *graph)
{
    find_threads(graph);
    model_each_open(graph->process, add_child, graph);
    model_each_open(graph->process, find_asynchronous_close, graph);
}
