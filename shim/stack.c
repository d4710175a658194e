/* SPDX-License-Identifier: MIT */
/*
 * Stacks by libunwind's unw_backtrace: about 6 ns a frame once warm. libunwind is opened with RTLD_LOCAL:
 * linked, it would take over the program's own _Unwind_* functions.
 */
#include "record.h"

#include <dlfcn.h>
#include <execinfo.h>
#include <pthread.h>
#include <stdlib.h>

#define USUAL_OWN_FRAMES 4 /* this file and a wrapper; two more for each callback that is being run */

static int (*unwind)(void **buffer, int size);
static unsigned depth = 24;

/* The text of this library, from the linker. */
extern const char __ehdr_start[] RECORD_HIDDEN, etext[] RECORD_HIDDEN;

/*
 * libunwind frees its cache when a thread ends, in the last round of destructors, by a lock; ThreadSanitizer
 * has forgotten the thread by then and crashes. libc's backtrace is slower and keeps nothing.
 */
static void find_unwinder(void)
{
    bool sanitized = dlsym(RTLD_DEFAULT, "__tsan_init") != NULL;
    void *library = sanitized ? NULL : dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);

    if (library != NULL) {
        unwind = (int (*)(void **, int))dlsym(library, "unw_backtrace");
    } else if (sanitized) {
        unwind = backtrace;
    }
}

void record_stack_start(void)
{
    const char *wanted = getenv("MITRACE_STACK_DEPTH");

    if (wanted != NULL && wanted[0] != '\0') {
        unsigned long number = strtoul(wanted, NULL, 10);
        depth = number > MI_STACK_MAX ? MI_STACK_MAX : (unsigned)number;
    }
    if (depth > 0) {
        find_unwinder();
    }
}

static bool is_within(uint64_t address, const char *start, const char *end)
{
    return address - (uint64_t)(uintptr_t)start < (uint64_t)(end - start);
}

static bool is_own(uint64_t address)
{
    return is_within(address, __ehdr_start, etext) ||
           is_within(address, record_preload->start, record_preload->end);
}

/* Drops our own among the first `count` frames. Returns how many are left. */
static unsigned drop_own(uint64_t *frames, unsigned count)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < count; i++) {
        frames[kept] = frames[i];
        kept += !is_own(frames[i]);
    }
    return kept;
}

/* At most `most` frames of the program and of ours; *full tells that there may be more. */
static unsigned walk(uint64_t *frames, unsigned most, bool *full)
{
    struct shim_thread *thread = record_thread();
    int count;

    /* a cold unwind has cancellation points */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &thread->cancel);
    record_preload->gate_enter();
    thread->unwinding = true;
    count = unwind((void **)frames, (int)most);
    thread->unwinding = false;
    record_preload->gate_leave();
    pthread_setcancelstate(thread->cancel, NULL);
    *full = count >= (int)most;
    return count > 0 ? drop_own(frames, (unsigned)count) : 0;
}

void record_stack(struct mi_event *event, uint64_t *buffer)
{
    unsigned count = 0;
    bool full;

    if (unwind != NULL && depth > 0) {
        count = walk(buffer, depth + USUAL_OWN_FRAMES, &full);
        if (count < depth && full) {
            count = walk(buffer, depth + RECORD_OWN_FRAMES, &full);
        }
    }
    event->stack = buffer;
    event->stack_len = count < depth ? count : depth;
}
