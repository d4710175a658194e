/* SPDX-License-Identifier: MIT */
/* Runs a call in a thread of its own, with a time limit. */
#include "launch/bounded.h"

#include <glib.h>
#include <pthread.h>
#include <time.h>

struct bounded {
    void (*work)(void *data);
    void *data;
};

static void *run(void *argument)
{
    struct bounded *bounded = argument;
    bounded->work(bounded->data);
    return NULL;
}

bool launch_bounded_call(void (*work)(void *data), void *data, unsigned seconds)
{
    struct bounded *bounded = g_new(struct bounded, 1);
    struct timespec deadline;
    pthread_t thread;
    *bounded = (struct bounded){.work = work, .data = data};
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_sec += seconds;
    if (pthread_create(&thread, NULL, run, bounded) != 0) {
        run(bounded);
    } else if (pthread_clockjoin_np(thread, NULL, CLOCK_MONOTONIC, &deadline) != 0) {
        pthread_detach(thread);
        return false;
    }
    g_free(bounded);
    return true;
}
