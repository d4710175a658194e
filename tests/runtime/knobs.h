/* SPDX-License-Identifier: MIT */
/*
 * What a test may set by environment variables (README.md has the list). They are read when an application is
 * initialised while none is open, so that a test can change them between two applications.
 */
#ifndef MITRACE_RUNTIME_KNOBS_H
#define MITRACE_RUNTIME_KNOBS_H

#include <stdbool.h>
#include <stdint.h>

/* An application begins, respectively ends. */
void knobs_open(void);
void knobs_close(void);

int64_t knob_round_trip(void);    /* nanoseconds before an operation's first result */
int64_t knob_delay(void);         /* nanoseconds before each result */
unsigned knob_instances(void);    /* how many instances the test classes have */
bool knob_never_deliver(void);    /* the peer never answers */
bool knob_connect_fails(void);    /* no connection can be made */
bool knob_session_messages(void); /* a new session's callbacks get a message and an error */

/* Counts a call of `function`, such as "Session_GetInstance"; true if this very call shall fail. */
bool knob_fails(const char *function);

#endif
