/* SPDX-License-Identifier: MIT */
/* One finding: what, where it is stuck, who waits for whom, where it comes from, what to change. */
#include "report/prose.h"
#include "report/safe.h"
#include "report/stacks.h"
#include "report/text.h"
#include "report/words.h"
#include "symbols/format.h"

#include <string.h>

static void frame(const struct text *text, unsigned depth, const char *words)
{
    text_indent(text, depth);
    report_append_safe(text->out, words);
    g_string_append_c(text->out, '\n');
}

static bool is_of_mi(const struct symbols_frame *frame)
{
    const char *slash = frame->module == NULL ? NULL : strrchr(frame->module, '/');

    return slash != NULL && g_str_has_prefix(slash + 1, "libmi.so");
}

/* Frames inside MI, from `first` on. */
static guint count_inside_mi(const GPtrArray *frames, guint first)
{
    guint count = 0;

    while (first + count < frames->len && is_of_mi(frames->pdata[first + count])) {
        count++;
    }
    return count;
}

/* How MI comes to call the program is of no interest: its frames are told by their number. */
static guint inside_mi(const struct text *text, unsigned depth, const GPtrArray *frames, guint first)
{
    guint count = count_inside_mi(frames, first);
    g_autofree char *words = g_strdup_printf("(%u frames of libmi.so)", count);

    if (count < 2) {
        return 0;
    }
    frame(text, depth, words);
    return count;
}

/* The MI call stands on top of the program's stack, as its innermost frame. */
static void stack(const struct text *text, unsigned depth, const struct model_site *site)
{
    g_autoptr(GPtrArray) frames = report_stack(text->analysis, site);

    if (site->function != MI_FN_none) {
        frame(text, depth, mi_functions[site->function].name);
    }
    for (guint i = 0; i < frames->len; i++) {
        g_autoptr(GString) line = g_string_new(NULL);
        i += inside_mi(text, depth, frames, i);
        if (i < frames->len) {
            symbols_format_frame(line, frames->pdata[i]);
            frame(text, depth, line->str);
        }
    }
}

/* A heading at `depth` and the stack below it. A callback has no stack of the program's, only a place. */
static void place(const struct text *text, unsigned depth, const struct model_site *site, const char *when,
                  GString *words)
{
    bool more = site->function != MI_FN_none || site->stack != NULL;

    report_append_place(words, text->analysis, site, when, text->told);
    g_string_append(words, more ? ":" : "");
    words->str[0] = g_ascii_toupper(words->str[0]);
    text_heading(text, depth, words->str);
    stack(text, depth + 1, site);
}

static const char *when_of(const struct finding *finding)
{
    return finding->blocked_ns >= 0 ? "since" : "at";
}

/* "Stuck for 10.0 s, since +0.512 s on thread 4711 (main):" */
static void at(const struct text *text, const struct finding *finding)
{
    g_autoptr(GString) words = g_string_new(NULL);

    if (finding->at.thread == NULL) {
        return;
    }
    if (finding->blocked_ns >= 0) {
        g_string_append(words, "Stuck for ");
        report_append_duration(words, finding->blocked_ns);
        g_string_append(words, ", ");
    } else {
        g_string_append(words, "It happened ");
    }
    place(text, 1, &finding->at, when_of(finding), words);
}

static bool is_same_place(const struct model_site *site, const struct model_site *other)
{
    return site->thread == other->thread && site->time_ns == other->time_ns;
}

/* "Operation 2 (root/cimv2 CIM_Foo) was started at +0.021 s on thread 4711 (main):" */
static void created(const struct text *text, const struct finding *finding)
{
    g_autoptr(GString) words = g_string_new(NULL);

    if (finding->created.thread == NULL || is_same_place(&finding->created, &finding->at)) {
        return;
    }
    g_string_append(words, finding->count > 1 ? "the first of them: " : "");
    report_append_handle(words, &finding->handle);
    g_string_append(words,
                    g_str_has_suffix(mi_kinds[finding->handle.kind].title, "options") ? " were" : " was");
    g_string_append(words, finding->handle.kind == MI_KIND_operation ? " started " : " created ");
    place(text, 1, &finding->created, "at", words);
}

static void related(const struct text *text, const struct finding_related *related)
{
    g_autoptr(GString) words = g_string_new(NULL);

    report_append_safe(words, related->what);
    if (related->site.thread != NULL) {
        g_string_append_c(words, ' ');
        place(text, 1, &related->site, "at", words);
    } else {
        text_paragraph(text, 1, words->str);
    }
}

