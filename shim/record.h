/* SPDX-License-Identifier: MIT */
/*
 * Writing events from inside the traced program. Everything here may run on any of its threads, allocates
 * nothing, takes no lock of ours. Nothing is written when nobody records.
 */
#ifndef MITRACE_SHIM_RECORD_H
#define MITRACE_SHIM_RECORD_H

#include "halves.h"
#include "mi_provider.h"
#include "thread.h"

#include <errno.h>
#include <string.h>

#define RECORD_HIDDEN __attribute__((visibility("hidden")))

extern RECORD_HIDDEN ptrdiff_t record_thread_offset;
extern RECORD_HIDDEN const struct shim_preload *record_preload; /* what the other half offers */

static inline struct shim_thread *record_thread(void)
{
    char *thread_pointer;

    __asm__("mov %%fs:0, %0" : "=r"(thread_pointer));
    return (struct shim_thread *)(thread_pointer + record_thread_offset);
}

/*
 * May this thread record where it must not wait, as under the loader's lock? It is met for that if need be,
 * but not in a child of fork that has recorded nothing yet: LTTng would have to be started there.
 */
RECORD_HIDDEN bool record_knows_itself(void);

/* Ask the system who this thread is and announce it; once per thread, and again in the child of a fork. */
RECORD_HIDDEN void record_meet_thread(struct shim_thread *thread);

/* Fill the two fields that every event has. */
static inline void record_who(struct mi_event *event, struct shim_thread *thread)
{
    if (thread->pid == 0) {
        record_meet_thread(thread);
    }
    event->pid = thread->pid;
    event->tid = thread->tid;
}

/* Real uid and gid by system call: libc and LTTng cache them for the process, MI checks them for the thread.
 */
RECORD_HIDDEN void record_credentials(struct mi_event *event);

/*
 * The program's stack: return addresses, innermost first, without the shim's own frames. `buffer` has room
 * for RECORD_STACK_ROOM addresses and must outlive the event.
 */
#define RECORD_OWN_FRAMES 12 /* most frames of the shim that are looked through */
#define RECORD_STACK_ROOM (MI_STACK_MAX + RECORD_OWN_FRAMES)
RECORD_HIDDEN void record_stack(struct mi_event *event, uint64_t *buffer);

/* Find the unwinder and learn the wanted depth (MITRACE_STACK_DEPTH, 0 to 64, default 24). */
RECORD_HIDDEN void record_stack_start(void);

/* Bytes of a text that an event takes: NULL is the empty text, longer ones than MI_TEXT_MAX are cut. */
RECORD_HIDDEN uint32_t record_text_length(const char *text);

#define RECORD_TEXT(event, field, text)                          \
    do {                                                         \
        const char *record_text = (text);                        \
        (event)->field = record_text != NULL ? record_text : ""; \
        (event)->field##_len = record_text_length(record_text);  \
    } while (0)

/* Record an event of the provider if somebody wants it; `fill` are statements that fill `event`. Keeps errno.
 */
#define RECORD(name, thread, fill)                                \
    do {                                                          \
        if (lttng_ust_tracepoint_enabled(mi, name)) {             \
            struct mi_event record_event, *event = &record_event; \
            int record_errno = errno;                             \
            record_who(event, thread);                            \
            fill lttng_ust_do_tracepoint(mi, name, event);        \
            errno = record_errno;                                 \
        }                                                         \
    } while (0)

/* The same for an event that is filled already, but for pid and tid. */
#define RECORD_FILLED(name, thread, filled)            \
    do {                                               \
        if (lttng_ust_tracepoint_enabled(mi, name)) {  \
            int record_errno = errno;                  \
            record_who(filled, thread);                \
            lttng_ust_do_tracepoint(mi, name, filled); \
            errno = record_errno;                      \
        }                                              \
    } while (0)

/* modules.c: say which modules are mapped, as far as that has not been said. Cheap when nothing changed. */
RECORD_HIDDEN void record_modules(void);
RECORD_HIDDEN void record_modules_again(void); /* the next time, say all of them */
RECORD_HIDDEN void record_modules_lock(void);  /* around a fork */
RECORD_HIDDEN void record_modules_unlock(void);

/* process.c: watch for exits and ends of threads; say what happens. */
RECORD_HIDDEN bool record_process_watch(void);    /* false: there is no key of thread values left */
RECORD_HIDDEN void record_before_thread(void);    /* the program is about to create one */
RECORD_HIDDEN void record_drop_connections(void); /* recorder.c: in the child of a fork */
/* Say who the process is and what is mapped, when recording has begun since the last time. Cheap otherwise.
 */
RECORD_HIDDEN void record_process(void);
RECORD_HIDDEN void record_process_end(enum shim_end how, int status, const char *path);
RECORD_HIDDEN void record_exec_failed(void);
RECORD_HIDDEN void record_before_fork(void); /* halves.h */
RECORD_HIDDEN void record_after_fork_parent(void);
RECORD_HIDDEN void record_after_fork_child(void);

#endif
