/* SPDX-License-Identifier: MIT */
/* Children of every kind, executions, and daemons. */
#include "visible.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char *own_path(void)
{
    static char path[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", path, sizeof(path) - 1);

    path[length > 0 ? length : 0] = '\0';
    return path;
}

int visible_wait(int pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    printf("a child ended with %d\n", status);
    fflush(stdout);
    return status;
}

int visible_child(const char *scenario)
{
    char *argv[] = {own_path(), (char *)(uintptr_t)scenario, NULL};
    pid_t child = -1;

    fflush(stdout);
    if (posix_spawn(&child, argv[0], NULL, NULL, argv, environ) != 0) {
        return 1;
    }
    return visible_wait(child);
}

static int simple(int argc, char **argv)
{
    visible_use(argc > 0 ? argv[0] : "simple");
    return 0;
}

/* Children by every way there is, before and after MI was used, that use it themselves. */
static int children(int argc, char **argv)
{
    char command[PATH_MAX + 16];
    char line[256];
    FILE *pipe_of_child;
    pid_t child;

    (void)argc;
    (void)argv;
    visible_use("parent");
    snprintf(command, sizeof(command), "exec '%s' simple", own_path());
    visible_child("simple");
    printf("system: %d\n", system(command));
    fflush(stdout);
    pipe_of_child = popen(command, "r");
    while (pipe_of_child != NULL && fgets(line, sizeof(line), pipe_of_child) != NULL) {
        printf("popen: %s", line);
    }
    printf("pclose: %d\n", pclose(pipe_of_child));
    fflush(stdout);
    child = vfork();
    if (child == 0) {
        execl(own_path(), "visible", "simple", "after_vfork", (char *)NULL);
        _exit(127);
    }
    visible_wait(child);
    child = vfork();
    if (child == 0) {
        _exit(5);
    }
    visible_wait(child);
    visible_use("parent again");
    return 0;
}

/* Those of its parent's that a child holds keep them open for those at their other ends. */
static void tell_sockets(void)
{
    struct stat status;
    int sockets = 0;

    for (int fd = 0; fd < 1024; fd++) {
        sockets += fstat(fd, &status) == 0 && S_ISSOCK(status.st_mode);
    }
    printf("%d sockets\n", sockets);
    fflush(stdout);
}

/* A child of fork that uses MI, one that only executes, one that only leaves: the parent has used MI. */
static int forks(int argc, char **argv)
{
    MI_Application application;
    pid_t child;

    (void)argc;
    (void)argv;
    TOLD(MI_Application_Initialize(0, "forks", NULL, &application));
    for (int kind = 0; kind < 5; kind++) {
        fflush(stdout);
        child = fork();
        if (child == 0) {
            if (kind == 0) {
                visible_use("child");
                exit(20);
            }
            if (kind == 1) {
                execl(own_path(), "visible", "simple", "after_fork", (char *)NULL);
            }
            if (kind == 2) {
                exit(22);
            }
            if (kind == 3) {
                visible_descriptors("of a child of fork", 512);
                tell_sockets();
                _exit(visible_threads() == 1 ? 23
                                             : 24); /* nobody was started for a child that does not use MI */
            }
            child = fork();
            if (child == 0) {
                visible_use("grandchild");
                _exit(25);
            }
            _exit(visible_wait(child));
        }
        visible_wait(child);
    }
    TOLD(MI_Application_Close(&application));
    return 0;
}

/* A child that forked before it used MI uses it on another thread first. */
static void *use_on_thread(void *argument)
{
    visible_use(argument);
    return NULL;
}

static int fork_and_thread(int argc, char **argv)
{
    MI_Application application;
    pthread_t thread;
    pid_t child;

    (void)argc;
    (void)argv;
    TOLD(MI_Application_Initialize(0, "fork_and_thread", NULL, &application));
    child = fork();
    if (child == 0) {
        pthread_create(&thread, NULL, use_on_thread, "thread of the child");
        pthread_join(thread, NULL);
        visible_use("child");
        exit(0);
    }
    visible_wait(child);
    TOLD(MI_Application_Close(&application));
    return 0;
}

/* fork_and_load LIBRARY: a child loads a library, which starts nothing, and only then uses MI. */
static int fork_and_load(int argc, char **argv)
{
    MI_Application application;
    pid_t child;

    TOLD(MI_Application_Initialize(0, "fork_and_load", NULL, &application));
    child = fork();
    if (child == 0) {
        printf("loaded %d, ", argc > 0 && dlopen(argv[0], RTLD_NOW) != NULL);
        printf("%u threads\n", visible_threads());
        visible_use("child");
        exit(0);
    }
    visible_wait(child);
    TOLD(MI_Application_Close(&application));
    return 0;
}

/* A child of fork closes everything, opens its own, and only then uses MI. */
static int fork_and_close(int argc, char **argv)
{
    MI_Application application;
    pid_t child;

    (void)argc;
    (void)argv;
    TOLD(MI_Application_Initialize(0, "fork_and_close", NULL, &application));
    child = fork();
    if (child == 0) {
        int ends[2];
        char byte = 'x';
        for (int fd = 3; fd < 1024; fd++) {
            close(fd);
        }
        printf("pipe %d, at %d\n", pipe(ends), ends[0]);
        visible_use("child");
        printf("wrote %zd, ", write(ends[1], &byte, 1));
        printf("read %zd\n", read(ends[0], &byte, 1));
        visible_descriptors("of the child", 512);
        exit(0);
    }
    visible_wait(child);
    TOLD(MI_Application_Close(&application));
    return 0;
}

/* MI before, between and after; the last one has an empty environment. */
static int exec_chain(int argc, char **argv)
{
    char *path = own_path();
    int left = argc > 0 ? atoi(argv[0]) : 0;
    char next[16];
    char *const nothing[] = {NULL};
    char *const last[] = {path, (char *)(uintptr_t) "simple", NULL};

    visible_use("exec_chain");
    printf("a failed exec: %d", execl("/nonexistent", "x", (char *)NULL));
    printf(", errno %d\n", errno);
    fflush(stdout);
    if (left == 0) {
        execve(path, last, nothing);
    }
    snprintf(next, sizeof(next), "%d", left - 1);
    execlp(path, "visible", "exec_chain", next, (char *)NULL);
    return 1;
}

/* A daemon as in the books: two forks, a session of its own, every descriptor closed; then MI. */
static int daemon_of_old(int argc, char **argv)
{
    MI_Application application;
    int ready[2], output;
    char byte = 0;

    (void)argc;
    (void)argv;
    TOLD(MI_Application_Initialize(0, "daemon", NULL, &application));
    if (pipe(ready) != 0) {
        return 1;
    }
    fflush(stdout);
    if (fork() != 0) {
        close(ready[1]);
        printf("the daemon ended with %zd bytes left\n", read(ready[0], &byte, 1));
        TOLD(MI_Application_Close(&application));
        return 0;
    }
    setsid();
    if (fork() != 0) {
        _exit(0);
    }
    output = dup(STDOUT_FILENO);
    umask(0);
    dup2(output, STDIN_FILENO);
    for (int fd = (int)sysconf(_SC_OPEN_MAX) - 1; fd > 2; fd--) {
        if (fd != ready[1]) {
            close(fd);
        }
    }
    visible_use("daemon");
    visible_descriptors("of the daemon", 512);
    return 0;
}

/* As libraries do: a lock that a fork takes, and under which files are closed and threads use MI. */
static pthread_mutex_t program_lock = PTHREAD_MUTEX_INITIALIZER;
enum { STARTERS = 4 };
static atomic_int starters = STARTERS;

static void take_lock(void)
{
    pthread_mutex_lock(&program_lock);
}

static void release_lock(void)
{
    pthread_mutex_unlock(&program_lock);
}

static void *use_under_lock(void *unused)
{
    take_lock();
    close(open("/dev/null", O_RDONLY | O_CLOEXEC));
    visible_use_quietly("under a lock");
    release_lock();
    return unused;
}

/* Threads that are new to MI, one after the other. */
static void *start_users(void *unused)
{
    pthread_t thread;

    for (int i = 0; i < 100 && pthread_create(&thread, NULL, use_under_lock, NULL) == 0; i++) {
        pthread_join(thread, NULL);
    }
    atomic_fetch_sub(&starters, 1);
    return unused;
}

/* Forks meanwhile; the first ten children use MI. */
static int fork_handlers(int argc, char **argv)
{
    pthread_t threads[STARTERS];
    int bad = 0;

    (void)argc;
    (void)argv;
    pthread_atfork(take_lock, release_lock, release_lock);
    visible_use_quietly("before any fork");
    for (int i = 0; i < STARTERS; i++) {
        pthread_create(&threads[i], NULL, start_users, NULL);
    }
    for (int i = 0; i < 10 || atomic_load(&starters) > 0; i++) {
        pid_t child = fork();
        int status = 0;

        if (child == 0) {
            _exit(i < 10 && !visible_use_quietly("child"));
        }
        bad += waitpid(child, &status, 0) != child || status != 0;
    }
    for (int i = 0; i < STARTERS; i++) {
        pthread_join(threads[i], NULL);
    }
    printf("%d bad children\n", bad);
    return 0;
}

const struct scenario scenarios_processes[] = {
    {"simple", simple},
    {"children", children},
    {"forks", forks},
    {"fork_and_thread", fork_and_thread},
    {"fork_and_load", fork_and_load},
    {"fork_and_close", fork_and_close},
    {"exec_chain", exec_chain},
    {"daemon_of_old", daemon_of_old},
    {"fork_handlers", fork_handlers},
    {NULL, NULL},
};
