/* SPDX-License-Identifier: MIT */
/*
 * What preloading costs a program that never uses MI: bench_start LIBRARY TIMES. Starts /bin/true without and
 * with the library, in turn, and prints the medians of both in microseconds: "start-bare N" and
 * "start-preloaded N".
 */
#include "bench.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#define MOST_TIMES 10000

static double start_once(char *variable)
{
    char *environment[] = {variable, NULL};
    char *argv[] = {"/bin/true", NULL};
    uint64_t begin = bench_now();
    pid_t child;

    if (posix_spawn(&child, argv[0], NULL, NULL, argv, environment) != 0 ||
        waitpid(child, NULL, 0) != child) {
        exit(1);
    }
    return (double)(bench_now() - begin) / 1000;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    static double bare[MOST_TIMES], preloaded[MOST_TIMES];
    char variable[4096];
    size_t times = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

    if (times == 0 || times > MOST_TIMES) {
        fprintf(stderr, "usage: bench_start LIBRARY TIMES\n");
        return 2;
    }
    snprintf(variable, sizeof(variable), "LD_PRELOAD=%s", argv[1]);
    for (size_t i = 0; i < times; i++) {
        bare[i] = start_once("UNUSED=");
        preloaded[i] = start_once(variable);
    }
    qsort(bare, times, sizeof(bare[0]), compare);
    qsort(preloaded, times, sizeof(preloaded[0]), compare);
    printf("start-bare %.1f\nstart-preloaded %.1f\n", bare[times / 2], preloaded[times / 2]);
    return 0;
}
