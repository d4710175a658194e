/* SPDX-License-Identifier: MIT */
/* Patterns with `*` and `?`, as suppressions use them. */
#ifndef MITRACE_ACCEPT_GLOB_H
#define MITRACE_ACCEPT_GLOB_H

#include <stdbool.h>

/*
 * Whether `pattern` describes the whole of `text`: `*` stands for any number of characters, `?` for one
 * (UTF-8), everything else for itself. Takes at most as many steps as the text has bytes, times the longest
 * piece of the pattern without `*`; it never tries combinations.
 */
bool accept_glob(const char *pattern, const char *text);

#endif
