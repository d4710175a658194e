/* SPDX-License-Identifier: MIT */
/* lttng-sessiond as a child process: started, ready, ended. */
#ifndef MITRACE_LAUNCH_DAEMON_H
#define MITRACE_LAUNCH_DAEMON_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

struct launch_daemon {
    const char *program; /* path of lttng-sessiond */
    const char *home;    /* its LTTNG_HOME, an existing directory */
    int log;             /* its messages go there; -1: nowhere */
    bool own_socket;     /* applications find it in home even when it is root's */
    bool outlives_us;    /* false: it gets SIGTERM when the process that started it dies */
};

/* Path of lttng-sessiond; to be freed. NULL with one line in error that says what to install. */
char *launch_daemon_find(GError **error);

/*
 * Start it, with /dev/null for standard streams, its messages in the log, and a process group of its
 * own; wait until it takes commands. Its process id is in `pid` as soon as there is one, for whoever has to
 * stand in for us. False with one line in error, and 0 in `pid`. Signals must be blocked (all of them).
 */
bool launch_daemon_start(const struct launch_daemon *daemon, pid_t *pid, GError **error);

enum launch_daemon_way {
    LAUNCH_DAEMON_IN_ORDER, /* ask it: it makes its traces readable first */
    LAUNCH_DAEMON_AT_ONCE,  /* kill it: nothing is left to do */
    LAUNCH_DAEMON_HANGING   /* kill it, and then its consumer daemons, which have a moment to write what they
                               have */
};

/*
 * End it, and wait for it and for all other children of this process (as a subreaper, its consumer daemons
 * too); kill them when that takes too long.
 */
void launch_daemon_end(pid_t pid, enum launch_daemon_way way);

#endif
