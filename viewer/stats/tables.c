/* SPDX-License-Identifier: MIT */
/* The table of functions, operations and callbacks. */
#include "stats/text.h"

#include <inttypes.h>

void stats_heading(struct figures_table *table, const char *const *titles)
{
    figures_table_heading(table);
    for (; *titles != NULL; titles++) {
        figures_table_cell(table, g_strdup(*titles));
    }
}

void stats_time_cell(struct figures_table *table, uint64_t ns, bool known)
{
    figures_table_cell(table, known ? figures_time(ns) : g_strdup("-"));
}

static void time_cells(struct figures_table *table, const struct stats_histogram *times)
{
    for (size_t i = 0; i < STATS_PERCENTILES; i++) {
        stats_time_cell(table, stats_histogram_percentile(times, stats_percentiles[i]), times->count > 0);
    }
    stats_time_cell(table, times->largest, times->count > 0);
    stats_time_cell(table, times->total, times->count > 0);
}

static void number_cells(struct figures_table *table, const struct stats_histogram *numbers)
{
    for (size_t i = 0; i < STATS_PERCENTILES; i++) {
        figures_table_number(table, stats_histogram_percentile(numbers, stats_percentiles[i]));
    }
    figures_table_number(table, numbers->largest);
    figures_table_number(table, numbers->total);
}

static void append_part(GString *line, const char *words)
{
    g_string_append_printf(line, "%s%s", line->len == 0 ? "    " : "; ", words);
}

static void append_number(GString *line, const char *words, uint64_t number)
{
    if (number > 0) {
        append_part(line, words);
        g_string_append_printf(line, ": %" PRIu64, number);
    }
}

static void append_unreturned(GString *line, uint64_t count, uint64_t open_ns)
{
    append_number(line, "never returned", count);
    if (count > 0) {
        g_string_append(line, count == 1 ? ", for " : ", the longest for ");
        figures_append_time(line, open_ns);
    }
}

static void append_failures(GString *line, const struct stats_failures *failures)
{
    g_autoptr(GArray) results = stats_results(failures);

    for (guint i = 0; i < results->len; i++) {
        const struct stats_result *row = &g_array_index(results, struct stats_result, i);
        const char *name = mi_result_name(row->result);
        if (i == 0) {
            append_part(line, "failed: ");
        }
        g_string_append(line, i == 0 ? "" : ", ");
        if (name != NULL) {
            g_string_append(line, name);
        } else {
            g_string_append_printf(line, "result %d", row->result);
        }
        g_string_append_printf(line, " x %" PRIu64, row->count);
    }
}

static void take_line(struct figures_table *table, GString *line)
{
    char *text = g_string_free(line, FALSE);

    if (text[0] != '\0') {
        figures_table_line(table, text);
    } else {
        g_free(text);
    }
}

static void add_function(struct figures_table *table, const char *name, const struct stats_function *function)
{
    GString *line = g_string_new(NULL);

    figures_table_row(table);
    figures_table_cell(table, g_strdup(name));
    figures_table_number(table, function->calls);
    figures_table_number(table, function->failures.count);
    time_cells(table, &function->times);
    append_failures(line, &function->failures);
    append_unreturned(line, function->calls - function->ended, function->open_ns);
    append_number(line, "left by an exception or a thread's end", function->unwound);
    append_number(line, "return not recorded", function->unseen);
    take_line(table, line);
}

void stats_add_functions(struct figures_table *table, const struct stats *stats, enum stats_order order)
{
    static const char *const titles[] = {"FUNCTION", "CALLS", "FAILED", "P50",   "P90",
                                         "P99",      "P99.9", "MAX",    "TOTAL", NULL};
    g_autoptr(GArray) sorted = stats_sorted_functions(stats, order);

    stats_heading(table, titles);
    for (guint i = 0; i < sorted->len; i++) {
        unsigned index = g_array_index(sorted, unsigned, i);
        add_function(table, mi_functions[index].name, stats->functions[index]);
    }
}

/* A row below an operation: its name, and as many cells as are not told by the operation's own row. */
static void begin_detail(struct figures_table *table, const char *words, uint64_t count)
{
    figures_table_row(table);
    figures_table_cell(table, g_strdup(words));
    figures_table_number(table, count);
    figures_table_cell(table, g_strdup(""));
}

/* An operation with one result has it when it is finished. */
static void add_details(struct figures_table *table, const struct stats_operation *operation)
{
    if (operation->first.count != operation->final.count ||
        operation->first.total != operation->final.total) {
        begin_detail(table, "    to the first result", operation->first.count);
        time_cells(table, &operation->first);
    }
    if (operation->results.largest > 1) {
        begin_detail(table, "    results of each", operation->results.count);
        number_cells(table, &operation->results);
    }
}

static void add_operation(struct figures_table *table, const char *name,
                          const struct stats_operation *operation)
{
    GString *line = g_string_new(NULL);

    figures_table_row(table);
    figures_table_cell(table, g_strdup(name));
    figures_table_number(table, operation->started);
    figures_table_number(table, operation->failures.count);
    time_cells(table, &operation->final);
    append_failures(line, &operation->failures);
    append_number(line, "without a final result", operation->started - operation->final.count);
    take_line(table, line);
    add_details(table, operation);
}

void stats_add_operations(struct figures_table *table, const struct stats *stats, enum stats_order order)
{
    static const char *const titles[] = {"OPERATION, TO THE FINAL RESULT",
                                         "STARTED",
                                         "FAILED",
                                         "P50",
                                         "P90",
                                         "P99",
                                         "P99.9",
                                         "MAX",
                                         "TOTAL",
                                         NULL};
    g_autoptr(GArray) sorted = stats_sorted_operations(stats, order);

    if (sorted->len == 0) {
        return;
    }
    figures_table_line(table, g_strdup(""));
    stats_heading(table, titles);
    for (guint i = 0; i < sorted->len; i++) {
        unsigned index = g_array_index(sorted, unsigned, i);
        add_operation(table, mi_functions[index].name, stats->operations[index]);
    }
}

static void add_callback(struct figures_table *table, const char *name, const struct stats_callback *callback)
{
    GString *line = g_string_new(NULL);

    figures_table_row(table);
    figures_table_cell(table, g_strdup(name));
    figures_table_number(table, callback->calls);
    figures_table_cell(table, g_strdup(""));
    time_cells(table, &callback->times);
    stats_time_cell(table, callback->in_mi_ns, callback->in_mi_ns > 0);
    append_unreturned(line, callback->calls - callback->ended, callback->open_ns);
    take_line(table, line);
}

void stats_add_callbacks(struct figures_table *table, const struct stats *stats, enum stats_order order)
{
    static const char *const titles[] = {"CALLBACK", "CALLS", "",      "P50",   "P90", "P99",
                                         "P99.9",    "MAX",   "TOTAL", "IN MI", NULL};
    g_autoptr(GArray) sorted = stats_sorted_callbacks(stats, order);

    if (sorted->len == 0) {
        return;
    }
    figures_table_line(table, g_strdup(""));
    stats_heading(table, titles);
    for (guint i = 0; i < sorted->len; i++) {
        unsigned index = g_array_index(sorted, unsigned, i);
        add_callback(table, mi_callbacks[index].title, stats->callbacks[index]);
    }
}
