/* SPDX-License-Identifier: MIT */
/*
 * What a talkative peer says before the result of the method Talk of X_SmallNumber: a message, progress, an
 * error, a question and a streamed parameter, each to the callback that the program gave for it. OMI's own
 * protocol handlers never do, others may. Facts: OMI's miapi/Operation.c.
 */
#ifndef MITRACE_RUNTIME_TALK_H
#define MITRACE_RUNTIME_TALK_H

#include "operation.h"

enum { TALK_STEPS = 5 };

/* Says the step with this number, on this thread. False if the peer has to wait now: until the program has
 * answered, or for ever, because the operation is closed and what came was dropped. */
bool talk_say(struct operation *operation, unsigned step);

#endif
