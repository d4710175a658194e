/* SPDX-License-Identifier: MIT */
/* What the commands that analyse traces share: their options, running the analysis, writing reports. */
#ifndef MITRACE_VIEWER_JUDGE_H
#define MITRACE_VIEWER_JUDGE_H

#include "analysis.h"
#include "command.h"
#include "report/report.h"

/* Values of JUDGE_OPTION_ROWS; all of them may be NULL. */
struct judge_options {
    const char *sysroot;
    GPtrArray *debug_dirs;
};

/* Rows for a command whose values are a `struct type` with a member `struct judge_options judge`. */
#define JUDGE_OPTION_ROWS(type)                                                          \
    {"sysroot",                                                                          \
     0,                                                                                  \
     "DIR",                                                                              \
     "look for the program's files below DIR",                                           \
     OPTION_STRING,                                                                      \
     offsetof(struct type, judge.sysroot),                                               \
     0},                                                                                 \
    {                                                                                    \
        "debug-dir", 0, "DIR", "look for debug information below DIR, too", OPTION_LIST, \
            offsetof(struct type, judge.debug_dirs), 0                                   \
    }

void judge_options_clear(struct judge_options *options);

/*
 * Analyse what `rest` names, and write the baseline if that was wanted. NULL with the exit status in `status`
 * when there is nothing to analyse; the reason has then been reported. `analysis` NULL: the defaults; its
 * symbols come from `options`.
 */
struct analysis *judge_traces(const struct command *command, const struct options_rest *rest,
                              const struct judge_options *options, const struct analysis_options *analysis,
                              int *status);

/*
 * What the user accepts, to be freed after the analysis; NULL after a usage error was reported: the files may
 * be wrong. Comes before a program is run.
 */
struct accept *judge_accept(const struct command *command, const struct accept_options *options);
void judge_accept_options_clear(struct accept_options *options);

/* The format of that name; NULL after a usage error was reported. */
const struct report_format *judge_format(const struct command *command, const char *name);

/* Write a report to the file `path`, or to standard output when it is NULL or "-". Reports errors; false
 * then. */
bool judge_write(const struct analysis *analysis, const struct report_format *format, const char *path);

#endif
