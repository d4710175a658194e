/* SPDX-License-Identifier: MIT */
/* Sentences, numbers and times for people. */
#ifndef MITRACE_REPORT_PROSE_H
#define MITRACE_REPORT_PROSE_H

#include <glib.h>
#include <stdint.h>

enum { REPORT_WIDTH = 100 }; /* columns that prose is wrapped at */

/*
 * Append `text` (harmless, in one line) wrapped at `width`: the first line begins at the column where `out`
 * stands, the others are indented by `indent`. Words longer than a line are left whole. No line break at the
 * end.
 */
void report_append_wrapped(GString *out, const char *text, unsigned indent, unsigned width);

/* Columns that harmless text takes on a terminal. */
unsigned report_columns(const char *text, const char *end);

/* "830 ns", "12.3 us", "450 ms", "10.0 s", "3 min 20 s", "2 h 5 min" */
void report_append_duration(GString *out, int64_t ns);

/* "+0.512 s": since `begin_ns` */
void report_append_time(GString *out, int64_t time_ns, int64_t begin_ns);

/* "1 leak", "12 leaks" */
void report_append_count(GString *out, uint64_t count, const char *one, const char *many);

#endif
