/* SPDX-License-Identifier: MIT */
/* Runs a call in a thread of its own, and watches that it goes on. */
#include "launch/bounded.h"

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>

#define THAW_US 300000

struct bounded {
    void (*work)(void *data);
    void *data;
    _Atomic int64_t alive_us; /* time of the last sign of life, monotonic */
};

static _Thread_local struct bounded *current;

void launch_bounded_go_on(void)
{
    if (current != NULL)
        atomic_store(&current->alive_us, g_get_monotonic_time());
}

static void *run(void *argument)
{
    current = argument;
    launch_bounded_go_on();
    current->work(current->data);
    current = NULL;
    return NULL;
}

static bool join_until(pthread_t thread, int64_t time_us)
{
    struct timespec time = {.tv_sec = time_us / G_USEC_PER_SEC, .tv_nsec = time_us % G_USEC_PER_SEC * 1000};
    return pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &time) == 0;
}

static int64_t due(struct bounded *bounded, unsigned silence_ms)
{
    return atomic_load(&bounded->alive_us) + (int64_t)silence_ms * 1000;
}

/* True when the thread has ended; false when it has been silent for too long. All of us may have been frozen
 * meanwhile: then a moment more is needed for the answer. */
static bool join(struct bounded *bounded, pthread_t thread, unsigned silence_ms)
{
    while (due(bounded, silence_ms) > g_get_monotonic_time()) {
        if (join_until(thread, due(bounded, silence_ms)))
            return true;
    }
    return join_until(thread, g_get_monotonic_time() + THAW_US);
}

bool launch_bounded_call(void (*work)(void *data), void *data, unsigned silence_ms)
{
    struct bounded *bounded = g_new(struct bounded, 1);
    pthread_t thread;
    *bounded = (struct bounded){.work = work, .data = data, .alive_us = g_get_monotonic_time()};
    if (pthread_create(&thread, NULL, run, bounded) != 0) {
        run(bounded);
    } else if (!join(bounded, thread, silence_ms)) {
        pthread_detach(thread);
        return false;
    }
    g_free(bounded);
    return true;
}
