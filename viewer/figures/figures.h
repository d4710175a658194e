/* SPDX-License-Identifier: MIT */
/* Measured numbers as people read them, and tables of them. */
#ifndef MITRACE_FIGURES_FIGURES_H
#define MITRACE_FIGURES_FIGURES_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Three significant digits: "830 ns", "12.3 us", "4.50 ms", "10.0 s", "3.33 min", "2.08 h". */
void figures_append_time(GString *out, uint64_t ns);
char *figures_time(uint64_t ns); /* the caller frees it */

/* A table with columns as wide as what stands in them; those in which only headings stand are left out. */
struct figures_table;

/* `columns`: a letter for each column, 'l' or 'r': which side its cells are aligned to. */
struct figures_table *figures_table_new(const char *columns);
void figures_table_free(struct figures_table *table); /* NULL is allowed */

/* Begin a row, which cells are then added to; those that are missing are empty. A heading is bold. */
void figures_table_row(struct figures_table *table);
void figures_table_heading(struct figures_table *table);

/* Add a cell to the last row: takes `text`, one line that is harmless for a terminal. */
void figures_table_cell(struct figures_table *table, char *text);
void figures_table_number(struct figures_table *table, uint64_t number); /* "-" for 0 */

/* A line of its own below the last row, which makes no column wider. Takes `text`. */
void figures_table_line(struct figures_table *table, char *text);

void figures_table_append(const struct figures_table *table, GString *out, bool colour);

#endif
