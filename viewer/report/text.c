/* SPDX-License-Identifier: MIT */
/* The report for people: one line with the verdict, the findings, then what was checked and what was not. */
#include "report/text.h"
#include "report/prose.h"
#include "report/safe.h"
#include "report/words.h"

#include <inttypes.h>

void text_coloured(const struct text *text, enum text_colour colour, const char *words)
{
    static const char *const codes[] = {[TEXT_BOLD] = "1",
                                        [TEXT_ERROR] = "1;31",
                                        [TEXT_WARNING] = "1;33",
                                        [TEXT_NOTE] = "1;36",
                                        [TEXT_FAINT] = "2"};

    if (text->colour) {
        g_string_append_printf(text->out, "\033[%sm%s\033[0m", codes[colour], words);
    } else {
        g_string_append(text->out, words);
    }
}

void text_indent(const struct text *text, unsigned depth)
{
    g_string_append_printf(text->out, "%*s", (int)(depth * TEXT_INDENT), "");
}

void text_paragraph(const struct text *text, unsigned depth, const char *words)
{
    g_autofree char *safe = report_safe(words);

    text_indent(text, depth);
    report_append_wrapped(text->out, safe, depth * TEXT_INDENT, REPORT_WIDTH);
    g_string_append_c(text->out, '\n');
}

void text_heading(const struct text *text, unsigned depth, const char *words)
{
    g_autoptr(GString) line = g_string_new(NULL);

    g_string_append_printf(line, "%*s", (int)(depth * TEXT_INDENT), "");
    report_append_wrapped(line, words, depth * TEXT_INDENT + TEXT_INDENT / 2, REPORT_WIDTH);
    text_coloured(text, TEXT_BOLD, line->str);
    g_string_append_c(text->out, '\n');
}

void text_section(const struct text *text, const char *name)
{
    text_coloured(text, TEXT_BOLD, name);
    g_string_append_c(text->out, '\n');
}

bool text_shows(const struct text *text, const struct finding *finding)
{
    const struct accept *accept = text->analysis->accept;
    bool accepted = finding->suppressed_by != NULL && (accept == NULL || !accept->show_suppressed);

    return !accepted && (finding->rule->kind != FINDING_TRACE || finding->at.thread != NULL);
}

struct tally {
    uint64_t severities[FINDING_ERROR + 1];
    uint64_t kinds[FINDING_TRACE + 1];
    const struct model_process *process; /* the only one with findings */
    bool several;                        /* more than one has findings */
};

static void tally(const struct analysis *analysis, struct tally *sums)
{
    for (guint i = 0; i < analysis->findings->len; i++) {
        const struct finding *finding = analysis->findings->pdata[i];
        if (finding->suppressed_by != NULL || finding->rule->kind == FINDING_TRACE) {
            continue;
        }
        sums->severities[finding->severity]++;
        sums->kinds[finding->rule->kind]++;
        sums->several = sums->several || (sums->process != NULL && sums->process != finding->process);
        sums->process = finding->process;
    }
}

static void append_severities(GString *out, const struct tally *sums)
{
    static const char *const many[] = {"notes", "warnings", "errors"};
    const char *gap = "";

    for (int severity = FINDING_ERROR; severity >= 0; severity--) {
        if (sums->severities[severity] > 0) {
            g_string_append(out, gap);
            report_append_count(out, sums->severities[severity],
                                finding_severity_word((enum finding_severity)severity), many[severity]);
            gap = ", ";
        }
    }
}

static void append_kinds(GString *out, const struct tally *sums)
{
    static const struct {
        enum finding_kind kind;
        const char *one, *many;
    } words[] = {{FINDING_DEADLOCK, "deadlock", "deadlocks"},
                 {FINDING_MISUSE, "misuse", "misuses"},
                 {FINDING_LEAK, "leak", "leaks"}};
    const char *gap = ": ";

    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (sums->kinds[words[i].kind] > 0) {
            g_string_append(out, gap);
            report_append_count(out, sums->kinds[words[i].kind], words[i].one, words[i].many);
            gap = ", ";
        }
    }
}

/* What the verdict is on: the process, their number, or the trace when there is none. */
static void append_subject(GString *out, const struct analysis *analysis, const struct model_process *only)
{
    const GPtrArray *processes = model_processes(analysis->model);

    if (only != NULL || processes->len == 1) {
        report_append_process(out, only != NULL ? only : processes->pdata[0]);
    } else if (processes->len > 1) {
        g_string_append_printf(out, "%u processes", processes->len);
    } else if (analysis->program != NULL) {
        report_append_command(out, analysis->program);
    } else {
        g_string_append(out, "the trace");
    }
}

/* Errors that fail nothing, and findings that are not told, want a word. */
static void append_acceptance(GString *out, const struct analysis *analysis, const struct tally *sums)
{
    if (sums->severities[FINDING_ERROR] > 0 && analysis->facts.failing == 0) {
        g_string_append(out, ", tolerated");
    }
    if (analysis->suppressed > 0) {
        g_string_append(out, "; ");
        report_append_count(out, analysis->suppressed, "finding", "findings");
        g_string_append(out, " accepted");
    }
}

static const char *nothing(const struct analysis *analysis)
{
    if (!analysis->facts.seen) {
        return "no MI call was recorded";
    }
    return analysis->suppressed > 0 ? "no other finding" : "nothing found";
}

static void append_headline(const struct text *text, GString *line)
{
    const struct analysis *analysis = text->analysis;
    struct tally sums = {.process = NULL};

    tally(analysis, &sums);
    g_string_append(line, "mitrace: ");
    append_severities(line, &sums);
    if (sums.process == NULL) {
        g_string_append(line, nothing(analysis));
    }
    g_string_append(line, " in ");
    append_subject(line, analysis, sums.several ? NULL : sums.process);
    append_kinds(line, &sums);
    append_acceptance(line, analysis, &sums);
    if (verdict_of(&analysis->facts) == VERDICT_UNKNOWN) {
        g_string_append(line, analysis->facts.seen ? ", but not everything could be checked"
                                                   : ": nothing to check");
    }
}

static void headline(const struct text *text)
{
    static const enum text_colour colours[] = {
        [VERDICT_CLEAN] = TEXT_BOLD, [VERDICT_FINDINGS] = TEXT_ERROR, [VERDICT_UNKNOWN] = TEXT_WARNING};
    g_autoptr(GString) line = g_string_new(NULL);

    append_headline(text, line);
    text_coloured(text, colours[verdict_of(&text->analysis->facts)], line->str);
    g_string_append_c(text->out, '\n');
}

/* What the trace lacks is told at the end, as what was not checked; a crash has a place of its own. */
static void findings(const struct text *text)
{
    const GPtrArray *list = text->analysis->findings;

    for (guint i = 0; i < list->len; i++) {
        const struct finding *finding = list->pdata[i];
        if (text_shows(text, finding)) {
            g_string_append_c(text->out, '\n');
            text_finding(text, finding);
        }
    }
}

static bool write_text(FILE *out, const struct analysis *analysis, const struct report_style *style,
                       GError **error)
{
    g_autoptr(GString) buffer = g_string_new(NULL);
    const struct text text = {.out = buffer, .analysis = analysis, .colour = style->colour};

    (void)error;
    headline(&text);
    findings(&text);
    g_string_append_c(buffer, '\n');
    text_summary(&text);
    fwrite(buffer->str, 1, buffer->len, out);
    return true;
}

const struct report_format report_text = {
    .name = "text",
    .description = "for people",
    .write = write_text,
};
