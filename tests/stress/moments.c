/* SPDX-License-Identifier: MIT */
/*
 * moments MODE: moments at which threads meet in the shim, one for each mode (see `modes`). Its own count of
 * its calls, and of its children's, is that of app_calls.c: mapped, so that it survives every kind of end.
 */
#include "app_support.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <threads.h>
#include <unistd.h>

enum { THREADS = 8, CHILDREN = 10 };

static atomic_int uses; /* that were begun */
static atomic_bool stop;

static void use_objects(MI_Application *application)
{
    MI_Instance *instance = NULL;

    if (MI_Application_NewInstance(application, "Moment", NULL, &instance) == MI_RESULT_OK) {
        MI_Instance_Delete(instance);
    }
}

static void use_application(void)
{
    MI_Application application;

    atomic_fetch_add(&uses, 1);
    app_require("Initialize", MI_Application_Initialize(0, "moment", NULL, &application));
    use_objects(&application);
    MI_Application_Close(&application);
}

/* A session and an operation as well. */
static void use_server(void)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result;
    const MI_Instance *instance;

    atomic_fetch_add(&uses, 1);
    app_require("Initialize", MI_Application_Initialize(0, "moment", NULL, &application));
    app_require("NewSession",
                MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &session));
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    while (more &&
           MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL) == MI_RESULT_OK) {
    }
    MI_Operation_Close(&operation);
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
}

static void run_threads(void *(*run)(void *), void *argument, pthread_t *threads)
{
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, run, argument) != 0) {
            exit(EXIT_FAILURE);
        }
    }
}

static void join_threads(pthread_t *threads)
{
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
}

/* The process's first use of MI, by all threads at once. */
static void *first_use(void *barrier)
{
    pthread_barrier_wait(barrier);
    use_server();
    return NULL;
}

static void together(void)
{
    pthread_t threads[THREADS];
    pthread_barrier_t barrier;

    pthread_barrier_init(&barrier, NULL, THREADS);
    run_threads(first_use, &barrier, threads);
    join_threads(threads);
}

/* One thread's first use is in a constructor, under the loader's lock; the other's begins meanwhile. */
static sem_t in_constructor;

static void use_in_constructor(void)
{
    sem_post(&in_constructor);
    usleep(100000);
    use_application();
}

void (*moments_constructor)(void) = use_in_constructor; /* moments_plugin.c calls it */

static void *load_plugin(void *path)
{
    if (dlopen(path, RTLD_NOW) == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        exit(EXIT_FAILURE);
    }
    return NULL;
}

static void constructor(void)
{
    pthread_t thread;

    sem_init(&in_constructor, 0, 0);
    pthread_create(&thread, NULL, load_plugin, (void *)(uintptr_t)MOMENTS_PLUGIN);
    wait_for(&in_constructor);
    use_application();
    pthread_join(thread, NULL);
}

/* Threads use MI until they are told to stop. */
static void *use_until_stopped(void *unused)
{
    while (!atomic_load(&stop)) {
        use_application();
        usleep(100);
    }
    return unused;
}

static void *use_server_until_stopped(void *unused)
{
    while (!atomic_load(&stop)) {
        use_server();
    }
    return unused;
}

/* All threads are in the midst of it. */
static void wait_for_uses(void)
{
    while (atomic_load(&uses) < 100) {
        usleep(1000);
    }
}

/* Children of a process whose threads are inside MI all the time, each of which uses MI itself. */
static void forks(void)
{
    pthread_t threads[THREADS];
    int status = 0;

    run_threads(use_until_stopped, NULL, threads);
    for (int i = 0; i < 20 && status == 0; i++) {
        pid_t child = fork();

        if (child == 0) {
            use_application();
            _exit(0);
        }
        waitpid(child, &status, 0);
    }
    atomic_store(&stop, true);
    join_threads(threads);
    if (status != 0) {
        exit(EXIT_FAILURE);
    }
}

/* Children whose first use of MI is by threads of C11, of whose birth the shim does not hear, all at once. */
static int first_use_in_child(void *barrier)
{
    pthread_barrier_wait(barrier);
    use_application();
    return 0;
}

static void run_child(void)
{
    pthread_barrier_t barrier;
    thrd_t threads[THREADS];

    pthread_barrier_init(&barrier, NULL, THREADS);
    for (int i = 0; i < THREADS; i++) {
        thrd_create(&threads[i], first_use_in_child, &barrier);
    }
    for (int i = 0; i < THREADS; i++) {
        thrd_join(threads[i], NULL);
    }
    _exit(0);
}

static void child_threads(void)
{
    int status = 0;

    use_application();
    for (int i = 0; i < CHILDREN && status == 0; i++) {
        pid_t child = fork();

        if (child == 0) {
            run_child();
        }
        waitpid(child, &status, 0);
    }
    if (status != 0) {
        exit(EXIT_FAILURE);
    }
}

