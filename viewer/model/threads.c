/* SPDX-License-Identifier: MIT */
/* Threads: which one an event is of, and what is known of it. */
#include "model/model_internal.h"

static struct model_thread *add_thread(struct model_process *process, uint32_t tid)
{
    struct model_thread *thread = g_new0(struct model_thread, 1);

    thread->process = process;
    thread->tid = tid;
    thread->inside = g_array_new(FALSE, FALSE, sizeof(struct model_activity));
    g_hash_table_insert(process->threads, GUINT_TO_POINTER(tid), thread);
    process->threads_seen++;
    return thread;
}

static void free_thread(struct model_thread *thread)
{
    g_array_unref(thread->inside);
    g_free(thread->name);
    g_free(thread);
}

struct model_thread *model_hold_thread(struct model_thread *thread)
{
    if (thread != NULL) {
        thread->holders++;
    }
    return thread;
}

void model_release_thread(struct model_thread *thread)
{
    if (thread != NULL && --thread->holders == 0 && thread->ended) {
        free_thread(thread);
    }
}

void model_set_site(struct model_site *place, const struct model_site *site)
{
    struct model_thread *before = place->thread;

    *place = site == NULL ? (struct model_site){0} : *site;
    model_hold_thread(place->thread);
    model_release_thread(before);
}

/* The handles that it is still inside of are let go while it is held: theirs may be the last holds of it. */
void threads_end(gpointer data)
{
    struct model_thread *thread = model_hold_thread(data);

    activities_forget_last(thread);
    while (activities_top(thread) != NULL) {
        activities_pop(thread);
        activities_forget_last(thread);
    }
    thread->ended = true;
    model_release_thread(thread);
}

struct model_thread *threads_of(struct model_process *process, const struct source_event *event)
{
    struct model_thread *thread = process->own->recent;

    if (thread == NULL || thread->tid != event->data.tid) {
        thread = g_hash_table_lookup(process->threads, GUINT_TO_POINTER(event->data.tid));
        if (thread == NULL) {
            thread = add_thread(process, event->data.tid);
        }
        process->own->recent = thread;
    }
    thread->last_ns = event->time_ns;
    return thread;
}

static void start_thread(struct model_thread *thread, const struct mi_event *data)
{
    thread->announced = true;
    thread->library = data->library != 0;
    g_free(thread->name);
    thread->name = data->name_len > 0 ? g_strndup(data->name, data->name_len) : NULL;
}

void threads_take(const struct model_context *context)
{
    struct model_thread *thread = context->thread;
    struct model_process *process = thread->process;

    if (context->event->id == MI_EV_thread_start) {
        start_thread(thread, &context->event->data);
        return;
    }
    activities_drop_to(context->model, thread, 0);
    process->deliverer_seen = process->deliverer_seen || thread->library || thread->delivers;
    process->own->recent = NULL;
    g_hash_table_remove(process->threads, GUINT_TO_POINTER(thread->tid));
}

static gint compare_tids(gconstpointer left, gconstpointer right)
{
    const struct model_thread *const *a = left, *const *b = right;

    return ((*a)->tid > (*b)->tid) - ((*a)->tid < (*b)->tid);
}

GPtrArray *model_threads(struct model_process *process)
{
    GPtrArray *threads = g_ptr_array_new();
    GHashTableIter iterator;
    gpointer thread;

    g_hash_table_iter_init(&iterator, process->threads);
    while (g_hash_table_iter_next(&iterator, NULL, &thread)) {
        g_ptr_array_add(threads, thread);
    }
    g_ptr_array_sort(threads, compare_tids);
    return threads;
}
