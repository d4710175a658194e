/* SPDX-License-Identifier: MIT */
/*
 * libc functions that the shim stands in front of. Where the caller matters (dlopen's RUNPATH, dlsym's
 * RTLD_NEXT) interpose.S jumps to libc's version, so that libc sees the real caller's return address.
 */
#include "bindings.h"
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void *(*dlsym_fn)(void *, const char *);
typedef int (*execve_fn)(const char *, char *const[], char *const[]);
typedef int (*fexecve_fn)(int, char *const[], char *const[]);

/* libc's functions; interpose.S jumps to the first seven. */
void *(*preload_real_dlsym)(void *, const char *);
void *(*preload_real_dlopen)(const char *, int);
preload_create_fn preload_real_pthread_create;
void *preload_real_longjmp, *preload_real__longjmp, *preload_real_siglongjmp, *preload_real___longjmp_chk;
static void (*real_exit)(int);
static execve_fn real_execve, real_execvpe;
static fexecve_fn real_fexecve;

/* A constructor, so that nothing is left to look up in a signal handler; others' constructors may come before
 * it. */
__attribute__((constructor, visibility("hidden"))) void preload_find_real(void)
{
    static const char *const versions[] = {"GLIBC_2.34", "GLIBC_2.2.5"};
    dlsym_fn find = NULL;

    if (preload_real_dlsym != NULL) {
        return;
    }
    for (size_t i = 0; i < 2 && find == NULL; i++) {
        find = (dlsym_fn)dlvsym(RTLD_NEXT, "dlsym", versions[i]);
    }
    preload_real_dlopen = (void *(*)(const char *, int))find(RTLD_NEXT, "dlopen");
    preload_real_pthread_create = (preload_create_fn)find(RTLD_NEXT, "pthread_create");
    preload_real_longjmp = find(RTLD_NEXT, "longjmp");
    preload_real__longjmp = find(RTLD_NEXT, "_longjmp");
    preload_real_siglongjmp = find(RTLD_NEXT, "siglongjmp");
    preload_real___longjmp_chk = find(RTLD_NEXT, "__longjmp_chk");
    real_exit = (void (*)(int))find(RTLD_NEXT, "_exit");
    real_execve = (execve_fn)find(RTLD_NEXT, "execve");
    real_execvpe = (execve_fn)find(RTLD_NEXT, "execvpe");
    real_fexecve = (fexecve_fn)find(RTLD_NEXT, "fexecve");
    preload_find_descriptors(find);
    preload_find_exits(find);
    preload_real_dlsym = find;
}

void *preload_dlsym(void *handle, const char *name)
{
    preload_find_real();
    return preload_real_dlsym(handle, name);
}

/*
 * Constructors have begun to run, ours among them. Before that a sanitizer's runtime is looking for the
 * functions that it stands in front of, with dlsym, and calls to one of them (dl_iterate_phdr) lead nowhere.
 */
atomic_bool preload_started;

__attribute__((constructor)) static void start(void)
{
    atomic_store_explicit(&preload_started, true, memory_order_relaxed);
}

static void scan(void)
{
    int saved_errno = errno;

    preload_gate_enter();
    if (atomic_load_explicit(&preload_started, memory_order_relaxed) && preload_scan() &&
        preload_recorder() != NULL) {
        preload_recorder()->modules_changed();
    }
    preload_gate_leave();
    errno = saved_errno;
}

#define PRELOAD_NOT_FOUND ((void *)-1) /* for interpose.S: the answer is NULL */

/* A program that only asks whether there is an MI must not find ours. */
static void *find_default(void *return_address)
{
    shim_initialize_fn local;

    if (preload_real_dlsym(RTLD_NEXT, PRELOAD_MI) != NULL) {
        return NULL;
    }
    local = preload_definition_near(return_address);
    if (local != NULL) {
        return (void *)preload_stand_in(local);
    }
    preload_real_dlsym(RTLD_NEXT, PRELOAD_MI); /* for dlerror */
    return PRELOAD_NOT_FOUND;
}

