/* SPDX-License-Identifier: MIT */
/* Measuring inside a benchmark program. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define MOST_ROUNDS 99
#define PAUSE_US    30000 /* lets LTTng write out a round: events that are discarded cost less */

uint64_t bench_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

void bench_run(const char *name, unsigned rounds, unsigned count, void (*work)(void *context, unsigned count),
               void *context)
{
    double times[MOST_ROUNDS];

    rounds = rounds > MOST_ROUNDS ? MOST_ROUNDS : rounds;
    work(context, count);
    for (unsigned i = 0; i < rounds; i++) {
        uint64_t start;
        usleep(PAUSE_US);
        start = bench_now();
        work(context, count);
        times[i] = (double)(bench_now() - start) / count;
    }
    qsort(times, rounds, sizeof(times[0]), compare);
    printf("%s %.2f\n", name, times[rounds / 2]);
    fflush(stdout);
}

__attribute__((noinline)) void bench_at_depth(unsigned frames, void (*work)(void *context, unsigned count),
                                              void *context, unsigned count)
{
    if (frames == 0) {
        work(context, count);
    } else {
        bench_at_depth(frames - 1, work, context, count);
    }
    __asm__ volatile("" ::: "memory"); /* keeps the call from being a tail call */
}
