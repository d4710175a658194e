/* SPDX-License-Identifier: MIT */
/* Log-linear histograms of fixed size. */
#include "stats/histogram.h"

static unsigned bucket_of(uint64_t value)
{
    unsigned exponent;

    if (value < STATS_EXACT) {
        return (unsigned)value;
    }
    exponent = 63u - (unsigned)__builtin_clzll(value);
    return STATS_EXACT + (exponent - STATS_STEP_BITS - 1) * STATS_STEPS +
           (unsigned)(value >> (exponent - STATS_STEP_BITS) & (STATS_STEPS - 1));
}

/* In the middle of what falls into the bucket: no number in it is further away than half of its width. */
static uint64_t value_of(unsigned bucket)
{
    unsigned shift, step;

    if (bucket < STATS_EXACT) {
        return bucket;
    }
    shift = (bucket - STATS_EXACT) / STATS_STEPS + 1;
    step = (bucket - STATS_EXACT) % STATS_STEPS;
    return ((uint64_t)(STATS_STEPS + step) << shift) + (UINT64_C(1) << (shift - 1));
}

void stats_histogram_add(struct stats_histogram *histogram, uint64_t value)
{
    if (histogram->count == 0 || value < histogram->smallest) {
        histogram->smallest = value;
    }
    if (value > histogram->largest) {
        histogram->largest = value;
    }
    histogram->count++;
    histogram->total = histogram->total > UINT64_MAX - value ? UINT64_MAX : histogram->total + value;
    histogram->buckets[bucket_of(value)]++;
}

static uint64_t between(uint64_t value, uint64_t least, uint64_t most)
{
    if (value < least) {
        return least;
    }
    return value > most ? most : value;
}

uint64_t stats_histogram_at(const struct stats_histogram *histogram, uint64_t rank)
{
    uint64_t passed = 0;

    if (rank <= 1) {
        return histogram->smallest;
    }
    if (rank >= histogram->count) {
        return histogram->largest;
    }
    for (unsigned bucket = 0; bucket < STATS_BUCKETS; bucket++) {
        passed += histogram->buckets[bucket];
        if (passed >= rank) {
            return between(value_of(bucket), histogram->smallest, histogram->largest);
        }
    }
    return histogram->largest;
}

uint64_t stats_histogram_percentile(const struct stats_histogram *histogram, unsigned per_mille)
{
    uint64_t whole = histogram->count / 1000 * per_mille;
    uint64_t rest = histogram->count % 1000 * per_mille;

    return stats_histogram_at(histogram, whole + (rest + 999) / 1000);
}
