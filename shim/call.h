/* SPDX-License-Identifier: MIT */
/*
 * Whose call is it? A call that enters MI on a thread that is not inside MI already is the program's; what MI
 * calls while it runs one, or on a thread it created, is its own. Return addresses would not tell: compilers
 * make tail calls, and MI can be linked into the program's own library.
 */
#ifndef MITRACE_SHIM_CALL_H
#define MITRACE_SHIM_CALL_H

#include "record.h"

/* One call of the program, on its wrapper's stack. */
struct shim_call {
    struct shim_thread *thread;
    uint32_t number;
    bool returned; /* false when the wrapper is left by an exception or the end of the thread */
};

/* A wrapper was left by a jump that nobody saw (jump.c sees longjmp): forget it. */
RECORD_HIDDEN void call_jumped(const void *frame);

/*
 * Is a call that arrives at stack address `frame` MI's own? A wrapper that was left in some odd way never
 * said goodbye; it shows by its frame being deeper in the stack than the new one.
 */
static inline bool call_is_internal(struct shim_thread *thread, const void *frame)
{
    if (thread->inside == 0) {
        return false;
    }
    if (thread->frame == 0 || (uintptr_t)frame < thread->frame) {
        return true;
    }
    call_jumped(frame);
    return false;
}

static inline void call_enter(struct shim_call *call, struct shim_thread *thread)
{
    call->thread = thread;
    call->number = ++thread->call;
    call->returned = false;
    thread->inside = 1;
    thread->frame = (uintptr_t)call;
}

/* MI's function has returned: the thread is the program's again. */
static inline void call_leave(struct shim_call *call)
{
    call->returned = true;
    call->thread->inside = 0;
    call->thread->frame = 0;
}

/* Cleanup of a wrapper: does nothing after call_leave. */
RECORD_HIDDEN void call_cleanup(struct shim_call *call);
#define SHIM_CALL(name) struct shim_call name __attribute__((cleanup(call_cleanup)))

#endif
