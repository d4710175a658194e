/* SPDX-License-Identifier: MIT */
/*
 * What Helgrind must be told, since it does not know C11's atomics: it would report the program's own calls
 * as races with us. Each of these is a handful of instructions that do nothing outside Valgrind, and nothing
 * at all when mitrace is built without Valgrind's headers. Any thread. Source: "Helgrind Client Requests",
 * Valgrind's manual.
 */
#ifndef MITRACE_SHIM_HELGRIND_H
#define MITRACE_SHIM_HELGRIND_H

#if __has_include(<valgrind/helgrind.h>)
#include <valgrind/helgrind.h>

/* Each word of `size` bytes at `address` is written atomically: whoever reads it, reads something right. */
#define HELGRIND_ATOMIC(address, size) VALGRIND_HG_DISABLE_CHECKING(address, size)
/* What was written before HELGRIND_GIVE(object) is seen after HELGRIND_TAKE(object). */
#define HELGRIND_GIVE(object) ANNOTATE_HAPPENS_BEFORE(object)
#define HELGRIND_TAKE(object) ANNOTATE_HAPPENS_AFTER(object)
#else
#define HELGRIND_ATOMIC(address, size) ((void)0)
#define HELGRIND_GIVE(object)          ((void)0)
#define HELGRIND_TAKE(object)          ((void)0)
#endif

#endif
