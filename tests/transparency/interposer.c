/* SPDX-License-Identifier: MIT */
/*
 * A program that stands in front of libc itself, and of MI: it defines dlsym, dlopen, pthread_create, close
 * and MI_Application_InitializeV1, counts who comes by, and hands on to the next definition.
 */
#include "visible.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

static _Atomic int symbols, loads, threads, closes, begins;

static void *next(const char *name)
{
    static void *(*find)(void *, const char *);

    if (find == NULL) {
        find = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.34");
        if (find == NULL) {
            find = (void *(*)(void *, const char *))dlvsym(RTLD_NEXT, "dlsym", "GLIBC_2.2.5");
        }
    }
    return find(RTLD_NEXT, name);
}

EXPORTED void *dlsym(void *restrict handle, const char *restrict name)
{
    static void *(*real)(void *, const char *);

    if (real == NULL) {
        real = (void *(*)(void *, const char *))next("dlsym");
    }
    symbols += strcmp(name, "nobody_has_this") == 0;
    return real(handle, name);
}

EXPORTED void *dlopen(const char *path, int flags)
{
    void *(*real)(const char *, int) = (void *(*)(const char *, int))next("dlopen");

    loads += path != NULL && strstr(path, "nonexistent") != NULL;
    return real(path, flags);
}

EXPORTED int pthread_create(pthread_t *restrict thread, const pthread_attr_t *restrict attributes,
                            void *(*run)(void *), void *restrict argument)
{
    int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
        (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))next("pthread_create");
    int result = real(thread, attributes, run, argument);
    Dl_info info;

    threads += dladdr((void *)run, &info) != 0 && strstr(info.dli_fname, "libmi") != NULL &&
               strstr(info.dli_fname, "libmitrace") == NULL;
    return result;
}

EXPORTED int close(int fd)
{
    int (*real)(int) = (int (*)(int))next("close");

    closes += fd == 300;
    return real(fd);
}

EXPORTED MI_Result MI_Application_InitializeV1(MI_Uint32 flags, const MI_Char *id, MI_Instance **error,
                                               MI_Application *application)
{
    MI_Result (*real)(MI_Uint32, const MI_Char *, MI_Instance **, MI_Application *) = (MI_Result(*)(
        MI_Uint32, const MI_Char *, MI_Instance **, MI_Application *))next("MI_Application_InitializeV1");

    begins++;
    return real(flags, id, error, application);
}

static void use_plugin(const char *path)
{
    void *plugin = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    int (*run)(void) = plugin != NULL ? (int (*)(void))dlsym(plugin, "visible_plugin") : NULL;

    printf("plugin: %d\n", run != NULL ? run() : -1);
    fflush(stdout);
}

int main(int argc, char **argv)
{
    printf("%d\n", dlsym(RTLD_DEFAULT, "nobody_has_this") != NULL);
    printf("%d\n", dlopen("/nonexistent/libnone.so", RTLD_NOW) != NULL);
    dup2(STDIN_FILENO, 300);
    visible_use("interposer");
    close(300);
    if (argc > 1) {
        use_plugin(argv[1]);
    }
    printf("symbols %d, loads %d, threads of MI %d, closes %d, begins %d\n", symbols, loads, threads, closes,
           begins);
    return 0;
}
