/* SPDX-License-Identifier: MIT */
/* Statistics for machines: schema mitrace-stats/1. */
#include "figures/json.h"
#include "stats/print.h"

#define SCHEMA "mitrace-stats/1"

static void add_histogram(cJSON *object, const char *key, const struct stats_histogram *numbers)
{
    static const char *const keys[STATS_PERCENTILES] = {"p50", "p90", "p99", "p999"};
    cJSON *item = cJSON_AddObjectToObject(object, key);

    figures_json_count(item, "count", numbers->count);
    figures_json_count(item, "total", numbers->total);
    figures_json_count(item, "min", numbers->smallest);
    for (size_t i = 0; i < STATS_PERCENTILES; i++) {
        figures_json_count(item, keys[i], stats_histogram_percentile(numbers, stats_percentiles[i]));
    }
    figures_json_count(item, "max", numbers->largest);
}

static void add_failures(cJSON *object, const struct stats_failures *failures)
{
    g_autoptr(GArray) results = stats_results(failures);
    cJSON *list = cJSON_AddArrayToObject(object, "failures");

    for (guint i = 0; i < results->len; i++) {
        const struct stats_result *row = &g_array_index(results, struct stats_result, i);
        cJSON *item = cJSON_CreateObject();
        figures_json_integer(item, "code", row->result);
        figures_json_text(item, "name", mi_result_name(row->result));
        figures_json_count(item, "count", row->count);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_functions(cJSON *root, const struct stats *stats, enum stats_order order)
{
    g_autoptr(GArray) sorted = stats_sorted_functions(stats, order);
    cJSON *list = cJSON_AddArrayToObject(root, "functions");

    for (guint i = 0; i < sorted->len; i++) {
        unsigned index = g_array_index(sorted, unsigned, i);
        const struct stats_function *function = stats->functions[index];
        cJSON *item = cJSON_CreateObject();
        figures_json_text(item, "function", mi_functions[index].name);
        figures_json_count(item, "calls", function->calls);
        figures_json_count(item, "failed", function->failures.count);
        add_failures(item, &function->failures);
        figures_json_count(item, "never_returned", function->calls - function->ended);
        figures_json_count(item, "never_returned_ns", function->open_ns);
        figures_json_count(item, "unwound", function->unwound);
        figures_json_count(item, "return_not_recorded", function->unseen);
        add_histogram(item, "duration_ns", &function->times);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_operations(cJSON *root, const struct stats *stats, enum stats_order order)
{
    g_autoptr(GArray) sorted = stats_sorted_operations(stats, order);
    cJSON *list = cJSON_AddArrayToObject(root, "operations");

    for (guint i = 0; i < sorted->len; i++) {
        unsigned index = g_array_index(sorted, unsigned, i);
        const struct stats_operation *operation = stats->operations[index];
        cJSON *item = cJSON_CreateObject();
        figures_json_text(item, "function", mi_functions[index].name);
        figures_json_count(item, "started", operation->started);
        figures_json_count(item, "finished", operation->final.count);
        figures_json_count(item, "failed", operation->failures.count);
        add_failures(item, &operation->failures);
        add_histogram(item, "first_result_ns", &operation->first);
        add_histogram(item, "final_result_ns", &operation->final);
        add_histogram(item, "results", &operation->results);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_callbacks(cJSON *root, const struct stats *stats, enum stats_order order)
{
    g_autoptr(GArray) sorted = stats_sorted_callbacks(stats, order);
    cJSON *list = cJSON_AddArrayToObject(root, "callbacks");

    for (guint i = 0; i < sorted->len; i++) {
        unsigned index = g_array_index(sorted, unsigned, i);
        const struct stats_callback *callback = stats->callbacks[index];
        cJSON *item = cJSON_CreateObject();
        figures_json_text(item, "callback", mi_callbacks[index].word);
        figures_json_count(item, "calls", callback->calls);
        figures_json_count(item, "never_returned", callback->calls - callback->ended);
        figures_json_count(item, "never_returned_ns", callback->open_ns);
        add_histogram(item, "duration_ns", &callback->times);
        figures_json_count(item, "in_mi_ns", callback->in_mi_ns);
        cJSON_AddItemToArray(list, item);
    }
}

static void add_sums(cJSON *item, const struct stats_thread *sums)
{
    figures_json_count(item, "calls", sums->calls);
    figures_json_integer(item, "in_mi_ns", MAX(sums->in_mi_ns, 0));
    figures_json_count(item, "callbacks", sums->callbacks);
    figures_json_integer(item, "in_callbacks_ns", MAX(sums->in_callbacks_ns, 0));
}

static void add_threads(cJSON *root, const struct stats *stats)
{
    g_autoptr(GPtrArray) threads = stats_threads(stats);
    cJSON *list = cJSON_AddArrayToObject(root, "threads");

    for (guint i = 0; i < threads->len; i++) {
        const struct stats_thread *sums = threads->pdata[i];
        cJSON *item = cJSON_CreateObject();
        figures_json_integer(item, "pid", sums->thread->process->pid);
        figures_json_integer(item, "tid", sums->thread->tid);
        figures_json_text(item, "name", sums->thread->name);
        cJSON_AddBoolToObject(item, "of_mi", sums->thread->library);
        add_sums(item, sums);
        cJSON_AddItemToArray(list, item);
    }
}

/* Threads that have none of their own in the list. */
static void add_other_threads(cJSON *root, const struct stats *stats)
{
    cJSON *item = cJSON_AddObjectToObject(root, "other_threads");

    figures_json_count(item, "count", stats->others);
    add_sums(item, &stats->of_others);
}

static void add_trace(cJSON *root, const struct analysis *analysis)
{
    const struct source_summary *summary = &analysis->summary;
    cJSON *trace = cJSON_AddObjectToObject(root, "trace");
    g_autoptr(GPtrArray) paths = g_ptr_array_new();

    for (guint i = 0; i < analysis->traces->len; i++) {
        g_ptr_array_add(paths, ((struct analysis_trace *)analysis->traces->pdata[i])->path);
    }
    figures_json_texts(trace, "paths", paths);
    figures_json_count(trace, "events", summary->events);
    figures_json_count(trace, "lost", summary->lost);
    figures_json_integer(trace, "begin_ns", summary->begin_ns);
    figures_json_integer(trace, "end_ns", summary->end_ns);
    cJSON_AddBoolToObject(trace, "complete", summary->complete);
    figures_json_texts(trace, "problems", summary->problems);
}

void stats_append_json(GString *out, const struct stats *stats, const struct analysis *analysis,
                       enum stats_order order)
{
    cJSON *root = cJSON_CreateObject();

    figures_json_text(root, "schema", SCHEMA);
    figures_json_text(root, "mitrace", MITRACE_VERSION);
    add_trace(root, analysis);
    add_functions(root, stats, order);
    add_operations(root, stats, order);
    add_callbacks(root, stats, order);
    add_threads(root, stats);
    add_other_threads(root, stats);
    figures_json_append(out, root);
    cJSON_Delete(root);
}
