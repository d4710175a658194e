/* SPDX-License-Identifier: MIT */
/* What the benchmark programs share: a clock, rounds that are run side by side, stacks, threads. */
#ifndef MITRACE_BENCH_H
#define MITRACE_BENCH_H

#include <stddef.h>
#include <stdint.h>

#define BENCH_MOST_ROUNDS 99

typedef void (*bench_work)(void *context, unsigned count); /* does `count` things */

/* Nanoseconds since some moment. */
uint64_t bench_now(void);

/* Sorts `values` and returns the middle one. */
double bench_median(double *values, size_t count);
double bench_lowest(const double *values, size_t count);

/* One thing to measure. */
struct bench_item {
    const char *name;
    bench_work work;
    void *context;
    unsigned count;
    const char *against; /* an earlier item that it is compared with; NULL: none */
};

/*
 * Run all items in turn, `rounds` times, after one round that is not counted; every other round backwards,
 * since what runs later finds the machine warmer. Prints for each item "<name> <median> <lowest>",
 * nanoseconds per thing, and, if it is compared, "<name>/<against> <median> <lowest>", where the median is
 * that of the rounds' ratios, and the other the ratio of the lowest: a disturbance that lasts longer than a
 * round hits both sides.
 */
void bench_run(const struct bench_item *items, size_t count, unsigned rounds);

/* Nanoseconds per thing of one go, after a pause that lets LTTng write out what came before. */
double bench_once(bench_work work, void *context, unsigned count);

/* Call `work` with `frames` more frames on the stack, each an invocation of its own, no tail calls. */
void bench_at_depth(unsigned frames, bench_work work, void *context, unsigned count);

/* Nanoseconds per thing when half of `count` things are done on this thread and half on another one. */
double bench_once_on_two_threads(bench_work work, void *context, unsigned count);

#endif
