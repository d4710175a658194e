/* SPDX-License-Identifier: MIT */
/* What stands beside the program in its process: another preload, and what recording adds on purpose. */
#include "visible.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static void *use(void *unused)
{
    (void)unused;
    return visible_use_quietly("beside") ? NULL : PTHREAD_CANCELED;
}

/* Comes by each function that the other preload stands before, and lets it tell. */
static int beside_another(int argc, char **argv)
{
    void (*report)(void) = (void (*)(void))dlsym(RTLD_DEFAULT, "bystander_report");
    pthread_t thread;
    void *bad = NULL;

    (void)argc;
    (void)argv;
    if (report == NULL) {
        return 1;
    }
    for (int i = 0; i < 3; i++) {
        printf("%d", dup2(STDIN_FILENO, 300));
        visible_use("beside another preload");
        printf("%d", close(300));
        printf("%d", pthread_create(&thread, NULL, use, NULL));
        pthread_join(thread, &bad);
        printf("%d\n", bad != NULL);
    }
    report();
    return 0;
}

static void print_names(void)
{
    for (char **each = environ; *each != NULL; each++) {
        printf("variable %.*s\n", (int)strcspn(*each, "="), *each);
    }
}

/* Tries to take, and to close, each descriptor that is open, but for the first ones. */
static void try_descriptors(void)
{
    for (int fd = 3; fd < 1024; fd++) {
        struct stat status;
        if (fstat(fd, &status) == 0) {
            int second, third, closed;
            errno = 0;
            second = dup2(STDIN_FILENO, fd) < 0 ? errno : 0;
            third = dup3(STDIN_FILENO, fd, O_CLOEXEC) < 0 ? errno : 0;
            closed = close(fd) < 0 ? errno : 0;
            printf("descriptor %d: dup2 %d, dup3 %d, close %d, on exec %d\n", fd, second, third, closed,
                   fcntl(fd, F_GETFD));
        }
    }
}

/* added FILES: with room for so many files, while MI is in use. */
static int added(int argc, char **argv)
{
    rlim_t most = argc > 0 ? strtoul(argv[0], NULL, 10) : 1024;
    const struct rlimit files = {most, most};
    MI_Application application;

    setrlimit(RLIMIT_NOFILE, &files);
    if (MI_Application_Initialize(0, "added", NULL, &application) != MI_RESULT_OK) {
        return 1;
    }
    printf("threads %u\n", visible_threads());
    print_names();
    try_descriptors();
    return MI_Application_Close(&application) != MI_RESULT_OK;
}

const struct scenario scenarios_beside[] = {
    {"beside_another", beside_another},
    {"added", added},
    {NULL, NULL},
};
