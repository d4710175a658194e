/* SPDX-License-Identifier: MIT */
/* In which order rows are shown. */
#include "stats/print.h"

struct weight {
    unsigned index;
    uint64_t weight;
};

/* `open_ns`: of what has not ended. */
static uint64_t weigh(uint64_t calls, const struct stats_histogram *times, uint64_t open_ns,
                      enum stats_order order)
{
    switch (order) {
    case STATS_BY_TIME:
        return times->total + MIN(open_ns, UINT64_MAX - times->total);
    case STATS_BY_MAX:
        return MAX(times->largest, open_ns);
    default:
        return calls;
    }
}

/* Equals stay in the order of the tables. */
static gint compare(gconstpointer left, gconstpointer right)
{
    const struct weight *a = left, *b = right;

    if (a->weight != b->weight) {
        return a->weight < b->weight ? 1 : -1;
    }
    return (a->index > b->index) - (a->index < b->index);
}

static GArray *sorted(struct weight *weights, unsigned count)
{
    GArray *indexes = g_array_new(FALSE, FALSE, sizeof(unsigned));

    qsort(weights, count, sizeof(*weights), compare);
    for (unsigned i = 0; i < count; i++) {
        g_array_append_val(indexes, weights[i].index);
    }
    return indexes;
}

GArray *stats_sorted_functions(const struct stats *stats, enum stats_order order)
{
    struct weight weights[MI_FN_COUNT];
    unsigned count = 0;

    for (unsigned i = 0; i < MI_FN_COUNT; i++) {
        const struct stats_function *row = stats->functions[i];
        if (row != NULL) {
            weights[count++] = (struct weight){i, weigh(row->calls, &row->times, row->open_ns, order)};
        }
    }
    return sorted(weights, count);
}

GArray *stats_sorted_operations(const struct stats *stats, enum stats_order order)
{
    struct weight weights[MI_FN_COUNT];
    unsigned count = 0;

    for (unsigned i = 0; i < MI_FN_COUNT; i++) {
        const struct stats_operation *row = stats->operations[i];
        if (row != NULL) {
            weights[count++] = (struct weight){i, weigh(row->started, &row->final, 0, order)};
        }
    }
    return sorted(weights, count);
}

GArray *stats_sorted_callbacks(const struct stats *stats, enum stats_order order)
{
    struct weight weights[MI_CB_COUNT];
    unsigned count = 0;

    for (unsigned i = 0; i < MI_CB_COUNT; i++) {
        const struct stats_callback *row = stats->callbacks[i];
        if (row != NULL) {
            weights[count++] = (struct weight){i, weigh(row->calls, &row->times, row->open_ns, order)};
        }
    }
    return sorted(weights, count);
}
