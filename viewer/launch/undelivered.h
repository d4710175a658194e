/* SPDX-License-Identifier: MIT */
/* What was recorded and never got into the trace, because a process died in the middle of writing an event.
 */
#ifndef MITRACE_LAUNCH_UNDELIVERED_H
#define MITRACE_LAUNCH_UNDELIVERED_H

#include <stdint.h>

/*
 * Why the trace in `directory` lacks the end of a processor's events, one line to be freed; NULL: it does
 * not. The session was stopped, all that could be written is, and the stop began at `stopped_ns`
 * (CLOCK_MONOTONIC, the clock of LTTng-UST).
 *
 * A buffer holds the events of one processor, in the order in which writers took room. One who dies before he
 * has filled his room holds up all that comes after it: LTTng reads no sub-buffer that has a hole, counts
 * nothing as lost, and calls nothing pending (lttng-ust 2.13, lib_ring_buffer_get_subbuf). But stopping a
 * session closes a packet in each buffer, so a stream whose last packet is older than the stop is held up.
 */
char *launch_undelivered_find(const char *directory, uint64_t stopped_ns);

#endif
