/* SPDX-License-Identifier: MIT */
/*
 * Processes in which recording would do harm: LTTng needs threads, sockets, shared memory and a few dozen
 * descriptors, and a program that has made itself a narrow cage must not find that they are used up, or die
 * of a system call that it never makes itself.
 */
#include "preload.h"
#include "raw.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LEAST_SPACE (1024ul << 20)

/* The number after `name` in a file of /proc, 0 when it is not there. */
static unsigned long read_number(const char *path, const char *name)
{
    char text[4096];
    int fd = raw_open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? raw_read(fd, text, sizeof(text) - 1) : 0;
    const char *found;

    if (fd >= 0) {
        raw_close(fd);
    }
    text[got > 0 ? got : 0] = '\0';
    found = strstr(text, name);
    return found != NULL ? strtoul(found + strlen(name), NULL, 10) : 0;
}

/* More filters than the first process of the system or container has: ones of the program's own. */
static bool is_confined(void)
{
    return read_number("/proc/thread-self/status", "\nSeccomp_filters:") >
           read_number("/proc/1/status", "\nSeccomp_filters:");
}

static bool has_little_space(void)
{
    unsigned long used = read_number("/proc/thread-self/statm", "") * (unsigned long)sysconf(_SC_PAGESIZE);
    struct rlimit limit;

    return getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY &&
           limit.rlim_cur < used + LEAST_SPACE;
}

/* LTTng has four descriptors for each processor and a dozen besides; the program shall keep as many. */
static bool has_few_files(void)
{
    struct rlimit limit;

    return getrlimit(RLIMIT_NOFILE, &limit) == 0 &&
           limit.rlim_cur < 64 + 8 * (rlim_t)sysconf(_SC_NPROCESSORS_CONF);
}

/* LTTng has two and ends the process where it gets none; libunwind has one, and the recorder. */
static bool has_few_keys(void)
{
    enum { WANTED = 8 };
    pthread_key_t keys[WANTED];
    unsigned made = 0;

    while (made < WANTED && pthread_key_create(&keys[made], NULL) == 0) {
        made++;
    }
    for (unsigned i = 0; i < made; i++) {
        pthread_key_delete(keys[i]);
    }
    return made < WANTED;
}

const char *preload_unfit(void)
{
    if (is_confined()) {
        return "its system calls are filtered (seccomp), and LTTng's might end it";
    }
    if (has_few_files()) {
        return "its limit of open files (RLIMIT_NOFILE, ulimit -n) is so low that LTTng would use them up";
    }
    if (has_few_keys()) {
        return "it has used up the keys of thread values (pthread_key_create)";
    }
    if (has_little_space()) {
        return "its limit of address space (RLIMIT_AS, ulimit -v) leaves less than 1 GiB for LTTng";
    }
    return NULL;
}
