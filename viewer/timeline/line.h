/* SPDX-License-Identifier: MIT */
/* One line of a timeline: when, how long, which thread, what. */
#ifndef MITRACE_TIMELINE_LINE_H
#define MITRACE_TIMELINE_LINE_H

#include "timeline/timeline.h"

/* How much of an activity a line tells. */
enum line_part { LINE_WHOLE, LINE_BEGIN, LINE_END, LINE_NEVER };

/* How a call was left. */
enum line_end { LINE_RETURNED, LINE_UNWOUND, LINE_UNSEEN };

struct line {
    enum line_part part;
    enum line_end end;
    int64_t time_ns; /* since the trace's first event */
    int64_t took_ns; /* -1: not known; of LINE_NEVER: so far */
    unsigned depth;  /* activities of the thread around this one */
    const struct model_activity *activity;
    const char *waited; /* for what a call waited: "operation 1"; NULL: nothing is known */
};

/* "+0.001234" */
void line_append_time(GString *out, int64_t time_ns);

/* "MI_Session_Close on session 1 (host-a)"; `names`: with the names of handles. */
void line_append_subject(GString *out, const struct model_activity *activity, bool names);

/* ": OK, session 1 (host-a)": what happened, as far as the line tells it. */
void line_append_rest(GString *out, const struct line *line, bool names);

void line_append_columns(GString *out); /* the heading that says what the columns are */
void line_append(GString *out, const struct line *line, const struct timeline_options *options);

/* A line that stands in the column of texts, at that depth. */
void line_append_note(GString *out, unsigned depth, const char *text, const struct timeline_options *options);

/* Operations, sessions and hosted providers that are open below `handle`: "operation 1 and 2 more"; NULL:
 * none. The caller frees it. */
char *line_open_below(struct model_handle *handle);

#endif
