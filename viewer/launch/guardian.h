/* SPDX-License-Identifier: MIT */
/*
 * The process that owns the session daemon and all that must not be left behind. It cleans up when its pipe
 * from the launcher closes: the launcher closes it in the end, the kernel does when the launcher is killed.
 * One way for both. A second process, its parent, stands in for it if it is killed.
 */
#ifndef MITRACE_LAUNCH_GUARDIAN_H
#define MITRACE_LAUNCH_GUARDIAN_H

#include "launch/session.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

struct launch_guardian_plan {
    const char *sessiond; /* path of the program */
    const char *home;     /* made in the beginning and removed in the end */
    const char *preload;  /* absolute path of libmitrace.so */
    const char *session;  /* name, destroyed in the end if it lives in a shared daemon */
    int log;              /* for the daemon's messages; -1: none */
    int shm_directory;    /* LAUNCH_SHM_DIRECTORY as PROGRAM sees it */
    pid_t program;        /* a child of the launcher, not waited for yet */
    bool shared;          /* use the one daemon of root instead of a private one */
};

struct launch_guardian {
    pid_t pid;   /* of the stand-in, and the process group of both; -1: there is none */
    int process; /* a pidfd of the guardian itself; -1 */
    int control; /* orders go in here; its closing is the order to clean up */
    int ended;   /* end of file when both processes are gone */
};

/* Fork it and wait until the session daemon takes commands. False with one line in error; all is cleaned up
 * then. */
bool launch_guardian_start(struct launch_guardian *guardian, const struct launch_guardian_plan *plan,
                           GError **error);

/* Have it kill a private daemon at once, so that programs which wait for room in a buffer are set free. */
void launch_guardian_stop_recording(struct launch_guardian *guardian);

/* Let it clean up, and wait until it has: as fast as `end` of the session permits, and never longer than a
 * bound. */
void launch_guardian_finish(struct launch_guardian *guardian, enum launch_session_end end);

#endif
