/* SPDX-License-Identifier: MIT */
/*
 * The way in: MI_Application_InitializeV1 as the program finds it, and the loading of the recorder on first
 * use. A program that never calls it pays for an unused library of a few pages.
 */
#include "preload.h"

#include "memory.h"
#include "raw.h"
#include "under_valgrind.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <link.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

__thread struct shim_thread preload_thread __attribute__((tls_model("initial-exec")));

/* Of this library, by the linker. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char etext[] __attribute__((visibility("hidden")));

static _Atomic(const struct shim_recorder *) recorder;
static atomic_bool recorder_tried;

static ptrdiff_t thread_offset(void)
{
    char *thread_pointer;

    __asm__("mov %%fs:0, %0" : "=r"(thread_pointer));
    return (char *)&preload_thread - thread_pointer;
}

/*
 * LTTng waits for the session daemon when it begins, also in the child of a fork, and 3 seconds if that
 * hangs. Where the user has not said how long, say half a second, to LTTng only: the environment is the
 * program's, whose other threads may be reading or changing it.
 */
char *preload_getenv(const char *name)
{
    static char wait[] = "500";
    char *value = getenv(name);

    return value == NULL && strcmp(name, "LTTNG_UST_REGISTER_TIMEOUT") == 0 ? wait : value;
}

static char recorder_file[PATH_MAX]; /* empty: not known */

/* Remember "<our folder>/libmitrace-recorder.so" before the program changes its directory. We may have been
 * preloaded by a link elsewhere. */
__attribute__((constructor)) static void find_recorder(void)
{
    static const char name[] = "libmitrace-recorder.so";
    int saved_errno = errno;
    char *slash = NULL;
    Dl_info info;

    if (dladdr((void *)find_recorder, &info) != 0 && realpath(info.dli_fname, recorder_file) != NULL) {
        slash = strrchr(recorder_file, '/');
    }
    if (slash != NULL && (size_t)(slash + 1 - recorder_file) + sizeof(name) <= sizeof(recorder_file)) {
        strcpy(slash + 1, name);
    } else {
        recorder_file[0] = '\0';
    }
    errno = saved_errno;
}

/*
 * Why this process is not recorded, for `mitrace` to tell: in the private folder of the run, where it looks.
 * The first process that has something to say is heard.
 */
static void tell(const char *why)
{
    const char *home = getenv("LTTNG_HOME");
    char text[PATH_MAX];
    int fd;

    if (getenv("MITRACE_RUN") == NULL || home == NULL ||
        (size_t)snprintf(text, sizeof(text), "%s/" MI_PROBLEM_FILE, home) >= sizeof(text)) {
        return;
    }
    fd = raw_open(text, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC);
    if (fd >= 0) {
        int length = snprintf(text, sizeof(text), "process %d: %s\n", getpid(), why);
        if (syscall(SYS_write, fd, text, (size_t)length < sizeof(text) ? (size_t)length : sizeof(text) - 1) <
            0) {
            unlink(text);
        }
        raw_close(fd);
    }
}

/* LTTng begins, whose two libraries have one of these functions each. */
PRELOAD_EXPORT void mitrace_lttng_begins(const void *const functions[2])
{
    preload_detach(functions[0]);
    preload_detach(functions[1]);
}

