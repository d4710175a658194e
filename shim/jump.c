/* SPDX-License-Identifier: MIT */
/*
 * Jumps out of MI and of the shim, above all from handlers of signals. They run no cleanup: what they leave
 * has to be forgotten here, before the program goes on, since its stack may then have any shape.
 */
#include "preload.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>

void preload_jump(uintptr_t target)
{
    struct shim_thread *thread = &preload_thread;

    if (thread->frame != 0 && target > thread->frame) {
        thread->inside = 0;
        thread->frame = 0;
    }
    if (thread->in_gate > 0 && target > thread->gate_frame) {
        thread->in_gate = 1;
        preload_gate_leave();
        if (thread->unwinding) {
            thread->unwinding = false;
            pthread_setcancelstate(thread->cancel, NULL);
        }
    }
}

/* A handler on an alternate stack, wherever that lies, that jumps within itself. */
static bool is_on_alternate_stack(uintptr_t target)
{
    stack_t stack;

    return sigaltstack(NULL, &stack) == 0 && (stack.ss_flags & SS_ONSTACK) != 0 &&
           target - (uintptr_t)stack.ss_sp < stack.ss_size;
}

/* Where glibc's setjmp keeps the stack pointer, and how: other tools rely on that, too. */
static uintptr_t stack_pointer(const struct __jmp_buf_tag *place)
{
    enum { STACK_POINTER = 6 };
    uintptr_t mangled = (uintptr_t)place->__jmpbuf[STACK_POINTER];

    __asm__("ror $17, %0\n\txor %%fs:0x30, %0" : "+r"(mangled) : : "cc");
    return mangled;
}

/* Before longjmp and its relatives. Nothing is asked of a thread that is neither in MI nor in the gate. */
__attribute__((visibility("hidden"))) void preload_before_jump(const struct __jmp_buf_tag *place)
{
    preload_find_real();
    if (preload_thread.frame != 0 || preload_thread.in_gate > 0) {
        uintptr_t target = stack_pointer(place);

        if (!is_on_alternate_stack(target)) {
            preload_jump(target);
        }
    }
}
