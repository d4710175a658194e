/* SPDX-License-Identifier: MIT */
/* See state.h. A forked child gets the lock free and nobody waiting: what hangs there hangs for want of a
 * thread. */
#include "state.h"

#include <pthread.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;

static void make_event(void)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&changed, &attributes);
    pthread_condattr_destroy(&attributes);
}

static void unlock_in_child(void)
{
    make_event();
    state_unlock();
}

__attribute__((constructor)) static void prepare(void)
{
    make_event();
    pthread_atfork(state_lock, state_unlock, unlock_in_child);
}

void state_lock(void)
{
    pthread_mutex_lock(&lock);
}

void state_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

void state_changed(void)
{
    pthread_cond_broadcast(&changed);
}

void state_wait(void)
{
    pthread_cond_wait(&changed, &lock);
}

void state_wait_until(int64_t deadline)
{
    struct timespec until = {.tv_sec = deadline / 1000000000, .tv_nsec = deadline % 1000000000};

    pthread_cond_timedwait(&changed, &lock, &until);
}

int64_t state_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}
