/* SPDX-License-Identifier: MIT */
/* What the files of this room share. */
#ifndef MITRACE_TIMELINE_TIMELINE_INTERNAL_H
#define MITRACE_TIMELINE_TIMELINE_INTERNAL_H

#include "timeline/line.h"
#include "timeline/repeat.h"
#include "timeline/timeline.h"

struct lane;

struct timeline {
    const struct analysis *analysis;
    struct timeline_options options;
    void (*write)(const GString *lines);
    GHashTable *lanes; /* struct model_thread * -> struct lane * */
    guint room;        /* in it, before those of threads that have ended are removed */
    GHashTable *shown; /* set of struct model_process *: those that have had a lane */
    GString *out;      /* lines that are not written yet */
    struct repeat *repeat;
    struct lane *held; /* NULL: no activity is held back; else it is the one at held_depth of that thread */
    guint held_depth;
    const struct model_process *recent; /* asked for last by timeline_offset ... */
    int64_t recent_begin_ns;            /* ... whose trace begins then */
    guint traces;                       /* how many were begun */
    bool begun;                         /* the heading of the columns is written */
};

/* Since the first event of the trace that `process` is of. */
int64_t timeline_offset(struct timeline *timeline, const struct model_process *process, int64_t time_ns);

bool timeline_wants(const struct timeline *timeline, const struct model_thread *thread);

/* How long an activity that never ended had lasted when its process did. */
int64_t timeline_open_for(const struct timeline *timeline, const struct model_activity *activity);

/* end.c: what threads are inside of at the end, and what they wait for. */
void timeline_tell_end(struct timeline *timeline);

#endif
