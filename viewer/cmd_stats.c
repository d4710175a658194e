/* SPDX-License-Identifier: MIT */
/* `mitrace stats`: how often MI functions and callbacks were called, and how long they took. */
#include "judge.h"
#include "output.h"
#include "stats/print.h"

#include <string.h>

struct stats_options {
    const char *format;
    const char *sort;
};

static const struct option_row rows[] = {
    {"format", 'f', "FORMAT", "form of the statistics: text (default), json", OPTION_STRING,
     offsetof(struct stats_options, format), 0},
    {"sort", 's', "KEY", "order of the rows, the largest first: calls, time (default), max", OPTION_STRING,
     offsetof(struct stats_options, sort), 0},
    {.name = NULL},
};

static const char *const orders[] = {
    [STATS_BY_CALLS] = "calls", [STATS_BY_TIME] = "time", [STATS_BY_MAX] = "max", NULL};

static void attach(void *context, const struct analysis *analysis)
{
    *(struct stats **)context = stats_new(analysis->model);
}

static void finish(struct stats *stats, const struct analysis *analysis)
{
    const GPtrArray *processes = model_processes(analysis->model);

    for (guint i = 0; i < processes->len; i++) {
        stats_end_process(stats, processes->pdata[i], analysis_end_of(analysis, processes->pdata[i]));
    }
}

static void print(const struct stats *stats, const struct analysis *analysis, bool json,
                  enum stats_order order)
{
    g_autoptr(GString) out = g_string_new(NULL);

    if (json) {
        stats_append_json(out, stats, analysis, order);
    } else {
        stats_append_text(out, stats, analysis, order, report_style_of(stdout).colour);
    }
    output_write(out);
}

static int show(const struct command *command, const struct options_rest *rest, bool json,
                enum stats_order order)
{
    struct stats *stats = NULL;
    struct analysis_options options = ANALYSIS_OPTIONS_DEFAULT;
    static const struct judge_options nothing;
    int status = EXIT_CLEAN;

    options.attach = attach;
    options.attach_context = &stats;
    struct analysis *analysis = judge_traces(command, rest, &nothing, &options, &status);
    if (analysis != NULL) {
        finish(stats, analysis);
        print(stats, analysis, json, order);
        analysis_free(analysis);
    }
    stats_free(stats);
    return status;
}

static int run(const struct command *command, int argc, char **argv)
{
    struct stats_options options = {.format = "text", .sort = "time"};
    struct options_rest rest;
    int status = command_parse(command, argc, argv, &options, &rest);
    bool json = status < 0 && strcmp(options.format, "json") == 0;
    unsigned order = 0;

    if (status >= 0) {
        return status;
    }
    if (!json && strcmp(options.format, "text") != 0) {
        return command_usage_error(command, "unknown format \"%s\": it is one of text, json", options.format);
    }
    while (orders[order] != NULL && strcmp(orders[order], options.sort) != 0) {
        order++;
    }
    if (orders[order] == NULL) {
        return command_usage_error(command, "cannot sort by \"%s\": it is one of calls, time, max",
                                   options.sort);
    }
    return show(command, &rest, json, (enum stats_order)order);
}

const struct command cmd_stats = {
    .name = "stats",
    .synopsis = "print how often MI was called, how often it failed, and how long it took",
    .usage = "[options] TRACE...",
    .details =
        "Times of calls include the callbacks that run inside them. An operation's times begin when the\n"
        "function that starts it is called, and end when the program gets the result. Percentiles are exact\n"
        "to 1 %; all processes of the traces are counted together.",
    .options = rows,
    .run = run,
};
