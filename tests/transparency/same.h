/* SPDX-License-Identifier: MIT */
/* One program run three ways: bare, preloaded while nobody records, recorded. It must not notice. */
#ifndef MITRACE_TRANSPARENCY_SAME_H
#define MITRACE_TRANSPARENCY_SAME_H

#include <glib.h>
#include <stdbool.h>

/* How many of the calls that the program counts itself must be in the trace. */
enum same_count {
    SAME_ALL,    /* each of them, and there are some */
    SAME_NONE,   /* none: mitrace cannot see them, and says so */
    SAME_PRINTED /* as many as its output tells by "calls N" lines; it cannot count in a file */
};

enum same_stderr {
    SAME_STDERR, /* byte for byte */
    SAME_SUMMARY /* only its lines "SUMMARY: ...": the rest has addresses and process ids */
};

struct same_case {
    const char *name;
    const char *program;   /* in the folder of this room's programs, or a path */
    const char *arguments; /* words; $MI is the runtime's file, $COPY a copy of it, $HERE the run's folder,
                              $VISIBLE and $PLUGIN those files; a copy of libbystander.so is in the folder */
    enum same_count count;
    enum same_stderr error;
    const char *says;        /* what mitrace must say in one line, NULL: nothing but where the trace is */
    const char *environment; /* NAME=VALUE that all three runs get, NULL: none */
};

/* Fails the running CMocka test when any of the three runs differs in what can be seen. Skips it (77) when
 * the program says that it cannot run here. */
void same_check(const struct same_case *test);

/* A finished run. */
struct same_run {
    int status; /* exit code, 128 + signal */
    char *out;
    char *err;     /* without mitrace's own lines */
    char *mitrace; /* those */
    char *folder;
    long calls; /* by the program's own count */
};

/*
 * Run argv (NULL-terminated; words may hold $ names as above) in a folder of its own, with umask 027, a file
 * as stdin, and `environment` (NULL-terminated NAME=VALUE, $ names too) added to a small fixed one. It has
 * all the time that it wants.
 */
void same_run(struct same_run *run, const char *const *argv, const char *const *environment);
void same_clear(struct same_run *run);

#endif
