/* SPDX-License-Identifier: MIT */
/* Calls that a hung session daemon cannot hold for ever: liblttng-ctl itself knows no time limit. */
#ifndef MITRACE_LAUNCH_BOUNDED_H
#define MITRACE_LAUNCH_BOUNDED_H

#include <stdbool.h>

/*
 * Run work(data) in a thread and wait for it, as long as it gives a sign of life every `silence_ms`. False:
 * it hangs and goes on behind our back; `data` must then stay as it is, and liblttng-ctl must not be called
 * any more by this process.
 */
bool launch_bounded_call(void (*work)(void *data), void *data, unsigned silence_ms);

/* A sign of life, given by work itself: what it waited for has come. */
void launch_bounded_go_on(void);

#endif
