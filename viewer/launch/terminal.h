/* SPDX-License-Identifier: MIT */
/* Who owns the terminal: PROGRAM's process group must, when it would have without us. */
#ifndef MITRACE_LAUNCH_TERMINAL_H
#define MITRACE_LAUNCH_TERMINAL_H

#include <stdbool.h>
#include <sys/types.h>

struct launch_terminal {
    int fd; /* the controlling terminal; -1: there is none */
    pid_t program;
    bool given;
};

void launch_terminal_open(struct launch_terminal *terminal, pid_t program_group);

/*
 * Give the terminal to PROGRAM's group at its start, when we own it and share our group with nobody. With
 * others in the group ("mitrace ... | less") it is lent on demand only: they would be stopped at their first
 * read.
 */
void launch_terminal_give(struct launch_terminal *terminal);

/*
 * PROGRAM was stopped by `stop_signal`. If it only wanted the terminal, and we have it, it gets it and goes
 * on. Otherwise we stop too, as the shell expects of a job, and continue PROGRAM when we are continued. What
 * SIGSTOP stopped is left to whoever sent that, and without a terminal there are no jobs.
 */
void launch_terminal_stopped(struct launch_terminal *terminal, int stop_signal);

/* Take the terminal back if PROGRAM's group had it. */
void launch_terminal_close(struct launch_terminal *terminal);

#endif
