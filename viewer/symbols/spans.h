/* SPDX-License-Identifier: MIT */
/* Address ranges that may nest and overlap, and the question which of them holds an address. */
#ifndef MITRACE_SYMBOLS_SPANS_H
#define MITRACE_SYMBOLS_SPANS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct symbols_spans;

/* Never returns NULL. Free with symbols_spans_free, which allows NULL. */
struct symbols_spans *symbols_spans_new(void);
void symbols_spans_free(struct symbols_spans *spans);

/* Adds [start, end) with a value of the caller's. Empty ranges are ignored. Of equal ranges the one with the
 * highest rank is found, then the one added last. Returns false when there are so many ranges that the file
 * they come from must be hostile: add no more. */
bool symbols_spans_add(struct symbols_spans *spans, uint64_t start, uint64_t end, uint64_t value, int rank);

/* Sorts. Call once, after the last symbols_spans_add and before the first symbols_spans_find. */
void symbols_spans_sort(struct symbols_spans *spans);

/* Gives the value of the range that holds address and starts closest to it. False when there is none. */
bool symbols_spans_find(const struct symbols_spans *spans, uint64_t address, uint64_t *value);

#endif
