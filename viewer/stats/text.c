/* SPDX-License-Identifier: MIT */
/* Statistics for people: a headline, what the trace lacks, the tables, and one of threads. */
#include "stats/text.h"

#include "report/prose.h"
#include "report/safe.h"
#include "report/words.h"

#include <inttypes.h>

enum { THREADS_SHOWN = 20 };

/* "thread 12 (main)", and of which process when there are several. */
static char *thread_name(const struct model_thread *thread, bool several)
{
    GString *name = g_string_new(NULL);

    report_append_thread(name, thread);
    if (several) {
        g_string_append(name, " of ");
        report_append_process(name, thread->process);
    }
    return g_string_free(name, FALSE);
}

static void add_thread(struct figures_table *table, const struct stats_thread *thread, bool several)
{
    figures_table_row(table);
    figures_table_cell(table, thread_name(thread->thread, several));
    figures_table_number(table, thread->calls);
    stats_time_cell(table, (uint64_t)MAX(thread->in_mi_ns, 0), thread->calls > 0);
    figures_table_number(table, thread->callbacks);
    stats_time_cell(table, (uint64_t)MAX(thread->in_callbacks_ns, 0), thread->callbacks > 0);
}

/* `count` are more than `threads` when some were put together. */
static void append_threads(GString *out, const GPtrArray *threads, uint64_t count, bool several, bool colour)
{
    static const char *const titles[] = {"THREAD", "CALLS", "IN MI", "CALLBACKS", "IN CALLBACKS", NULL};
    struct figures_table *table = figures_table_new("lrrrr");

    stats_heading(table, titles);
    for (guint i = 0; i < MIN(threads->len, THREADS_SHOWN); i++) {
        add_thread(table, threads->pdata[i], several);
    }
    if (count > THREADS_SHOWN) {
        figures_table_line(table,
                           g_strdup_printf("%" PRIu64 " more threads, with less time inside, are not shown",
                                           count - THREADS_SHOWN));
    }
    g_string_append_c(out, '\n');
    figures_table_append(table, out, colour);
    figures_table_free(table);
}

/* Of all traces together. */
static uint64_t observed_ns(const struct analysis *analysis)
{
    int64_t sum = 0;

    for (guint i = 0; i < analysis->traces->len; i++) {
        const struct analysis_trace *trace = analysis->traces->pdata[i];
        sum += trace->events > 0 ? trace->end_ns - trace->begin_ns : 0;
    }
    return (uint64_t)MAX(sum, 0);
}

/* "inventory (pid 4711): 115 MI calls on 2 threads in 16.2 ms" */
static void append_headline(GString *out, const struct stats *stats, const struct analysis *analysis,
                            uint64_t threads)
{
    const GPtrArray *processes = model_processes(analysis->model);

    if (processes->len == 1) {
        report_append_process(out, processes->pdata[0]);
    } else {
        report_append_count(out, processes->len, "process", "processes");
    }
    g_string_append(out, ": ");
    report_append_count(out, stats->calls, "MI call", "MI calls");
    g_string_append(out, " on ");
    report_append_count(out, threads, "thread", "threads");
    g_string_append(out, " in ");
    figures_append_time(out, observed_ns(analysis));
    g_string_append_c(out, '\n');
}

/* What the trace lacks. */
static void append_gaps(GString *out, const struct source_summary *summary)
{
    if (summary->lost > 0) {
        g_string_append_printf(out, "%" PRIu64 " events were lost while recording: counts are too low\n",
                               summary->lost);
    }
    for (guint i = 0; summary->problems != NULL && i < summary->problems->len; i++) {
        report_append_safe(out, summary->problems->pdata[i]);
        g_string_append_c(out, '\n');
    }
}

void stats_append_text(GString *out, const struct stats *stats, const struct analysis *analysis,
                       enum stats_order order, bool colour)
{
    g_autoptr(GPtrArray) threads = stats_threads(stats);
    uint64_t count = threads->len + stats->others;
    struct figures_table *table;

    if (stats->calls == 0) {
        g_string_append(out, "no MI call was recorded\n");
        append_gaps(out, &analysis->summary);
        return;
    }
    append_headline(out, stats, analysis, count);
    append_gaps(out, &analysis->summary);
    g_string_append_c(out, '\n');
    table = figures_table_new(STATS_COLUMNS);
    stats_add_functions(table, stats, order);
    stats_add_operations(table, stats, order);
    stats_add_callbacks(table, stats, order);
    figures_table_append(table, out, colour);
    figures_table_free(table);
    append_threads(out, threads, count, model_processes(analysis->model)->len > 1, colour);
}
