/* SPDX-License-Identifier: MIT */
/* What the user accepted: by what, and what of it is out of date. */
#include "report/prose.h"
#include "report/text.h"

#include <inttypes.h>

void text_mark(const struct text *text, const struct finding *finding)
{
    const struct accept *accept = text->analysis->accept;
    const struct accept_mark mark = accept_mark_of(accept, finding);
    g_autofree char *line = NULL;

    if (finding->suppressed_by != NULL) {
        line = g_strdup_printf("Accepted by %s", finding->suppressed_by);
    } else if (mark.known > 0) {
        line = g_strdup_printf("Has grown: the baseline %s knows %" PRIu64 " of these %" PRIu64,
                               accept->baseline->path, mark.known, finding->count);
    }
    if (line != NULL) {
        text_paragraph(text, 1, line);
    }
}

/* Rows below a heading that is printed with the first of them. */
struct rows {
    const struct text *text;
    const char *heading;
    bool begun;
};

G_GNUC_PRINTF(2, 3) static void row(struct rows *rows, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (!rows->begun) {
        text_section(rows->text, rows->heading);
        rows->begun = true;
    }
    text_paragraph(rows->text, 1, line);
}

static const char *findings(uint64_t count)
{
    return count == 1 ? "finding" : "findings";
}

/* "known.supp:3 leak-session:open_pool, until 2026-12-31 (ticket 12)" */
static char *entry_title(const struct accept_entry *entry)
{
    GString *out = g_string_new(entry->text);

    if (entry->until != NULL) {
        g_string_append_printf(out, ", until %s", entry->until);
    }
    if (entry->reason != NULL) {
        g_string_append_printf(out, " (%s)", entry->reason);
    }
    return g_string_free(out, FALSE);
}

static void suppressions(struct rows *rows, const GPtrArray *entries)
{
    for (guint i = 0; i < entries->len; i++) {
        const struct accept_entry *entry = entries->pdata[i];
        g_autofree char *title = entry_title(entry);
        if (entry->suppressed > 0) {
            row(rows, "%" PRIu64 " %s by %s", entry->suppressed, findings(entry->suppressed), title);
        }
    }
}

static void limits(struct rows *rows, const struct accept_tolerance *tolerance, bool exceeded)
{
    for (guint i = 0; i < tolerance->limits->len; i++) {
        const struct accept_limit *limit = &g_array_index(tolerance->limits, struct accept_limit, i);
        if ((limit->found > limit->most) == exceeded) {
            row(rows, "%s: %" PRIu64 ", and --max allows %" PRIu64, limit->rule->id, limit->found,
                limit->most);
        }
    }
}

static void accepted(const struct text *text, const struct accept *accept)
{
    struct rows rows = {.text = text, .heading = "Accepted:"};
    const struct accept_baseline *baseline = accept->baseline;

    suppressions(&rows, accept->entries);
    if (baseline != NULL && baseline->next == NULL && baseline->found > 0) {
        row(&rows, "%u %s by the baseline %s", baseline->found, findings(baseline->found), baseline->path);
    }
    if (rows.begun && !accept->show_suppressed) {
        row(&rows, "--show-suppressed prints them.");
    }
    limits(&rows, accept->tolerance, false);
    if (accept->tolerance->fail_on != NULL) {
        row(&rows, "All that --fail-on %s does not name", accept->tolerance->fail_on);
    }
}

static void not_accepted(const struct text *text, const struct accept *accept)
{
    struct rows rows = {.text = text, .heading = "Not accepted:"};
    const struct accept_baseline *baseline = accept->baseline;

    if (baseline != NULL && baseline->next == NULL && baseline->grown > 0) {
        row(&rows, "%u %s that the baseline %s knows with a smaller count", baseline->grown,
            findings(baseline->grown), baseline->path);
    }
    limits(&rows, accept->tolerance, true);
}

static void unused(const struct text *text, const GPtrArray *entries)
{
    struct rows rows = {.text = text, .heading = "Suppressions that matched nothing:"};

    for (guint i = 0; i < entries->len; i++) {
        const struct accept_entry *entry = entries->pdata[i];
        g_autofree char *title = entry_title(entry);
        if (entry->matched == 0 && !entry->builtin) {
            row(&rows, "%s", title);
        }
    }
}

static void expired(const struct text *text, const GPtrArray *entries)
{
    struct rows rows = {.text = text, .heading = "Suppressions that have expired:"};

    for (guint i = 0; i < entries->len; i++) {
        const struct accept_entry *entry = entries->pdata[i];
        g_autofree char *title = entry_title(entry);
        if (entry->matched > 0 && entry->expired) {
            row(&rows, "%s: it would accept %" PRIu64 " %s", title, entry->matched, findings(entry->matched));
        }
    }
}

static const char *function_of(const struct accept_known *known)
{
    return known->function[0] == '\0' ? "an unknown function" : known->function;
}

static void fixed(const struct text *text, const struct accept_baseline *baseline)
{
    g_autofree char *heading = NULL;
    struct rows rows = {.text = text};

    if (baseline == NULL || baseline->next != NULL || baseline->gone == 0) {
        return;
    }
    heading = g_strdup_printf("Fixed since the baseline: %u, run with --update-baseline", baseline->gone);
    rows.heading = heading;
    for (guint i = 0; i < baseline->known->len; i++) {
        const struct accept_known *entry = baseline->known->pdata[i];
        if (entry->left == 0) {
            row(&rows, "%s %s in %s", entry->rule, entry->fingerprint, function_of(entry));
        }
    }
}

static void shrunk(const struct text *text, const struct accept_baseline *baseline)
{
    struct rows rows = {.text = text, .heading = "Fewer than in the baseline, run with --update-baseline:"};

    for (guint i = 0; baseline != NULL && baseline->shrunk > 0 && i < baseline->known->len; i++) {
        const struct accept_known *entry = baseline->known->pdata[i];
        if (baseline->next == NULL && entry->left > 0 && entry->left < entry->count) {
            row(&rows, "%s %s in %s: %" PRIu64 " of %" PRIu64, entry->rule, entry->fingerprint,
                function_of(entry), entry->left, entry->count);
        }
    }
}

static void append_change(GString *out, guint count, const char *word)
{
    if (count > 0) {
        g_string_append_printf(out, ", %u %s", count, word);
    }
}

static void updated(const struct text *text, const struct accept_baseline *baseline)
{
    g_autoptr(GString) changes = g_string_new(NULL);
    struct rows rows = {.text = text, .heading = "Baseline updated:"};

    if (baseline == NULL || baseline->next == NULL) {
        return;
    }
    append_change(changes, baseline->fresh, "new");
    append_change(changes, baseline->grown, "grown");
    append_change(changes, baseline->shrunk, "fewer than before");
    append_change(changes, baseline->gone, "gone");
    append_change(changes, baseline->kept, "kept, since this trace cannot tell what is gone");
    row(&rows, "%s holds %u %s%s", baseline->path, baseline->next->len, findings(baseline->next->len),
        changes->str);
}

void text_accepted(const struct text *text)
{
    const struct accept *accept = text->analysis->accept;

    if (accept != NULL) {
        accepted(text, accept);
        not_accepted(text, accept);
        unused(text, accept->entries);
        expired(text, accept->entries);
        fixed(text, accept->baseline);
        shrunk(text, accept->baseline);
        updated(text, accept->baseline);
    }
}
