/* SPDX-License-Identifier: MIT */
/*
 * Moments at which threads meet in the shim: first use, fork, exit, signals, ends of threads, unloading. The
 * program ends as it does alone, in time, and its calls are all in the trace. The first argument is a
 * pattern: only tests whose names it matches.
 */
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

/* Records `program` with these arguments; "@" is the run's folder. */
static void record(struct live_run *run, const char *const *command, int expected)
{
    const char *argv[16] = {MITRACE_PROGRAM, "record", "--all-calls", "--lossless", "--timeout", "60", "-o",
                            "@/trace",       "--"};
    const char *const environment[] = {"MITRACE_MI_DELAY_US=0", NULL};

    for (size_t i = 0; command[i] != NULL; i++) {
        argv[9 + i] = command[i];
    }
    live_command(run, argv, environment);
    if (run->exit_code != expected) {
        fail_msg("exit code %d instead of %d: %s", run->exit_code, expected, run->err);
    }
}

static void check_counted(const char *const *command)
{
    g_autofree char *trace = NULL;
    struct live_run run;

    record(&run, command, 0);
    trace = g_build_filename(run.folder, "trace", NULL);
    assert_true(live_own_count(&run, "calls") > 0);
    assert_int_equal(live_calls(trace), live_own_count(&run, "calls"));
    live_clear(&run);
}

static void check_mode(void **state)
{
    const char *const command[] = {MOMENTS, *state, "@/calls", NULL};

    check_counted(command);
}

/* Again and again: what goes wrong here does so seldom. */
static void check_mode_often(void **state)
{
    for (int i = 0; i < 8; i++) {
        check_mode(state);
    }
}

static void check_ends(void **state)
{
    const char *const command[] = {MOMENTS, *state, "@/calls", NULL};

    for (int i = 0; i < 5; i++) {
        g_autofree char *trace = NULL;
        struct live_run run;

        record(&run, command, 7);
        trace = g_build_filename(run.folder, "trace", NULL);
        assert_true(live_calls(trace) > 0);
        live_clear(&run);
    }
}

static void note_event(GHashTable *threads, char **words, unsigned *begun)
{
    const char *tid = words[3];

    if (strcmp(words[1], "thread_start") == 0) {
        assert_true(g_hash_table_add(threads, g_strdup(tid)));
        ++*begun;
    } else if (strcmp(words[1], "process_start") != 0 && !g_hash_table_contains(threads, tid)) {
        fail_msg("%s of a thread that was not announced or has ended", words[1]);
    } else if (strcmp(words[1], "thread_end") == 0) {
        g_hash_table_remove(threads, tid);
    }
}

/* Nothing comes of a thread before its start and after its end, and all but main end. Returns how many began.
 */
static unsigned check_threads(const char *trace)
{
    const char *const command[] = {MITRACE_PROGRAM, "events", trace, NULL};
    g_autoptr(GHashTable) threads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    unsigned begun = 0;
    struct live_run run;
    g_auto(GStrv) lines = NULL;

    live_command(&run, command, NULL);
    assert_int_equal(run.exit_code, 0);
    lines = g_strsplit(run.out, "\n", -1);
    for (size_t i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(lines[i], " ", 5); /* time, name, pid=, tid=, the rest */
        if (g_strv_length(words) >= 4 && g_str_has_prefix(words[3], "tid=")) {
            note_event(threads, words, &begun);
        }
    }
    assert_int_equal(g_hash_table_size(threads), 1);
    live_clear(&run);
    return begun;
}

static unsigned recorded_threads(const char *mode)
{
    const char *const command[] = {MOMENTS, mode, "@/calls", NULL};
    g_autofree char *trace = NULL;
    struct live_run run;
    unsigned begun;

    record(&run, command, 0);
    trace = g_build_filename(run.folder, "trace", NULL);
    assert_int_equal(live_calls(trace), live_own_count(&run, "calls"));
    begun = check_threads(trace);
    live_clear(&run);
    return begun;
}

static void check_destructors(void **state)
{
    (void)state;
    assert_int_equal(recorded_threads("destructors"), 9);
}

static void check_late_destructors(void **state)
{
    (void)state;
    assert_true(recorded_threads("late-destructors") >= 9);
}

/* Each of ten children is met once. */
static void check_child_threads(void **state)
{
    const char *const command[] = {MOMENTS, "child-threads", "@/calls", NULL};
    const char *events[] = {MITRACE_PROGRAM, "events", NULL, NULL};
    g_autofree char *trace = NULL;
    g_auto(GStrv) parts = NULL;
    struct live_run run, text;

    (void)state;
    record(&run, command, 0);
    events[2] = trace = g_build_filename(run.folder, "trace", NULL);
    assert_int_equal(live_calls(trace), live_own_count(&run, "calls"));
    live_command(&text, events, NULL);
    parts = g_strsplit(text.out, " process_fork ", -1);
    assert_int_equal(g_strv_length(parts), 1 + 10);
    live_clear(&text);
    live_clear(&run);
}

/* Whose calls they are is told rightly: the leak is found. */
static void check_leak(void **state)
{
    const char *const command[] = {MITRACE_PROGRAM, "check",         "--timeout", "60",
                                   "--report",      "json:@/report", "--",        MOMENTS,
                                   *state,          "@/calls",       NULL};
    g_autofree char *findings = NULL;
    struct live_run run;
    cJSON *report;

    live_command(&run, command, NULL);
    assert_int_equal(run.exit_code, 1);
    report = live_json(&run, "report");
    findings = live_findings(report);
    assert_string_equal(findings, "leak-application x1 @executes");
    cJSON_Delete(report);
    live_clear(&run);
}

static void check_unloads(void **state)
{
    const char *const command[] = {UNLOADS, MITRACE_RUNTIME, "200", "@/calls", NULL};

    (void)state;
    check_counted(command);
}

#define MOMENT(check, mode)                                                                     \
    {                                                                                           \
        .name = #check " " mode, .test_func = check, .initial_state = (void *)(uintptr_t)(mode) \
    }

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        MOMENT(check_mode_often, "together"),
        MOMENT(check_mode, "constructor"),
        MOMENT(check_mode, "forks"),
        MOMENT(check_mode, "signals"),
        MOMENT(check_ends, "handler-exits"),
        MOMENT(check_ends, "exits"),
        MOMENT(check_mode, "short-lives"),
        MOMENT(check_mode, "executes"),
        MOMENT(check_leak, "executes"),
        cmocka_unit_test(check_destructors),
        cmocka_unit_test(check_late_destructors),
        cmocka_unit_test(check_child_threads),
        cmocka_unit_test(check_unloads),
    };

    cmocka_set_test_filter(argc > 1 ? argv[1] : NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
