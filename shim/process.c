/* SPDX-License-Identifier: MIT */
/* The process and its threads: who they are, how they begin, fork and end. */
#include "record.h"
#include "tables.h"

#include <limits.h>
#include <lttng/ust-fork.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MITRACE_VERSION
#error "MITRACE_VERSION comes from the build"
#endif

#define THREAD_NAME_SIZE 16 /* prctl(2) */

static pthread_key_t thread_key; /* its destructor tells that a thread ends */
static _Atomic int exit_status = -1;

static void say_thread(struct shim_thread *thread)
{
    char name[THREAD_NAME_SIZE] = "";

    thread->announced = true;
    pthread_setspecific(thread_key, thread);
    prctl(PR_GET_NAME, name);
    RECORD(thread_start, thread, {
        event->library = thread->library;
        RECORD_TEXT(event, name, name);
    });
}

void record_meet_thread(struct shim_thread *thread)
{
    thread->pid = (uint32_t)syscall(SYS_getpid);
    thread->tid = (uint32_t)syscall(SYS_gettid);
    if (!thread->announced) {
        say_thread(thread);
    }
}

static void thread_ends(void *value)
{
    struct shim_thread *thread = value;

    RECORD(thread_end, thread, {});
    thread->announced = false; /* a later destructor of the program may still use MI */
}

/* The path of our executable, "" when it cannot be told. */
static void executable(char *path, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", path, size - 1);

    path[length > 0 ? length : 0] = '\0';
}

static void say_process(void)
{
    struct shim_thread *thread = record_thread();
    char path[PATH_MAX];

    executable(path, sizeof(path));
    thread->announced = true; /* process_start comes before anything else of the process */
    RECORD(process_start, thread, {
        event->major = MI_SCHEMA_MAJOR;
        event->minor = MI_SCHEMA_MINOR;
        event->parent = (uint32_t)getppid();
        record_credentials(event);
        RECORD_TEXT(event, version, MITRACE_VERSION);
        RECORD_TEXT(event, run, getenv("MITRACE_RUN"));
        RECORD_TEXT(event, path, path);
    });
    say_thread(thread);
}

void record_process(void)
{
    static _Atomic bool said;
    bool wanted = lttng_ust_tracepoint_enabled(mi, process_start);

    if (wanted != atomic_load_explicit(&said, memory_order_relaxed) &&
        atomic_exchange(&said, wanted) != wanted) {
        if (wanted) {
            say_process();
            record_modules_again();
        }
    }
    record_modules();
}

/* The child of a vfork runs in our memory under another pid: what it says would be told of the parent. */
static bool is_vfork_child(struct shim_thread *thread)
{
    return thread->pid != 0 && thread->pid != (uint32_t)syscall(SYS_getpid);
}

void record_process_end(enum shim_end how, int status, const char *path)
{
    struct shim_thread *thread = record_thread();

    if (!is_vfork_child(thread)) {
        RECORD(process_end, thread, {
            event->how = (uint8_t)how;
            event->status = how == SHIM_END_EXIT ? atomic_load(&exit_status) : status;
            RECORD_TEXT(event, path, path);
        });
    }
}

void record_exec_failed(void)
{
    struct shim_thread *thread = record_thread();

    if (!is_vfork_child(thread)) {
        RECORD(exec_failed, thread, {});
    }
}

static void note_exit_status(int status, void *unused)
{
    (void)unused;
    atomic_store(&exit_status, status);
}

/* fork: LTTng's own hooks, so that events of the child carry the child's ids. */
static __thread sigset_t fork_signals;

static void before_fork(void)
{
    tables_lock();
    record_modules_lock();
    lttng_ust_before_fork(&fork_signals);
}

static void after_fork_parent(void)
{
    lttng_ust_after_fork_parent(&fork_signals);
    record_modules_unlock();
    tables_unlock();
}

static void after_fork_child(void)
{
    struct shim_thread *thread = record_thread();
    uint32_t parent = thread->pid;

    lttng_ust_after_fork_child(&fork_signals);
    record_modules_unlock();
    tables_unlock();
    thread->pid = 0;
    thread->announced = true; /* the fork comes before anything else of the child */
    RECORD(process_fork, thread, { event->parent = parent != 0 ? parent : (uint32_t)getppid(); });
    say_thread(thread);
}

void record_process_watch(void)
{
    pthread_key_create(&thread_key, thread_ends);
    pthread_atfork(before_fork, after_fork_parent, after_fork_child);
    on_exit(note_exit_status, NULL);
}
