/* SPDX-License-Identifier: MIT */
/* A session daemon shared by concurrent runs, where no private one can be had. */
#ifndef MITRACE_LAUNCH_SHARED_H
#define MITRACE_LAUNCH_SHARED_H

#include "launch/daemon.h"

#include <glib.h>
#include <stdbool.h>

struct launch_shared {
    int lock; /* our place among the runs that use the daemon */
};

/*
 * Use the daemon of root that runs, or, as root, start `daemon`. False with one line in error. Signals must
 * be blocked.
 */
bool launch_shared_join(struct launch_shared *shared, const struct launch_daemon *daemon, GError **error);

/* Take the place of a process that was killed while it used the daemon. No lock: there is no place to take.
 */
void launch_shared_rejoin(struct launch_shared *shared);

/*
 * The last run kills the daemon, if a run of ours started it and, as far as it answers, nobody else has a
 * session in it. True if it did.
 */
bool launch_shared_leave(struct launch_shared *shared, bool answers);

#endif
