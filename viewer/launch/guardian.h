/* SPDX-License-Identifier: MIT */
/*
 * The process that owns the session daemon and all that must not be left behind. It cleans up when its pipe
 * from the launcher closes: the launcher closes it in the end, the kernel does when the launcher is killed.
 * One way for both.
 */
#ifndef MITRACE_LAUNCH_GUARDIAN_H
#define MITRACE_LAUNCH_GUARDIAN_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

struct launch_guardian_plan {
    const char *sessiond; /* path of the program */
    const char *home;     /* made in the beginning and removed in the end */
    const char *preload;  /* absolute path of libmitrace.so */
    const char *session;  /* name, destroyed in the end if it lives in a shared daemon */
    int shm_directory;    /* LAUNCH_SHM_DIRECTORY as PROGRAM sees it */
    bool shared;          /* use the one daemon of root instead of a private one */
};

struct launch_guardian {
    pid_t pid;
    int control; /* its closing is the order to clean up */
};

/* Fork it and wait until the session daemon takes commands. False with one line in error; all is cleaned up
 * then. */
bool launch_guardian_start(struct launch_guardian *guardian, const struct launch_guardian_plan *plan,
                           GError **error);

/* Let it clean up, and wait until it has; faster if the trace is complete, as a private daemon has nothing
 * left to do. */
void launch_guardian_finish(struct launch_guardian *guardian, bool trace_complete);

#endif
