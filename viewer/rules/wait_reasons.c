/* SPDX-License-Identifier: MIT */
/*
 * Why one who waits does so, by what MI's calls wait for: an application's close for its sessions, a
 * session's close for its operations, a synchronous operation's close for the reading of its final result, a
 * getter for a result.
 */
#include "rules/wait_for.h"

void wait_for_add_reason(struct waiter *waiter, enum wait_cause cause, struct model_handle *handle,
                         const struct model_activity *callback)
{
    struct wait_reason reason = {.cause = cause, .callback = callback};

    for (guint i = 0; i < waiter->reasons->len; i++) {
        const struct wait_reason *known = &g_array_index(waiter->reasons, struct wait_reason, i);
        if (known->cause == cause) {
            g_ptr_array_add(known->handles, handle);
            return;
        }
    }
    reason.handles = g_ptr_array_new();
    g_ptr_array_add(reason.handles, handle);
    g_array_append_val(waiter->reasons, reason);
}

static void add_edge(struct waiter *waiter, struct waiter *to, struct model_handle *through,
                     const struct model_activity *callback)
{
    struct wait_edge edge = {.to = to, .through = through, .callback = callback};

    g_array_append_val(waiter->edges, edge);
}

/* It waits until `thread` leaves `callback`, which is one of `handle`. */
static void wait_for_callback(struct wait_for *graph, struct waiter *waiter, struct model_thread *thread,
                              const struct model_activity *callback, struct model_handle *handle)
{
    struct waiter *other = g_hash_table_lookup(graph->by_thread, thread);

    other = other == NULL ? g_hash_table_lookup(graph->by_callback, thread) : other;
    if (waiter->call != NULL && thread == waiter->thread) {
        wait_for_add_reason(waiter, WAIT_OWN_CALLBACK, handle, callback);
    } else if (other != NULL) {
        add_edge(waiter, other, handle, callback);
    } else {
        wait_for_add_reason(waiter, WAIT_CALLBACK, handle, callback);
    }
}

static void wait_for_callbacks_of(struct wait_for *graph, struct waiter *waiter, struct model_handle *handle)
{
    for (guint i = 0; i < graph->threads->len; i++) {
        struct model_thread *thread = graph->threads->pdata[i];
        for (guint depth = 0; depth < thread->inside->len; depth++) {
            const struct model_activity *activity =
                &g_array_index(thread->inside, struct model_activity, depth);
            if (activity->kind == MODEL_CALLBACK && activity->handle == handle) {
                wait_for_callback(graph, waiter, thread, activity, handle);
            }
        }
    }
}

/* Somebody is inside a call that closes `handle`. One that is not stuck may finish it. */
static void wait_for_closer(struct wait_for *graph, struct waiter *waiter, struct model_handle *handle)
{
    GHashTableIter iterator;
    gpointer other;

    g_hash_table_iter_init(&iterator, graph->by_thread);
    while (g_hash_table_iter_next(&iterator, NULL, &other)) {
        const struct waiter *closer = other;
        if (closer != waiter && closer->handle == handle &&
            (mi_functions[closer->function].roles & MI_ROLE_CLOSES) != 0) {
            add_edge(waiter, other, handle, NULL);
            return;
        }
    }
    wait_for_add_reason(waiter, WAIT_PEER, handle, NULL);
}

const struct model_activity *wait_for_callback_in_the_way(const struct wait_for *graph)
{
    const struct model_thread *deliverer = graph->deliverer;
    const struct model_activity *outermost;

    if (deliverer == NULL || deliverer->inside->len == 0) {
        return NULL;
    }
    outermost = &g_array_index(deliverer->inside, struct model_activity, 0);
    return outermost->kind == MODEL_CALLBACK ? outermost : NULL;
}

