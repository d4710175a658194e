/* SPDX-License-Identifier: MIT */
/* `mitrace diff`: findings and statistics of two runs. */
#include "diff/diff.h"
#include "judge.h"
#include "output.h"

#include <string.h>

struct diff_options {
    const char *format;
    struct judge_options judge;
};

static const struct option_row rows[] = {
    {"format", 'f', "FORMAT", "form of the comparison: text (default), json", OPTION_STRING,
     offsetof(struct diff_options, format), 0},
    JUDGE_OPTION_ROWS(diff_options),
    {.name = NULL},
};

static void attach(void *context, const struct analysis *analysis)
{
    *(struct stats **)context = stats_new(analysis->model);
}

static struct diff_side *analyse(const char *path, const struct judge_options *judge, GError **error)
{
    struct stats *stats = NULL;
    struct analysis_options options = ANALYSIS_OPTIONS_DEFAULT;
    struct diff_side *side = NULL;

    options.symbols = (struct symbols_options){.sysroot = judge->sysroot, .debug_dirs = judge->debug_dirs};
    options.attach = attach;
    options.attach_context = &stats;
    struct analysis *analysis = analysis_run(&path, 1, &options, error);
    if (analysis != NULL) {
        side = diff_side_new(path, analysis, g_steal_pointer(&stats));
        analysis_free(analysis);
    }
    stats_free(stats);
    return side;
}

/* NULL after the reason was reported. */
static struct diff_side *read_side(const char *path, const struct judge_options *judge)
{
    g_autoptr(GError) error = NULL;
    struct diff_side *side =
        diff_is_report(path) ? diff_side_read(path, &error) : analyse(path, judge, &error);

    if (side == NULL) {
        command_failure("%s", error->message);
    }
    return side;
}

static int print(const struct diff *diff, bool json)
{
    int status = diff->worse ? EXIT_FINDINGS : EXIT_CLEAN;
    g_autoptr(GString) out = g_string_new(NULL);

    if (json) {
        diff_append_json(out, diff, status);
    } else {
        diff_append_text(out, diff, report_style_of(stdout).colour);
    }
    output_write(out);
    return status;
}

static int compare(const char *before_path, const char *after_path, const struct judge_options *judge,
                   bool json)
{
    struct diff_side *before = read_side(before_path, judge);
    struct diff_side *after = before == NULL ? NULL : read_side(after_path, judge);
    int status = EXIT_UNKNOWN;

    if (after != NULL) {
        struct diff *diff = diff_new(before, after);
        status = print(diff, json);
        diff_free(diff);
    }
    diff_side_free(before);
    diff_side_free(after);
    return status;
}

static int check_and_compare(const struct command *command, const struct diff_options *options,
                             const struct options_rest *rest)
{
    bool json = strcmp(options->format, "json") == 0;

    if (!json && strcmp(options->format, "text") != 0) {
        return command_usage_error(command, "unknown format \"%s\": it is one of text, json",
                                   options->format);
    }
    if (rest->count != 2) {
        return command_usage_error(command, "two runs are needed, OLD and NEW, not %d", rest->count);
    }
    if (strcmp(rest->arguments[0], "-") == 0 && strcmp(rest->arguments[1], "-") == 0) {
        return command_usage_error(command, "only one of OLD and NEW can be standard input");
    }
    return compare(rest->arguments[0], rest->arguments[1], &options->judge, json);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct diff_options options = {.format = "text"};
    struct options_rest rest;
    int status = command_parse(command, argc, argv, &options, &rest);

    if (status < 0) {
        status = check_and_compare(command, &options, &rest);
    }
    judge_options_clear(&options.judge);
    return status;
}

const struct command cmd_diff = {
    .name = "diff",
    .synopsis = "compare two runs: findings that are new, gone, more or fewer; handles, calls, times",
    .usage = "[options] OLD NEW",
    .details =
        "OLD and NEW are traces, or reports that \"mitrace report --format json\" wrote: these have "
        "findings\n"
        "and handles, but no calls and times. Findings are the same when their fingerprints are. Of times,\n"
        "only what is no noise is shown: the median and p99, where they differ by more than a fifth and "
        "there\n"
        "are calls enough to tell. The exit status is 1 when there are new or more findings of severity "
        "error,\n"
        "0 when there are none, 3 when OLD or NEW cannot be read.",
    .options = rows,
    .run = run,
};
