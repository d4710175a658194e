/* SPDX-License-Identifier: MIT */
/* One small check per thing that can be missing; each adds its sentence and says whether a verdict can stand.
 */
#include "coverage.h"

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

static void judge_loss(struct analysis *analysis, const GPtrArray *infos)
{
    uint64_t lost = analysis->summary.lost;

    for (guint i = 0; i < infos->len && analysis->summary.lost == 0; i++) {
        lost += ((const struct launch_info *)infos->pdata[i])->lost;
    }
    if (lost > 0) {
        hole(analysis,
             "%" PRIu64 " events were lost because the buffers were full: calls and handles may be missing. "
             "Record again with --lossless.",
             lost);
    }
}

static void judge_reading(struct analysis *analysis, const GPtrArray *infos)
{
    const GPtrArray *problems = analysis->summary.problems;

    for (guint i = 0; problems != NULL && i < problems->len; i++) {
        note(analysis, "%s", (const char *)problems->pdata[i]);
    }
    analysis->facts.whole = analysis->facts.whole && analysis->summary.complete;
    for (guint i = 0; i < infos->len; i++) {
        const struct launch_info *info = infos->pdata[i];
        if (!info->finished) {
            hole(analysis, "The recording was not finished: mitrace was killed or is still recording, so the "
                           "trace may end early.");
        } else if (!info->complete) {
            hole(analysis, "The tracing session was not closed in order: the trace may end early.");
        }
    }
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
    g_autofree char *name = analysis_process_name(process);
    g_autofree char *signal = NULL;
    bool timed_out = analysis->program != NULL && analysis->program->timed_out;

    if (process->end != MODEL_SIGNAL && process->end != MODEL_RUNNING) {
        return;
    }
    if (timed_out) {
        hole(analysis, "%s was stopped at the time limit: its leaks were not judged.", name);
    } else if (process->end == MODEL_SIGNAL) {
        signal = analysis_signal_name(process->end_status);
        hole(analysis, "%s was killed by %s: its leaks were not judged.", name, signal);
    } else {
        hole(analysis, "%s was still running when the trace ended, or was killed: its leaks were not judged.",
             name);
    }
}

static void judge_processes(struct analysis *analysis)
{
    const GPtrArray *processes = model_processes(analysis->model);

    for (guint i = 0; i < processes->len; i++) {
        const struct model_process *process = processes->pdata[i];
        if (process->calls == 0) {
            continue;
        }
        analysis->facts.seen = true;
        if (!process->started_in_trace) {
            g_autofree char *name = analysis_process_name(process);
            hole(analysis, "%s used MI before the recording began: handles from before are not known.", name);
        }
        judge_end(analysis, process);
    }
}

void coverage_judge(struct analysis *analysis, const struct coverage_tables *tables, const GPtrArray *infos)
{
    uint64_t odd = model_odd_events(analysis->model);

    analysis->facts.whole = analysis->not_checked->len == 0;
    judge_loss(analysis, infos);
    judge_reading(analysis, infos);
    judge_tables(analysis, tables);
    judge_processes(analysis);
    if (odd > 0) {
        note(analysis,
             "%" PRIu64 " events contradict what came before them and were left out of the handles' lives.",
             odd);
    }
    if (!analysis->facts.seen) {
        note(analysis,
             "No MI call was recorded. Is it the right program? Calls cannot be seen when MI is linked "
             "statically, or when the program is setuid and so ignores LD_PRELOAD.");
    }
}
