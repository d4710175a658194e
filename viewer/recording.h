/* SPDX-License-Identifier: MIT */
/* What the commands that run a program share: the options of recording, and recording itself. */
#ifndef MITRACE_VIEWER_RECORDING_H
#define MITRACE_VIEWER_RECORDING_H

#include "command.h"
#include "launch/launch.h"

#include <stdbool.h>

enum { RECORDING_DEPTH = 24 }; /* frames per stack, unless --depth says otherwise */

/* Values of RECORDING_OPTION_ROWS; begin with RECORDING_DEFAULTS. */
struct recording_options {
    const char *timeout; /* seconds, a decimal number; NULL: none */
    gint64 depth;
    gboolean all_calls;
    gboolean lossless;
    gboolean keep_arguments;
};

#define RECORDING_DEFAULTS       \
    {                            \
        .depth = RECORDING_DEPTH \
    }

/* Rows for a command whose values are a `struct type` with a member `struct recording_options recording`. */
#define RECORDING_OPTION_ROWS(type)                                                                          \
    {"timeout",                                                                                              \
     't',                                                                                                    \
     "SEC",                                                                                                  \
     "take the trace and stop PROGRAM after SEC seconds",                                                    \
     OPTION_STRING,                                                                                          \
     offsetof(struct type, recording.timeout),                                                               \
     0},                                                                                                     \
        {"depth",                                                                                            \
         'd',                                                                                                \
         "N",                                                                                                \
         "frames per stack, 0 to 64 (default: 24)",                                                          \
         OPTION_NUMBER,                                                                                      \
         offsetof(struct type, recording.depth),                                                             \
         64},                                                                                                \
        {"all-calls",                                                                                        \
         'a',                                                                                                \
         NULL,                                                                                               \
         "record accessors, too, not only lifecycle and blocking calls",                                     \
         OPTION_FLAG,                                                                                        \
         offsetof(struct type, recording.all_calls),                                                         \
         0},                                                                                                 \
        {"keep-arguments",                                                                                   \
         0,                                                                                                  \
         NULL,                                                                                               \
         "write PROGRAM's arguments into the trace, whatever secrets they hold",                             \
         OPTION_FLAG,                                                                                        \
         offsetof(struct type, recording.keep_arguments),                                                    \
         0},                                                                                                 \
    {                                                                                                        \
        "lossless", 0, NULL, "let PROGRAM wait when a buffer is full, rather than lose events", OPTION_FLAG, \
            offsetof(struct type, recording.lossless), 0                                                     \
    }

/* For the help of such a command. */
#define RECORDING_HELP                                                                                     \
    "A failure of LTTng never harms PROGRAM: it starts 10 seconds late at worst, runs unrecorded if it\n"  \
    "cannot be recorded, and what hangs is given up 5 seconds after its end. The trace then counts as\n"   \
    "incomplete, or there is none, and check exits with 3. With --lossless a full buffer makes PROGRAM\n"  \
    "wait, at most a second for each event; what is lost all the same is counted and told.\n"              \
    "\n"                                                                                                   \
    "Of PROGRAM's command line the trace and the reports have its name and the number of its arguments,\n" \
    "because one of them may be a password. --keep-arguments keeps them all.\n"

/* -1 when the options can be used, else the status after a usage error was reported. */
int recording_check(const struct command *command, const struct recording_options *options);

/*
 * Run argv in `directory`, as launch_program does. False after the error was reported; the status to exit
 * with is in result->exit_status then.
 */
bool recording_run(const struct recording_options *options, char **argv, const char *directory,
                   struct launch_result *result);

#endif
