/* SPDX-License-Identifier: MIT */
/* Threads: many of them, small ones, ones that are ended within MI, and handlers of signals. */
#include "visible.h"

#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { MANY = 500 };

static void *use_quietly(void *unused)
{
    (void)unused;
    return visible_use_quietly("thread") ? NULL : PTHREAD_CANCELED;
}

static int many_threads(int argc, char **argv)
{
    pthread_t threads[MANY];
    void *bad;
    int failed = 0;

    (void)argc;
    (void)argv;
    for (int i = 0; i < MANY; i++) {
        pthread_create(&threads[i], NULL, use_quietly, NULL);
    }
    for (int i = 0; i < MANY; i++) {
        pthread_join(threads[i], &bad);
        failed += bad != NULL;
    }
    printf("%d threads failed\n", failed);
    return 0;
}

/* The first use of MI is on a thread of the smallest size there is. */
static int small_threads(int argc, char **argv)
{
    pthread_attr_t attributes;
    pthread_t thread;
    void *bad = PTHREAD_CANCELED;

    (void)argc;
    (void)argv;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, (size_t)PTHREAD_STACK_MIN);
    for (int i = 0; i < 3; i++) {
        printf("created: %d, ", pthread_create(&thread, &attributes, use_quietly, NULL));
        pthread_join(thread, &bad);
        printf("bad: %d\n", bad != NULL);
    }
    return 0;
}

static void use_in_handler(int number)
{
    (void)number;
    visible_use_quietly("handler");
}

/* A handler on the smallest alternate stack there is, below which nothing may be written. */
static int alternate_stack(int argc, char **argv)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE), size = (size_t)SIGSTKSZ > 8192 ? (size_t)SIGSTKSZ : 8192;
    char *room = mmap(NULL, size + page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stack_t stack = {.ss_sp = room + page, .ss_size = size};
    struct sigaction action = {.sa_handler = use_in_handler, .sa_flags = SA_ONSTACK};

    (void)argc;
    (void)argv;
    mprotect(room + page, size, PROT_READ | PROT_WRITE);
    sigaltstack(&stack, NULL);
    sigaction(SIGUSR1, &action, NULL);
    for (int i = 0; i < 3; i++) {
        raise(SIGUSR1);
    }
    puts("handled");
    return 0;
}

static MI_Application shared;
static pthread_key_t key;

static void use_at_end(void *value)
{
    visible_use(value);
}

static void *leave_value(void *value)
{
    pthread_setspecific(key, value);
    return NULL;
}

/* MI is used by destructors of thread-local values. */
static int thread_values(int argc, char **argv)
{
    pthread_t thread;

    (void)argc;
    (void)argv;
    pthread_key_create(&key, use_at_end);
    for (int i = 0; i < 2; i++) {
        pthread_create(&thread, NULL, leave_value, "destructor of a thread");
        pthread_join(thread, NULL);
    }
    return 0;
}

static int cleaned;

static void note_cleanup(void *unused)
{
    (void)unused;
    cleaned++;
}

/* Waits in MI for ever: the peer never answers. */
static void *wait_in_mi(void *argument)
{
    const MI_Instance *instance;
    MI_Boolean more;
    MI_Result result;

    pthread_cleanup_push(note_cleanup, NULL);
    MI_Operation_GetInstance(argument, &instance, &more, &result, NULL, NULL);
    pthread_cleanup_pop(0);
    return NULL;
}

/* A thread is cancelled while it waits inside MI. That leaves MI locked: nothing more can be asked of it. */
static int cancelled(int argc, char **argv)
{
    MI_Operation operation;
    MI_Session session;
    pthread_t thread;
    void *ended = NULL;

    (void)argc;
    (void)argv;
    setenv("MITRACE_MI_NEVER_DELIVER", "1", 1);
    TOLD(MI_Application_Initialize(0, "cancelled", NULL, &shared));
    TOLD(MI_Application_NewSession(&shared, NULL, NULL, NULL, NULL, NULL, &session));
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    pthread_create(&thread, NULL, wait_in_mi, &operation);
    usleep(50000);
    pthread_cancel(thread);
    pthread_join(thread, &ended);
    printf("cancelled %d, cleaned %d\n", ended == PTHREAD_CANCELED, cleaned);
    fflush(stdout);
    _exit(0);
}

/* A cancellation that was asked for before waits for a cancellation point: MI's cheap calls are none. */
static void *call_when_cancelled(void *unused)
{
    MI_Instance *instance = NULL;
    volatile int got = 0;

    (void)unused;
    pthread_cleanup_push(note_cleanup, NULL);
    pthread_cancel(pthread_self());
    for (int i = 0; i < 20; i++) {
        MI_Result made = MI_Application_NewInstance(&shared, "Garage_Vehicle", NULL, &instance);
        got = got + (made == MI_RESULT_OK);
        MI_Instance_Delete(instance);
    }
    printf("%d calls while a cancellation was pending\n", got);
    fflush(stdout); /* a cancellation point may be here */
    pthread_testcancel();
    pthread_cleanup_pop(0);
    return NULL;
}

