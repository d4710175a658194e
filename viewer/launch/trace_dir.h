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
 * See that the directory is there, empty and writable; it is created, with its parents, for our user only.
 * False with one line in error.
 */
bool launch_trace_dir_make(struct launch_trace_dir *directory, GError **error);

/* Nothing was recorded: take away what would be in the way of the next attempt, if it is ours. */
void launch_trace_dir_remove(const struct launch_trace_dir *directory);

#endif
