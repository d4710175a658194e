/* SPDX-License-Identifier: MIT */
/* The parts of libmitrace.so to one another. */
#ifndef MITRACE_SHIM_PRELOAD_H
#define MITRACE_SHIM_PRELOAD_H

#include "halves.h"
#include "thread.h"

#include <pthread.h>
#include <stdatomic.h>

#define PRELOAD_EXPORT __attribute__((visibility("default")))
#define PRELOAD_MI     "MI_Application_InitializeV1"

/* This thread's state; initial-exec, so it exists before any of our code runs and costs one instruction. */
extern __thread struct shim_thread preload_thread;

/* The recorder, NULL while the process has not used MI or when it cannot be loaded. */
const struct shim_recorder *preload_recorder(void);

/* MI_Application_InitializeV1 for a caller that is bound to `real`; loads the recorder first. Errors as MI's.
 */
MI_Result preload_initialize(shim_initialize_fn real, MI_Uint32 flags, const MI_Char *application_id,
                             MI_Instance **error, MI_Application *out);

/*
 * stand_ins.c: a function of ours that stands for `real`, an MI_Application_InitializeV1 that the program
 * would reach without us; one for each copy of MI that is loaded. Returns `real` itself, and says so in the
 * trace, when there are more copies than we have functions.
 */
shim_initialize_fn preload_stand_in(shim_initialize_fn real);
bool preload_is_stand_in(shim_initialize_fn function);

/* The recorder is there: say what could not be said before. */
void preload_say_unwatched(void);

/* MI as the object around `inside` would find it in what it is linked with; NULL: it would not, or finds us.
 */
shim_initialize_fn preload_definition_near(void *inside);

/* libc's dlsym, past our own. RTLD_NEXT means the objects after libmitrace.so. NULL: not found. */
void *preload_dlsym(void *handle, const char *name);

/* libc's dlopen, set by preload_find_real, which may be called any number of times. */
extern void *(*preload_real_dlopen)(const char *path, int flags);
void preload_find_real(void);

/* descriptors.c and last.c: look up libc's functions by `find`. */
void preload_find_descriptors(void *(*find)(void *, const char *));
void preload_find_exits(void *(*find)(void *, const char *));

/* Is it one of LTTng's or libunwind's, which the program does not know of? No lock, async-signal-safe. */
bool preload_keeps_descriptor(int fd);

/* LTTng is about to close it: the number will be anybody's. Harmless for others. */
void preload_release_descriptor(int fd);

/* Constructors have begun to run: not so while a sanitizer's runtime sets itself up. */
extern atomic_bool preload_started;

/*
 * gate.c: between enter and leave no fork happens, unless it has waited for a second. They nest.
 */
void preload_gate_enter(void);
void preload_gate_pass(void); /* for any code but ours: enter without waiting for a fork that has begun */
void preload_gate_leave(void);

/*
 * jump.c: the thread goes on at stack address `target`, and what it was inside of below that (a wrapper, the
 * gate, the unwinder) was left without a word. Async-signal-safe.
 */
void preload_jump(uintptr_t target);

/*
 * last.c: a pthread_create whose threads do not keep the process alive, from libc's own `create`; when the
 * recorder was loaded, wait for the last thread if main has left already; and in the child of a fork.
 */
typedef int (*preload_create_fn)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
extern preload_create_fn preload_real_pthread_create;
preload_create_fn preload_uncounted(preload_create_fn create);
void preload_thread_leaves(void); /* this thread ends, and perhaps it is main */
void preload_wait_for_last(void);
void preload_last_in_child(void);

/* What stands in the way of recording here: one line for a person; NULL when nothing does. */
const char *preload_unfit(void);

/* Call function(argument) on another stack, whose highest address is `top`. In interpose.S. */
void preload_on_stack(void (*function)(void *), void *argument, void *top);

/*
 * Look at the objects that were loaded since the last time and mend the bindings that pass us by
 * (RTLD_DEEPBIND): MI_Application_InitializeV1 everywhere, pthread_create in MI's own object. Cheap when
 * nothing changed. Returns whether objects were loaded or unloaded.
 */
bool preload_scan(void);

/*
 * Let what the object around `inside` asks of libc go to libc, past what the program has put before it: a
 * thread of LTTng's that came by a function of the program's could wait there for the loader's lock, which
 * the thread that loads LTTng holds. In the child of a fork the address sanitizer's leak check complains of
 * each thread that the sanitizer knew of.
 */
void preload_detach(const void *inside);

/* getenv, as LTTng finds it. */
char *preload_getenv(const char *name);

/* What the program calls; exported. */
MI_Result MI_Application_InitializeV1(MI_Uint32 flags, const MI_Char *application_id, MI_Instance **error,
                                      MI_Application *out);

/*
 * For the recorder, exported: `fd` is LTTng's from now on, and the program can neither close nor replace it.
 * Returns its new number, out of the program's way; -1 when it is gone already.
 */
int mitrace_keep_descriptor(int fd);

/* LTTng, whose two libraries have one function each, is about to begin. */
void mitrace_lttng_begins(const void *const functions[2]);

#endif
