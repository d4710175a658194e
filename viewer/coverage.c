/* SPDX-License-Identifier: MIT */
/* One small check per thing that can be missing; each adds its sentence and says whether a verdict can stand.
 */
#include "coverage.h"

#include "launch/unseen.h"
#include "source/stream.h"

#include <inttypes.h>

struct coverage_tables {
    GArray *list; /* struct coverage_table */
};

static void clear_table(gpointer data)
{
    g_free(((struct coverage_table *)data)->problem);
}

struct coverage_tables *coverage_tables_new(void)
{
    struct coverage_tables *tables = g_new0(struct coverage_tables, 1);

    tables->list = g_array_new(FALSE, FALSE, sizeof(struct coverage_table));
    g_array_set_clear_func(tables->list, clear_table);
    return tables;
}

void coverage_tables_free(struct coverage_tables *tables)
{
    if (tables != NULL) {
        g_array_unref(tables->list);
        g_free(tables);
    }
}

static struct coverage_table *find_table(struct coverage_tables *tables, const struct coverage_table *like)
{
    for (guint i = 0; i < tables->list->len; i++) {
        struct coverage_table *table = &g_array_index(tables->list, struct coverage_table, i);
        if (table->pid == like->pid && table->kind == like->kind &&
            g_str_equal(table->problem, like->problem)) {
            return table;
        }
    }
    g_array_append_val(tables->list, *like);
    struct coverage_table *added = &g_array_index(tables->list, struct coverage_table, tables->list->len - 1);
    added->problem = g_strdup(like->problem);
    return added;
}

void coverage_tables_take(struct coverage_tables *tables, const struct source_event *event)
{
    const struct mi_event *data = &event->data;

    if (event->id != MI_EV_function_table || data->problem_len == 0) {
        return;
    }
    g_autofree char *problem = g_strndup(data->problem, data->problem_len);
    struct coverage_table table = {
        .pid = data->pid, .kind = data->kind < MI_KIND_COUNT ? data->kind : MI_KIND_none, .problem = problem};
    find_table(tables, &table)->count++;
}

bool coverage_tables_any(const struct coverage_tables *tables)
{
    return tables->list->len > 0;
}

void coverage_add_recording(struct source_summary *summary, const struct launch_info *info, const char *path)
{
    summary->lost = MAX(summary->lost, info->lost);
    if (!info->finished) {
        source_problem(
            summary,
            "the recording of %s was not finished, because mitrace was killed or is still recording: the "
            "trace may end early",
            path);
    } else if (!info->complete) {
        source_problem(summary,
                       "the recording of %s failed in part, as mitrace said then: the trace may not be whole",
                       path);
    }
}

/* Something to know. */
G_GNUC_PRINTF(2, 3) static void note(struct analysis *analysis, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(analysis->not_checked, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

/* Something without which there is no clean verdict. */
G_GNUC_PRINTF(2, 3) static void hole(struct analysis *analysis, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_ptr_array_add(analysis->not_checked, g_strdup_vprintf(format, arguments));
    va_end(arguments);
    analysis->facts.whole = false;
}

static void judge_loss(struct analysis *analysis)
{
    uint64_t lost = analysis->summary.lost;

    if (lost > 0) {
        hole(analysis,
             "%" PRIu64 " events were lost because the buffers were full: calls and handles may be missing. "
             "Record again with --lossless.",
             lost);
    }
}

static void judge_reading(struct analysis *analysis)
{
    const GPtrArray *problems = analysis->summary.problems;

    for (guint i = 0; i < problems->len; i++) {
        note(analysis, "%s", (const char *)problems->pdata[i]);
    }
    analysis->facts.whole = analysis->facts.whole && analysis->summary.complete;
}

static void judge_tables(struct analysis *analysis, const struct coverage_tables *tables)
{
    for (guint i = 0; i < tables->list->len; i++) {
        const struct coverage_table *table = &g_array_index(tables->list, struct coverage_table, i);
        hole(analysis,
             "pid %u: %" PRIu64
             " function table%s of kind %s could not be watched (%s): calls through %s were "
             "not seen.",
             table->pid, table->count, table->count == 1 ? "" : "s", mi_kinds[table->kind].title,
             table->problem, table->count == 1 ? "it" : "them");
    }
}

static void judge_end(struct analysis *analysis, const struct model_process *process)
{
    const struct analysis_trace *trace = analysis_trace_of(analysis, process);
    g_autofree char *name = analysis_process_name(process);
    g_autofree char *signal = NULL;

    if (process->end != MODEL_SIGNAL && process->end != MODEL_RUNNING) {
        return;
    }
    if (trace != NULL && trace->info != NULL && trace->info->timed_out) {
        hole(analysis, "%s was stopped at the time limit: its leaks were not judged.", name);
    } else if (process->end == MODEL_SIGNAL) {
        signal = analysis_signal_name(process->end_status);
        hole(analysis, "%s was killed by %s: its leaks were not judged.", name, signal);
    } else {
        hole(analysis, "%s was still running when the trace ended, or was killed: its leaks were not judged.",
             name);
    }
}

static void judge_process(struct analysis *analysis, const struct model_process *process)
{
    if (!process->started_in_trace) {
        g_autofree char *name = analysis_process_name(process);
        hole(analysis, "%s used MI before the recording began: handles from before are not known.", name);
    }
    judge_end(analysis, process);
}

/* Judge the processes that used MI, and mark the traces they are in. */
static void judge_processes(struct analysis *analysis, GHashTable *used)
{
    const GPtrArray *processes = model_processes(analysis->model);

    for (guint i = 0; i < processes->len; i++) {
        const struct model_process *process = processes->pdata[i];
        if (process->calls > 0) {
            g_hash_table_add(used, (gpointer)analysis_trace_of(analysis, process));
            judge_process(analysis, process);
        }
    }
}

static void judge_traces(struct analysis *analysis)
{
    g_autoptr(GHashTable) used = g_hash_table_new(NULL, NULL);

    judge_processes(analysis, used);
    analysis->facts.seen = g_hash_table_size(used) > 0;
    for (guint i = 0; i < analysis->traces->len; i++) {
        const struct analysis_trace *trace = analysis->traces->pdata[i];
        if (!g_hash_table_contains(used, trace)) {
            hole(analysis, "No MI call was recorded in %s. Is it the right program? " LAUNCH_UNSEEN_WHERE ".",
                 trace->path);
        }
    }
}

void coverage_judge(struct analysis *analysis, const struct coverage_tables *tables)
{
    uint64_t odd = model_odd_events(analysis->model);

    analysis->facts.whole = analysis->not_checked->len == 0;
    judge_loss(analysis);
    judge_reading(analysis);
    judge_tables(analysis, tables);
    judge_traces(analysis);
    if (odd > 0) {
        hole(analysis,
             "%" PRIu64
             " events contradict what came before them: something is missing from the trace, or two "
             "traces were mixed.",
             odd);
    }
}
