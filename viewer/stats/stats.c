/* SPDX-License-Identifier: MIT */
/* Sums up what a model tells while it takes events. */
#include "stats/stats.h"

#include "stats/threads.h"

const unsigned stats_percentiles[STATS_PERCENTILES] = {500, 900, 990, 999};

/* The entry of a table that is filled as things are first seen. */
#define ENTRY(table, index, type) ((table)[index] == NULL ? (table)[index] = g_new0(type, 1) : (table)[index])

static void count_failure(struct stats_failures *failures, int32_t result)
{
    gpointer key = GINT_TO_POINTER(result);

    if (result == 0) {
        return;
    }
    failures->count++;
    if (failures->by_result == NULL) {
        failures->by_result = g_hash_table_new(NULL, NULL);
    }
    gsize count = GPOINTER_TO_SIZE(g_hash_table_lookup(failures->by_result, key));
    g_hash_table_insert(failures->by_result, key, GSIZE_TO_POINTER(count + 1));
}

/* Clocks of several processors may contradict one another. */
static uint64_t elapsed(int64_t begin_ns, int64_t end_ns)
{
    return end_ns > begin_ns ? (uint64_t)end_ns - (uint64_t)begin_ns : 0;
}

/* What the thread was inside of before the activity that it has just left; NULL: nothing. */
static const struct model_activity *around(const struct model_thread *thread)
{
    const GArray *inside = thread->inside;

    return inside->len == 0 ? NULL : &g_array_index(inside, struct model_activity, inside->len - 1);
}

static void call_entered(void *context, struct model_thread *thread, const struct model_activity *call)
{
    struct stats *stats = context;
    const struct mi_function_info *function = &mi_functions[call->function];

    ENTRY(stats->functions, call->function, struct stats_function)->calls++;
    stats->calls++;
    stats_thread_of(stats, thread)->calls++;
    if ((function->roles & MI_ROLE_CREATES) != 0 && function->made == MI_KIND_operation) {
        ENTRY(stats->operations, call->function, struct stats_operation)->started++;
    }
}

/* An operation's handle counts its results; the one that is being handed out is counted already. */
static void count_result(struct stats *stats, const struct model_activity *activity, int64_t time_ns)
{
    const struct model_handle *handle = activity->handle;
    struct stats_operation *operation;

    if (handle == NULL || handle->kind != MI_KIND_operation ||
        stats->operations[handle->created.function] == NULL) {
        return;
    }
    operation = stats->operations[handle->created.function];
    if (handle->results == 1) {
        stats_histogram_add(&operation->first, elapsed(handle->created.time_ns, time_ns));
    }
    if (activity->final) {
        unsigned empty = activity->object == 0 ? 1 : 0;
        stats_histogram_add(&operation->final, elapsed(handle->created.time_ns, time_ns));
        stats_histogram_add(&operation->results, handle->results - MIN(empty, handle->results));
        count_failure(&operation->failures, handle->final_result);
    }
}

/* `duration` was spent in `activity`, and so not in what is around it. */
static void count_inside(struct stats_thread *sums, const struct model_activity *activity,
                         const struct model_activity *outer, uint64_t duration)
{
    int64_t *own = activity->kind == MODEL_CALL ? &sums->in_mi_ns : &sums->in_callbacks_ns;
    int64_t *other = activity->kind == MODEL_CALL ? &sums->in_callbacks_ns : &sums->in_mi_ns;

    *own += (int64_t)duration;
    if (outer != NULL && outer->kind != activity->kind) {
        *other -= (int64_t)duration;
    }
}

static void count_time(struct stats *stats, struct model_thread *thread, const struct model_activity *call,
                       uint64_t duration)
{
    const struct model_activity *outer = around(thread);

    stats_histogram_add(&stats->functions[call->function]->times, duration);
    count_inside(stats_thread_of(stats, thread), call, outer, duration);
    if (outer != NULL && outer->kind == MODEL_CALLBACK) {
        stats->callbacks[outer->callback]->in_mi_ns += duration;
    }
}

static void call_left(void *context, struct model_thread *thread, const struct model_activity *call,
                      const struct source_event *event)
{
    struct stats *stats = context;
    struct stats_function *function = stats->functions[call->function];

    function->ended++;
    if (event == NULL) {
        function->unseen++;
        return;
    }
    count_time(stats, thread, call, elapsed(call->begin_ns, event->time_ns));
    if (event->id == MI_EV_call_unwound) {
        function->unwound++;
        return;
    }
    count_failure(&function->failures, call->result);
    if ((mi_functions[call->function].roles & MI_ROLE_RESULTS) != 0 && call->result == 0) {
        count_result(stats, call, event->time_ns);
    }
}

