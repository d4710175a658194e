/* SPDX-License-Identifier: MIT */
/*
 * Stacks by libunwind's unw_backtrace: about 6 ns a frame once warm. libunwind is opened with RTLD_LOCAL:
 * linked, it would take over the program's own _Unwind_* functions.
 */
#include "record.h"

#include <dlfcn.h>
#include <stdlib.h>

#define OWN_FRAMES                                                                           \
    12 /* of the shim: this file and a wrapper; two more for each callback that is being run \
        */

static int (*unwind)(void **buffer, int size);
static unsigned depth = 24;

/* The text of this library, from the linker. */
extern const char __ehdr_start[] RECORD_HIDDEN, etext[] RECORD_HIDDEN;

void record_stack_start(void)
{
    const char *wanted = getenv("MITRACE_STACK_DEPTH");
    void *library;

    if (wanted != NULL && wanted[0] != '\0') {
        unsigned long number = strtoul(wanted, NULL, 10);
        depth = number > MI_STACK_MAX ? MI_STACK_MAX : (unsigned)number;
    }
    if (depth > 0 && (library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL)) != NULL) {
        unwind = (int (*)(void **, int))dlsym(library, "unw_backtrace");
    }
}

static bool is_own(const void *address)
{
    return (const char *)address >= __ehdr_start && (const char *)address < etext;
}

void record_stack(struct mi_event *event, uint64_t *buffer)
{
    void *frames[MI_STACK_MAX + OWN_FRAMES];
    struct shim_thread *thread = record_thread();
    int count = 0;

    if (unwind != NULL && depth > 0) {
        thread->unwinding = true;
        count = unwind(frames, (int)depth + OWN_FRAMES);
        thread->unwinding = false;
    }
    event->stack = buffer;
    event->stack_len = 0;
    for (int i = 0; i < count && event->stack_len < depth; i++) {
        if (!is_own(frames[i])) {
            buffer[event->stack_len++] = (uint64_t)(uintptr_t)frames[i];
        }
    }
}
