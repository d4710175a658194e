/* SPDX-License-Identifier: MIT */
/*
 * Numbers counted in buckets that grow with the numbers: percentiles of any amount of them in a fixed amount
 * of memory. Below STATS_EXACT every number has a bucket of its own; above, a power of two has STATS_STEPS
 * buckets.
 */
#ifndef MITRACE_STATS_HISTOGRAM_H
#define MITRACE_STATS_HISTOGRAM_H

#include <stdint.h>

#define STATS_STEP_BITS 6u
#define STATS_STEPS     (1u << STATS_STEP_BITS)
#define STATS_EXACT     (2u * STATS_STEPS)
#define STATS_BUCKETS   (STATS_EXACT + (63u - STATS_STEP_BITS) * STATS_STEPS)

/* Empty when all of it is zero. */
struct stats_histogram {
    uint64_t count;
    uint64_t total; /* stays at UINT64_MAX when it would be more */
    uint64_t smallest, largest;
    uint64_t buckets[STATS_BUCKETS];
};

void stats_histogram_add(struct stats_histogram *histogram, uint64_t value);

/*
 * The number at place `rank`, 1 .. count, when all are sorted: off by at most 1/128 of it, and exact for the
 * first and the last one. A rank beyond the ends means the end. 0 when the histogram is empty.
 */
uint64_t stats_histogram_at(const struct stats_histogram *histogram, uint64_t rank);

/* The smallest number that is not exceeded by `per_mille` of 1000: 500 for the median, 999 for p99.9. */
uint64_t stats_histogram_percentile(const struct stats_histogram *histogram, unsigned per_mille);

#endif
