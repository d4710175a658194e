/* SPDX-License-Identifier: MIT */
/* What a trace could not tell: the sentences that every report carries, and whether a clean verdict is
 * possible. */
#ifndef MITRACE_VIEWER_COVERAGE_H
#define MITRACE_VIEWER_COVERAGE_H

#include "analysis.h"

/* A function table that the recorder left alone: calls through it are invisible. */
struct coverage_table {
    uint32_t pid;
    enum mi_kind kind;
    char *problem;
    uint64_t count; /* tables with the same problem */
};

struct coverage_tables; /* what was seen so far; freed with coverage_tables_free */

struct coverage_tables *coverage_tables_new(void);
void coverage_tables_free(struct coverage_tables *tables); /* NULL is allowed */
void coverage_tables_take(struct coverage_tables *tables, const struct source_event *event);
bool coverage_tables_any(const struct coverage_tables *tables);

/* Add to the summary of the trace at `path` what the trace cannot show and its launcher knows: an end that
 * came too early, losses that LTTng counted last. */
void coverage_add_recording(struct source_summary *summary, const struct launch_info *info, const char *path);

/* Fill analysis->not_checked, facts.seen and facts.whole. */
void coverage_judge(struct analysis *analysis, const struct coverage_tables *tables);

#endif
