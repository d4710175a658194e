/* SPDX-License-Identifier: MIT */
/* Programs whose every effect can be seen: they print what MI answered and what errno is after it. */
#ifndef MITRACE_TRANSPARENCY_VISIBLE_H
#define MITRACE_TRANSPARENCY_VISIBLE_H

#include "app_support.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Print what `call` returned and errno as it is now. */
void visible_say(const char *call, int result);

/* An MI call that is told; for functions that return MI_Result. */
#define TOLD(call)                       \
    do {                                 \
        errno = EXDEV;                   \
        visible_say(#call, (int)(call)); \
    } while (0)

/* Application, session, an enumeration read to its end, and everything closed: every call told. */
void visible_use(const char *id);

/* The same without a word: false when anything failed. */
bool visible_use_quietly(const char *id);

/* Print the descriptors below `limit` that are open, with their kinds and whether they close on exec. */
void visible_descriptors(const char *when, int limit);

/* Run this program with another scenario in a child (posix_spawn). Returns its exit code, 128 + signal. */
int visible_child(const char *scenario);

/* Wait for a child and tell how it ended: the same number. */
int visible_wait(int pid);

/* A library that finds its own symbols, and those of what it is linked with, before ours. */
void *visible_load_deep(const char *path);

/* Threads of this process now. */
unsigned visible_threads(void);

/* errno as main found it. */
extern int visible_first_errno;

/* One thing to do; returns the exit code. */
struct scenario {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the first word after the name */
};

/* The scenarios of one file, the last one without a name. */
extern const struct scenario scenarios_world[], scenarios_processes[], scenarios_threads[],
    scenarios_callbacks[], scenarios_limits[], scenarios_loading[], scenarios_descriptors[],
    scenarios_beside[];

#ifdef __cplusplus
}
#endif

#endif