/* It waits for a result of `operation` that MI has not delivered. */
static void wait_for_delivery(struct wait_for *graph, struct waiter *waiter, struct model_handle *operation)
{
    const struct model_activity *callback = wait_for_callback_in_the_way(graph);

    if (callback == NULL) {
        wait_for_add_reason(waiter, WAIT_PEER, operation, NULL);
    } else if (waiter->call != NULL && graph->deliverer == waiter->thread) {
        wait_for_add_reason(waiter, WAIT_OWN_DELIVERY, operation, callback);
    } else {
        wait_for_callback(graph, waiter, graph->deliverer, callback, operation);
    }
}

static bool owes_response(const struct model_handle *operation)
{
    return operation->owed + operation->owed_answers > operation->responding;
}

/* What a session waits for in one operation that is not done. */
static void wait_for_operation(struct wait_for *graph, struct waiter *waiter, struct model_handle *operation)
{
    bool pending = operation->asynchronous && !operation->final_seen;

    if (operation->callbacks_running > 0) {
        wait_for_callbacks_of(graph, waiter, operation);
    } else if (owes_response(operation)) {
        wait_for_add_reason(waiter, WAIT_UNACKNOWLEDGED, operation, NULL);
    } else if (operation->closes_running > 0) {
        wait_for_closer(graph, waiter, operation);
    } else if (pending || operation->state == MODEL_OPENING || operation->responding > 0) {
        wait_for_delivery(graph, waiter, operation);
    } else if (operation->state == MODEL_LIVE && !operation->unowned &&
               (operation->r1 | operation->r2) != 0) {
        wait_for_add_reason(waiter, WAIT_NEVER_CLOSED, operation, NULL);
    } else {
        wait_for_add_reason(waiter, WAIT_PEER, operation, NULL);
    }
}

/* What an application waits for in one session or hosted provider that is open. */
static void wait_for_session(struct wait_for *graph, struct waiter *waiter, struct model_handle *session)
{
    struct waiter *asynchronous = g_hash_table_lookup(graph->by_session, session);

    if (session->closes_running > 0) {
        wait_for_closer(graph, waiter, session);
    } else if (asynchronous != NULL) {
        add_edge(waiter, asynchronous, session, NULL);
    } else if (session->completion_entered) {
        wait_for_callbacks_of(graph, waiter, session);
    } else if (session->state == MODEL_LIVE) {
        wait_for_add_reason(waiter, WAIT_NEVER_CLOSED, session, NULL);
    } else {
        wait_for_add_reason(waiter, WAIT_PEER, session, NULL);
    }
}

/* Is `callback` one that calls on `handle` (an application or a session) wait for? */
static bool belongs(const struct model_activity *callback, const struct model_handle *handle)
{
    const struct model_handle *owner = callback->kind == MODEL_CALLBACK ? callback->handle : NULL;

    if (owner == NULL || owner->failed_start) {
        return false;
    }
    if (owner->kind == MI_KIND_operation && owner->parent != NULL) {
        return owner->parent == handle || owner->parent->parent == handle;
    }
    if (owner->kind == MI_KIND_session) {
        return owner->parent == handle;
    }
    return owner->kind == MI_KIND_application && owner == handle;
}

/* The call was made in a callback of what it closes. */
static bool find_own_callback(struct waiter *waiter)
{
    const GArray *inside = waiter->thread->inside;

    for (guint depth = inside->len; waiter->call != NULL && depth > 0; depth--) {
        const struct model_activity *activity = &g_array_index(inside, struct model_activity, depth - 1);
        if (belongs(activity, waiter->handle)) {
            wait_for_add_reason(waiter, WAIT_OWN_CALLBACK, activity->handle, activity);
            return true;
        }
    }
    return false;
}

static void resolve_children(struct wait_for *graph, struct waiter *waiter)
{
    const GPtrArray *children = wait_for_children(graph, waiter->handle);

    if (find_own_callback(waiter)) {
        return;
    }
    for (guint i = 0; children != NULL && i < children->len; i++) {
        struct model_handle *child = children->pdata[i];
        if (child->kind == MI_KIND_operation) {
            wait_for_operation(graph, waiter, child);
        } else if (child->kind == MI_KIND_session || child->kind == MI_KIND_hosted_provider) {
            wait_for_session(graph, waiter, child);
        }
    }
}