/*
 * dlsym(handle, name), before libc's. What this returns goes to the caller, NULL means: jump to libc's. MI on
 * an explicit handle passes our symbol by; RTLD_DEFAULT finds us, or an MI that only the caller's object
 * sees; RTLD_NEXT is asked by those that stand before MI.
 */
__attribute__((visibility("hidden"))) void *preload_before_dlsym(void *handle, const char *name,
                                                                 void *return_address)
{
    shim_initialize_fn real;

    preload_find_real();
    if (preload_thread.inside == 0) {
        scan();
    }
    if (handle == RTLD_NEXT || name == NULL || strcmp(name, PRELOAD_MI) != 0) {
        return NULL;
    }
    if (handle == RTLD_DEFAULT) {
        return find_default(return_address);
    }
    real = (shim_initialize_fn)preload_real_dlsym(handle, name);
    return real != NULL ? (void *)preload_stand_in(real) : NULL;
}

/*
 * Where the loader would find `name` for an object with this search path (RUNPATH, LD_LIBRARY_PATH, ...).
 * False: nowhere on it, or no memory.
 */
static bool search(const struct link_map *caller, const char *name, char *path, size_t size)
{
    Dl_serinfo room, *list = NULL;
    bool found = false;

    if (dlinfo((void *)(uintptr_t)caller, RTLD_DI_SERINFOSIZE, &room) == 0) {
        list = malloc(room.dls_size);
    }
    if (list != NULL) {
        *list = room;
        if (dlinfo((void *)(uintptr_t)caller, RTLD_DI_SERINFO, list) == 0) {
            for (unsigned i = 0; i < list->dls_cnt && !found; i++) {
                found = (size_t)snprintf(path, size, "%s/%s", list->dls_serpath[i].dls_name, name) < size &&
                        access(path, R_OK) == 0;
            }
        }
        free(list);
    }
    return found;
}

/* A loaded object with this DT_SONAME is what libc takes, wherever it would search otherwise. */
static bool is_loaded(const char *name)
{
    void *handle = preload_real_dlopen(name, RTLD_LAZY | RTLD_NOLOAD);
    struct link_map *object;
    bool is_it = false;

    if (handle != NULL) {
        is_it = dlinfo(handle, RTLD_DI_LINKMAP, &object) == 0 && bindings_has_soname(object, name);
        dlclose(handle);
    }
    return is_it;
}

/*
 * A dlopen after which we look at what was loaded: a path, for which the caller does not matter, or a bare
 * name with RTLD_DEEPBIND, whose object may bind past us. The latter is searched for as the loader would for
 * that caller.
 */
__attribute__((visibility("hidden"))) void *preload_dlopen_scanned(const char *path, int flags,
                                                                   void *return_address)
{
    struct link_map *caller = NULL;
    char found[PATH_MAX];
    void *handle;
    Dl_info info;

    if (strchr(path, '/') == NULL && !is_loaded(path) &&
        dladdr1(return_address, &info, (void **)&caller, RTLD_DL_LINKMAP) != 0 && caller != NULL &&
        search(caller, path, found, sizeof(found))) {
        path = found;
    }
    handle = preload_real_dlopen(path, flags);
    if (handle != NULL && preload_thread.inside == 0) {
        scan();
        dlerror(); /* forget what the scan met: for the program, dlopen succeeded */
    }
    return handle;
}

/*
 * Does this dlopen go to preload_dlopen_scanned (true) or straight to libc? The latter for $ORIGIN, which is
 * the caller's folder; the next dlsym scans then.
 */
__attribute__((visibility("hidden"))) bool preload_before_dlopen(const char *path, int flags)
{
    preload_find_real();
    return path != NULL && strchr(path, '$') == NULL &&
           (strchr(path, '/') != NULL || (flags & RTLD_DEEPBIND) != 0);
}

struct thread_birth {
    void *(*run)(void *);
    void *argument;
};

/* First function of a thread that MI creates: all it does is MI's, until it runs a callback. */
static void *run_library_thread(void *argument)
{
    struct thread_birth birth = *(struct thread_birth *)argument;

    free(argument);
    preload_thread.library = true;
    preload_thread.inside = 1;
    return birth.run(birth.argument);
}

