/* SPDX-License-Identifier: MIT */
/* Another preload: it stands before close, dup2 and pthread_create, counts every call, and hands on. Each
 * time it asks the loader where, which waits while another thread loads a library. */
#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

static atomic_int closes, copies, threads;

EXPORTED int close(int fd)
{
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, "close");

    closes++;
    return real(fd);
}

EXPORTED int dup2(int old, int new)
{
    int (*real)(int, int) = (int (*)(int, int))dlsym(RTLD_NEXT, "dup2");

    copies++;
    return real(old, new);
}

EXPORTED int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                            void *(*run)(void *), void *restrict argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
        (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))dlsym(RTLD_NEXT,
                                                                                       "pthread_create");

    threads++;
    return real(thread, attributes, run, argument);
}

EXPORTED void bystander_report(void);

EXPORTED void bystander_report(void)
{
    printf("another preload saw: close %d, dup2 %d, pthread_create %d\n", closes, copies, threads);
}
