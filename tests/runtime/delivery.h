/* SPDX-License-Identifier: MIT */
/*
 * The delivery thread: one for the process, shared by all applications and sessions. It hands out results and
 * ends connections, in order and one at a time, so a callback that does not return stops everything. Facts:
 * OMI's miapi/InteractionProtocolHandler.c.
 */
#ifndef MITRACE_RUNTIME_DELIVERY_H
#define MITRACE_RUNTIME_DELIVERY_H

#include "mi_abi.h"

#include <stdbool.h>
#include <stdint.h>

/* Something to do on the thread; lives in its owner and is queued at most once at a time. */
struct delivery_task {
    void (*run)(struct delivery_task *task);
    struct delivery_task *next;
    int64_t due; /* nanoseconds of state_now() */
    bool queued;
};

/* One more user; the first one creates the thread. MI_RESULT_FAILED if that does not work. */
MI_Result delivery_start(void);

/* One user less; the last one waits for the thread to end. */
void delivery_stop(void);

/* Queues the task; the state lock is held. A task that is queued already becomes due at the earlier time. */
void delivery_post(struct delivery_task *task, int64_t due);

/* Takes it out of the queue, if it is there; the state lock is held. */
void delivery_withdraw(struct delivery_task *task);

#endif
