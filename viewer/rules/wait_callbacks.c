/* SPDX-License-Identifier: MIT */
/*
 * Callbacks that have not returned and are in no call of MI. What such a callback waits for cannot be seen,
 * but what was asked for inside it and comes only after it has returned can.
 */
#include "rules/wait_for.h"

/* A deserializer's and an application's callbacks run inside the program's own call, as do those of failed
 * starts. */
static bool is_waited_for(const struct model_activity *activity, const struct model_process *process)
{
    const struct model_handle *owner = activity->kind == MODEL_CALLBACK ? activity->handle : NULL;

    return owner != NULL && owner->process == process && !owner->failed_start &&
           (owner->kind == MI_KIND_operation || owner->kind == MI_KIND_session);
}

static const struct model_site *last_place(const struct model_thread *thread,
                                           const struct model_activity *callback)
{
    const struct model_activity *last = &thread->last;

    return last->kind == MODEL_CALL && last->begin_ns >= callback->begin_ns ? &last->site : &callback->site;
}

void wait_for_find_callback(struct wait_for *graph, struct model_thread *thread)
{
    const struct model_activity *top;
    struct waiter *waiter;

    if (thread->inside->len == 0 ||
        (graph->process->end != MODEL_RUNNING && graph->process->end != MODEL_SIGNAL)) {
        return;
    }
    top = &g_array_index(thread->inside, struct model_activity, thread->inside->len - 1);
    if (is_waited_for(top, graph->process)) {
        waiter = wait_for_add_waiter(graph, top->handle, last_place(thread, top));
        waiter->callback = top;
        waiter->function = MI_FN_none;
        waiter->quiet_ns = graph->end_ns - thread->last_ns;
        g_hash_table_insert(graph->by_callback, thread, waiter);
    }
}

/* Does the completion of the session's close wait for the callback, or for what only its thread delivers? */
static bool completes_after(const struct wait_for *graph, const struct waiter *waiter,
                            const struct model_handle *session, bool delivers)
{
    return waiter->handle->parent == session || (delivers && wait_for_children(graph, session) != NULL);
}

static void find_closes(struct wait_for *graph, struct waiter *waiter, bool delivers)
{
    for (guint i = 0; i < graph->waiters->len; i++) {
        const struct waiter *close = graph->waiters->pdata[i];
        if (close->call == NULL && close->callback == NULL && close->thread == waiter->thread &&
            close->site.time_ns >= waiter->callback->begin_ns &&
            completes_after(graph, waiter, close->handle, delivers)) {
            wait_for_add_reason(waiter, WAIT_AFTER_CALLBACK, close->handle, waiter->callback);
        }
    }
}

/* An operation that was started in the callback, and whose results would come on its thread. */
static void find_start(struct model_handle *handle, void *context)
{
    struct waiter *waiter = context;

    if (handle->kind == MI_KIND_operation && handle->created.thread == waiter->thread &&
        handle->created.time_ns >= waiter->callback->begin_ns && handle->state != MODEL_OPENING &&
        handle->asynchronous && !handle->final_seen) {
        wait_for_add_reason(waiter, WAIT_AFTER_CALLBACK, handle, waiter->callback);
    }
}

void wait_for_resolve_callback(struct wait_for *graph, struct waiter *waiter)
{
    bool delivers = waiter->thread == graph->deliverer && wait_for_callback_in_the_way(graph) != NULL;

    find_closes(graph, waiter, delivers);
    if (delivers) {
        model_each_open(graph->process, find_start, waiter);
    }
    if (waiter->reasons->len == 0) {
        wait_for_add_reason(waiter, WAIT_OUTSIDE, waiter->handle, waiter->callback);
    }
}
