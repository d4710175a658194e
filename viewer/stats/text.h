/* SPDX-License-Identifier: MIT */
/* The parts of the text form to one another. */
#ifndef MITRACE_STATS_TEXT_H
#define MITRACE_STATS_TEXT_H

#include "figures/figures.h"
#include "stats/print.h"

/* Columns of the table of functions, operations and callbacks: name, count, failed, percentiles, max, total,
 * in MI. */
#define STATS_COLUMNS "lrrrrrrrrr"

void stats_add_functions(struct figures_table *table, const struct stats *stats, enum stats_order order);
void stats_add_operations(struct figures_table *table, const struct stats *stats, enum stats_order order);
void stats_add_callbacks(struct figures_table *table, const struct stats *stats, enum stats_order order);

void stats_heading(struct figures_table *table, const char *const *titles); /* ended by NULL */
void stats_time_cell(struct figures_table *table, uint64_t ns, bool known); /* "-" when it is not known */

#endif