static bool is_in_getter(struct wait_for *graph, const struct model_handle *operation, struct waiter **reader)
{
    GHashTableIter iterator;
    gpointer other;

    g_hash_table_iter_init(&iterator, graph->by_thread);
    while (g_hash_table_iter_next(&iterator, NULL, &other)) {
        *reader = other;
        if ((*reader)->handle == operation &&
            (mi_functions[(*reader)->function].roles & MI_ROLE_RESULTS) != 0) {
            return true;
        }
    }
    return false;
}

/* A synchronous operation's close waits until the final result was read. */
static void resolve_operation_close(struct wait_for *graph, struct waiter *waiter)
{
    struct model_handle *operation = waiter->handle;
    struct waiter *reader;

    if (operation->asynchronous || operation->failed_start || operation->final_seen) {
        wait_for_add_reason(waiter, WAIT_NOTHING, operation, NULL);
    } else if (is_in_getter(graph, operation, &reader)) {
        add_edge(waiter, reader, operation, NULL);
    } else if (graph->deliverer == waiter->thread && wait_for_callback_in_the_way(graph) != NULL) {
        wait_for_add_reason(waiter, WAIT_OWN_DELIVERY, operation, wait_for_callback_in_the_way(graph));
    } else {
        wait_for_add_reason(waiter, WAIT_UNREAD, operation, NULL);
    }
}

static void resolve_getter(struct wait_for *graph, struct waiter *waiter)
{
    if (waiter->handle->asynchronous || waiter->handle->failed_start || waiter->handle->final_seen) {
        wait_for_add_reason(waiter, WAIT_NOTHING, waiter->handle, NULL);
    } else {
        wait_for_delivery(graph, waiter, waiter->handle);
    }
}

static void resolve_call(struct wait_for *graph, struct waiter *waiter)
{
    switch ((int)waiter->function) {
    case MI_FN_application_close:
    case MI_FN_session_close:
        resolve_children(graph, waiter);
        break;
    case MI_FN_operation_close:
        resolve_operation_close(graph, waiter);
        break;
    case MI_FN_hosted_provider_close:
        wait_for_add_reason(waiter, WAIT_PEER, waiter->handle, NULL);
        break;
    default:
        resolve_getter(graph, waiter);
    }
}

/* Nothing that is known keeps it. */
static void resolve_nothing(const struct wait_for *graph, struct waiter *waiter)
{
    const struct omi_defect *defect = omi_defects_find(graph->defects, waiter->handle);

    wait_for_add_reason(waiter, defect == NULL ? WAIT_NOTHING : WAIT_DEFECT, waiter->handle, NULL);
    g_array_index(waiter->reasons, struct wait_reason, 0).defect = defect;
}

static bool needs_delivery(enum wait_cause cause)
{
    return cause == WAIT_PEER || cause == WAIT_NOTHING || cause == WAIT_UNREAD;
}

/* Nobody delivers, whatever the peer and the program do. */
static void resolve_undelivered(struct waiter *waiter)
{
    bool needed = false;

    for (guint i = waiter->reasons->len; i > 0; i--) {
        const struct wait_reason *reason = &g_array_index(waiter->reasons, struct wait_reason, i - 1);
        if (needs_delivery(reason->cause)) {
            g_ptr_array_unref(reason->handles);
            g_array_remove_index(waiter->reasons, i - 1);
            needed = true;
        }
    }
    if (needed) {
        wait_for_add_reason(waiter, WAIT_NO_DELIVERY, waiter->handle, NULL);
    }
}

void wait_for_resolve(struct wait_for *graph, struct waiter *waiter)
{
    if (waiter->callback != NULL) {
        wait_for_resolve_callback(graph, waiter);
        return;
    }
    resolve_call(graph, waiter);
    if (waiter->reasons->len == 0 && waiter->edges->len == 0) {
        resolve_nothing(graph, waiter);
    }
    if (graph->undelivered) {
        resolve_undelivered(waiter);
    }
}
