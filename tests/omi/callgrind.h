/* SPDX-License-Identifier: MIT */
/* Counting calls without mitrace: what callgrind saw go from one shared object into another. */
#ifndef MITRACE_TESTS_CALLGRIND_H
#define MITRACE_TESTS_CALLGRIND_H

#include <stdbool.h>

/* Is there a valgrind to count with? */
bool callgrind_is_here(void);

/*
 * Of the callgrind profile at `path` (written without --separate-callers): the calls into the object whose
 * file is named `library` from objects that are neither it nor the C library or loader, which call
 * constructors and thread functions. -1: no such profile. Source of the form: the manual of callgrind,
 * "Callgrind Format Specification".
 */
long callgrind_calls_into(const char *path, const char *library);

#endif
