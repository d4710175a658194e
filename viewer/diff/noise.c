/* SPDX-License-Identifier: MIT */
/* What is a change, and what is only noise. */
#include "diff/diff.h"

/* Half of a span with 99 % probability, in thousandths of a standard deviation. */
enum { DEVIATIONS = 2576 };

struct span {
    uint64_t least, most;
};

struct diff_numbers diff_exact(uint64_t before, uint64_t after)
{
    return (struct diff_numbers){before, after, before != after};
}

struct diff_numbers diff_counts(uint64_t before, uint64_t after)
{
    uint64_t larger = MAX(before, after), smaller = MIN(before, after);

    return (struct diff_numbers){before, after, larger - smaller > larger / 20};
}

/* The largest number whose square is not more than `number`. */
static uint64_t square_root(uint64_t number)
{
    uint64_t root = 0;

    for (uint64_t bit = UINT64_C(1) << 31; bit > 0; bit >>= 1) {
        if ((root + bit) * (root + bit) <= number) {
            root += bit;
        }
    }
    return root;
}

/*
 * How many of `count` numbers lie below a percentile is distributed binomially, whatever the distribution of
 * the numbers: this says between which places in their order the true percentile lies. Beyond the first and
 * the last place nothing is known.
 */
static struct span span_of(const struct stats_histogram *numbers, unsigned per_mille)
{
    uint64_t count = MIN(numbers->count, UINT64_C(1) << 40);
    uint64_t middle = count * per_mille; /* in thousandths of a place, as is `half` */
    uint64_t half = square_root(middle * (1000 - per_mille)) * DEVIATIONS / 1000;
    uint64_t low = middle > half ? (middle - half) / 1000 : 0, high = (middle + half + 999) / 1000 + 1;

    return (struct span){
        .least = low < 1 ? 0 : stats_histogram_at(numbers, low),
        .most = high > count ? UINT64_MAX : stats_histogram_at(numbers, high),
    };
}

struct diff_numbers diff_percentiles(const struct stats_histogram *before,
                                     const struct stats_histogram *after, unsigned per_mille)
{
    struct diff_numbers numbers = {.before = stats_histogram_percentile(before, per_mille),
                                   .after = stats_histogram_percentile(after, per_mille)};
    struct span a = span_of(before, per_mille), b = span_of(after, per_mille);
    uint64_t larger = MAX(numbers.before, numbers.after), smaller = MIN(numbers.before, numbers.after);
    bool apart = a.most < b.least || b.most < a.least;

    numbers.changed = apart && larger - smaller > larger / 5;
    return numbers;
}
