/* SPDX-License-Identifier: MIT */
/* Help on commands, printed to standard output. */
#ifndef MITRACE_VIEWER_COMMAND_HELP_H
#define MITRACE_VIEWER_COMMAND_HELP_H

#include "command.h"

/* Options of `mitrace` itself, which stand before the command. */
extern const struct option_row command_own_options[];

/* `mitrace --help`: every command with its synopsis. */
void command_help_print_all(void);

/* `mitrace COMMAND --help`. */
void command_help_print(const struct command *command);

#endif
