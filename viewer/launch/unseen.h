/* SPDX-License-Identifier: MIT */
/* Programs of which nothing can be recorded, although they run: the reason, for a person. */
#ifndef MITRACE_LAUNCH_UNSEEN_H
#define MITRACE_LAUNCH_UNSEEN_H

#include <stdbool.h>

/*
 * One line that says why calls of `program` (argv[0] of the run) or of a process of the run were not
 * recorded: what the shim left in `home`, or what the executable itself tells: linked statically, or set-uid.
 * NULL: no such reason is known. The caller frees it.
 */
char *launch_unseen(const char *program, const char *home);

/* Whether a process of the run said so itself. */
bool launch_unseen_is_told(const char *home);

#endif
