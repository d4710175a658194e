/* SPDX-License-Identifier: MIT */
/*
 * System calls past whoever stands before libc's functions, and no places for a cancellation. Another
 * preload's `close` may ask the loader for libc's each time: it would wait for the loader's lock, for ever on
 * a thread of LTTng's while LTTng is loaded. And what mitrace opens and closes is not the program's doing.
 */
#ifndef MITRACE_SHIM_RAW_H
#define MITRACE_SHIM_RAW_H

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* With O_CREAT: for the user alone. */
static inline int raw_open(const char *path, int flags)
{
    return (int)syscall(SYS_openat, AT_FDCWD, path, flags, 0600);
}

static inline ssize_t raw_read(int fd, void *buffer, size_t size)
{
    return (ssize_t)syscall(SYS_read, fd, buffer, size);
}

static inline int raw_close(int fd)
{
    return (int)syscall(SYS_close, fd);
}

static inline int raw_fstat(int fd, struct stat *status)
{
    return (int)syscall(SYS_fstat, fd, status);
}

#endif
