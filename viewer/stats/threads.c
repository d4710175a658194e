/* SPDX-License-Identifier: MIT */
/* Keeps the sums of threads, and puts those of short-lived ones together. */
#include "stats/threads.h"

static void free_thread(gpointer data)
{
    struct stats_thread *sums = data;

    model_release_thread(sums->thread);
    g_free(sums);
}

GHashTable *stats_threads_new(void)
{
    return g_hash_table_new_full(NULL, NULL, NULL, free_thread);
}

static int64_t time_inside(const struct stats_thread *thread)
{
    return thread->in_mi_ns + thread->in_callbacks_ns;
}

static gint compare_threads(gconstpointer left, gconstpointer right)
{
    const struct stats_thread *a = *(const struct stats_thread *const *)left;
    const struct stats_thread *b = *(const struct stats_thread *const *)right;

    if (time_inside(a) != time_inside(b)) {
        return time_inside(a) < time_inside(b) ? 1 : -1;
    }
    return (a->thread->tid > b->thread->tid) - (a->thread->tid < b->thread->tid);
}

GPtrArray *stats_threads(const struct stats *stats)
{
    GPtrArray *threads = g_ptr_array_new();
    GHashTableIter iterator;
    gpointer sums;

    g_hash_table_iter_init(&iterator, stats->threads);
    while (g_hash_table_iter_next(&iterator, NULL, &sums)) {
        g_ptr_array_add(threads, sums);
    }
    g_ptr_array_sort(threads, compare_threads);
    return threads;
}

static void put_together(struct stats *stats, const struct stats_thread *sums)
{
    stats->others++;
    stats->of_others.calls += sums->calls;
    stats->of_others.callbacks += sums->callbacks;
    stats->of_others.in_mi_ns += sums->in_mi_ns;
    stats->of_others.in_callbacks_ns += sums->in_callbacks_ns;
    g_hash_table_remove(stats->threads, sums->thread);
}

/* Those that have ended will not get any more time: the first ones stay the first ones. */
static void make_room(struct stats *stats)
{
    g_autoptr(GPtrArray) threads = stats_threads(stats);
    guint kept = 0;

    for (guint i = 0; i < threads->len; i++) {
        const struct stats_thread *sums = threads->pdata[i];
        if (sums->thread->ended && ++kept > STATS_THREADS_KEPT) {
            put_together(stats, sums);
        }
    }
    stats->room = 2 * MAX(STATS_THREADS_KEPT, g_hash_table_size(stats->threads));
}

struct stats_thread *stats_thread_of(struct stats *stats, struct model_thread *thread)
{
    struct stats_thread *sums = g_hash_table_lookup(stats->threads, thread);

    if (sums == NULL) {
        if (g_hash_table_size(stats->threads) >= stats->room) {
            make_room(stats);
        }
        sums = g_new0(struct stats_thread, 1);
        sums->thread = model_hold_thread(thread);
        g_hash_table_insert(stats->threads, thread, sums);
    }
    return sums;
}