static void chain(const struct text *text, const GPtrArray *links)
{
    if (links->len > 0) {
        text_heading(text, 1, "Who waits for whom:");
    }
    for (guint i = 0; i < links->len; i++) {
        const struct finding_link *link = links->pdata[i];
        g_autofree char *line =
            g_strdup_printf("%s waits for %s: %s", link->from, link->waits_for, link->because);
        g_autofree char *safe = report_safe(line);
        text_indent(text, 2);
        report_append_wrapped(text->out, safe, 3 * TEXT_INDENT, REPORT_WIDTH);
        g_string_append_c(text->out, '\n');
    }
}

static void consequences(const struct text *text, const GPtrArray *list)
{
    if (list->len > 0) {
        text_heading(text, 1, "Also stuck because of this:");
    }
    for (guint i = 0; i < list->len; i++) {
        const struct finding *finding = list->pdata[i];
        g_autofree char *line = g_strdup_printf("[%s] %s", finding->rule->id, finding->message);
        text_paragraph(text, 2, line);
        if (finding->at.thread != NULL) {
            g_autoptr(GString) words = g_string_new(NULL);
            place(text, 3, &finding->at, when_of(finding), words);
        }
    }
}

/* "12 operations, first at +0.100 s, last at +3.200 s" */
static void count(const struct text *text, const struct finding *finding)
{
    const struct finding_handle *handle = &finding->handle;
    bool leak = finding->rule->kind == FINDING_LEAK && handle->kind != MI_KIND_none;
    g_autoptr(GString) line = g_string_new(NULL);

    if (finding->count < 2) {
        return;
    }
    if (leak) {
        report_append_kinds(line, finding->count, handle->kind);
    } else {
        report_append_count(line, finding->count, "time", "times");
    }
    g_string_append(line, ", first at ");
    report_append_moment(line, text->analysis, finding->process, finding->first_ns);
    g_string_append(line, ", last at ");
    report_append_moment(line, text->analysis, finding->process, finding->last_ns);
    text_paragraph(text, 1, line->str);
}

static void first_line(const struct text *text, const struct finding *finding)
{
    static const enum text_colour colours[] = {
        [FINDING_NOTE] = TEXT_NOTE, [FINDING_WARNING] = TEXT_WARNING, [FINDING_ERROR] = TEXT_ERROR};
    g_autofree char *message = report_safe(finding->message);

    text_coloured(text, colours[finding->severity], finding_severity_word(finding->severity));
    g_string_append_printf(text->out, " [%s]", finding->rule->id);
    if (finding->certainty == FINDING_POSSIBLE) {
        g_string_append(text->out, " (possible)");
    }
    if (accept_mark_of(text->analysis->accept, finding).tolerated) {
        g_string_append(text->out, " (tolerated)");
    }
    g_string_append_c(text->out, ' ');
    report_append_wrapped(text->out, message, TEXT_INDENT, REPORT_WIDTH);
    g_string_append_c(text->out, '\n');
}

static void fix(const struct text *text, const struct finding *finding)
{
    if (finding->advice != NULL && finding->advice[0] != '\0') {
        text_heading(text, 1, "Fix:");
        text_paragraph(text, 2, finding->advice);
    }
}

static void last_line(const struct text *text, const struct finding *finding)
{
    g_autoptr(GString) line = g_string_new(NULL);

    if (finding->fingerprint != NULL && finding->fingerprint[0] != '\0') {
        g_string_append_printf(line, "Fingerprint %s. ", finding->fingerprint);
    }
    g_string_append_printf(line, "More: mitrace explain %s", finding->rule->id);
    text_indent(text, 1);
    text_coloured(text, TEXT_FAINT, line->str);
    g_string_append_c(text->out, '\n');
}

/* What a thread is for is told once in each finding. */
void text_finding(const struct text *report, const struct finding *finding)
{
    g_autoptr(GHashTable) told = g_hash_table_new(NULL, NULL);
    const struct text with_threads = {
        .out = report->out, .analysis = report->analysis, .colour = report->colour, .told = told};
    const struct text *text = &with_threads;

    first_line(text, finding);
    count(text, finding);
    g_string_append_c(text->out, '\n');
    at(text, finding);
    chain(text, finding->chain);
    created(text, finding);
    for (guint i = 0; i < finding->related->len; i++) {
        related(text, finding->related->pdata[i]);
    }
    consequences(text, finding->consequences);
    fix(text, finding);
    text_mark(text, finding);
    last_line(text, finding);
}
