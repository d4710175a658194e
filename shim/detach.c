/* SPDX-License-Identifier: MIT */
/* What LTTng calls: libc, past the program's own functions and with our care for descriptors. */
#include "bindings.h"
#include "preload.h"

#include <dlfcn.h>
#include <pthread.h>
#include <sys/types.h>

static ssize_t (*libc_write)(int, const void *, size_t);
static int (*libc_close)(int);
static int (*libc_socket)(int, int, int);

/* Released first: afterwards the number may be the program's already. */
static int close_kept(int fd)
{
    preload_release_descriptor(fd);
    return libc_close(fd);
}

/* LTTng connects it, which may take time, before it tells its tracker and us. */
static int keep_socket(int domain, int type, int protocol)
{
    int fd = libc_socket(domain, type, protocol);

    return fd >= 0 ? mitrace_keep_descriptor(fd) : fd;
}

/* LTTng writes to wake its consumer, in the middle of a call of the program's: no place for a cancellation.
 */
static ssize_t write_on(int fd, const void *bytes, size_t count)
{
    int cancel;
    ssize_t written;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    written = libc_write(fd, bytes, count);
    pthread_setcancelstate(cancel, NULL);
    return written;
}

void preload_detach(const void *inside)
{
    static const char *const names[] = {"accept",   "bind",     "connect", "fcntl",   "ftruncate",
                                        "lseek",    "mmap",     "munmap",  "open",    "poll",
                                        "read",     "recvmsg",  "send",    "sendmsg", "setsockopt",
                                        "shm_open", "shutdown", "unlink",  "writev"};
    const struct detour own[] = {
        {"close", NULL, (void *)close_kept},
        {"socket", NULL, (void *)keep_socket},
        {"write", NULL, (void *)write_on},
        {"getenv", NULL, (void *)preload_getenv},
        {"pthread_create", NULL,
         (void *)preload_uncounted((preload_create_fn)bindings_find_in_libc("pthread_create"))}};
    /* ThreadSanitizer cannot do without a thread that it does not know of */
    size_t count = sizeof(own) / sizeof(own[0]) - (preload_dlsym(RTLD_DEFAULT, "__tsan_init") != NULL);
    struct link_map *object = NULL;
    Dl_info info;

    libc_close = (int (*)(int))bindings_find_in_libc("close");
    libc_socket = (int (*)(int, int, int))bindings_find_in_libc("socket");
    libc_write = (ssize_t(*)(int, const void *, size_t))bindings_find_in_libc("write");
    if (libc_close == NULL || libc_socket == NULL || libc_write == NULL ||
        dladdr1(inside, &info, (void **)&object, RTLD_DL_LINKMAP) == 0 || object == NULL) {
        return;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct detour detour = {names[i], NULL, bindings_find_in_libc(names[i])};
        if (detour.ours != NULL) {
            bindings_mend(object, &detour);
        }
    }
    for (size_t i = 0; i < count; i++) {
        bindings_mend(object, &own[i]);
    }
}
