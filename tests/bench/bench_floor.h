/* SPDX-License-Identifier: MIT */
/*
 * What cannot be undercut: the LTTng tracepoints that a recorded call makes, with the same payload, and the
 * bare unwinder. In a library that bench_calls loads when asked, so that the program has LTTng only then.
 */
#ifndef MITRACE_BENCH_FLOOR_H
#define MITRACE_BENCH_FLOOR_H

#include "mi_events.h"

/* Works for bench_run, found by name with dlsym. */
void floor_call(void *unused, unsigned count);     /* an accessor: two events */
void floor_create(void *unused, unsigned count);   /* creation and deletion: four events, two unwinds */
void floor_callback(void *unused, unsigned count); /* a callback: two events */

/* One event of a class. */
void floor_event(enum mi_event_class class, const struct mi_event *event);

#endif
