/* SPDX-License-Identifier: MIT */
/* What the start of a program takes, counted instead of timed: it is the same on a busy machine. */
#ifndef MITRACE_TRANSPARENCY_START_H
#define MITRACE_TRANSPARENCY_START_H

#include <stdbool.h>

/* System calls of one run, to its end. */
struct start_calls {
    unsigned all;
    unsigned links;   /* readlink: one for each folder of a path */
    unsigned opened;  /* files */
    unsigned threads; /* clone and its relatives */
    int status;       /* of waitpid */
};

/* Run argv with `environment` (NULL-terminated) and count. False: the system does not allow to trace. */
bool start_count(struct start_calls *calls, char *const *argv, char *const *environment);

/* How many places the loader has to fill in a library, and how many of them by looking up a name. */
struct start_relocations {
    unsigned long all, named;
};
struct start_relocations start_relocations(const char *library);

#endif
