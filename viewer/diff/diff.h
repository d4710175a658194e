/* SPDX-License-Identifier: MIT */
/* What differs between two runs. */
#ifndef MITRACE_DIFF_DIFF_H
#define MITRACE_DIFF_DIFF_H

#include "diff/side.h"

/* In the order in which they are told. */
enum diff_kind { DIFF_NEW, DIFF_GROWN, DIFF_SHRUNK, DIFF_GONE, DIFF_UNCHANGED, DIFF_KINDS };

const char *diff_word(enum diff_kind kind); /* "new" */

struct diff_change {
    enum diff_kind kind;
    const struct diff_finding *before, *after; /* NULL: not there */
};

struct diff_numbers {
    uint64_t before, after;
    bool changed; /* beyond noise */
};

/* Calls of one function. Times in nanoseconds, of calls that ended. */
struct diff_function {
    enum mi_function function;
    struct diff_numbers calls, failed, unreturned, p50, p99;
};

struct diff_handle {
    enum mi_kind kind;
    struct diff_numbers created, open;
};

struct diff {
    const struct diff_side *before, *after;
    GArray *changes; /* struct diff_change: all findings of both, by kind, then the most severe first */
    uint64_t counts[DIFF_KINDS];
    GArray *functions; /* struct diff_function, those with a change; NULL: one side has no statistics */
    GArray *handles;   /* struct diff_handle, those with a change */
    bool worse;        /* there is a new or grown finding of severity error */
};

/* Both sides must outlive the result. */
struct diff *diff_new(const struct diff_side *before, const struct diff_side *after);
void diff_free(struct diff *diff); /* NULL is allowed */

/*
 * noise.c. A count has changed when it differs by more than a twentieth. A percentile has changed when it
 * differs by more than a fifth and the spans in which it lies with 99 % probability, as far as so many calls
 * can tell, do not overlap.
 */
struct diff_numbers diff_counts(uint64_t before, uint64_t after);
struct diff_numbers diff_exact(uint64_t before, uint64_t after); /* changed when not equal */
struct diff_numbers diff_percentiles(const struct stats_histogram *before,
                                     const struct stats_histogram *after, unsigned per_mille);

/* print: text for people, schema mitrace-diff/1 (described in README.md) for machines. */
void diff_append_text(GString *out, const struct diff *diff, bool colour);
void diff_append_json(GString *out, const struct diff *diff, int exit_code);

#endif
