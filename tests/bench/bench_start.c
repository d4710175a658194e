/* SPDX-License-Identifier: MIT */
/*
 * What preloading costs a whole program: bench_start TIMES LIBRARY PROGRAM [ARGUMENT...]. Runs PROGRAM
 * without and with the library, in turn, its output thrown away, and prints medians and the lowest of wall
 * time and of processor time in microseconds: "wall-bare", "wall-preloaded", "cpu-bare", "cpu-preloaded", and
 * "wall-added": the median of the pairs' differences. LIBRARY "-": only as it is started, with the
 * environment of bench_start ("wall", "cpu").
 */
#include "bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define MOST_TIMES 10000

struct figures {
    double wall[MOST_TIMES], cpu[MOST_TIMES];
};

extern char **environ;

static double microseconds(struct timeval time)
{
    return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static void run_once(struct figures *figures, size_t which, char **argv)
{
    posix_spawn_file_actions_t actions;
    uint64_t begin;
    struct rusage usage;
    int status;
    pid_t child;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    begin = bench_now();
    if (posix_spawnp(&child, argv[0], &actions, NULL, argv, environ) != 0 ||
        wait4(child, &status, 0, &usage) != child || status != 0) {
        fprintf(stderr, "%s cannot be run, or fails\n", argv[0]);
        exit(1);
    }
    figures->wall[which] = (double)(bench_now() - begin) / 1000;
    figures->cpu[which] = microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
    posix_spawn_file_actions_destroy(&actions);
}

static void print(const char *what, const char *how, double *values, size_t times)
{
    double lowest = bench_lowest(values, times);

    printf("%s%s %.1f %.1f\n", what, how, bench_median(values, times), lowest);
}

static void print_figures(const char *how, struct figures *figures, size_t times)
{
    print("wall", how, figures->wall, times);
    print("cpu", how, figures->cpu, times);
}

int main(int argc, char **argv)
{
    static struct figures bare, preloaded;
    static double added[MOST_TIMES];
    size_t times = argc > 3 ? strtoul(argv[1], NULL, 10) : 0;
    bool alone = argc > 3 && strcmp(argv[2], "-") == 0;

    if (times == 0 || times > MOST_TIMES) {
        fprintf(stderr, "usage: bench_start TIMES LIBRARY PROGRAM [ARGUMENT...]\n");
        return 2;
    }
    for (size_t i = 0; i < times; i++) {
        run_once(&bare, i, argv + 3);
        if (!alone) {
            setenv("LD_PRELOAD", argv[2], 1);
            run_once(&preloaded, i, argv + 3);
            unsetenv("LD_PRELOAD");
            added[i] = preloaded.wall[i] - bare.wall[i];
        }
    }
    print_figures(alone ? "" : "-bare", &bare, times);
    if (!alone) {
        print_figures("-preloaded", &preloaded, times);
        print("wall", "-added", added, times);
    }
    return 0;
}
