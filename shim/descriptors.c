/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of the recorder inside of a program that has its own ideas of descriptors: it can neither close
 * nor replace them, and the numbers that it gets are those that it would get without us. Everything here is
 * async-signal-safe and waits for nobody: LTTng holds its own lock while it waits for its daemon, and across
 * a fork.
 */
#include "preload.h"
#include "raw.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MOST_NUMBERS (1u << 20) /* the system's own limit, unless root has raised it */

static int (*real_close)(int);
static int (*real_pipe2)(int[2], int);
static int (*real_close_range)(unsigned, unsigned, int);
static void (*real_closefrom)(int);
static int (*real_dup2)(int, int);
static int (*real_dup3)(int, int, int);

void preload_find_descriptors(void *(*find)(void *, const char *))
{
    real_close = (int (*)(int))find(RTLD_NEXT, "close");
    real_pipe2 = (int (*)(int[2], int))find(RTLD_NEXT, "pipe2");
    real_close_range = (int (*)(unsigned, unsigned, int))find(RTLD_NEXT, "close_range");
    real_closefrom = (void (*)(int))find(RTLD_NEXT, "closefrom");
    real_dup2 = (int (*)(int, int))find(RTLD_NEXT, "dup2");
    real_dup3 = (int (*)(int, int, int))find(RTLD_NEXT, "dup3");
}

/* The recorder's numbers, one bit each, and one more than the highest of them so far. */
static _Atomic(uint64_t) kept[MOST_NUMBERS / 64];
static atomic_uint end_of_kept;

static void keep_number(unsigned fd)
{
    unsigned end = atomic_load(&end_of_kept);

    if (fd < MOST_NUMBERS) {
        atomic_fetch_or(&kept[fd / 64], UINT64_C(1) << fd % 64);
        while (end <= fd && !atomic_compare_exchange_weak(&end_of_kept, &end, fd + 1)) {
        }
    }
}

bool preload_keeps_descriptor(int fd)
{
    unsigned number = (unsigned)fd;

    return number < atomic_load_explicit(&end_of_kept, memory_order_acquire) &&
           (atomic_load_explicit(&kept[number / 64], memory_order_acquire) >> number % 64 & 1) != 0;
}

void preload_release_descriptor(int fd)
{
    if (preload_keeps_descriptor(fd)) {
        atomic_fetch_and(&kept[(unsigned)fd / 64], ~(UINT64_C(1) << (unsigned)fd % 64));
    }
}

/*
 * A high number, so that the low ones, which the system hands out first, stay the program's: in the upper
 * quarter of what the program may have, and of the first 1024.
 */
static int move_up(int fd)
{
    struct rlimit limit;
    int lowest, moved;

    if (syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, &limit) != 0) {
        return fd;
    }
    lowest = limit.rlim_cur > 1024 ? 768 : (int)(limit.rlim_cur * 3 / 4);
    moved = fd < lowest ? (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, lowest) : fd;
    if (moved < 0) {
        return errno == EBADF ? -1 : fd; /* EBADF: the program has closed it in this very moment */
    }
    if (moved != fd) {
        raw_close(fd);
    }
    return moved;
}

PRELOAD_EXPORT int mitrace_keep_descriptor(int fd)
{
    int moved = fd >= 0 ? move_up(fd) : -1;

    if (moved >= 0) {
        keep_number((unsigned)moved);
    }
    return moved;
}

static int refuse(int error)
{
    errno = error;
    return -1;
}

/* Daemons close every descriptor; those of LTTng must survive it, or its threads use what the program opens
 * next. */
PRELOAD_EXPORT int close(int fd)
{
    preload_find_real();
    return preload_keeps_descriptor(fd) ? refuse(EBADF) : real_close(fd);
}

/* EBUSY is what happens to a program that races with an open for this number: it must choose another. */
PRELOAD_EXPORT int dup2(int old, int new)
{
    preload_find_real();
    return preload_keeps_descriptor(new) ? refuse(EBUSY) : real_dup2(old, new);
}

PRELOAD_EXPORT int dup3(int old, int new, int flags)
{
    preload_find_real();
    return preload_keeps_descriptor(new) ? refuse(EBUSY) : real_dup3(old, new, flags);
}

/* The lowest number of the recorder's from `fd` on; 1 << 32 when there is none. */
static uint64_t next_kept(unsigned fd)
{
    unsigned end = atomic_load(&end_of_kept);

    while (fd < end && !preload_keeps_descriptor((int)fd)) {
        fd++;
    }
    return fd < end ? fd : UINT64_C(1) << 32;
}

/* What lies between the recorder's descriptors; the first part also does what CLOSE_RANGE_UNSHARE wants. */
PRELOAD_EXPORT int close_range(unsigned first, unsigned last, int flags)
{
    uint64_t barrier;
    int result = 0;

    preload_find_real();
    if (first > last) {
        return real_close_range(first, last, flags);
    }
    for (uint64_t from = first; from <= last && result == 0; from = barrier + 1) {
        barrier = next_kept((unsigned)from);
        if (barrier > from) {
            result = real_close_range((unsigned)from, barrier > last ? last : (unsigned)barrier - 1, flags);
        }
    }
    return result;
}

PRELOAD_EXPORT void closefrom(int first)
{
    unsigned end = atomic_load(&end_of_kept);
    int saved_errno = errno;

    preload_find_real();
    first = first > 0 ? first : 0;
    for (; (unsigned)first < end; first++) {
        if (!preload_keeps_descriptor(first)) {
            raw_close(first); /* not close, which is a cancellation point */
        }
    }
    errno = saved_errno;
    real_closefrom(first);
}

/* libunwind probes memory through a pipe; if the program closed it, its next pipe would be probed. */
PRELOAD_EXPORT int pipe2(int fds[2], int flags)
{
    int result;

    preload_find_real();
    result = real_pipe2(fds, flags);
    if (result == 0 && preload_thread.unwinding) {
        fds[0] = mitrace_keep_descriptor(fds[0]);
        fds[1] = mitrace_keep_descriptor(fds[1]);
    }
    return result;
}
