/* SPDX-License-Identifier: MIT */
/* The directory that a run records into. */
#ifndef MITRACE_LAUNCH_TRACE_DIR_H
#define MITRACE_LAUNCH_TRACE_DIR_H

#include <glib.h>
#include <stdbool.h>

struct launch_trace_dir {
    const char *path; /* absolute */
    bool ours;        /* it was empty or absent: what is in it is ours */
    bool made;        /* it was absent */
};

/*
 * See that the directory is there, empty, ours and for our user only; it is created with its parents. One
 * that belongs to another user is refused. False with one line in error.
 */
bool launch_trace_dir_make(struct launch_trace_dir *directory, GError **error);

/* The trace is complete: what LTTng wrote for our group, too, becomes our user's only. It keeps that when
 * somebody moves it out of the directory. */
void launch_trace_dir_finish(const struct launch_trace_dir *directory);

/* Nothing was recorded: take away what would be in the way of the next attempt, if it is ours. */
void launch_trace_dir_remove(const struct launch_trace_dir *directory);

#endif
