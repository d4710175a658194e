/* SPDX-License-Identifier: MIT */
/* Measuring inside a benchmark program. */
#include "bench.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MOST_ITEMS 8
#define PAUSE_US   10000 /* LTTng writes out a round meanwhile: events that are discarded cost less */

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

double bench_median(double *values, size_t count)
{
    qsort(values, count, sizeof(values[0]), compare);
    return values[count / 2];
}

double bench_once(bench_work work, void *context, unsigned count)
{
    uint64_t start;

    usleep(PAUSE_US);
    start = bench_now();
    work(context, count);
    return (double)(bench_now() - start) / count;
}

static size_t find(const struct bench_item *items, const char *name)
{
    size_t i = 0;

    while (strcmp(items[i].name, name) != 0) {
        i++;
    }
    return i;
}

static double times[MOST_ITEMS][BENCH_MOST_ROUNDS];

double bench_lowest(const double *values, size_t count)
{
    double low = values[0];

    for (size_t i = 1; i < count; i++) {
        low = values[i] < low ? values[i] : low;
    }
    return low;
}

static void print_ratio(const struct bench_item *items, size_t which, unsigned rounds)
{
    const struct bench_item *item = &items[which];
    const double *base = times[find(items, item->against)];
    double ratios[BENCH_MOST_ROUNDS];

    for (unsigned i = 0; i < rounds; i++) {
        ratios[i] = times[which][i] / base[i];
    }
    printf("%s/%s %.3f %.3f\n", item->name, item->against, bench_median(ratios, rounds),
           bench_lowest(times[which], rounds) / bench_lowest(base, rounds));
}

static void print_item(const struct bench_item *item, const double *measured, unsigned rounds)
{
    double values[BENCH_MOST_ROUNDS];

    memcpy(values, measured, sizeof(values));
    printf("%s %.2f %.2f\n", item->name, bench_median(values, rounds), bench_lowest(values, rounds));
}

void bench_run(const struct bench_item *items, size_t count, unsigned rounds)
{
    rounds = rounds > BENCH_MOST_ROUNDS ? BENCH_MOST_ROUNDS : rounds;
    for (unsigned round = 0; round <= rounds; round++) {
        for (size_t turn = 0; turn < count; turn++) {
            size_t i = round % 2 == 0 ? turn : count - 1 - turn;
            double time = bench_once(items[i].work, items[i].context, items[i].count);
            times[i][round > 0 ? round - 1 : 0] = time;
        }
    }
    for (size_t i = 0; i < count; i++) {
        print_item(&items[i], times[i], rounds);
        if (items[i].against != NULL) {
            print_ratio(items, i, rounds);
        }
    }
    fflush(stdout);
}

__attribute__((noinline)) void bench_at_depth(unsigned frames, bench_work work, void *context, unsigned count)
{
    if (frames == 0) {
        work(context, count);
    } else {
        bench_at_depth(frames - 1, work, context, count);
    }
    __asm__ volatile("" ::: "memory"); /* keeps the call from being a tail call */
}

/* The other thread; it lives on, so that its start is not measured, and sleeps between the rounds. */
static struct {
    pthread_barrier_t barrier;
    atomic_uint ready, done; /* threads that are; waking up is not measured either */
    bench_work work;
    void *context;
    unsigned count;
} two;

static void wait_for_both(atomic_uint *count)
{
    atomic_fetch_add(count, 1);
    while (atomic_load(count) < 2) {
    }
}

static void *run_other(void *unused)
{
    for (;;) {
        pthread_barrier_wait(&two.barrier);
        wait_for_both(&two.ready);
        two.work(two.context, two.count);
        atomic_fetch_add(&two.done, 1);
    }
    return unused;
}

static void start_other(void)
{
    static pthread_t thread;

    if (thread == 0) {
        pthread_barrier_init(&two.barrier, NULL, 2);
        pthread_create(&thread, NULL, run_other, NULL);
    }
}

double bench_once_on_two_threads(bench_work work, void *context, unsigned count)
{
    uint64_t start;

    start_other();
    usleep(PAUSE_US);
    two.work = work;
    two.context = context;
    two.count = count / 2;
    atomic_store(&two.ready, 0);
    atomic_store(&two.done, 0);
    pthread_barrier_wait(&two.barrier);
    wait_for_both(&two.ready);
    start = bench_now();
    work(context, two.count);
    wait_for_both(&two.done);
    return (double)(bench_now() - start) / count;
}
