/* SPDX-License-Identifier: MIT */
/*
 * A process ends with its last thread, when main has left by pthread_exit. LTTng's threads never end and are
 * none of the program's: once main has left, a thread of ours waits for all others and then does what the
 * last one would have done.
 */
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#define PAUSE 50000000 /* nanoseconds between two looks */

static atomic_uint lttngs_threads;
static atomic_bool main_left, waiting;
static preload_create_fn libc_create;
static void (*real_exit)(void *);
static void (*real_thrd_exit)(int);

void preload_find_exits(void *(*find)(void *, const char *))
{
    real_exit = (void (*)(void *))find(RTLD_NEXT, "pthread_exit");
    real_thrd_exit = (void (*)(int))find(RTLD_NEXT, "thrd_exit");
}

struct birth {
    void *(*run)(void *);
    void *argument;
};

static void *run_uncounted(void *argument)
{
    struct birth birth = *(struct birth *)argument;
    void *result;

    free(argument);
    atomic_fetch_add(&lttngs_threads, 1);
    result = birth.run(birth.argument);
    atomic_fetch_sub(&lttngs_threads, 1);
    return result;
}

static int create_uncounted(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                            void *argument)
{
    struct birth *birth = malloc(sizeof(*birth));
    int error;

    if (birth == NULL) {
        return EAGAIN;
    }
    *birth = (struct birth){run, argument};
    error = libc_create(thread, attributes, run_uncounted, birth);
    if (error != 0) {
        free(birth);
    }
    return error;
}

preload_create_fn preload_uncounted(preload_create_fn create)
{
    libc_create = create;
    return create_uncounted;
}

/* Without a descriptor, whose number the program would miss: a folder of tasks has two links more than tasks.
 */
static bool is_last(void)
{
    struct stat tasks;
    char byte;

    if (readlink("/proc/self/exe", &byte, 1) >= 0 || stat("/proc/self/task", &tasks) != 0) {
        return false; /* main is still there: its destructors run */
    }
    return tasks.st_nlink <= 2 + 2 + atomic_load(&lttngs_threads); /* main's remains, and this thread */
}

static sigset_t signals_of_main;

static void *wait_for_all(void *unused)
{
    const struct timespec pause = {0, PAUSE};

    (void)unused;
    while (!is_last()) {
        nanosleep(&pause, NULL);
    }
    pthread_sigmask(SIG_SETMASK, &signals_of_main, NULL);
    exit(0);
}

void preload_wait_for_last(void)
{
    sigset_t all, before;
    pthread_t thread;

    if (!atomic_load(&main_left) || preload_recorder() == NULL || atomic_exchange(&waiting, true)) {
        return;
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (preload_real_pthread_create(&thread, NULL, wait_for_all, NULL) == 0) {
        pthread_detach(thread);
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* Its only thread is its main thread now. */
void preload_last_in_child(void)
{
    atomic_store(&lttngs_threads, 0);
    atomic_store(&main_left, false);
    atomic_store(&waiting, false);
}

void preload_thread_leaves(void)
{
    int saved_errno = errno;

    if (syscall(SYS_gettid) == getpid() && !atomic_load(&main_left)) {
        pthread_sigmask(SIG_SETMASK, NULL, &signals_of_main);
        atomic_store(&main_left, true);
        preload_wait_for_last();
    }
    errno = saved_errno;
}

PRELOAD_EXPORT __attribute__((noreturn)) void pthread_exit(void *result)
{
    preload_find_real();
    preload_thread_leaves();
    real_exit(result);
    __builtin_unreachable();
}

PRELOAD_EXPORT __attribute__((noreturn)) void thrd_exit(int result)
{
    preload_find_real();
    preload_thread_leaves();
    real_thrd_exit(result);
    __builtin_unreachable();
}
