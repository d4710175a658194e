/* SPDX-License-Identifier: MIT */
/* The process and its threads: who they are, how they begin, fork and end. */
#include "record.h"
#include "served.h"
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
static atomic_bool is_new_child; /* of a fork, and LTTng does not know it yet */
static _Atomic pid_t own_pid;    /* of the process that the trace knows */

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
    record_before_thread();
    if (thread->pid == 0) {
        thread->pid = (uint32_t)syscall(SYS_getpid);
        thread->tid = (uint32_t)syscall(SYS_gettid);
        if (!thread->announced) {
            say_thread(thread);
        }
    }
}

bool record_knows_itself(void)
{
    struct shim_thread *thread = record_thread();

    if (atomic_load_explicit(&is_new_child, memory_order_relaxed)) {
        return false;
    }
    if (thread->pid == 0 && lttng_ust_tracepoint_enabled(mi, thread_start)) {
        record_meet_thread(thread);
    }
    return true;
}

/*
 * Destructors of the program's may come after this one and still use MI. So it asks to be called once more,
 * in the next round of destructors. A thread that uses MI even later is announced again, and ends again.
 */
static void thread_ends(void *value)
{
    struct shim_thread *thread = value;

    if (!thread->ending) {
        thread->ending = true;
        record_preload->thread_leaves();
        if (pthread_setspecific(thread_key, thread) == 0) {
            return;
        }
    }
    RECORD(thread_end, thread, {});
    thread->announced = false;
    thread->pid = 0;
}

/* The path of our executable, "" when it cannot be told. */
static void executable(char *path, size_t size)
{
    ssize_t length = readlink("/proc/thread-self/exe", path, size - 1);

    path[length > 0 ? length : 0] = '\0';
}

static atomic_bool used_unrecorded; /* MI was */

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
        event->late = atomic_load(&used_unrecorded);
    });
    say_thread(thread);
}

/* Nothing of the process may come before it in the trace: other threads that begin to use MI wait. */
static pthread_mutex_t said_mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool said;

static void said_lock(void)
{
    pthread_mutex_lock(&said_mutex);
}

static void said_unlock(void)
{
    pthread_mutex_unlock(&said_mutex);
}

static void say_once(bool wanted)
{
    said_lock();
    if (wanted != atomic_load(&said)) {
        if (wanted) {
            say_process();
            record_modules_again();
        }
        atomic_store(&said, wanted);
    }
    said_unlock();
}

void record_process(void)
{
    bool wanted;

    record_before_thread();
    wanted = lttng_ust_tracepoint_enabled(mi, process_start);
    if (!wanted && !atomic_exchange_explicit(&used_unrecorded, true, memory_order_relaxed)) {
        record_preload->tell(
            "it used MI when nothing was recorded: LTTng's session daemon did not answer in time");
    }
    if (wanted != atomic_load_explicit(&said, memory_order_acquire)) {
        say_once(wanted);
    }
    record_modules();
}

/*
 * The child of a vfork runs in our memory, on its parent's thread, under another pid: what it says and learns
 * would be told of the parent. The child of a fork that has recorded nothing has no end to tell of.
 */
static bool is_silent(void)
{
    return atomic_load(&is_new_child) || atomic_load(&own_pid) != (pid_t)syscall(SYS_getpid);
}

void record_process_end(enum shim_end how, int status, const char *path)
{
    if (!is_silent()) {
        RECORD(process_end, record_thread(), {
            event->how = (uint8_t)how;
            event->status = how == SHIM_END_EXIT ? atomic_load(&exit_status) : status;
            RECORD_TEXT(event, path, path);
        });
    }
}

void record_exec_failed(void)
{
    if (!is_silent()) {
        RECORD(exec_failed, record_thread(), {});
    }
}

static void note_exit_status(int status, void *unused)
{
    (void)unused;
    atomic_store(&exit_status, status);
}

/*
 * fork. LTTng's threads are gone in the child and have to be started again, which costs a millisecond and a
 * half, and most children only execute something. So the child lets go of LTTng's locks, as the parent does,
 * and LTTng is told of the fork when the child first records something or creates a thread: until then it has
 * one thread only, as at the fork.
 */
static __thread sigset_t fork_signals;
static uint32_t fork_parent;

/*
 * Taken by the thread of a child that tells LTTng, and the last of our locks: others that have come to life
 * unseen (thrd_create) and record at the same time may hold any of them.
 */
static pthread_mutex_t child_mutex = PTHREAD_MUTEX_INITIALIZER;

/* In liblttng-ust-common; forget the readers that are gone with their threads. */
extern void lttng_ust_urcu_before_fork(void);
extern void lttng_ust_urcu_after_fork_child(void);

void record_before_fork(void)
{
    said_lock();
    tables_lock();
    served_lock();
    record_modules_lock();
    pthread_mutex_lock(&child_mutex);
    lttng_ust_before_fork(&fork_signals);
}

void record_after_fork_parent(void)
{
    lttng_ust_after_fork_parent(&fork_signals);
    pthread_mutex_unlock(&child_mutex);
    record_modules_unlock();
    served_unlock();
    tables_unlock();
    said_unlock();
}

void record_after_fork_child(void)
{
    struct shim_thread *thread = record_thread();

    lttng_ust_after_fork_parent(&fork_signals);
    lttng_ust_urcu_before_fork();
    lttng_ust_urcu_after_fork_child();
    record_drop_connections();
    pthread_mutex_unlock(&child_mutex);
    record_modules_unlock();
    served_unlock();
    tables_unlock();
    said_unlock();
    if (!atomic_exchange(&is_new_child, true)) { /* else: the child of a child that the trace does not know */
        fork_parent = thread->pid != 0 ? thread->pid : (uint32_t)getppid();
    }
    thread->pid = 0;
    thread->announced = false;
}

static void start_lttng_again(sigset_t *signals)
{
    lttng_ust_before_fork(signals);
    lttng_ust_after_fork_child(signals);
}

static void meet_child(struct shim_thread *thread)
{
    sigset_t signals;

    start_lttng_again(&signals);
    thread->pid = (uint32_t)syscall(SYS_getpid);
    thread->tid = (uint32_t)syscall(SYS_gettid);
    thread->announced = true; /* the fork comes before anything else of the child */
    RECORD(process_fork, thread, { event->parent = fork_parent; });
    say_thread(thread);
    atomic_store(&own_pid, (pid_t)thread->pid);
    atomic_store(&is_new_child, false);
}

void record_before_thread(void)
{
    struct shim_thread *thread = record_thread();
    int cancel, saved_errno = errno;

    if (!atomic_load(&is_new_child) || thread->meeting) {
        return;
    }
    thread->meeting = true;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    pthread_mutex_lock(&child_mutex);
    if (atomic_load(&is_new_child)) {
        meet_child(thread);
    }
    pthread_mutex_unlock(&child_mutex);
    pthread_setcancelstate(cancel, NULL);
    thread->meeting = false;
    errno = saved_errno;
}

static bool watching;

static void watch(void)
{
    atomic_store(&own_pid, (pid_t)syscall(SYS_getpid));
    watching = pthread_key_create(&thread_key, thread_ends) == 0;
    on_exit(note_exit_status, NULL);
}

bool record_process_watch(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, watch);
    return watching;
}
