/* SPDX-License-Identifier: MIT */
/* `mitrace tree`: the handles that are open at the end of a trace, below those they came from. */
#include "judge.h"
#include "output.h"
#include "report/safe.h"
#include "report/tree.h"

#include <inttypes.h>

struct tree_options {
    gboolean all;
    struct judge_options judge;
};

static const struct option_row rows[] = {
    {"all", 'a', NULL, "a line for every handle, also for many of one kind from one place", OPTION_FLAG,
     offsetof(struct tree_options, all), 0},
    JUDGE_OPTION_ROWS(tree_options),
    {.name = NULL},
};

/* What is missing from the trace may be the end of a handle that stands here, or one that does not. */
static void append_gaps(GString *out, const struct source_summary *summary)
{
    if (summary->lost > 0) {
        g_string_append_printf(
            out, "%" PRIu64 " events were lost while recording: handles may be missing, or closed\n",
            summary->lost);
    }
    for (guint i = 0; i < summary->problems->len; i++) {
        g_autofree char *safe = report_safe(summary->problems->pdata[i]);
        g_string_append_printf(out, "%s\n", safe);
    }
}

static void print_trees(const struct analysis *analysis, bool all)
{
    const GPtrArray *processes = model_processes(analysis->model);
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < processes->len; i++) {
        report_append_tree(out, analysis, processes->pdata[i], all);
    }
    if (processes->len == 0) {
        g_string_append(out, "no MI call was recorded\n");
    }
    append_gaps(out, &analysis->summary);
    output_write(out);
}

static int run(const struct command *command, int argc, char **argv)
{
    struct tree_options options = {.all = FALSE};
    struct options_rest rest;
    int status = command_parse(command, argc, argv, &options, &rest);
    struct analysis *analysis = NULL;

    if (status < 0) {
        analysis = judge_traces(command, &rest, &options.judge, NULL, &status);
    }
    if (analysis != NULL) {
        print_trees(analysis, options.all);
        analysis_free(analysis);
        status = EXIT_CLEAN;
    }
    judge_options_clear(&options.judge);
    return status;
}

const struct command cmd_tree = {
    .name = "tree",
    .synopsis = "show the handles that are open when a trace ends, and where they come from",
    .usage = "[options] TRACE...",
    .details =
        "More than three handles of one kind, from one place and with nothing below them, are one line.",
    .options = rows,
    .run = run,
};
