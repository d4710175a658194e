/* SPDX-License-Identifier: MIT */
/*
 * Whether something still goes on below a handle. A result that is on its way brings a callback, and a thread
 * inside a call or callback comes back to the program: either may make the call that is missing now.
 */
#include "rules/wait_for.h"

static bool is_below(const struct model_handle *handle, const struct model_handle *scope)
{
    while (handle != NULL && handle != scope) {
        handle = handle->parent;
    }
    return handle == scope;
}

static bool is_pending(const struct model_handle *operation)
{
    bool held_back = operation->owed + operation->owed_answers > operation->responding;

    return operation->kind == MI_KIND_operation && operation->asynchronous && !operation->final_seen &&
           !held_back;
}

static bool has_pending_operation(const struct wait_for *graph, const struct model_handle *scope)
{
    const GPtrArray *children = wait_for_children(graph, scope);

    for (guint i = 0; children != NULL && i < children->len; i++) {
        const struct model_handle *child = children->pdata[i];
        if (is_pending(child) || (child->kind == MI_KIND_session && has_pending_operation(graph, child))) {
            return true;
        }
    }
    return false;
}

static bool is_inside(const struct model_thread *thread, const struct model_handle *scope)
{
    for (guint depth = 0; depth < thread->inside->len; depth++) {
        const struct model_activity *activity = &g_array_index(thread->inside, struct model_activity, depth);
        if (is_below(activity->handle, scope)) {
            return true;
        }
    }
    return false;
}

static bool has_active_thread(const struct wait_for *graph, const struct waiter *waiter)
{
    for (guint i = 0; i < graph->threads->len; i++) {
        struct model_thread *thread = graph->threads->pdata[i];
        const struct waiter *other = g_hash_table_lookup(graph->by_thread, thread);
        bool is_stuck = other != NULL && (other == waiter || other->stuck);
        if (!is_stuck && is_inside(thread, waiter->handle)) {
            return true;
        }
    }
    return false;
}

bool wait_for_is_moving(const struct wait_for *graph, const struct waiter *waiter)
{
    return has_pending_operation(graph, waiter->handle) || has_active_thread(graph, waiter);
}
