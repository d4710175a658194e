/* SPDX-License-Identifier: MIT */
/* PROGRAM as a process: forked early, executed when the recording stands, waited for, killed at its deadline.
 */
#ifndef MITRACE_LAUNCH_PROCESS_H
#define MITRACE_LAUNCH_PROCESS_H

#include "launch/signals.h"
#include "launch/terminal.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct launch_process {
    pid_t pid;
    int go; /* a byte here lets the child execute PROGRAM, and says how; closing it makes the child end */
    int failure; /* errno of the execution comes from here, or end of file when it succeeded */
    struct launch_terminal terminal;
    int requests;    /* to end that were passed on so far */
    bool stopped;    /* by a signal, and not continued */
    bool ended;      /* wait_status holds */
    int wait_status; /* as waitpid gives it */
};

/* 0 when argv[0] can be executed as far as can be told beforehand, otherwise the errno that execvp would
 * give. */
int launch_process_check(const char *program);

/* Fork the child, which waits. `environment` is that of a recorded PROGRAM, `signals` is what it restores
 * before it executes. False with errno set. */
bool launch_process_fork(struct launch_process *process, char *const *argv, char *const *environment,
                         const struct launch_signals *signals);

/* Execute PROGRAM, in the environment for recording or in our own. 0, or the errno of the execution; the
 * child is then gone. */
int launch_process_execute(struct launch_process *process, bool recorded);

/* Pass signals on until PROGRAM ends. False when it still runs at `deadline_us` (monotonic, 0: none). */
bool launch_process_wait(struct launch_process *process, int64_t deadline_us);

/* End PROGRAM and the whole group that it began in, or the child that waits to become PROGRAM. Nothing
 * happens to what has ended already. */
void launch_process_kill(struct launch_process *process);

#endif
