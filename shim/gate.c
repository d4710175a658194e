/* SPDX-License-Identifier: MIT */
/*
 * Forks. They keep out of what the shim does under locks of others: the loader's and libunwind's. A child
 * that is forked while another thread holds one finds it held for ever, and waits in its first
 * dl_iterate_phdr. The program would not have had these calls without us.
 */
#include "preload.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>

#define STRIPES      64 /* threads seldom share one */
#define LONGEST_WAIT 1  /* seconds that a fork waits for others to leave; then it takes its chance */

struct stripe {
    alignas(64) atomic_uint inside;
};

static struct stripe stripes[STRIPES];
static atomic_int closed; /* by so many forks */
static __thread bool closed_by_us __attribute__((tls_model("initial-exec")));

/* The threads' states lie in their stacks' mappings, megabytes apart. */
static atomic_uint *own_stripe(void)
{
    uint64_t place = (uint64_t)(uintptr_t)&preload_thread >> 12;

    return &stripes[(place * 0x9e3779b97f4a7c15u) >> 58].inside;
}

/* LTTng's threads come here under a lock of its own that a fork takes, too: they must not wait. */
void preload_gate_pass(void)
{
    if (preload_thread.in_gate++ == 0) {
        preload_thread.gate_frame = (uintptr_t)__builtin_frame_address(0);
        atomic_fetch_add(own_stripe(), 1);
    }
}

void preload_gate_enter(void)
{
    if (preload_thread.in_gate > 0) {
        preload_thread.in_gate++;
        return;
    }
    preload_gate_pass();
    while (atomic_load(&closed) > 0 && !closed_by_us) {
        atomic_fetch_sub(own_stripe(), 1);
        sched_yield();
        atomic_fetch_add(own_stripe(), 1);
    }
}

void preload_gate_leave(void)
{
    if (--preload_thread.in_gate == 0) {
        atomic_fetch_sub(own_stripe(), 1);
    }
}

static bool is_empty(void)
{
    for (size_t i = 0; i < STRIPES; i++) {
        if (atomic_load(&stripes[i].inside) > 0) {
            return false;
        }
    }
    return true;
}

static int64_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* A thread that forks inside the gate, in a signal handler, would wait for itself. */
static void close_gate(void)
{
    int64_t end = now() + (int64_t)LONGEST_WAIT * 1000000000;

    closed_by_us = true;
    atomic_fetch_add(&closed, 1);
    while (preload_thread.in_gate == 0 && !is_empty() && now() < end) {
        sched_yield();
    }
}

static void open_gate(void)
{
    closed_by_us = false;
    atomic_fetch_sub(&closed, 1);
}

static void open_in_child(void)
{
    memset(stripes, 0, sizeof(stripes));
    atomic_store(own_stripe(), preload_thread.in_gate > 0);
    atomic_store(&closed, 0);
    closed_by_us = false;
}

/* The recorder whose locks this fork holds; another thread may load one meanwhile. */
static __thread const struct shim_recorder *held __attribute__((tls_model("initial-exec")));

static void before_fork(void)
{
    close_gate();
    held = preload_recorder();
    if (held != NULL) {
        held->before_fork();
    }
}

static void after_fork_parent(void)
{
    if (held != NULL) {
        held->after_fork_parent();
    }
    open_gate();
}

static void after_fork_child(void)
{
    if (held != NULL) {
        held->after_fork_child();
    }
    open_in_child();
    preload_last_in_child();
}

/*
 * Handlers that were registered first run last before a fork, and first after it. So those that the program
 * registers find nothing of ours locked: what they wait for may be held by a thread that waits for us. Those
 * of a malloc are there already, and run while we hold our locks, under which we allocate.
 */
__attribute__((constructor)) static void watch_forks(void)
{
    pthread_atfork(before_fork, after_fork_parent, after_fork_child);
}