static int pending_cancel(int argc, char **argv)
{
    pthread_t thread;
    void *ended = NULL;

    (void)argc;
    (void)argv;
    TOLD(MI_Application_Initialize(0, "pending_cancel", NULL, &shared));
    pthread_create(&thread, NULL, call_when_cancelled, NULL);
    pthread_join(thread, &ended);
    printf("cancelled %d, cleaned %d\n", ended == PTHREAD_CANCELED, cleaned);
    TOLD(MI_Application_Close(&shared));
    return 0;
}

/* main leaves while others go on: the process ends with the last of them, and successfully. */
static void *outlive_main(void *id)
{
    usleep(100000);
    visible_use_quietly(id);
    return NULL;
}

static void tell_end(void)
{
    puts("exit handlers run");
}

/* A child of fork has this thread only, and ends with it. */
static void *fork_and_return(void *unused)
{
    pid_t child = fork();

    if (child == 0) {
        visible_use_quietly("child");
    } else {
        visible_wait(child);
    }
    return unused;
}

/* main_leaves before|after|forked: before or after MI was used for the first time */
static int main_leaves(int argc, char **argv)
{
    const char *how = argc > 0 ? argv[0] : "";
    pthread_t thread;

    atexit(tell_end);
    if (strcmp(how, "before") != 0) {
        visible_use_quietly("main");
    }
    if (strcmp(how, "forked") == 0) {
        pthread_create(&thread, NULL, fork_and_return, NULL);
        pthread_exit(NULL);
    }
    pthread_create(&thread, NULL, outlive_main, "outlives main");
    pthread_create(&thread, NULL, outlive_main, "outlives main, too");
    pthread_exit(NULL);
}

/* The very first use of MI, with a cancellation pending. */
static void *begin_when_cancelled(void *unused)
{
    MI_Application application;

    (void)unused;
    pthread_cancel(pthread_self());
    MI_Application_Initialize(0, "begin", NULL, &application);
    MI_Application_Close(&application);
    puts("initialized and closed");
    pthread_testcancel();
    return NULL;
}

static int pending_from_start(int argc, char **argv)
{
    pthread_t thread;
    void *ended = NULL;

    (void)argc;
    (void)argv;
    pthread_create(&thread, NULL, begin_when_cancelled, NULL);
    pthread_join(thread, &ended);
    printf("cancelled %d\n", ended == PTHREAD_CANCELED);
    return 0;
}

static sigjmp_buf recovered;

static void recover(int number)
{
    siglongjmp(recovered, number);
}

/* The stack is deeper here than where MI was left, and holds what it held then. */
__attribute__((noinline)) static void go_on_deeper(MI_Application *application)
{
    char unused[1 << 14];
    MI_Instance *instance = NULL;

    __asm__ volatile("" : : "r"(unused) : "memory");
    TOLD(MI_Application_NewInstance(application, "Garage_Vehicle", NULL, &instance));
    TOLD(MI_Instance_Delete(instance));
    visible_use("deeper");
}

/* MI is given an address that is none, and left by a jump from the handler of the fault. */
static int leaves_by_siglongjmp(int argc, char **argv)
{
    const MI_Char *nowhere = (const MI_Char *)8;
    MI_Instance *instance = NULL;

    (void)argc;
    (void)argv;
    signal(SIGSEGV, recover);
    TOLD(MI_Application_Initialize(0, "leaves_by_siglongjmp", NULL, &shared));
    for (int i = 0; i < 3; i++) {
        TOLD(MI_Application_NewInstance(&shared, "Garage_Vehicle", NULL, &instance));
        if (sigsetjmp(recovered, 1) == 0) {
            MI_Instance_AddElement(instance, nowhere, NULL, MI_UINT32, 0);
        } else {
            puts("recovered");
        }
        go_on_deeper(&shared);
        TOLD(MI_Instance_Delete(instance));
    }
    TOLD(MI_Application_Close(&shared));
    return 0;
}

const struct scenario scenarios_threads[] = {
    {"many_threads", many_threads},
    {"small_threads", small_threads},
    {"alternate_stack", alternate_stack},
    {"thread_values", thread_values},
    {"cancelled", cancelled},
    {"leaves_by_siglongjmp", leaves_by_siglongjmp},
    {"pending_cancel", pending_cancel},
    {"pending_from_start", pending_from_start},
    {"main_leaves", main_leaves},
    {NULL, NULL},
};
