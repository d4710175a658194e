/* SPDX-License-Identifier: MIT */
/* Numbers with units, and tables. */
#include "figures/figures.h"

#include "report/prose.h"
#include "report/text.h"

#include <inttypes.h>
#include <string.h>

enum { GAP = 2 };

void figures_append_time(GString *out, uint64_t ns)
{
    static const struct {
        const char *unit;
        double ns, next; /* `next`: how many of it make one of the following unit */
    } units[] = {{"ns", 1, 1e3},    {"us", 1e3, 1e3},   {"ms", 1e6, 1e3},       {"s", 1e9, 100},
                 {"min", 6e10, 60}, {"h", 3.6e12, 100}, {"days", 8.64e13, 1e12}};
    size_t i = 0;

    while ((double)ns / units[i].ns >= units[i].next - 0.5 && i + 1 < G_N_ELEMENTS(units)) {
        i++;
    }
    double value = (double)ns / units[i].ns;
    int decimals = i == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
    g_string_append_printf(out, "%.*f %s", decimals, value, units[i].unit);
}

char *figures_time(uint64_t ns)
{
    GString *out = g_string_new(NULL);

    figures_append_time(out, ns);
    return g_string_free(out, FALSE);
}

struct row {
    GPtrArray *cells; /* char *; of a line: the one */
    bool heading, line;
};

struct figures_table {
    char *columns;
    GPtrArray *rows; /* struct row * */
};

static void free_row(gpointer data)
{
    struct row *row = data;

    g_ptr_array_unref(row->cells);
    g_free(row);
}

struct figures_table *figures_table_new(const char *columns)
{
    struct figures_table *table = g_new0(struct figures_table, 1);

    table->columns = g_strdup(columns);
    table->rows = g_ptr_array_new_with_free_func(free_row);
    return table;
}

void figures_table_free(struct figures_table *table)
{
    if (table != NULL) {
        g_ptr_array_unref(table->rows);
        g_free(table->columns);
        g_free(table);
    }
}

static struct row *add_row(struct figures_table *table)
{
    struct row *row = g_new0(struct row, 1);

    row->cells = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(table->rows, row);
    return row;
}

void figures_table_row(struct figures_table *table)
{
    add_row(table);
}

void figures_table_heading(struct figures_table *table)
{
    add_row(table)->heading = true;
}

void figures_table_cell(struct figures_table *table, char *text)
{
    struct row *row = table->rows->pdata[table->rows->len - 1];

    g_assert(row->cells->len < strlen(table->columns));
    g_ptr_array_add(row->cells, text);
}

void figures_table_number(struct figures_table *table, uint64_t number)
{
    figures_table_cell(table, number == 0 ? g_strdup("-") : g_strdup_printf("%" PRIu64, number));
}

void figures_table_line(struct figures_table *table, char *text)
{
    struct row *row = add_row(table);

    row->line = true;
    g_ptr_array_add(row->cells, text);
}

static unsigned columns_of(const char *text)
{
    return report_columns(text, text + strlen(text));
}

/* 0: nothing stands in the column but headings. */
static unsigned width_of(const struct figures_table *table, guint column)
{
    unsigned width = 0;
    bool used = false;

    for (guint i = 0; i < table->rows->len; i++) {
        const struct row *row = table->rows->pdata[i];
        unsigned columns = row->line || column >= row->cells->len ? 0 : columns_of(row->cells->pdata[column]);
        used = used || (!row->heading && columns > 0);
        width = MAX(width, columns);
    }
    return used ? width : 0;
}

static void append_cells(GString *line, const struct figures_table *table, const struct row *row,
                         const unsigned *widths)
{
    guint start = 0; /* columns before this one are filled */

    for (guint i = 0; i < row->cells->len; i++) {
        const char *text = row->cells->pdata[i];
        unsigned blanks = widths[i] - MIN(columns_of(text), widths[i]);
        unsigned before = table->columns[i] == 'r' ? blanks : 0;
        if (widths[i] == 0) {
            continue;
        }
        if (text[0] == '\0') {
            start += widths[i] + GAP;
            continue;
        }
        g_string_append_printf(line, "%*s%s", (int)(start + before), "", text);
        start = blanks - before + GAP;
    }
}

void figures_table_append(const struct figures_table *table, GString *out, bool colour)
{
    const struct text text = {.out = out, .colour = colour};
    g_autofree unsigned *widths = g_new0(unsigned, strlen(table->columns));
    g_autoptr(GString) line = g_string_new(NULL);

    for (guint i = 0; table->columns[i] != '\0'; i++) {
        widths[i] = width_of(table, i);
    }
    for (guint i = 0; i < table->rows->len; i++) {
        const struct row *row = table->rows->pdata[i];
        g_string_truncate(line, 0);
        if (row->line) {
            g_string_append(line, row->cells->pdata[0]);
        } else {
            append_cells(line, table, row, widths);
        }
        if (row->heading) {
            text_coloured(&text, TEXT_BOLD, line->str);
        } else {
            g_string_append(out, line->str);
        }
        g_string_append_c(out, '\n');
    }
}
