/* SPDX-License-Identifier: MIT */
/*
 * Text from a trace is foreign: names, paths and arguments may hold terminal escapes or broken UTF-8.
 * Whatever is printed goes through here first.
 */
#ifndef MITRACE_REPORT_SAFE_H
#define MITRACE_REPORT_SAFE_H

#include <glib.h>

/*
 * Append `text` as one line of valid UTF-8: bytes that are no UTF-8, control characters (line breaks
 * included) and characters that turn the direction of writing or break lines become \xNN, byte by byte. NULL
 * appends nothing.
 */
void report_append_safe(GString *out, const char *text);

/* The same as a string of its own, which the caller frees. */
char *report_safe(const char *text);

#endif
