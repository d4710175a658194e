/* SPDX-License-Identifier: MIT */
/*
 * The program that faults happen to: fault_program FOLDER CALLS END [RATE]. It makes CALLS calls of MI, RATE
 * of them a second (0: as fast as it can), keeps an account of them in FOLDER/count, and ends as END says.
 * While FOLDER/hold-begun, hold-middle or hold-last exists it waits before its first call, half-way, or after
 * its last one.
 */
#include "app_support.h"
#include "fault_account.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define COUNTED(call) (count_call(), (call))

/* A test that fails leaves nobody behind. */
enum { LONGEST_HOLD_S = 60, POLL_MS = 1 };

static const char *folder;
static volatile struct fault_account *account; /* a mapped file */
static uint64_t since_ns;                      /* when the last call was counted, or a pause was over */
static unsigned long rate;
static MI_Application application;

static void path_of(const char *name, char *path, size_t size)
{
    snprintf(path, size, "%s/%s", folder, name);
}

static void leave_mark(const char *name)
{
    char path[4096];
    int file;

    path_of(name, path, sizeof path);
    file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0) {
        close(file);
    }
}

static void map_account(void)
{
    char path[4096];
    int file;

    path_of("count", path, sizeof path);
    file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, (off_t)sizeof *account) != 0) {
        exit(EXIT_FAILURE);
    }
    account = mmap(NULL, sizeof *account, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (account == MAP_FAILED) {
        exit(EXIT_FAILURE);
    }
}

static uint64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void end_gap(void)
{
    uint64_t now = now_ns();

    account->working_ns += now - since_ns;
    if (now - since_ns > account->longest_ns) {
        account->longest_ns = now - since_ns;
    }
    since_ns = now;
}

static void count_call(void)
{
    end_gap();
    account->calls++;
}

static void wait_while_exists(const char *name)
{
    const struct timespec step = {.tv_nsec = POLL_MS * 1000000L};
    char path[4096];

    path_of(name, path, sizeof path);
    for (unsigned i = 0; i < LONGEST_HOLD_S * 1000 / POLL_MS && access(path, F_OK) == 0; i++) {
        nanosleep(&step, NULL);
    }
}

static void hold(const char *place)
{
    char name[64];

    end_gap();
    leave_mark(place);
    snprintf(name, sizeof name, "hold-%s", place);
    wait_while_exists(name);
    since_ns = now_ns();
}

/* Wait until `done` calls since `begin` are no more than RATE allows. */
static void keep_pace(const struct timespec *begin, uint64_t done)
{
    struct timespec due = *begin;
    uint64_t ns = (uint64_t)begin->tv_nsec + done % rate * 1000000000u / rate;

    due.tv_sec += (time_t)(done / rate + ns / 1000000000u);
    due.tv_nsec = (long)(ns % 1000000000u);
    end_gap();
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, NULL);
    since_ns = now_ns();
}

static void work(uint64_t pairs)
{
    enum { BATCH = 100 };
    struct timespec begin;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (uint64_t i = 0; i < pairs; i++) {
        MI_Instance *instance;

        if (rate > 0 && i % BATCH == 0) {
            keep_pace(&begin, 2 * i);
        }
        app_require("MI_Application_NewInstance",
                    COUNTED(MI_Application_NewInstance(&application, "Fault_Thing", NULL, &instance)));
        app_require("MI_Instance_Delete", COUNTED(MI_Instance_Delete(instance)));
    }
}

static void end_in_order(void)
{
}

static void end_with_status(void)
{
    exit(42);
}

static void end_at_once(void)
{
    _exit(42);
}

static void end_by_abort(void)
{
    abort();
}

static void end_by_segv(void)
{
    raise(SIGSEGV);
}

static void end_by_kill(void)
{
    raise(SIGKILL);
}

static void end_by_killing_group(void)
{
    kill(0, SIGKILL);
}

static void end_by_stopping(void)
{
    raise(SIGSTOP);
}

/* MI_Application_Close waits for a session that nobody closes. */
static void end_in_deadlock(void)
{
    MI_Session session;

    COUNTED(MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &session));
    COUNTED(MI_Application_Close(&application));
}

static void end_with_leak(void)
{
    MI_Instance *instance;

    COUNTED(MI_Application_NewInstance(&application, "Fault_Leak", NULL, &instance));
}

/* A daemon stays: in a session of its own, with nothing open. */
static void end_with_daemon(void)
{
    if (fork() != 0) {
        return;
    }
    setsid();
    if (fork() == 0) {
        closefrom(0);
        wait_while_exists("hold-daemon");
        leave_mark("daemon-ended");
    }
    _exit(EXIT_SUCCESS);
}

static const struct ending {
    const char *name;
    void (*run)(void);
    int closes; /* the application before its end: nothing is open then */
} endings[] = {
    {"exit", end_in_order, 1},          {"status", end_with_status, 1}, {"_exit", end_at_once, 1},
    {"abort", end_by_abort, 0},         {"segv", end_by_segv, 0},       {"kill", end_by_kill, 0},
    {"group", end_by_killing_group, 0}, {"stop", end_by_stopping, 0},   {"deadlock", end_in_deadlock, 0},
    {"leak", end_with_leak, 0},         {"daemon", end_with_daemon, 1},
};

static const struct ending *find_ending(const char *name)
{
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (strcmp(endings[i].name, name) == 0) {
            return &endings[i];
        }
    }
    exit(2);
}

static void close_application(void)
{
    app_require("MI_Application_Close", COUNTED(MI_Application_Close(&application)));
}

static void run(uint64_t total, const struct ending *ending)
{
    static const struct rlimit no_core = {0, 0};

    setrlimit(RLIMIT_CORE, &no_core);
    map_account();
    since_ns = now_ns();
    hold("begun");
    app_require("MI_Application_Initialize",
                COUNTED(MI_Application_Initialize(0, "fault", NULL, &application)));
    work(total / 4);
    hold("middle");
    work(total / 4);
    if (ending->closes) {
        close_application();
    }
    hold("last");
    ending->run();
    if (!ending->closes) {
        close_application();
    }
    end_gap();
    leave_mark("ended");
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        return 2;
    }
    folder = argv[1];
    rate = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    run(strtoull(argv[2], NULL, 10), find_ending(argv[3]));
    puts("the program has ended in order");
    return EXIT_SUCCESS;
}
