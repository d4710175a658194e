/* SPDX-License-Identifier: MIT */
/* Topics of `mitrace help`. */
#ifndef MITRACE_VIEWER_CMD_HELP_H
#define MITRACE_VIEWER_CMD_HELP_H

#include "command.h"

#include <stdbool.h>

/* Print the MI functions whose name contains `name` (NULL: all) as a table. Returns the exit status. */
int help_api(const struct command *command, const char *name);

/* Print the man page of mitrace, in roff. */
void help_man(void);

#endif
