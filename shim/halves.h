/* SPDX-License-Identifier: MIT */
/*
 * The seam between the two halves of the shim. libmitrace.so is preloaded into every process and links
 * nothing but libc; libmitrace-recorder.so, with LTTng-UST behind it, is loaded when a process first uses MI.
 */
#ifndef MITRACE_SHIM_HALVES_H
#define MITRACE_SHIM_HALVES_H

#include "mi_abi.h"
#include "mi_events.h"

#include <stdbool.h>
#include <stddef.h>

typedef MI_Result (*shim_initialize_fn)(MI_Uint32, const MI_Char *, MI_Instance **, MI_Application *);

/* How a process ends, the field `how` of process_end. */
enum shim_end { SHIM_END_EXIT, SHIM_END_UNDERSCORE_EXIT, SHIM_END_EXEC };

/* What the recorder needs of the preloaded half. */
struct shim_preload {
    ptrdiff_t thread_offset; /* of struct shim_thread from the thread pointer */
    /* Why this process is not recorded, for `mitrace`; the first one is heard. */
    void (*tell)(const char *why);
    /* Around what takes locks of the loader or of libunwind: see gate.c. They nest. */
    void (*gate_enter)(void);
    void (*gate_leave)(void);
    bool (*keeps_descriptor)(int fd); /* descriptors.c */
    const char *start, *end;          /* of the preloaded half's headers and code: frames of ours */
    /* memory.h: here, so that the two halves never write to a page at once. */
    bool (*is_code)(void *const *addresses, size_t count);
    uintptr_t (*home)(const void *address);
    bool (*write_memory)(void *start, size_t size, void (*write)(void *context), void *context);
    /* The thread is seen at stack address `target`: what was below it was left by a jump. See jump.c. */
    void (*jump)(uintptr_t target);
    void (*thread_leaves)(void); /* this one ends, and not by pthread_exit perhaps */
};

/* What the preloaded half calls in the recorder. No function here fails or changes errno. */
struct shim_recorder {
    /* A call of MI_Application_InitializeV1 by the program; `real` is MI's function. */
    MI_Result (*initialize)(shim_initialize_fn real, MI_Uint32 flags, const MI_Char *application_id,
                            MI_Instance **error, MI_Application *out);
    /* The program reaches a copy of MI by `real` itself, and what it does there is not seen. */
    void (*unwatched)(shim_initialize_fn real);
    /* Libraries may have been loaded or unloaded. */
    void (*modules_changed)(void);
    /* The program is about to create a thread. */
    void (*before_thread)(void);
    /* The process is about to end or to be replaced. `path`: the new image, NULL otherwise. */
    void (*process_end)(enum shim_end how, int status, const char *path);
    void (*exec_failed)(void);
    /* Around a fork, by the thread that forks: take every lock, release them. */
    void (*before_fork)(void);
    void (*after_fork_parent)(void);
    void (*after_fork_child)(void);
};

/* The recorder's only export: NULL when it cannot work here. Several threads may call it at once, and again.
 */
#define SHIM_RECORDER_START "mitrace_recorder_start"
typedef const struct shim_recorder *(*shim_recorder_start_fn)(const struct shim_preload *preload);

#endif
