/* SPDX-License-Identifier: MIT */
/*
 * The sub-commands. One is a file cmd_<name>.c that defines `const struct command cmd_<name>`, and a row of
 * commands.def.
 */
#ifndef MITRACE_VIEWER_COMMAND_H
#define MITRACE_VIEWER_COMMAND_H

#include "exit_codes.h"
#include "options.h"

struct command {
    const char *name;                 /* "report" */
    const char *synopsis;             /* one line, lower case, no full stop */
    const char *usage;                /* what follows the name, a line for each form: "[options] TRACE..." */
    const char *details;              /* paragraphs for --help and the man page, NULL: none */
    const struct option_row *options; /* NULL: none but --help */
    gboolean program; /* the first argument that is no option ends the options: PROGRAM and its own */
    int (*run)(const struct command *command, int argc,
               char **argv); /* arguments after the name -> exit status */
};

#define COMMAND(name) extern const struct command cmd_##name;
#include "commands.def"

/* Every command, in the order of `mitrace --help`. */
extern const struct command *const command_table[];
extern const size_t command_count;

/*
 * What every command's `run` starts with: parse its options into `values`. Returns -1 when the command shall
 * go on; otherwise the exit status to return at once: --help was printed, or a usage error was reported.
 */
int command_parse(const struct command *command, int argc, char **argv, void *values,
                  struct options_rest *rest);

/* The command of that name, NULL when there is none. */
const struct command *command_find(const char *name);

/* Report that there is no command of that name, with the nearest one. Returns EXIT_USAGE. */
int command_unknown(const char *name);

/* Report a wrong command line: "mitrace report: <message>" and where to read more. Returns EXIT_USAGE. */
int command_usage_error(const struct command *command, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Tell something in one line "mitrace: <message>" on standard error; what could harm a terminal is written as
 * \xNN. */
void command_note(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Report that it cannot be done: such a line. Returns EXIT_UNKNOWN. */
int command_failure(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* The program: argv as main got it. Returns the exit status. */
int command_main(int argc, char **argv);

#endif
