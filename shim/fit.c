/* SPDX-License-Identifier: MIT */
/*
 * Processes in which recording would do harm: LTTng needs threads, sockets, shared memory and a few dozen
 * descriptors, and a program that has made itself a narrow cage must not find that they are used up, or die
 * of a system call that it never makes itself.
 */
#include "preload.h"
#include "raw.h"

#include <pthread.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define LEAST_SPACE (1024ul << 20)

/* Looks for a number after a name, byte by byte. */
struct search {
    const char *name; /* its first byte does not come again in it */
    size_t matched;   /* bytes of it */
    unsigned long number;
    bool digits; /* the number has begun */
    bool done;
};

static void search_on(struct search *search, char next)
{
    if (search->name[search->matched] != '\0') {
        search->matched = next == search->name[search->matched] ? search->matched + 1 : next == *search->name;
    } else if (next >= '0' && next <= '9') {
        search->number = search->number * 10 + (unsigned long)(next - '0');
        search->digits = true;
    } else {
        search->done = search->digits || next == '\n';
    }
}

/* The number after `name` in a file of /proc, 0 when it is not there. Lines may be of any length: that of a
 * user's groups is. */
static unsigned long read_number(const char *path, const char *name)
{
    struct search search = {.name = name};
    char text[1024];
    int fd = raw_open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd >= 0 ? raw_read(fd, text, sizeof(text)) : 0;

    while (got > 0 && !search.done) {
        for (ssize_t i = 0; i < got && !search.done; i++) {
            search_on(&search, text[i]);
        }
        got = raw_read(fd, text, sizeof(text));
    }
    if (fd >= 0) {
        raw_close(fd);
    }
    return search.number;
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