static void callback_entered(void *context, struct model_thread *thread,
                             const struct model_activity *callback)
{
    struct stats *stats = context;

    ENTRY(stats->callbacks, callback->callback, struct stats_callback)->calls++;
    stats_thread_of(stats, thread)->callbacks++;
    if (mi_callbacks[callback->callback].yields != MI_KIND_none) {
        count_result(stats, callback, callback->begin_ns);
    }
}

static void callback_left(void *context, struct model_thread *thread, const struct model_activity *callback)
{
    struct stats *stats = context;
    struct stats_callback *sums = stats->callbacks[callback->callback];
    uint64_t duration = elapsed(callback->begin_ns, thread->last_ns);

    sums->ended++;
    stats_histogram_add(&sums->times, duration);
    count_inside(stats_thread_of(stats, thread), callback, around(thread), duration);
}

struct stats *stats_new(struct model *model)
{
    struct stats *stats = g_new0(struct stats, 1);
    const struct model_observer observer = {.call_entered = call_entered,
                                            .call_left = call_left,
                                            .callback_entered = callback_entered,
                                            .callback_left = callback_left,
                                            .context = stats};

    stats->threads = stats_threads_new();
    model_add_observer(model, &observer);
    return stats;
}

static uint64_t *open_time_of(struct stats *stats, const struct model_activity *activity)
{
    return activity->kind == MODEL_CALL ? &stats->functions[activity->function]->open_ns
                                        : &stats->callbacks[activity->callback]->open_ns;
}

static void end_thread(struct stats *stats, struct model_thread *thread, int64_t end_ns)
{
    const struct model_activity *outer = NULL;

    for (guint depth = 0; depth < thread->inside->len; depth++) {
        const struct model_activity *activity = &g_array_index(thread->inside, struct model_activity, depth);
        uint64_t duration = elapsed(activity->begin_ns, end_ns);
        uint64_t *open_ns = open_time_of(stats, activity);
        *open_ns = MAX(*open_ns, duration);
        count_inside(stats_thread_of(stats, thread), activity, outer, duration);
        outer = activity;
    }
}

void stats_end_process(struct stats *stats, struct model_process *process, int64_t end_ns)
{
    g_autoptr(GPtrArray) threads = model_threads(process);

    for (guint i = 0; i < threads->len; i++) {
        end_thread(stats, threads->pdata[i], end_ns);
    }
}

static void free_failures(struct stats_failures *failures)
{
    g_clear_pointer(&failures->by_result, g_hash_table_unref);
}

void stats_free(struct stats *stats)
{
    if (stats == NULL) {
        return;
    }
    for (size_t i = 0; i < MI_FN_COUNT; i++) {
        if (stats->functions[i] != NULL) {
            free_failures(&stats->functions[i]->failures);
        }
        if (stats->operations[i] != NULL) {
            free_failures(&stats->operations[i]->failures);
        }
        g_free(stats->functions[i]);
        g_free(stats->operations[i]);
    }
    for (size_t i = 0; i < MI_CB_COUNT; i++) {
        g_free(stats->callbacks[i]);
    }
    g_hash_table_unref(stats->threads);
    g_free(stats);
}

static gint compare_results(gconstpointer left, gconstpointer right)
{
    const struct stats_result *a = left, *b = right;

    if (a->count != b->count) {
        return a->count < b->count ? 1 : -1;
    }
    return (a->result > b->result) - (a->result < b->result);
}

GArray *stats_results(const struct stats_failures *failures)
{
    GArray *results = g_array_new(FALSE, FALSE, sizeof(struct stats_result));
    GHashTableIter iterator;
    gpointer result, count;

    if (failures->by_result == NULL) {
        return results;
    }
    g_hash_table_iter_init(&iterator, failures->by_result);
    while (g_hash_table_iter_next(&iterator, &result, &count)) {
        struct stats_result row = {GPOINTER_TO_INT(result), GPOINTER_TO_SIZE(count)};
        g_array_append_val(results, row);
    }
    g_array_sort(results, compare_results);
    return results;
}
