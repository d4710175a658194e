/* SPDX-License-Identifier: MIT */
/* The sizes of the trace buffers. */
#ifndef MITRACE_LAUNCH_BUFFERS_H
#define MITRACE_LAUNCH_BUFFERS_H

#include "launch/session.h"

/*
 * Replace sizes of 0 by the defaults and see that LTTng can have them: given buffers that do not fit in
 * shared memory, it would trace nothing, without a word to anyone. False with one line in error.
 */
bool launch_buffers_choose(struct launch_session *session, GError **error);

#endif
