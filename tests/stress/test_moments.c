/* SPDX-License-Identifier: MIT */
/*
 * Moments at which threads meet in the shim: first use, fork, exit, signals, ends of threads, unloading. The
 * program ends as it does alone, in time, with the same output, and each of its calls is in the trace, or
 * mitrace says that the trace is not whole.
 * Arguments: a command to run the recorded programs by, if any; then only some, and once.
 */
#include "live.h"
#include "same.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct moment {
    const char *program;
    const char *words[2]; /* its arguments */
    int exit_code;
    long in_flight; /* calls that were counted and not yet begun when the program ended, at most */
    int times;      /* what goes wrong here does so seldom */
    int torn;       /* in how many of these the end may come inside of LTTng, which then loses a part */
};

static char **launcher; /* NULL-terminated words before the program */
static const char *const environment[] = {"MITRACE_MI_DELAY_US=0", NULL};

static void run_recorded(struct same_run *run, const char *const *command)
{
    const char *argv[64] = {MITRACE_PROGRAM, "record", "--all-calls", "--lossless", "--timeout",
                            "120",           "-o",     "$HERE/trace", "--"};
    size_t count = 9;

    for (char **word = launcher; *word != NULL && count < 48; word++) {
        argv[count++] = *word;
    }
    for (size_t i = 0; command[i] != NULL; i++) {
        argv[count++] = command[i];
    }
    same_run(run, argv, environment);
}

static void compare_ends(const struct moment *moment, const struct same_run *run)
{
    if (run->status != moment->exit_code || run->out[0] != '\0' || run->err[0] != '\0') {
        fail_msg("exit code %d instead of %d: %s%s%s", run->status, moment->exit_code, run->out, run->err,
                 run->mitrace);
    }
    assert_true(run->calls > 0);
}

/* How many calls were begun before the program ended: all of its count, or as many as it says itself. */
static long calls_before_end(const struct same_run *run)
{
    g_autofree char *path = g_build_filename(run->folder, "calls-at-exit", NULL);
    g_autofree char *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) ? strtol(text, NULL, 10) : run->calls;
}

/* Whether the trace is whole; one that is not must say so. */
static bool compare_calls(const struct moment *moment, const struct same_run *run)
{
    g_autofree char *trace = g_build_filename(run->folder, "trace", NULL);
    long least = calls_before_end(run) - moment->in_flight, seen = (long)live_calls(trace);
    bool torn = live_says(run->mitrace, "may not be whole: a process ended while it wrote an event");

    assert_true(least > 0);
    if ((seen < least && !torn) || seen > run->calls) {
        fail_msg("%ld calls by the program's own count, at least %ld of them before its end; %ld in the "
                 "trace; %s",
                 run->calls, least, seen, run->mitrace);
    }
    return !torn;
}

static bool check_once(const struct moment *moment)
{
    const char *const command[] = {moment->program, moment->words[0], moment->words[1], NULL};
    struct same_run bare, recorded;
    bool whole;

    same_run(&bare, command, environment);
    compare_ends(moment, &bare);
    run_recorded(&recorded, command);
    compare_ends(moment, &recorded);
    whole = compare_calls(moment, &recorded);
    same_clear(&bare);
    same_clear(&recorded);
    return whole;
}

static void check(void **state)
{
    const struct moment *moment = *state;
    int torn = 0;

    for (int i = 0; i < (launcher[0] != NULL ? 1 : moment->times); i++) {
        torn += !check_once(moment);
    }
    assert_in_range(torn, 0, moment->torn);
}

#define THREADS 8 /* of moments.c */
#define MOMENT(name, ...)                                                    \
    {                                                                        \
        name, check, NULL, NULL, (void *)(uintptr_t) & (const struct moment) \
        {                                                                    \
            __VA_ARGS__                                                      \
        }                                                                    \
    }

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        MOMENT("first use by all at once", MOMENTS, {"together"}, 0, 0, 8, 0),
        MOMENT("first use in a constructor", MOMENTS, {"constructor"}, 0, 0, 1, 0),
        MOMENT("forks", MOMENTS, {"forks"}, 0, 0, 1, 0),
        MOMENT("signals", MOMENTS, {"signals"}, 0, 0, 1, 0),
        MOMENT("a handler exits", MOMENTS, {"handler-exits"}, 7, THREADS, 5, 4),
        MOMENT("main exits", MOMENTS, {"exits"}, 7, THREADS, 5, 0),
        MOMENT("killed", MOMENTS, {"killed"}, 137, THREADS, 5, 5),
        MOMENT("short lives of threads", MOMENTS, {"short-lives"}, 0, 0, 1, 0),
        MOMENT("vfork and execution", MOMENTS, {"executes"}, 0, 0, 1, 0),
        MOMENT("threads of children", MOMENTS, {"child-threads"}, 0, 0, 1, 0),
        MOMENT("unloading", UNLOADS, {"$MI", "200"}, 0, 0, 1, 0),
    };

    const struct CMUnitTest launched[] = {tests[0], tests[7]};
    g_autofree char *tool = argc > 1 ? g_find_program_in_path(argv[1]) : NULL;

    launcher = argv + 1;
    if (argc > 1 && tool == NULL) {
        printf("SKIPPED: %s is not installed\n", argv[1]);
        return 77;
    }
    if (argc > 1) {
        return cmocka_run_group_tests(launched, NULL, NULL);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
