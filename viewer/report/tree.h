/* SPDX-License-Identifier: MIT */
/* The open handles of a process as a tree. */
#ifndef MITRACE_REPORT_TREE_H
#define MITRACE_REPORT_TREE_H

#include "analysis.h"

#include <stdbool.h>

/*
 * Append a line for the process, then one for each of its open handles below the handle it came from, with
 * state, age and creator. Unless `all`, handles of one kind that came from one place and have nothing below
 * them share a line when they are many.
 */
void report_append_tree(GString *out, const struct analysis *analysis, struct model_process *process,
                        bool all);

#endif