/* pthread_create on a thread that is inside MI. Everything else goes straight to libc (interpose.S). */
__attribute__((visibility("hidden"))) int preload_create_library_thread(pthread_t *thread,
                                                                        const pthread_attr_t *attributes,
                                                                        void *(*run)(void *), void *argument)
{
    struct thread_birth *birth = malloc(sizeof(*birth));
    int error;

    if (birth == NULL) {
        return preload_real_pthread_create(thread, attributes, run, argument);
    }
    birth->run = run;
    birth->argument = argument;
    error = preload_real_pthread_create(thread, attributes, run_library_thread, birth);
    if (error != 0) {
        free(birth);
    }
    return error;
}

__attribute__((visibility("hidden"))) bool preload_before_pthread_create(void)
{
    const struct shim_recorder *recorder = preload_recorder();

    preload_find_real();
    if (recorder != NULL) {
        recorder->before_thread();
    }
    return preload_thread.inside > 0;
}

static void record_end(enum shim_end how, int status, const char *path)
{
    const struct shim_recorder *recorder = preload_recorder();

    if (recorder != NULL) {
        recorder->process_end(how, status, path);
    }
}

/* A failed exec returns: take the end back. */
static int exec_returned(int result)
{
    const struct shim_recorder *recorder = preload_recorder();

    if (recorder != NULL) {
        recorder->exec_failed();
    }
    return result;
}

PRELOAD_EXPORT __attribute__((noreturn)) void _exit(int status)
{
    preload_find_real();
    record_end(SHIM_END_UNDERSCORE_EXIT, status, NULL);
    real_exit(status);
    __builtin_unreachable();
}

PRELOAD_EXPORT __attribute__((noreturn)) void _Exit(int status)
{
    _exit(status);
}

PRELOAD_EXPORT int execve(const char *path, char *const argv[], char *const environment[])
{
    preload_find_real();
    record_end(SHIM_END_EXEC, -1, path);
    return exec_returned(real_execve(path, argv, environment));
}

PRELOAD_EXPORT int execv(const char *path, char *const argv[])
{
    return execve(path, argv, environ);
}

PRELOAD_EXPORT int execvpe(const char *file, char *const argv[], char *const environment[])
{
    preload_find_real();
    record_end(SHIM_END_EXEC, -1, file);
    return exec_returned(real_execvpe(file, argv, environment));
}

PRELOAD_EXPORT int execvp(const char *file, char *const argv[])
{
    return execvpe(file, argv, environ);
}

PRELOAD_EXPORT int fexecve(int fd, char *const argv[], char *const environment[])
{
    preload_find_real();
    record_end(SHIM_END_EXEC, -1, "");
    return exec_returned(real_fexecve(fd, argv, environment));
}

/* The execl family: its arguments become an array on the stack, as libc makes it itself. */
#define COLLECT_ARGUMENTS(list, first, argv)                                          \
    va_list list;                                                                     \
    size_t count = 1;                                                                 \
    va_start(list, first);                                                            \
    for (const char *each = first; each != NULL; each = va_arg(list, const char *)) { \
        count++;                                                                      \
    }                                                                                 \
    va_end(list);                                                                     \
    char *argv[count];                                                                \
    va_start(list, first);                                                            \
    argv[0] = (char *)(uintptr_t)first;                                               \
    for (size_t i = 1; i < count; i++) {                                              \
        argv[i] = va_arg(list, char *);                                               \
    }

PRELOAD_EXPORT int execl(const char *path, const char *first, ...)
{
    COLLECT_ARGUMENTS(list, first, argv)
    va_end(list);
    return execve(path, argv, environ);
}

PRELOAD_EXPORT int execlp(const char *file, const char *first, ...)
{
    COLLECT_ARGUMENTS(list, first, argv)
    va_end(list);
    return execvpe(file, argv, environ);
}

PRELOAD_EXPORT int execle(const char *path, const char *first, ...)
{
    char *const *environment;

    COLLECT_ARGUMENTS(list, first, argv)
    environment = va_arg(list, char *const *);
    va_end(list);
    return execve(path, argv, environment);
}
