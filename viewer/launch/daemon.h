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
    bool own_socket;     /* applications find it in home even when it is root's */
    bool outlives_us;    /* false: it gets SIGTERM when the process that started it dies */
};

/* Path of lttng-sessiond; to be freed. NULL with one line in error that says what to install. */
char *launch_daemon_find(GError **error);

/*
 * Start it, with /dev/null for standard streams, its messages in a file in home, and a process group of its
 * own; wait until it takes commands. Its process id, or -1 with one line in error. Signals must be blocked
 * (all of them).
 */
pid_t launch_daemon_start(const struct launch_daemon *daemon, GError **error);

/*
 * Ask it to end, which makes its traces readable, or kill it at once. Wait for it and for all other children
 * of this process (as a subreaper, its consumer daemons too); kill them when that takes too long.
 */
void launch_daemon_end(pid_t pid, bool at_once);

#endif
