/* SPDX-License-Identifier: MIT */
/* The launcher's signals: blocked and waited for, never handled, so that PROGRAM can be given what we got. */
#ifndef MITRACE_LAUNCH_SIGNALS_H
#define MITRACE_LAUNCH_SIGNALS_H

#include <signal.h>
#include <stdint.h>

struct launch_signals {
    sigset_t mask;
    struct sigaction child; /* disposition of SIGCHLD: where it is ignored, children cannot be waited for */
};

/* Block what the launcher waits for, and SIGTTOU, so that it may move the terminal. `saved` keeps what was.
 */
void launch_signals_take(struct launch_signals *saved);
void launch_signals_restore(const struct launch_signals *saved);

/* The next of the blocked signals; 0 when none came until `deadline_us` of g_get_monotonic_time (0: wait for
 * ever). */
int launch_signals_next(int64_t deadline_us);

#endif
