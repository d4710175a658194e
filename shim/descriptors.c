/* SPDX-License-Identifier: MIT */
/*
 * Descriptors of the recorder inside of a program that has its own ideas of descriptors: it can neither close
 * nor replace them, and the numbers that it gets are those that it would get without us.
 */
#include "preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdalign.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int (*real_close)(int);
static int (*real_pipe2)(int[2], int);
static int (*real_close_range)(unsigned, unsigned, int);
static int (*real_dup2)(int, int);
static int (*real_dup3)(int, int, int);

void preload_find_descriptors(void *(*find)(void *, const char *))
{
    real_close = (int (*)(int))find(RTLD_NEXT, "close");
    real_pipe2 = (int (*)(int[2], int))find(RTLD_NEXT, "pipe2");
    real_close_range = (int (*)(unsigned, unsigned, int))find(RTLD_NEXT, "close_range");
    real_dup2 = (int (*)(int, int))find(RTLD_NEXT, "dup2");
    real_dup3 = (int (*)(int, int, int))find(RTLD_NEXT, "dup3");
}

/*
 * A high number for a descriptor of LTTng's, so that the low ones, which the system hands out first, stay the
 * program's: in the upper quarter of what the program may have, and of the first 1024.
 */
PRELOAD_EXPORT int mitrace_move_descriptor(int fd)
{
    struct rlimit limit;
    int lowest, moved;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return fd;
    }
    lowest = limit.rlim_cur > 1024 ? 768 : (int)(limit.rlim_cur * 3 / 4);
    moved = fd >= 0 && fd < lowest ? fcntl(fd, F_DUPFD_CLOEXEC, lowest) : -1;
    if (moved < 0) {
        return fd;
    }
    real_close(fd);
    return moved;
}

/* Daemons close every descriptor; those of LTTng must survive it, or its threads use what the program opens
 * next. */
int preload_close(int fd)
{
    const struct shim_recorder *recorder = preload_recorder();

    preload_find_real();
    return recorder != NULL ? recorder->close_descriptor(fd, real_close) : real_close(fd);
}

PRELOAD_EXPORT int close(int fd)
{
    return preload_close(fd);
}

static bool is_recorders(int fd)
{
    const struct shim_recorder *recorder = preload_recorder();

    return recorder != NULL && recorder->owns_descriptor(fd);
}

/* What happens to a program that races with an open for this number: it must choose another. */
static int refuse(void)
{
    errno = EBUSY;
    return -1;
}

PRELOAD_EXPORT int dup2(int old, int new)
{
    preload_find_real();
    return is_recorders(new) ? refuse() : real_dup2(old, new);
}

PRELOAD_EXPORT int dup3(int old, int new, int flags)
{
    preload_find_real();
    return is_recorders(new) ? refuse() : real_dup3(old, new, flags);
}

/* The highest descriptor that is open, from /proc/self/fd and without malloc: this runs in children of fork,
 * too. */
static unsigned highest_descriptor(void)
{
    struct entry { /* getdents64(2) */
        uint64_t inode;
        int64_t offset;
        unsigned short length;
        unsigned char type;
        char name[];
    };
    alignas(struct entry) char buffer[4096];
    int folder = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    unsigned highest = 0;
    long got;

    if (folder < 0) {
        return (unsigned)sysconf(_SC_OPEN_MAX); /* slow where that is a large number, but complete */
    }
    while ((got = syscall(SYS_getdents64, folder, buffer, sizeof(buffer))) > 0) {
        for (long at = 0; at < got;) {
            const struct entry *entry = (const void *)(buffer + at);
            unsigned fd = (unsigned)strtoul(entry->name, NULL, 10);
            highest = fd > highest ? fd : highest;
            at += entry->length;
        }
    }
    real_close(folder);
    return highest;
}

static void close_each(unsigned first, unsigned last)
{
    unsigned highest = highest_descriptor();
    int saved_errno = errno;

    for (unsigned fd = first; fd <= last && fd <= highest; fd++) {
        preload_close((int)fd);
    }
    errno = saved_errno;
}

PRELOAD_EXPORT int close_range(unsigned first, unsigned last, int flags)
{
    preload_find_real();
    if (preload_recorder() == NULL || flags != 0 || first > last) {
        return real_close_range(first, last, flags);
    }
    close_each(first, last);
    return 0;
}

PRELOAD_EXPORT void closefrom(int first)
{
    close_range(first > 0 ? (unsigned)first : 0, UINT_MAX, 0);
}

/* libunwind probes memory through a pipe; if the program closed it, its next pipe would be probed. */
PRELOAD_EXPORT int pipe2(int fds[2], int flags)
{
    int result;

    preload_find_real();
    result = real_pipe2(fds, flags);
    if (result == 0 && preload_thread.unwinding && preload_recorder() != NULL) {
        preload_recorder()->keep_descriptors(fds);
    }
    return result;
}
