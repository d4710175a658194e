/* SPDX-License-Identifier: MIT */
/* Differences for people: findings, then handles, then functions. */
#include "report/text.h"
#include "diff/diff.h"
#include "figures/figures.h"
#include "report/prose.h"
#include "report/safe.h"

#include <inttypes.h>

enum { WORD_WIDTH = 9, SEVERITY_WIDTH = 9 };

/* "1 new finding, 2 grown, 1 unchanged" */
static void append_headline(const struct text *text, const struct diff *diff)
{
    g_autoptr(GString) line = g_string_new(NULL);

    for (unsigned kind = 0; kind < DIFF_KINDS; kind++) {
        if (diff->counts[kind] > 0) {
            const char *noun = line->len > 0 ? "" : diff->counts[kind] == 1 ? " finding" : " findings";
            g_string_append_printf(line, "%s%" PRIu64 " %s%s", line->len > 0 ? ", " : "", diff->counts[kind],
                                   diff_word((enum diff_kind)kind), noun);
        }
    }
    text_coloured(text, diff->worse ? TEXT_ERROR : TEXT_BOLD, line->len > 0 ? line->str : "no findings");
    g_string_append_c(text->out, '\n');
}

/* "x 3", "x 1 -> 4" */
static void append_count(GString *line, const struct diff_change *change)
{
    if (change->before != NULL && change->after != NULL) {
        g_string_append_printf(line, " x %" PRIu64 " -> %" PRIu64, change->before->count,
                               change->after->count);
    } else {
        g_string_append_printf(line, " x %" PRIu64,
                               (change->after != NULL ? change->after : change->before)->count);
    }
}

static void append_change(const struct text *text, const struct diff_change *change)
{
    const struct diff_finding *finding = change->after != NULL ? change->after : change->before;
    bool worse = change->kind <= DIFF_GROWN && finding->severity == FINDING_ERROR;
    g_autoptr(GString) line = g_string_new(NULL);
    g_autofree char *message = report_safe(finding->message);

    g_string_append_printf(line, "%-*s%-*s[", WORD_WIDTH, diff_word(change->kind), SEVERITY_WIDTH,
                           finding_severity_word(finding->severity));
    report_append_safe(line, finding->rule);
    g_string_append_c(line, ']');
    append_count(line, change);
    text_coloured(text, worse ? TEXT_ERROR : TEXT_BOLD, line->str);
    g_string_append_printf(text->out, "\n%*s", WORD_WIDTH, "");
    report_append_wrapped(text->out, message, WORD_WIDTH, REPORT_WIDTH);
    g_string_append_printf(text->out, "\n%*s", WORD_WIDTH, "");
    if (finding->place != NULL) {
        g_string_append(text->out, "in ");
        report_append_safe(text->out, finding->place);
        g_string_append(text->out, ", ");
    }
    g_string_append(text->out, "fingerprint ");
    report_append_safe(text->out, finding->fingerprint);
    g_string_append_c(text->out, '\n');
}

static void append_changes(const struct text *text, const struct diff *diff)
{
    for (guint i = 0; i < diff->changes->len; i++) {
        const struct diff_change *change = &g_array_index(diff->changes, struct diff_change, i);
        if (change->kind != DIFF_UNCHANGED) {
            g_string_append_c(text->out, '\n');
            append_change(text, change);
        }
    }
}

/* "(+25 %)" */
static void append_percent(GString *out, const struct diff_numbers *numbers)
{
    if (numbers->before > 0 && numbers->after > 0) {
        double percent = ((double)numbers->after / (double)numbers->before - 1) * 100;
        g_string_append_printf(out, " (%+.0f %%)", percent);
    }
}

static void count_cell(struct figures_table *table, const struct diff_numbers *numbers)
{
    GString *cell = g_string_new(NULL);

    if (numbers->changed) {
        g_string_append_printf(cell, "%" PRIu64 " -> %" PRIu64, numbers->before, numbers->after);
    }
    figures_table_cell(table, g_string_free(cell, FALSE));
}

static void time_cell(struct figures_table *table, const struct diff_numbers *numbers)
{
    GString *cell = g_string_new(NULL);

    if (numbers->changed) {
        figures_append_time(cell, numbers->before);
        g_string_append(cell, " -> ");
        figures_append_time(cell, numbers->after);
        append_percent(cell, numbers);
    }
    figures_table_cell(table, g_string_free(cell, FALSE));
}

static void heading(struct figures_table *table, const char *const *titles)
{
    figures_table_heading(table);
    for (; *titles != NULL; titles++) {
        figures_table_cell(table, g_strdup(*titles));
    }
}

static void take_table(const struct text *text, struct figures_table *table)
{
    g_string_append_c(text->out, '\n');
    figures_table_append(table, text->out, text->colour);
    figures_table_free(table);
}

static void append_handles(const struct text *text, const GArray *handles)
{
    static const char *const titles[] = {"HANDLES", "CREATED", "OPEN AT THE END", NULL};
    struct figures_table *table = figures_table_new("lrr");

    heading(table, titles);
    for (guint i = 0; i < handles->len; i++) {
        const struct diff_handle *row = &g_array_index(handles, struct diff_handle, i);
        figures_table_row(table);
        figures_table_cell(table, g_strdup(mi_kinds[row->kind].title));
        count_cell(table, &row->created);
        count_cell(table, &row->open);
    }
    take_table(text, table);
}

static void append_functions(const struct text *text, const GArray *functions)
{
    static const char *const titles[] = {"FUNCTION", "CALLS", "FAILED", "NEVER RETURNED", "P50", "P99", NULL};
    struct figures_table *table = figures_table_new("lrrrrr");

    heading(table, titles);
    for (guint i = 0; i < functions->len; i++) {
        const struct diff_function *row = &g_array_index(functions, struct diff_function, i);
        figures_table_row(table);
        figures_table_cell(table, g_strdup(mi_functions[row->function].name));
        count_cell(table, &row->calls);
        count_cell(table, &row->failed);
        count_cell(table, &row->unreturned);
        time_cell(table, &row->p50);
        time_cell(table, &row->p99);
    }
    take_table(text, table);
}

static void append_statistics(const struct text *text, const struct diff *diff)
{
    if (diff->handles->len > 0) {
        append_handles(text, diff->handles);
    }
    if (diff->functions != NULL && diff->functions->len > 0) {
        append_functions(text, diff->functions);
    }
    if (diff->functions == NULL) {
        g_string_append(text->out,
                        "\nCalls and times were not compared: a JSON report does not tell them.\n");
    } else if (diff->functions->len == 0) {
        g_string_append(text->out, "\nCalls and times are the same, but for noise.\n");
    }
}

static void append_not_checked(GString *out, const char *heading, const struct diff_side *side)
{
    enum { INDENT = 4 };

    if (side->not_checked->len > 0) {
        g_string_append_printf(out, "\n%s\n", heading);
    }
    for (guint i = 0; i < side->not_checked->len; i++) {
        g_autofree char *sentence = report_safe(side->not_checked->pdata[i]);
        g_string_append_printf(out, "%*s", INDENT, "");
        report_append_wrapped(out, sentence, INDENT, REPORT_WIDTH);
        g_string_append_c(out, '\n');
    }
}

void diff_append_text(GString *out, const struct diff *diff, bool colour)
{
    const struct text text = {.out = out, .colour = colour};

    g_string_append(out, "mitrace: ");
    append_headline(&text, diff);
    append_changes(&text, diff);
    append_statistics(&text, diff);
    append_not_checked(out, "Not checked in OLD:", diff->before);
    append_not_checked(out, "Not checked in NEW:", diff->after);
}
