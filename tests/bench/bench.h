/* SPDX-License-Identifier: MIT */
/* What the benchmark programs share: a clock, the best of several rounds, a stack of a given depth. */
#ifndef MITRACE_BENCH_H
#define MITRACE_BENCH_H

#include <stdint.h>

/* Nanoseconds since some moment. */
uint64_t bench_now(void);

/*
 * Run `work(context)`, which does `count` things, `rounds` times and print "<name> <median nanoseconds per
 * thing>". One more round comes first and is not counted.
 */
void bench_run(const char *name, unsigned rounds, unsigned count, void (*work)(void *context, unsigned count),
               void *context);

/* Call `work` with `frames` more frames on the stack, each a function of its own invocation, no tail calls.
 */
void bench_at_depth(unsigned frames, void (*work)(void *context, unsigned count), void *context,
                    unsigned count);

#endif
