/* SPDX-License-Identifier: MIT */
/*
 * What a command costs: bench_process COMMAND [ARG...] runs it with its output thrown away and prints
 * "<wall time, ms> <processor time, ms> <peak memory, KiB>" of it and its descendants that it waited for; the
 * memory is that of the largest of them. Exits as the command does.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static double in_ms(const struct timeval *time)
{
    return (double)time->tv_sec * 1e3 + (double)time->tv_usec / 1e3;
}

static int run(char **argv)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    execvp(argv[0], argv);
    return 127;
}

int main(int argc, char **argv)
{
    struct rusage usage;
    int status = 0;
    double begin = now_ms();
    pid_t child = argc > 1 ? fork() : -1;

    if (child == 0) {
        _exit(run(argv + 1));
    }
    if (child < 0 || wait4(child, &status, 0, &usage) != child) {
        fprintf(stderr, "usage: bench_process COMMAND [ARG...]\n");
        return 2;
    }
    printf("%.3f %.3f %ld\n", now_ms() - begin, in_ms(&usage.ru_utime) + in_ms(&usage.ru_stime),
           usage.ru_maxrss);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
