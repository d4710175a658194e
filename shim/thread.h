/* SPDX-License-Identifier: MIT */
/*
 * What the shim knows of a thread. It lives in the thread-local storage of libmitrace.so, which is there from
 * the start: a library that is loaded later would have to beg for static TLS. The recorder reaches it by its
 * offset.
 */
#ifndef MITRACE_SHIM_THREAD_H
#define MITRACE_SHIM_THREAD_H

#define SHIM_THREAD_TABLE 0 /* offset of `table`, for thunks.S */

#ifndef __ASSEMBLER__
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shim_thread {
    uint32_t
        table; /* set by a thunk right before its wrapper: number of the function table that was called */
    uint32_t
        inside; /* > 0: the thread runs MI's code, its MI calls are MI's own. 0 again while a callback runs */
    uintptr_t frame; /* stack address of the wrapper that made `inside` > 0; 0 on a thread that MI created */
    uint32_t pid;    /* 0: not asked yet; the child of a fork asks again */
    uint32_t tid;
    uint32_t call;        /* number of the last call */
    uint32_t in_gate;     /* gate.c: depth */
    uintptr_t gate_frame; /* stack address where it was entered */
    int cancel;           /* while unwinding: the program's own cancellation state */
    bool unwinding;       /* inside libunwind: the pipe it opens is ours, not the program's */
    bool library;         /* created by MI */
    bool announced;       /* its thread_start event was recorded */
    bool meeting;         /* starts LTTng in the child of a fork; LTTng creates threads in there */
    bool ending;          /* its destructors run */
};

static_assert(offsetof(struct shim_thread, table) == SHIM_THREAD_TABLE, "thunks.S writes here");
#endif

#endif