/* A handler that opens and closes, on whatever thread, in the middle of whatever. */
static void on_alarm(int number)
{
    int saved_errno = errno;
    int fd = open("/dev/null", O_RDONLY);

    (void)number;
    close(fd);
    errno = saved_errno;
}

static void start_alarms(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    struct itimerval interval = {{0, 500}, {0, 500}};

    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &interval, NULL);
}

static void stop_alarms(void)
{
    struct itimerval never = {{0, 0}, {0, 0}};

    setitimer(ITIMER_REAL, &never, NULL);
}

static void signals(void)
{
    pthread_t threads[THREADS];

    start_alarms(on_alarm);
    run_threads(use_server_until_stopped, NULL, threads);
    wait_for_uses(); /* a sleep would end with the first signal */
    atomic_store(&stop, true);
    join_threads(threads);
    stop_alarms();
}

/* _exit in a handler that interrupts a thread in the middle of a call. */
static void exit_in_handler(int number)
{
    (void)number;
    _exit(7);
}

static void handler_exits(void)
{
    pthread_t threads[THREADS];

    run_threads(use_until_stopped, NULL, threads);
    wait_for_uses();
    start_alarms(exit_in_handler);
    join_threads(threads);
}

/* The others go on until the very end, when LTTng has long been shut down: what was counted so far goes into
 * the file calls-at-exit. */
static void keep_count(void)
{
    FILE *file = fopen("calls-at-exit", "w");

    if (file != NULL) {
        fprintf(file, "%lu\n", app_calls());
        fclose(file);
    }
}

/* main returns while all others are inside MI. */
static void exits(void)
{
    pthread_t threads[THREADS];

    run_threads(use_server_until_stopped, NULL, threads);
    wait_for_uses();
    keep_count();
    exit(7);
}

/* Killed while all threads but one do nothing but call MI. */
static void *use_without_pause(void *unused)
{
    while (!atomic_load(&stop)) {
        use_application();
    }
    return unused;
}

static void is_killed(void)
{
    pthread_t threads[THREADS];

    run_threads(use_without_pause, NULL, threads);
    wait_for_uses();
    raise(SIGKILL);
}

/* Threads that come and go: each is met, announced and forgotten. */
static void *one_use(void *unused)
{
    use_application();
    return unused;
}

static void short_lives(void)
{
    pthread_t threads[THREADS];

    for (int i = 0; i < 60; i++) {
        run_threads(one_use, NULL, threads);
        join_threads(threads);
    }
}

/* Threads whose application is closed by a destructor, which comes after the shim's own in each round. */
static pthread_key_t late_key;
static int late_rounds;

struct late {
    MI_Application application;
    int rounds; /* to go */
};

static void close_late(void *value)
{
    struct late *late = value;

    if (late->rounds-- > 0) {
        pthread_setspecific(late_key, late);
        return;
    }
    MI_Application_Close(&late->application);
    free(late);
}

static void *leave_application(void *unused)
{
    struct late *late = calloc(1, sizeof *late);

    late->rounds = late_rounds;
    MI_Application_Initialize(0, "late", NULL, &late->application);
    pthread_setspecific(late_key, late);
    return unused;
}

static void destructors(void)
{
    pthread_t threads[THREADS];

    use_application();
    pthread_key_create(&late_key, close_late);
    run_threads(leave_application, NULL, threads);
    join_threads(threads);
}

static void late_destructors(void)
{
    late_rounds = 2;
    destructors();
}

/* The child of a vfork, which runs in our memory, before its thread has used MI; then that leaks. */
static void executes(void)
{
    MI_Application application;
    pthread_t thread;
    pid_t child;

    pthread_create(&thread, NULL, one_use, NULL);
    pthread_join(thread, NULL);
    child = vfork();
    if (child == 0) {
        execl("/nonexistent", "true", (char *)NULL);
        execl("/bin/true", "true", (char *)NULL);
        _exit(127);
    }
    waitpid(child, NULL, 0);
    MI_Application_Initialize(0, "leaked", NULL, &application);
}

static const struct {
    const char *name;
    void (*run)(void);
} modes[] = {
    {"together", together},
    {"constructor", constructor},
    {"forks", forks},
    {"signals", signals},
    {"handler-exits", handler_exits},
    {"exits", exits},
    {"killed", is_killed},
    {"short-lives", short_lives},
    {"executes", executes},
    {"child-threads", child_threads},
    {"destructors", destructors},
    {"late-destructors", late_destructors},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < sizeof modes / sizeof modes[0]; i++) {
        if (strcmp(modes[i].name, argv[1]) == 0) {
            modes[i].run();
            return 0;
        }
    }
    return 2;
}
