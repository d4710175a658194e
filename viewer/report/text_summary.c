/* SPDX-License-Identifier: MIT */
/* The end of the report: processes and their handles, the trace, the program, and what was not checked. */
#include "report/prose.h"
#include "report/safe.h"
#include "report/text.h"
#include "report/words.h"

#include <inttypes.h>

static void handle_rows(const struct text *text, const struct model_process *process)
{
    bool first = true;

    for (unsigned kind = 0; kind < MI_KIND_COUNT; kind++) {
        uint64_t created = process->counts[kind].created, closed = process->counts[kind].closed;
        if (created == 0) {
            continue;
        }
        if (first) {
            text_indent(text, 2);
            g_string_append_printf(text->out, "%-30s %9s %9s %9s\n", "handles", "created", "closed", "live");
            first = false;
        }
        text_indent(text, 2);
        g_string_append_printf(text->out, "%-30s %9" PRIu64 " %9" PRIu64 " %9" PRIu64 "\n",
                               mi_kinds[kind].title, created, closed,
                               created > closed ? created - closed : 0);
    }
}

static void process_rows(const struct text *text, struct model_process *process)
{
    text_indent(text, 1);
    report_append_process(text->out, process);
    g_string_append_c(text->out, ' ');
    report_append_end(text->out, process);
    g_string_append(text->out, "; ");
    report_append_count(text->out, process->calls, "MI call", "MI calls");
    g_string_append(text->out, " on ");
    report_append_count(text->out, process->threads_seen, "thread", "threads");
    g_string_append_c(text->out, '\n');
    handle_rows(text, process);
}

static void trace_row(const struct text *text, const struct analysis_trace *trace)
{
    GString *out = text->out;

    text_indent(text, 1);
    report_append_safe(out, trace->path);
    g_string_append(out, ": ");
    report_append_count(out, trace->events, "event", "events");
    if (trace->events > 0) {
        g_string_append(out, " in ");
        report_append_duration(out, trace->end_ns - trace->begin_ns);
    }
    if (trace->lost == 0) {
        g_string_append(out, ", none lost");
    } else {
        g_string_append_printf(out, ", %" PRIu64 " lost", trace->lost);
    }
    g_string_append_c(out, '\n');
}

static void program_row(const struct text *text, const struct launch_info *program)
{
    g_autoptr(GString) line = g_string_new(NULL);

    report_append_command(line, program);
    g_string_append_c(line, ' ');
    report_append_outcome(line, program);
    text_paragraph(text, 1, line->str);
}

static void trace_rows(const struct text *text, const struct analysis_trace *trace)
{
    const GPtrArray *processes = model_processes(text->analysis->model);

    trace_row(text, trace);
    if (trace->info != NULL) {
        program_row(text, trace->info);
    }
    for (guint i = trace->first_process; i < processes->len; i++) {
        if (analysis_trace_of(text->analysis, processes->pdata[i]) == trace) {
            process_rows(text, processes->pdata[i]);
        }
    }
}

static void not_checked(const struct text *text)
{
    const GPtrArray *list = text->analysis->not_checked;

    if (list->len > 0) {
        text_section(text, "Not checked:");
    }
    for (guint i = 0; i < list->len; i++) {
        text_paragraph(text, 1, list->pdata[i]);
    }
}

static bool has_possible(const struct text *text)
{
    const GPtrArray *findings = text->analysis->findings;

    for (guint i = 0; i < findings->len; i++) {
        const struct finding *finding = findings->pdata[i];
        if (finding->certainty == FINDING_POSSIBLE && text_shows(text, finding)) {
            return true;
        }
    }
    return false;
}

static void legend(const struct text *text)
{
    if (has_possible(text)) {
        text_section(text, "What \"possible\" means:");
        text_paragraph(
            text, 1,
            "The cause is in the trace, but not the proof that it lasts for ever: what was not done "
            "when the trace ended might still have been done later.");
    }
}

void text_summary(const struct text *text)
{
    const struct analysis *analysis = text->analysis;

    text_section(text, "Checked:");
    for (guint i = 0; i < analysis->traces->len; i++) {
        trace_rows(text, analysis->traces->pdata[i]);
    }
    not_checked(text);
    legend(text);
    text_accepted(text);
}
