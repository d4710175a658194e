/* SPDX-License-Identifier: MIT */
/* Runs PROGRAM under the shim while LTTng records, and takes the trace whatever becomes of PROGRAM. */
#ifndef MITRACE_LAUNCH_LAUNCH_H
#define MITRACE_LAUNCH_LAUNCH_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Exit statuses that are not PROGRAM's own; 124, 126 and 127 are those of timeout(1) and env(1). */
#define LAUNCH_EXIT_CANNOT_RECORD  3
#define LAUNCH_EXIT_TIMEOUT        124
#define LAUNCH_EXIT_NOT_EXECUTABLE 126
#define LAUNCH_EXIT_NOT_FOUND      127

#define LAUNCH_ERROR launch_error_quark()
enum launch_error {
    LAUNCH_ERROR_RECORD, /* recording cannot be set up */
    LAUNCH_ERROR_PROGRAM /* PROGRAM cannot be executed */
};
GQuark launch_error_quark(void);

struct launch_options {
    char *const *argv;      /* NULL-terminated, argv[0] is searched in PATH */
    const char *trace_dir;  /* absolute or relative; created 0700; must be absent or an empty directory */
    const char *preload;    /* path of libmitrace.so; NULL: it was not found */
    double timeout_seconds; /* 0: none; counts from the start of PROGRAM */
    unsigned stack_depth;   /* 0..64, frames per stack */
    bool all_calls;         /* accessors too: events of log level DEBUG */
    bool keep_arguments;   /* mitrace.json holds all of argv, passwords too; otherwise argv[0] and a number */
    bool lossless;         /* a full buffer makes PROGRAM wait, at most a second each time */
    uint64_t subbuf_size;  /* bytes, a power of two >= 4096; 0: 1 MiB, or less where /dev/shm is small */
    unsigned subbuf_count; /* sub-buffers per CPU and user, a power of two; 0: 4 */
};

struct launch_result {
    bool started;        /* PROGRAM was executed */
    char *problem;       /* why it was not recorded, one line; NULL: it was */
    int exit_status;     /* PROGRAM's; when it was not started, what to exit with (3, 126 or 127) */
    int signal;          /* that ended PROGRAM; 0: none */
    bool timed_out;      /* killed at the deadline */
    pid_t pid;           /* PROGRAM's process, and its process group */
    uint64_t lost_hint;  /* events and packets that LTTng counted as lost */
    bool trace_complete; /* false: the trace may end early, or lack something, */
    char *flaw;          /* because of this */
    char
        *unseen; /* why calls of a process were not recorded though it ran, one line; NULL: no reason known */
    bool silent; /* no process is known to have used MI */
};

/*
 * Record a run of PROGRAM in options->trace_dir and return when PROGRAM itself has ended (children that it
 * left behind run on, untraced). PROGRAM has our standard streams, directory, umask and signals, and a
 * process group of its own, which owns the terminal when ours did. INT, TERM, HUP and QUIT to us go to that
 * group, a second one kills it.
 *
 * When it cannot be recorded, PROGRAM runs all the same, in our own environment; result->problem says why,
 * and nothing of the recording is left. How long LTTng can delay PROGRAM or our return is told in README.md.
 *
 * result is always filled, and to be cleared. False with one line in error: PROGRAM did not run. To be called
 * by the only thread of a process: it sets LTTNG_HOME and blocks signals meanwhile, and as root it moves the
 * process to a mount namespace of its own (a slave of the old one), for good.
 */
bool launch_program(const struct launch_options *options, struct launch_result *result, GError **error);
void launch_result_clear(struct launch_result *result);

/* What `mitrace record` exits with: PROGRAM's status, 128 + signal, or one of LAUNCH_EXIT_*. */
int launch_exit_code(const struct launch_result *result);

#endif