static void load_recorder(void *unused)
{
    static struct shim_preload preload = {
        .tell = tell,
        .gate_enter = preload_gate_enter,
        .gate_leave = preload_gate_leave,
        .keeps_descriptor = preload_keeps_descriptor,
        .start = __ehdr_start,
        .end = etext,
        .is_code = memory_is_code,
        .home = memory_home,
        .write_memory = memory_write,
        .jump = preload_jump,
        .thread_leaves = preload_thread_leaves,
    };
    const char *why = preload_unfit();
    shim_recorder_start_fn start = NULL;
    void *library = NULL;

    (void)unused;
    preload.thread_offset = thread_offset();
    if (why == NULL && recorder_file[0] != '\0') {
        library = preload_real_dlopen(recorder_file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
        why = library == NULL ? dlerror() : NULL;
    }
    if (library != NULL) {
        start = (shim_recorder_start_fn)preload_dlsym(library, SHIM_RECORDER_START);
    }
    if (start != NULL) {
        atomic_store(&recorder, start(&preload)); /* before the look at main, see last.c */
        preload_wait_for_last();
    } else if (why != NULL) {
        tell(why);
    }
    atomic_store(&recorder_tried, true);
}

/*
 * The program may be on the smallest of stacks, and have a cancellation pending: loading needs much stack,
 * and must not be left half done.
 */
static void load_recorder_apart(void)
{
    enum { SIZE = 1 << 20 };
    char *stack =
        mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    int cancel;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    if (stack != MAP_FAILED) {
        unsigned number = (unsigned)VALGRIND_STACK_BEGIN(stack, SIZE);
        preload_on_stack(load_recorder, NULL, stack + SIZE);
        VALGRIND_STACK_END(number);
        munmap(stack, SIZE);
    }
    pthread_setcancelstate(cancel, NULL);
}

/* Not in the child of a fork in whose parent another thread had just begun to: it has half a recorder. */
static bool may_load(void)
{
    static atomic_int loader;
    int self = getpid(), seen = 0;

    return atomic_compare_exchange_strong(&loader, &seen, self) || seen == self;
}

const struct shim_recorder *preload_recorder(void)
{
    return atomic_load_explicit(&recorder, memory_order_acquire);
}

MI_Result preload_initialize(shim_initialize_fn real, MI_Uint32 flags, const MI_Char *application_id,
                             MI_Instance **error, MI_Application *out)
{
    const struct shim_recorder *loaded;
    int saved_errno = errno;

    preload_gate_enter();
    if (!atomic_load(&recorder_tried) && may_load()) {
        load_recorder_apart();
    }
    preload_scan();
    preload_gate_leave();
    loaded = preload_recorder();
    if (loaded != NULL) {
        preload_say_unwatched();
    }
    errno = saved_errno;
    if (loaded == NULL) {
        return real(flags, application_id, error, out);
    }
    return loaded->initialize(real, flags, application_id, error, out);
}

/* The definition that `object`'s own search would find, without us. */
static shim_initialize_fn definition_for(const struct link_map *object)
{
    void *handle =
        preload_real_dlopen(object->l_name[0] != '\0' ? object->l_name : NULL, RTLD_LAZY | RTLD_NOLOAD);
    shim_initialize_fn found = NULL;

    if (handle != NULL) {
        found = (shim_initialize_fn)preload_dlsym(handle, PRELOAD_MI);
        dlclose(handle);
    }
    return found == MI_Application_InitializeV1 || preload_is_stand_in(found) ? NULL : found;
}

shim_initialize_fn preload_definition_near(void *inside)
{
    struct link_map *object = NULL;
    Dl_info info;

    return dladdr1(inside, &info, (void **)&object, RTLD_DL_LINKMAP) != 0 && object != NULL
               ? definition_for(object)
               : NULL;
}

/* Any definition in the process: for a caller whose object cannot be told, after a tail call. */
static shim_initialize_fn any_definition(const struct link_map *object)
{
    const struct link_map *first = object;

    while (first->l_prev != NULL) {
        first = first->l_prev;
    }
    for (const struct link_map *each = first; each != NULL; each = each->l_next) {
        shim_initialize_fn found = definition_for(each);
        if (found != NULL) {
            return found;
        }
    }
    return NULL;
}

/*
 * MI as this caller would reach it. A library that was loaded with RTLD_LOCAL brings its own MI, which
 * RTLD_NEXT does not see.
 */
static shim_initialize_fn real_for_caller(void *return_address)
{
    shim_initialize_fn found = (shim_initialize_fn)preload_dlsym(RTLD_NEXT, PRELOAD_MI);
    struct link_map *object = NULL;
    Dl_info info;

    if (found != NULL) {
        return found;
    }
    if (dladdr1(return_address, &info, (void **)&object, RTLD_DL_LINKMAP) == 0 || object == NULL) {
        return NULL;
    }
    found = definition_for(object);
    return found != NULL ? found : any_definition(object);
}

PRELOAD_EXPORT MI_Result MI_Application_InitializeV1(MI_Uint32 flags, const MI_Char *application_id,
                                                     MI_Instance **error, MI_Application *out)
{
    int saved_errno = errno;
    shim_initialize_fn real = real_for_caller(__builtin_return_address(0));

    errno = saved_errno;
    if (real == NULL) {
        return MI_RESULT_NOT_SUPPORTED; /* nobody defines it: without us the call could not have been bound */
    }
    return preload_initialize(real, flags, application_id, error, out);
}

/* Runs at exit or return from main, after the program's own atexit handlers. */
__attribute__((destructor)) static void at_exit(void)
{
    const struct shim_recorder *loaded = preload_recorder();

    if (loaded != NULL) {
        loaded->process_end(SHIM_END_EXIT, -1, NULL);
    }
}
