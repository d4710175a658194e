/* SPDX-License-Identifier: MIT */
/* What a process is to itself: environment, folder, mask, descriptors, threads, and its end. */
#include "visible.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* What the shim needs: told apart by name, and in LD_PRELOAD our own library only. */
static bool is_needed(const char *variable)
{
    static const char *const needed[] = {"LTTNG_HOME=", "LTTNG_UST_REGISTER_TIMEOUT=", "MITRACE_RUN=",
                                         "MITRACE_STACK_DEPTH=", "MITRACE_APP_CALLS="};

    for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
        if (strncmp(variable, needed[i], strlen(needed[i])) == 0) {
            return true;
        }
    }
    return false;
}

static void print_preload(const char *list)
{
    char *copy = strdup(list), *rest = copy;

    for (char *each; (each = strsep(&rest, ": ")) != NULL;) {
        if (strstr(each, "libmitrace.so") == NULL && each[0] != '\0') {
            printf("  LD_PRELOAD has %s\n", each);
        }
    }
    free(copy);
}

static int print_environment(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (char **each = environ; *each != NULL; each++) {
        if (strncmp(*each, "LD_PRELOAD=", 11) == 0) {
            print_preload(*each + 11);
        } else if (!is_needed(*each)) {
            printf("  %s\n", *each);
        }
    }
    fflush(stdout);
    return 0;
}

static void *change_environment(void *unused)
{
    usleep(200000);
    setenv("KNOWN", "new", 1);
    unsetenv("GONE");
    return unused;
}

/* A session daemon that never answers, unless another one is there. */
static void pretend_daemon(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const char *home = getenv("LTTNG_HOME");
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);

    snprintf(address.sun_path, sizeof(address.sun_path), "%s/.lttng", home != NULL ? home : "/nonexistent");
    mkdir(address.sun_path, 0700);
    strncat(address.sun_path, "/lttng-ust-sock-8", sizeof(address.sun_path) - strlen(address.sun_path) - 1);
    if (bind(listener, (const struct sockaddr *)&address, sizeof(address)) == 0) {
        listen(listener, 8);
    }
}

/* Another thread changes the environment while this one, which uses MI for the first time, waits for a
 * daemon. */
static int changes_environment(int argc, char **argv)
{
    char **before;
    pthread_t thread;

    (void)argc;
    (void)argv;
    setenv("KNOWN", "old", 1);
    setenv("GONE", "", 1);
    before = environ;
    pretend_daemon();
    pthread_create(&thread, NULL, change_environment, NULL);
    visible_use("changes_environment");
    pthread_join(thread, NULL);
    printf("known: %s, gone: %d, same array: %d\n", getenv("KNOWN"), getenv("GONE") == NULL,
           environ == before);
    return print_environment(0, NULL);
}

static void print_process(void)
{
    struct rlimit files;
    char folder[4096];
    mode_t mask = umask(0);
    sigset_t blocked;

    umask(mask);
    getrlimit(RLIMIT_NOFILE, &files);
    sigprocmask(SIG_SETMASK, NULL, &blocked);
    printf("folder %s, umask %03o, limit %ld, group %d, own session %d\n",
           getcwd(folder, sizeof(folder)) != NULL ? folder : "unknown", (unsigned)mask, (long)files.rlim_cur,
           getpgrp() == getpid(), getsid(0) == getpid());
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) == 0 && action.sa_handler != SIG_DFL && number < SIGRTMIN) {
            printf("signal %d is %s\n", number, action.sa_handler == SIG_IGN ? "ignored" : "handled");
        }
        if (sigismember(&blocked, number) == 1) {
            printf("signal %d is blocked\n", number);
        }
    }
    fflush(stdout);
}

/* Everything at once, before and after MI was used, and as a child sees it. */
static int world(int argc, char **argv)
{
    char line[64] = "";

    printf("first errno %d\n", visible_first_errno);
    print_environment(argc, argv);
    print_process();
    printf("from stdin: %s", fgets(line, sizeof(line), stdin) != NULL ? line : "nothing\n");
    visible_descriptors("before", 512);
    visible_use("world");
    visible_descriptors("after", 512);
    print_environment(argc, argv);
    print_process();
    fprintf(stderr, "a word on stderr\n");
    return visible_child("world_of_child");
}

static int world_of_child(int argc, char **argv)
{
    print_environment(argc, argv);
    print_process();
    visible_descriptors("of a child", 1024);
    return 0;
}

/* The numbers that the program's own files get, while MI is in use. */
static int numbers(int argc, char **argv)
{
    MI_Application application;
    int first = open("/dev/null", O_RDONLY), second, ends[2];

    (void)argc;
    (void)argv;
    TOLD(MI_Application_Initialize(0, "numbers", NULL, &application));
    second = open("/dev/null", O_RDONLY);
    printf("first %d, second %d, pipe %d\n", first, second, pipe(ends) == 0 ? ends[0] : -1);
    TOLD(MI_Application_Close(&application));
    visible_descriptors("at the end", 512);
    return 0;
}

static int ends_with(int argc, char **argv)
{
    visible_use("ends_with");
    return argc > 0 ? atoi(argv[0]) : 0;
}

static int dies_of(int argc, char **argv)
{
    visible_use("dies_of");
    signal(SIGABRT, SIG_DFL);
    raise(argc > 0 ? atoi(argv[0]) : SIGTERM);
    return 0;
}

static int quick_exits(int argc, char **argv)
{
    (void)argc;
    visible_use("quick_exits");
    if (argc > 0 && strcmp(argv[0], "_exit") == 0) {
        _exit(7);
    }
    quick_exit(8);
}

static void say_goodbye(void)
{
    visible_use("atexit handler");
}

static int at_exit(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    atexit(say_goodbye);
    visible_use("main");
    return 3;
}

static bool uses_mi_early_and_late(char **argv)
{
    return argv != NULL && argv[0] != NULL && argv[1] != NULL && strcmp(argv[1], "early_and_late") == 0;
}

static bool late;

__attribute__((constructor)) static void early(int argc, char **argv)
{
    (void)argc;
    late = uses_mi_early_and_late(argv);
    if (late) {
        visible_use("constructor");
    }
}

__attribute__((destructor)) static void very_late(void)
{
    if (late) {
        visible_use("destructor");
    }
}

static int early_and_late(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    visible_use("main");
    return 0;
}

const struct scenario scenarios_world[] = {
    {"world", world},     {"world_of_child", world_of_child}, {"changes_environment", changes_environment},
    {"numbers", numbers}, {"early_and_late", early_and_late}, {"ends_with", ends_with},
    {"dies_of", dies_of}, {"quick_exits", quick_exits},       {"at_exit", at_exit},
    {NULL, NULL},
};
