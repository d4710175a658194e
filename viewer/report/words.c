/* SPDX-License-Identifier: MIT */
/* Names of things in sentences. */
#include "report/words.h"
#include "report/prose.h"
#include "report/safe.h"

#include <string.h>

void report_append_handle(GString *out, const struct finding_handle *handle)
{
    g_string_append(out, mi_kinds[handle->kind].title);
    if (handle->id != 0) {
        g_string_append_printf(out, " %u", handle->id);
    }
    if (handle->name != NULL && handle->name[0] != '\0') {
        g_string_append(out, " (");
        report_append_safe(out, handle->name);
        g_string_append(out, ")");
    }
}

void report_append_kinds(GString *out, uint64_t count, enum mi_kind kind)
{
    const char *title = mi_kinds[kind].title;
    const char *ending = g_str_has_suffix(title, "options") ? "" : g_str_has_suffix(title, "s") ? "es" : "s";
    g_autofree char *many = g_strconcat(title, ending, NULL);

    report_append_count(out, count, title, many);
}

/* A thread that was given no name of its own has the process's, which the system cuts off. */
static bool is_named(const struct model_thread *thread)
{
    g_autofree char *process = g_path_get_basename(thread->process->path);

    return thread->name != NULL && thread->name[0] != '\0' && !g_str_has_prefix(process, thread->name);
}

static const char *thread_role(const struct model_thread *thread)
{
    if (thread->delivers) {
        return "MI delivery";
    }
    if (thread->library) {
        return "MI";
    }
    if (thread->tid == thread->process->pid) {
        return "main";
    }
    return is_named(thread) ? thread->name : NULL;
}

void report_append_thread(GString *out, const struct model_thread *thread)
{
    const char *role = thread_role(thread);

    g_string_append_printf(out, "thread %u", thread->tid);
    if (role != NULL) {
        g_string_append(out, " (");
        report_append_safe(out, role);
        g_string_append(out, ")");
    }
}

void report_append_process(GString *out, const struct model_process *process)
{
    g_autofree char *name = analysis_process_name(process);

    report_append_safe(out, name);
}

static void append_signal(GString *out, int number)
{
    g_autofree char *name = analysis_signal_name(number);

    g_string_append_printf(out, "was killed by %s", name);
}

void report_append_end(GString *out, const struct model_process *process)
{
    switch (process->end) {
    case MODEL_EXIT:
    case MODEL_UNDERSCORE_EXIT:
        g_string_append(out, process->end == MODEL_EXIT ? "exited" : "ended by _exit");
        if (process->end_status >= 0) {
            g_string_append_printf(out, " with status %d", process->end_status);
        }
        break;
    case MODEL_EXEC:
        g_string_append(out, "became another program (exec)");
        break;
    case MODEL_SIGNAL:
        append_signal(out, process->end_status);
        break;
    case MODEL_RUNNING:
        g_string_append(out, "was still running when the trace ended");
        break;
    }
}

const char *report_site_name(const struct model_site *site)
{
    return site->function == MI_FN_none ? "the program" : mi_functions[site->function].name;
}

void report_append_moment(GString *out, const struct analysis *analysis, const struct model_process *process,
                          int64_t time_ns)
{
    const struct analysis_trace *trace = process == NULL ? NULL : analysis_trace_of(analysis, process);

    report_append_time(out, time_ns, trace == NULL ? analysis->summary.begin_ns : trace->begin_ns);
}

void report_append_place(GString *out, const struct analysis *analysis, const struct model_site *site,
                         const char *when, GHashTable *told)
{
    g_string_append_printf(out, "%s ", when);
    report_append_moment(out, analysis, site->thread->process, site->time_ns);
    g_string_append(out, " on ");
    if (told == NULL || g_hash_table_add(told, site->thread)) {
        report_append_thread(out, site->thread);
    } else {
        g_string_append_printf(out, "thread %u", site->thread->tid);
    }
}

static bool needs_quotes(const char *argument)
{
    return argument[0] == '\0' || strpbrk(argument, " \t\n\"'\\$`*?[]{}()<>|&;#~!") != NULL;
}

/* Those that are not there to be shown. */
static void append_arguments(GString *out, const struct launch_info *program)
{
    guint shown = program->argv == NULL ? 0 : g_strv_length(program->argv);
    if (shown > 0 && program->arguments > shown - 1) {
        g_string_append(out, " (");
        report_append_count(out, program->arguments, "argument", "arguments");
        g_string_append_c(out, ')');
    }
}

void report_append_command(GString *out, const struct launch_info *program)
{
    for (char **argument = program->argv; argument != NULL && *argument != NULL; argument++) {
        g_autofree char *quoted = needs_quotes(*argument) ? g_shell_quote(*argument) : g_strdup(*argument);
        g_string_append(out, argument == program->argv ? "" : " ");
        report_append_safe(out, quoted);
    }
    append_arguments(out, program);
}

void report_append_outcome(GString *out, const struct launch_info *program)
{
    if (program->timed_out) {
        g_string_append(out, "was stopped at the time limit");
    } else if (program->signal != 0) {
        append_signal(out, program->signal);
    } else if (program->finished) {
        g_string_append_printf(out, "exited with status %d", program->status);
    } else {
        g_string_append(out, "has an unknown end: the recording was not finished");
    }
}
