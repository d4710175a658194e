/* SPDX-License-Identifier: MIT */
/*
 * For tests of calls that must wait: run one on a thread of its own and see whether it waits or has returned;
 * run a program that must hang in a child process. No time limit decides anything: "waits" means that the
 * kernel shows every thread concerned asleep, again and again, and what has returned says so itself.
 */
#ifndef MITRACE_UNIT_RUNTIME_WATCH_H
#define MITRACE_UNIT_RUNTIME_WATCH_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/types.h>

struct watched_call {
    void (*call)(void *argument);
    void *argument;
    pthread_t thread;
    atomic_int tid;
    atomic_bool returned;
};

/* Starts the call and comes back when it has either returned or waits. */
void watch_call(struct watched_call *watched, void (*call)(void *argument), void *argument);

/* True as long as the call has not returned, false once it has. */
bool watched_waits(struct watched_call *watched);

/* Waits for the call to return, as the test expects it to. */
void watched_join(struct watched_call *watched);

/* Runs `program` in a forked child. True if the child comes to rest with all its threads asleep, which kills
 * it; false if the program returns. */
bool hangs(void (*program)(void));

#endif
