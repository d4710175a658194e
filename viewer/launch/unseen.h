/* SPDX-License-Identifier: MIT */
/* Programs of which nothing can be recorded, although they run: the reason, for a person. */
#ifndef MITRACE_LAUNCH_UNSEEN_H
#define MITRACE_LAUNCH_UNSEEN_H

#include <stdbool.h>

/* Where MI cannot be seen, and no trace of it is left that would tell: a part of a sentence. */
#define LAUNCH_UNSEEN_WHERE                                                                           \
    "Calls cannot be seen when MI is linked statically, or when the program is set-uid, is executed " \
    "without "                                                                                        \
    "LD_PRELOAD, or changes its root folder (chroot) before it uses MI"

/*
 * One line that says why calls of `program` (argv[0] of the run) or of a process of the run were not
 * recorded: what the shim left in `home`, or what the executable itself tells: linked statically, or set-uid.
 * NULL: no such reason is known. The caller frees it.
 */
char *launch_unseen(const char *program, const char *home);

/*
 * Whether no process of the run has begun to use MI, as far as can be seen: none has joined the recording in
 * `trace_dir`. False also when that cannot be told, as where a session daemon serves several runs.
 */
bool launch_unseen_all(const char *trace_dir);

/* Whether a process of the run said so itself. */
bool launch_unseen_is_told(const char *home);

#endif
