/* SPDX-License-Identifier: MIT */
/* One of the two runs that are compared: what was found in it, and what it cost. */
#ifndef MITRACE_DIFF_SIDE_H
#define MITRACE_DIFF_SIDE_H

#include "analysis.h"
#include "stats/stats.h"

#include <stdbool.h>

struct diff_finding {
    char *fingerprint; /* what makes it the same finding as one of the other run */
    char *rule;
    char *message;
    char *place; /* "open_session at client.c:42": where it happened or was created; NULL: not known */
    enum finding_severity severity;
    enum finding_kind kind;
    uint64_t count;
};

struct diff_handles {
    uint64_t created;
    uint64_t open; /* when the run ended */
};

struct diff_side {
    char *path;
    bool report;          /* read from a JSON report: it has no statistics */
    GHashTable *findings; /* fingerprint -> struct diff_finding *; suppressed ones are left out */
    struct diff_handles handles[MI_KIND_COUNT];
    struct stats *stats;    /* NULL: none */
    bool complete;          /* nothing is known to be missing from the trace */
    GPtrArray *not_checked; /* char *, one sentence each: what looks like a difference, or hides one */
};

/* What an analysis of `path` found; takes `stats`. The analysis is no longer needed then. */
struct diff_side *diff_side_new(const char *path, const struct analysis *analysis, struct stats *stats);
void diff_side_free(struct diff_side *side); /* NULL is allowed */

/* Is it a regular file that begins as JSON does? */
bool diff_is_report(const char *path);

/* Read a JSON report of schema mitrace-report/1. NULL with one line in `error` when it is none. */
struct diff_side *diff_side_read(const char *path, GError **error);

/* side.c to report.c: an empty side; one more finding, which is taken; a frame as a place. */
struct diff_side *diff_side_empty(const char *path);
void diff_side_add(struct diff_side *side, struct diff_finding *finding);
char *diff_side_place(const struct symbols_frame *frame);

#endif
