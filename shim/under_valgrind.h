/* SPDX-License-Identifier: MIT */
/*
 * What Valgrind must be told: Helgrind, since it does not know C11's atomics, would report the program's own
 * calls as races with us, and all its tools take a near stack of ours for growth of the program's. Each of
 * these is a handful of instructions that do nothing outside Valgrind, and nothing at all when mitrace is
 * built without Valgrind's headers. Any thread. Source: "Helgrind Client Requests" and "The Client Request
 * mechanism", Valgrind's manual.
 */
#ifndef MITRACE_SHIM_UNDER_VALGRIND_H
#define MITRACE_SHIM_UNDER_VALGRIND_H

#if __has_include(<valgrind/helgrind.h>)
#include <valgrind/helgrind.h>

/* Each word of `size` bytes at `address` is written atomically: whoever reads it, reads something right. */
#define HELGRIND_ATOMIC(address, size) VALGRIND_HG_DISABLE_CHECKING(address, size)
/* What was written before HELGRIND_GIVE(object) is seen after HELGRIND_TAKE(object). */
#define HELGRIND_GIVE(object) ANNOTATE_HAPPENS_BEFORE(object)
#define HELGRIND_TAKE(object) ANNOTATE_HAPPENS_AFTER(object)
/* `size` bytes at `stack` are a stack. Returns its number, for the end. */
#define VALGRIND_STACK_BEGIN(stack, size) VALGRIND_STACK_REGISTER(stack, (stack) + (size))
#define VALGRIND_STACK_END(number)        VALGRIND_STACK_DEREGISTER(number)
#else
#define HELGRIND_ATOMIC(address, size)    ((void)0)
#define HELGRIND_GIVE(object)             ((void)0)
#define HELGRIND_TAKE(object)             ((void)0)
#define VALGRIND_STACK_BEGIN(stack, size) 0
#define VALGRIND_STACK_END(number)        ((void)(number))
#endif

#endif
