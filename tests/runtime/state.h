/* SPDX-License-Identifier: MIT */
/*
 * The one lock over everything that handles, sessions, operations and the delivery thread share, and the one
 * event they wait for. The lock is never held while the program's code runs (callbacks, completion functions)
 * nor while a function of a table is called, so that a program that hangs shows exactly who waits in which
 * call.
 */
#ifndef MITRACE_RUNTIME_STATE_H
#define MITRACE_RUNTIME_STATE_H

#include <stdbool.h>
#include <stdint.h>

void state_lock(void);
void state_unlock(void);

/* Wakes everyone who waits; the lock is held. */
void state_changed(void);

/* Waits for a change; the lock is held, and held again on return. */
void state_wait(void);

/* The same, but not beyond `deadline`, nanoseconds of state_now(). */
void state_wait_until(int64_t deadline);

/* CLOCK_MONOTONIC in nanoseconds. */
int64_t state_now(void);

#endif
