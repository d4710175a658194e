/* SPDX-License-Identifier: MIT */
/* See runtime_watch.h. */
#include "runtime_watch.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOKS = 25, PAUSE_US = 2000 };

/* The state letter of a thread of a process; 'X' if it is gone. */
static char state_of(pid_t process, const char *thread)
{
    char path[300], line[512] = "";
    FILE *file;
    const char *end;

    snprintf(path, sizeof path, "/proc/%d/task/%s/stat", process, thread);
    file = fopen(path, "r");
    if (file == NULL) {
        return 'X';
    }
    if (fgets(line, sizeof line, file) == NULL) {
        line[0] = '\0';
    }
    fclose(file);
    end = strrchr(line, ')');
    return end != NULL ? end[2] : 'X';
}

static void *run_call(void *argument)
{
    struct watched_call *watched = argument;

    atomic_store(&watched->tid, (int)syscall(SYS_gettid));
    watched->call(watched->argument);
    atomic_store(&watched->returned, true);
    return NULL;
}

/* Asleep at every one of many looks. */
static bool rests(struct watched_call *watched)
{
    char thread[16];

    snprintf(thread, sizeof thread, "%d", atomic_load(&watched->tid));
    for (int look = 0; look < LOOKS; look++) {
        if (state_of(getpid(), thread) != 'S') {
            return false;
        }
        usleep(PAUSE_US);
    }
    return true;
}

void watch_call(struct watched_call *watched, void (*call)(void *argument), void *argument)
{
    watched->call = call;
    watched->argument = argument;
    atomic_init(&watched->tid, 0);
    atomic_init(&watched->returned, false);
    if (pthread_create(&watched->thread, NULL, run_call, watched) != 0) {
        abort();
    }
    while (atomic_load(&watched->tid) == 0) {
        usleep(PAUSE_US);
    }
    while (!atomic_load(&watched->returned) && !rests(watched)) {
    }
}

bool watched_waits(struct watched_call *watched)
{
    return !atomic_load(&watched->returned);
}

void watched_join(struct watched_call *watched)
{
    pthread_join(watched->thread, NULL);
}

static bool all_asleep(pid_t process)
{
    char path[64];
    struct dirent *entry;
    bool asleep = true;
    DIR *threads;

    snprintf(path, sizeof path, "/proc/%d/task", process);
    threads = opendir(path);
    if (threads == NULL) {
        return false;
    }
    while ((entry = readdir(threads)) != NULL) {
        asleep = asleep && (entry->d_name[0] == '.' || state_of(process, entry->d_name) == 'S');
    }
    closedir(threads);
    return asleep;
}

/* Looks at the child until it ends or has been asleep at many looks in a row. */
static bool comes_to_rest(pid_t child, int *status)
{
    int asleep = 0;

    while (asleep < LOOKS) {
        if (waitpid(child, status, WNOHANG) == child) {
            return false;
        }
        asleep = all_asleep(child) ? asleep + 1 : 0;
        usleep(PAUSE_US);
    }
    return true;
}

bool hangs(void (*program)(void))
{
    int status = 0;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        program();
        _exit(0);
    }
    if (child < 0 || !comes_to_rest(child, &status)) {
        return false;
    }
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    return true;
}
