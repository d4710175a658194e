/* SPDX-License-Identifier: MIT */
/*
 * What threads did, in the order of time: a line for each call and callback, or two, where it begins and
 * where it ends, when something else happened in between. Written while the trace is read; memory grows with
 * threads and with what they are inside of, not with events.
 */
#ifndef MITRACE_TIMELINE_TIMELINE_H
#define MITRACE_TIMELINE_TIMELINE_H

#include "analysis.h"

#include <stdbool.h>

struct timeline_options {
    int64_t from_ns, to_ns; /* since a trace's first event: what is shown overlaps this span */
    uint32_t tid;           /* show this thread only; 0: all */
    unsigned width;         /* columns; 0: lines are not cut */
    bool all;               /* a line for each of many calls that are alike */
    bool several;           /* there are several traces: name each where it begins */
    bool colour;
};

struct timeline;

/*
 * Watch analysis->model, before its first event. `write` gets one or more whole lines at a time, harmless for
 * a terminal. `options` is copied. To be freed with timeline_free.
 */
struct timeline *timeline_new(const struct analysis *analysis, const struct timeline_options *options,
                              void (*write)(const GString *lines));
void timeline_free(struct timeline *timeline); /* NULL is allowed */

/* After the analysis is complete: write what is left, and what every thread is inside of at the end. */
void timeline_finish(struct timeline *timeline);

#endif
