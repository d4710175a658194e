/* SPDX-License-Identifier: MIT */
/*
 * The viewer's peak memory does not grow with the length of a trace: ten times as many events, closed
 * handles and ended threads, with as many live handles, take about as much.
 */
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

struct growth {
    const char *program;
    const char *arguments[2][4]; /* for a trace and for one of ten times as much */
};

static const char *const commands[] = {"check", "report", "stats", "timeline", "tree"};

static void record(struct live_run *run, const struct growth *growth, bool more)
{
    const char *argv[24] = {MITRACE_PROGRAM, "record", "--all-calls",  "--lossless", "-o",
                            "@/trace",       "--",     growth->program};
    const char *const environment[] = {"MITRACE_MI_DELAY_US=0", NULL};

    memcpy(argv + 8, growth->arguments[more], sizeof growth->arguments[more]);
    live_command(run, argv, environment);
    if (run->exit_code != 0) {
        fail_msg("exit code %d: %s", run->exit_code, run->err);
    }
}

/* The system counts what a child had in common with us before it executed `mitrace`, too. */
static long own_peak(void)
{
    struct rusage usage;

    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* What `mitrace COMMAND trace` had in memory at most, in kB, and any of its children. */
static long peak_of(const char *command, const struct live_run *recorded)
{
    g_autofree char *trace = g_build_filename(recorded->folder, "trace", NULL);
    char *const argv[] = {(char *)(uintptr_t)MITRACE_PROGRAM, (char *)(uintptr_t)command, trace, NULL};
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    int status = 0;
    pid_t child;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    assert_int_equal(posix_spawn(&child, MITRACE_PROGRAM, &actions, NULL, argv, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    assert_int_equal(wait4(child, &status, 0, &usage), child);
    assert_true(WIFEXITED(status));
    assert_in_range(WEXITSTATUS(status), 0, 1); /* read to its end, with or without findings */
    assert_true(usage.ru_maxrss > own_peak());
    return usage.ru_maxrss;
}

/* How many calls the trace has. */
static long calls_in(const struct live_run *recorded)
{
    g_autofree char *trace = g_build_filename(recorded->folder, "trace", NULL);
    const char *const argv[] = {MITRACE_PROGRAM, "stats", "--format", "json", trace, NULL};
    const cJSON *function;
    struct live_run run;
    double calls = 0;
    cJSON *stats;

    live_command(&run, argv, NULL);
    stats = cJSON_Parse(run.out);
    cJSON_ArrayForEach(function, cJSON_GetObjectItem(stats, "functions"))
    {
        calls += cJSON_GetNumberValue(cJSON_GetObjectItem(function, "calls"));
    }
    cJSON_Delete(stats);
    live_clear(&run);
    return (long)calls;
}

enum { WINDOWS_KB = 1024 }; /* of the trace's files, which a short trace does not fill */

/* 40 bytes for each event of the longer trace are more than what is allowed. */
static void compare(const struct live_run *less, const struct live_run *more)
{
    long few = calls_in(less), many = calls_in(more);

    assert_true(few > 0);
    assert_true(many > 8 * few);
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        long early = peak_of(commands[i], less), late = peak_of(commands[i], more);

        printf("mitrace %s: %ld kB for %ld calls, %ld kB for %ld\n", commands[i], early, few, late, many);
        if (2 * (late - WINDOWS_KB) > 3 * early) {
            fail_msg("more than 1.5 times as much and %d kB", WINDOWS_KB);
        }
    }
}

static void check(void **state)
{
    const struct growth *growth = *state;
    struct live_run less, more;

    record(&less, growth, false);
    record(&more, growth, true);
    compare(&less, &more);
    live_clear(&less);
    live_clear(&more);
}

/* Applications, each with a thread of MI's that ends with it, sessions and operations. */
static const struct growth of_cycles = {CYCLES, {{"5000"}, {"50000"}}};

/* Events, handles that live all the time, threads. */
static const struct growth of_events = {BENCH_TRACE, {{"20000", "1000", "4"}, {"200000", "1000", "4"}}};

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(check, (void *)(uintptr_t)&of_cycles),
        cmocka_unit_test_prestate(check, (void *)(uintptr_t)&of_events),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
