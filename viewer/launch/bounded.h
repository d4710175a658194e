/* SPDX-License-Identifier: MIT */
/* Calls that a hung session daemon cannot hold for ever: liblttng-ctl itself knows no time limit. */
#ifndef MITRACE_LAUNCH_BOUNDED_H
#define MITRACE_LAUNCH_BOUNDED_H

#include <stdbool.h>

/*
 * Run work(data) in a thread and wait for it, at most `seconds`. False: it has not returned and goes on
 * behind our back; `data` must then stay as it is, and liblttng-ctl must not be called any more by this
 * process.
 */
bool launch_bounded_call(void (*work)(void *data), void *data, unsigned seconds);

#endif
