/* SPDX-License-Identifier: MIT */
/* Standard output whose errors are noticed. Commands print with stdio; main finishes once for all of them. */
#ifndef MITRACE_VIEWER_OUTPUT_H
#define MITRACE_VIEWER_OUTPUT_H

#include <glib.h>
#include <stdbool.h>

/* Write `text` to standard output. False when that failed, now or before: go on to output_finish. */
bool output_write(const GString *text);

/*
 * Flush standard output. Returns `status` when all was written, or when the reader closed the pipe (it has
 * what it wanted); otherwise reports the error in one line and returns EXIT_UNKNOWN.
 */
int output_finish(int status);

#endif
