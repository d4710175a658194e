/* SPDX-License-Identifier: MIT */
/* Statistics as text for people and as JSON for machines. */
#ifndef MITRACE_STATS_PRINT_H
#define MITRACE_STATS_PRINT_H

#include "analysis.h"
#include "stats/stats.h"

/* What the rows of a table are sorted by, the largest first. */
enum stats_order { STATS_BY_CALLS, STATS_BY_TIME, STATS_BY_MAX };

/* Which functions, starting functions and callbacks have an entry, sorted: unsigned, to be freed by the
 * caller (g_array_unref). */
GArray *stats_sorted_functions(const struct stats *stats, enum stats_order order);
GArray *stats_sorted_operations(const struct stats *stats, enum stats_order order);
GArray *stats_sorted_callbacks(const struct stats *stats, enum stats_order order);

void stats_append_text(GString *out, const struct stats *stats, const struct analysis *analysis,
                       enum stats_order order, bool colour);

/* Schema mitrace-stats/1, described in README.md. */
void stats_append_json(GString *out, const struct stats *stats, const struct analysis *analysis,
                       enum stats_order order);

#endif
