/* SPDX-License-Identifier: MIT */
/* Programs that close what they did not open, and closes that take their time. */
#include "visible.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Closes what it did not open, and puts files of its own at every number there is. */
static int takes_descriptors(int argc, char **argv)
{
    MI_Application application;
    int own, taken = 0, spoiled = 0;

    TOLD(MI_Application_Initialize(0, "takes_descriptors", NULL, &application));
    own = open("/dev/zero", O_RDONLY | O_CLOEXEC);
    for (int fd = 3; fd < 1024; fd = fd == 699 ? 768 : fd + 1) { /* some are left for what MI itself opens */
        bool third = argc > 0 && strcmp(argv[0], "dup3") == 0;
        if (fd != own) {
            taken += (third ? dup3(own, fd, O_CLOEXEC) : dup2(own, fd)) == fd;
        }
    }
    printf("most were taken: %d\n", taken > 900);
    visible_use("with descriptors taken");
    for (int fd = 3; fd < 700; fd++) {
        char byte = 'x';
        spoiled += read(fd, &byte, 1) != 1 || byte != 0;
    }
    printf("%d spoiled\n", spoiled);
    for (int fd = 3; fd < 1024; fd++) {
        close(fd);
    }
    visible_use("with descriptors closed");
    TOLD(MI_Application_Close(&application));
    visible_descriptors("at the end", 512);
    return 0;
}

/* Open descriptors with high numbers, where the program has none of its own. */
static unsigned count_strange(void)
{
    unsigned count = 0;

    for (int fd = 512; fd < 1024; fd++) {
        count += fcntl(fd, F_GETFD) >= 0;
    }
    return count;
}

static pthread_barrier_t turn;

/* Another thread, which keeps its descriptors when the first one closes its own. */
static void *look_at(void *descriptor)
{
    pthread_barrier_wait(&turn);
    pthread_barrier_wait(&turn);
    printf("for another thread: %s\n", fcntl(*(int *)descriptor, F_GETFD) >= 0 ? "open" : "closed");
    pthread_barrier_wait(&turn);
    return NULL;
}

/* Neither of the two is a cancellation point. */
static void *close_cancelled(void *closed)
{
    pthread_cancel(pthread_self());
    *(int *)closed += close_range(900, 910, 0) == 0;
    closefrom(900);
    ++*(int *)closed;
    pthread_testcancel();
    return NULL;
}

/* close_range with each of its flags. */
static int closes_ranges(int argc, char **argv)
{
    MI_Application application;
    pthread_t thread;
    int own = open("/dev/zero", O_RDONLY), closed = 0;
    unsigned strange;

    (void)argc;
    (void)argv;
    TOLD(MI_Application_Initialize(0, "closes_ranges", NULL, &application));
    strange = count_strange();
    TOLD(close_range(3, ~0u, 1 << 10));
    TOLD(close_range(5, 4, 0));
    TOLD(close_range((unsigned)own, ~0u, CLOSE_RANGE_CLOEXEC));
    printf("closes on exec: %d\n", fcntl(own, F_GETFD));
    pthread_barrier_init(&turn, NULL, 2);
    pthread_create(&thread, NULL, look_at, &own);
    pthread_barrier_wait(&turn);
    TOLD(close_range(3, ~0u, CLOSE_RANGE_UNSHARE));
    printf("for this thread: %s\n", fcntl(own, F_GETFD) >= 0 ? "open" : "closed");
    pthread_barrier_wait(&turn);
    pthread_barrier_wait(&turn);
    pthread_join(thread, NULL);
    pthread_create(&thread, NULL, close_cancelled, &closed);
    pthread_join(thread, NULL);
    printf("closed with a cancellation pending: %d\n", closed);
    TOLD(close_range(3, ~0u, 0));
    closefrom(3);
    printf("closed of others: %u\n", strange - count_strange());
    visible_use("with descriptors closed");
    TOLD(MI_Application_Close(&application));
    return 0;
}

/* A connection whose close waits for the other end to read, ten seconds at most. */
static int make_lingering(void)
{
    static char much[1 << 20];
    const struct linger linger = {1, 10};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0), lingering = socket(AF_INET, SOCK_STREAM, 0);

    if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) != 0 ||
        connect(lingering, (struct sockaddr *)&address, size) != 0 || accept(listener, NULL, NULL) < 0) {
        return -1;
    }
    fcntl(lingering, F_SETFL, O_NONBLOCK);
    while (write(lingering, much, sizeof(much)) > 0) {
    }
    fcntl(lingering, F_SETFL, 0);
    setsockopt(lingering, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
    return lingering;
}

static atomic_bool has_closed;

static void *close_slowly(void *descriptor)
{
    pthread_barrier_wait(&turn);
    close(*(int *)descriptor);
    atomic_store(&has_closed, true);
    return NULL;
}

/* While one thread's close takes its time, the others close and fork, and the slow one can be cancelled. */
static int closes_slowly(int argc, char **argv)
{
    MI_Application application;
    pthread_t thread;
    void *result;
    pid_t child;
    int lingering = make_lingering();

    (void)argc;
    (void)argv;
    TOLD(MI_Application_Initialize(0, "closes_slowly", NULL, &application));
    pthread_barrier_init(&turn, NULL, 2);
    pthread_create(&thread, NULL, close_slowly, &lingering);
    pthread_barrier_wait(&turn);
    usleep(200000); /* it is in close now: if not, this proves less, but is right */
    TOLD(close(open("/dev/null", O_RDONLY)));
    child = fork();
    if (child == 0) {
        _exit(0);
    }
    waitpid(child, NULL, 0);
    printf("the slow one is done: %d\n", atomic_load(&has_closed));
    pthread_cancel(thread);
    pthread_join(thread, &result);
    printf("it was cancelled: %d\n", result == PTHREAD_CANCELED);
    TOLD(MI_Application_Close(&application));
    return 0;
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool enough;

static void lock(void)
{
    pthread_mutex_lock(&mutex);
}

static void unlock(void)
{
    pthread_mutex_unlock(&mutex);
}

static void *close_under_lock(void *unused)
{
    (void)unused;
    while (!atomic_load(&enough)) {
        lock();
        close(open("/dev/null", O_RDONLY));
        unlock();
    }
    return NULL;
}

/* A library that holds its mutex while it closes, and around forks. */
static int forks_and_closes(int argc, char **argv)
{
    MI_Application application;
    pthread_t thread;

    (void)argc;
    (void)argv;
    pthread_atfork(lock, unlock, unlock);
    TOLD(MI_Application_Initialize(0, "forks_and_closes", NULL, &application));
    pthread_create(&thread, NULL, close_under_lock, NULL);
    for (int i = 0; i < 300; i++) {
        pid_t child = fork();
        if (child == 0) {
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
    atomic_store(&enough, true);
    pthread_join(thread, NULL);
    TOLD(MI_Application_Close(&application));
    return 0;
}

const struct scenario scenarios_descriptors[] = {
    {"takes_descriptors", takes_descriptors},
    {"closes_ranges", closes_ranges},
    {"closes_slowly", closes_slowly},
    {"forks_and_closes", forks_and_closes},
    {NULL, NULL},
};
