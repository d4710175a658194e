/* SPDX-License-Identifier: MIT */
/* A sorted array of ranges, each knowing how far those before it reach. */
#include "symbols/spans.h"

enum { SPANS_MAX = 1 << 22 };

struct span {
    uint64_t start;
    uint64_t end;
    uint64_t reach; /* the highest end of this and all spans before it: where a search backwards may stop */
    uint64_t value;
    int rank;
    unsigned sequence;
};

struct symbols_spans {
    GArray *array; /* of struct span */
};

struct symbols_spans *symbols_spans_new(void)
{
    struct symbols_spans *spans = g_new(struct symbols_spans, 1);
    spans->array = g_array_new(FALSE, FALSE, sizeof(struct span));
    return spans;
}

void symbols_spans_free(struct symbols_spans *spans)
{
    if (spans == NULL)
        return;
    g_array_free(spans->array, TRUE);
    g_free(spans);
}

bool symbols_spans_add(struct symbols_spans *spans, uint64_t start, uint64_t end, uint64_t value, int rank)
{
    const struct span span = {
        .start = start, .end = end, .value = value, .rank = rank, .sequence = spans->array->len};
    if (spans->array->len >= SPANS_MAX)
        return false;
    if (start < end)
        g_array_append_val(spans->array, span);
    return true;
}

static int compare(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

/* The search goes backwards: of spans with one start the narrowest, then the best, must come last. */
static int compare_spans(const void *left, const void *right)
{
    const struct span *a = left;
    const struct span *b = right;
    if (a->start != b->start)
        return compare(a->start, b->start);
    if (a->end != b->end)
        return compare(b->end, a->end);
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return compare(a->sequence, b->sequence);
}

void symbols_spans_sort(struct symbols_spans *spans)
{
    uint64_t reach = 0;
    g_array_sort(spans->array, compare_spans);
    for (unsigned i = 0; i < spans->array->len; i++) {
        struct span *span = &g_array_index(spans->array, struct span, i);
        reach = MAX(reach, span->end);
        span->reach = reach;
    }
}

/* The number of spans that start at or below address. */
static unsigned count_started(const GArray *array, uint64_t address)
{
    unsigned low = 0;
    unsigned high = array->len;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (g_array_index(array, struct span, middle).start <= address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool symbols_spans_find(const struct symbols_spans *spans, uint64_t address, uint64_t *value)
{
    for (unsigned i = count_started(spans->array, address); i > 0; i--) {
        const struct span *span = &g_array_index(spans->array, struct span, i - 1);
        if (span->reach <= address)
            return false;
        if (span->end > address) {
            *value = span->value;
            return true;
        }
    }
    return false;
}
