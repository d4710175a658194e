/* SPDX-License-Identifier: MIT */
/* The life of a handle: opening, open, closed or failed, remembered for a while, freed. */
#include "model/model_internal.h"

static char no_name[] = "";

struct model_handle *model_hold(struct model_handle *handle)
{
    if (handle != NULL) {
        handle->holders++;
    }
    return handle;
}

static void free_handle(struct model_handle *handle)
{
    identity_unbind(handle);
    identity_drop_token(handle, handle->token);
    identity_drop_token(handle, handle->close_token);
    identity_drop_token(handle, handle->other_token);
    model_release(handle->parent);
    model_release(handle->inherited);
    model_release_thread(handle->user);
    model_set_site(&handle->created, NULL);
    model_set_site(&handle->closing, NULL);
    model_set_site(&handle->last_owed, NULL);
    model_set_site(&handle->refused, NULL);
    model_set_site(&handle->responded, NULL);
    if (handle->name != no_name) {
        g_free(handle->name);
    }
    g_free(handle);
}

void model_release(struct model_handle *handle)
{
    if (handle != NULL && --handle->holders == 0) {
        free_handle(handle);
    }
}

static void append(struct model_handle **first, struct model_handle **last, struct model_handle *handle)
{
    handle->previous = *last;
    handle->next = NULL;
    *(*last == NULL ? first : &(*last)->next) = handle;
    *last = handle;
}

static void take_out(struct model_handle **first, struct model_handle **last, struct model_handle *handle)
{
    *(handle->previous == NULL ? first : &handle->previous->next) = handle->next;
    *(handle->next == NULL ? last : &handle->next->previous) = handle->previous;
    handle->previous = handle->next = NULL;
}

static void number(struct model_handle *handle)
{
    if (handle->id == 0) {
        handle->id = ++handle->process->own->ids[handle->kind];
    }
}

struct model_handle *handles_new(struct model_process *process, enum mi_kind kind,
                                 struct model_handle *parent, const struct model_site *created)
{
    struct model_process_own *own = process->own;
    struct model_handle *handle = g_new0(struct model_handle, 1);

    handle->kind = kind;
    handle->process = process;
    handle->parent = model_hold(parent);
    model_set_site(&handle->created, created);
    handle->name = no_name;
    handle->sequence = ++own->sequence;
    handle->owed_callback = MI_CB_COUNT;
    model_hold(handle);
    append(&own->open[kind], &own->open_last[kind], handle);
    if (parent != NULL) {
        parent->open_children++;
    }
    if (kind == MI_KIND_operation) { /* its callbacks may run before its creator returns */
        number(handle);
    }
    return handle;
}

void handles_opened(struct model_handle *handle)
{
    if (handle->opened || handle->state == MODEL_FAILED) {
        return;
    }
    handle->opened = true;
    if (handle->state == MODEL_OPENING) {
        handle->state = MODEL_LIVE;
    }
    number(handle);
    handle->process->counts[handle->kind].created++;
    handle->origin = stacks_origin(handle->process, handle);
    handle->origin->created++;
}

/* No longer open; the caller takes over what the list of open handles held. */
static void leave_open(struct model_handle *handle, enum model_state state)
{
    struct model_process_own *own = handle->process->own;

    handle->state = state;
    take_out(&own->open[handle->kind], &own->open_last[handle->kind], handle);
    if (handle->parent != NULL) {
        handle->parent->open_children--;
        handle->parent->last_child_ns = handle->process->last_ns;
    }
}

void handles_forget(struct model_handle *handle)
{
    struct model_closed *closed = &handle->process->own->closed[handle->kind];

    take_out(&closed->first, &closed->last, handle);
    closed->count--;
    identity_unbind(handle);
    model_release(handle);
}

static void remember(struct model_handle *handle)
{
    struct model_closed *closed = &handle->process->own->closed[handle->kind];

    append(&closed->first, &closed->last, handle);
    closed->count++;
    if (closed->count > MODEL_REMEMBERED) {
        handles_forget(closed->first);
    }
}

void handles_closed(struct model_handle *handle)
{
    if (handle->state == MODEL_CLOSED || handle->state == MODEL_FAILED) {
        return;
    }
    handles_opened(handle);
    leave_open(handle, MODEL_CLOSED);
    handle->process->counts[handle->kind].closed++;
    handle->origin->closed++;
    if (handle->closing.thread != NULL) {
        model_set_site(&handle->origin->closed_at, &handle->closing);
    }
    if (handle->bound) {
        remember(handle);
    } else {
        model_release(handle);
    }
}

void handles_failed(struct model_handle *handle)
{
    if (handle->state == MODEL_CLOSED || handle->state == MODEL_FAILED) {
        return;
    }
    leave_open(handle, MODEL_FAILED);
    identity_unbind(handle);
    model_release(handle);
}

void handles_forget_closed(struct model_process *process)
{
    for (int kind = 0; kind < MI_KIND_COUNT; kind++) {
        while (process->own->closed[kind].first != NULL) {
            handles_forget(process->own->closed[kind].first);
        }
    }
}

void handles_free_all(struct model_process *process)
{
    struct model_process_own *own = process->own;

    handles_forget_closed(process);
    for (int kind = 0; kind < MI_KIND_COUNT; kind++) {
        while (own->open[kind] != NULL) {
            handles_failed(own->open[kind]);
        }
    }
}

static gint compare_ages(gconstpointer left, gconstpointer right)
{
    const struct model_handle *const *a = left, *const *b = right;

    return ((*a)->sequence > (*b)->sequence) - ((*a)->sequence < (*b)->sequence);
}

void model_each_open(struct model_process *process, model_visit visit, void *context)
{
    g_autoptr(GPtrArray) handles = g_ptr_array_new();

    for (int kind = 0; kind < MI_KIND_COUNT; kind++) {
        for (struct model_handle *handle = process->own->open[kind]; handle != NULL; handle = handle->next) {
            g_ptr_array_add(handles, handle);
        }
    }
    g_ptr_array_sort(handles, compare_ages);
    for (guint i = 0; i < handles->len; i++) {
        visit(handles->pdata[i], context);
    }
}
