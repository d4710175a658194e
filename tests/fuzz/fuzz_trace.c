/* SPDX-License-Identifier: MIT */
/*
 * Text traces: whatever history they tell goes through the model, all rules and every report. What is printed
 * must be harmless, and the events that were read must be the same when they are printed and read back.
 */
#include "reports.h"

#include "analysis.h"
#include "report/tree.h"
#include "stats/print.h"
#include "timeline/timeline.h"

#include <stdio.h>
#include <stdlib.h>

struct watchers {
    struct stats *stats;
    struct timeline *timeline;
};

static void write_lines(const GString *lines)
{
    fuzz_check_text("timeline", lines->str, lines->len);
}

static void attach(void *context, const struct analysis *analysis)
{
    struct watchers *watchers = context;
    const struct timeline_options options = {.from_ns = INT64_MIN, .to_ns = INT64_MAX};

    watchers->stats = stats_new(analysis->model);
    watchers->timeline = timeline_new(analysis, &options, write_lines);
}

static void check_trees(const struct analysis *analysis)
{
    const GPtrArray *processes = model_processes(analysis->model);
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < processes->len; i++) {
        report_append_tree(out, analysis, processes->pdata[i], i % 2 == 0);
    }
    fuzz_check_text("tree", out->str, out->len);
}

static void check_stats(struct stats *stats, const struct analysis *analysis)
{
    const GPtrArray *processes = model_processes(analysis->model);
    g_autoptr(GString) text = g_string_new(NULL), json = g_string_new(NULL);

    for (guint i = 0; i < processes->len; i++) {
        stats_end_process(stats, processes->pdata[i], analysis_end_of(analysis, processes->pdata[i]));
    }
    stats_append_text(text, stats, analysis, STATS_BY_TIME, false);
    fuzz_check_text("stats", text->str, text->len);
    stats_append_json(json, stats, analysis, STATS_BY_CALLS);
    fuzz_check_json("stats", json->str);
}

/* A clean verdict needs a whole trace. */
static void check_verdict(const struct analysis *analysis)
{
    if (verdict_exit_code(&analysis->facts) == EXIT_CLEAN &&
        (!analysis->summary.complete || analysis->summary.lost > 0 || analysis->not_checked->len > 0)) {
        abort();
    }
}

static void judge(const char *path)
{
    struct watchers watchers = {NULL, NULL};
    struct analysis_options options = ANALYSIS_OPTIONS_DEFAULT;
    g_autoptr(GError) error = NULL;

    /* What a trace names is looked for where nothing is: other targets read modules. */
    options.symbols.sysroot = "/proc/self/fdinfo";
    options.attach = attach;
    options.attach_context = &watchers;
    struct analysis *analysis = analysis_run(&path, 1, &options, &error);
    if (analysis == NULL) {
        fuzz_check_error(error);
    } else {
        timeline_finish(watchers.timeline);
        check_verdict(analysis);
        fuzz_check_reports(analysis);
        check_trees(analysis);
        check_stats(watchers.stats, analysis);
    }
    timeline_free(watchers.timeline);
    stats_free(watchers.stats);
    analysis_free(analysis);
}

/* The events of a trace as text, with the names that it gave to addresses last. */
struct printer {
    GString *out;
    GHashTable *names; /* "pid address" -> struct source_frame * */
};

static char *key_of(uint32_t pid, uint64_t address)
{
    return g_strdup_printf("%u %" G_GINT64_MODIFIER "x", pid, address);
}

static void free_frame(void *data)
{
    struct source_frame *frame = data;

    g_free((char *)frame->function);
    g_free((char *)frame->file);
    g_free((char *)frame->module);
    g_free(frame);
}

static void take_frame(void *context, const struct source_frame *frame)
{
    struct printer *printer = context;
    struct source_frame *copy = g_memdup2(frame, sizeof(*frame));

    copy->function = g_strdup(frame->function);
    copy->file = g_strdup(frame->file);
    copy->module = g_strdup(frame->module);
    g_hash_table_replace(printer->names, key_of(frame->pid, frame->address), copy);
}

static bool name_address(void *context, uint32_t pid, uint64_t address, struct source_frame *frame)
{
    const struct printer *printer = context;
    g_autofree char *key = key_of(pid, address);
    const struct source_frame *known = g_hash_table_lookup(printer->names, key);

    *frame = known == NULL ? (struct source_frame){0} : *known;
    return known != NULL;
}

static void take_event(void *context, const struct source_event *event)
{
    struct printer *printer = context;

    source_format_event(printer->out, event, name_address, printer);
}

/* Returns whether the whole trace could be read; `out` gets what could. */
static bool print_events(const char *path, GString *out)
{
    struct printer printer = {.out = out,
                              .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_frame)};
    const struct source_handler handler = {take_event, take_frame, &printer};
    struct source_summary summary;
    g_autoptr(GError) error = NULL;

    source_format_header(out);
    bool good = source_read(&path, 1, &handler, &summary, &error);
    source_format_summary(out, &summary);
    if (!good) {
        fuzz_check_error(error);
    }
    source_summary_clear(&summary);
    g_hash_table_unref(printer.names);
    return good;
}

static void check_events(const char *path)
{
    g_autoptr(GString) first = g_string_new(NULL), second = g_string_new(NULL);

    print_events(path, first);
    fuzz_check_text("events", first->str, first->len);
    if (!print_events(fuzz_file(1, (const uint8_t *)first->str, first->len), second) ||
        !g_string_equal(first, second)) {
        fprintf(stderr, "fuzz: events that change when they are read back:\n%s\n%s", first->str, second->str);
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(0, data, size);

    judge(path);
    check_events(path);
    return 0;
}
