/* SPDX-License-Identifier: MIT */
/*
 * Faults of every part of a run, one row of cases.c each: test_faults [NAME]; with NAME only those that begin
 * so, or of the group of that name. After each one: the program was not harmed, the verdict is right or
 * honest, it came in time, and nothing is left behind.
 */
#include "cases.h"
#include "harms.h"
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PARTS = 6, CALLS = 4000, QUIET_BOUND_S = 60, BIG_BOUND_S = 600, SKIPPED = 77 };

struct running {
    const struct fault_case *test;
    struct fault fault;
    guint64 count; /* of the calls that the program had begun when the harm was done */
};

/* On a busy machine the harm may find a program that has made its last call. */
static bool is_late(const struct fault_case *test, const struct fault *fault)
{
    return test->moment == AT_CALL && test->fate == ENDS && fault->calls_after >= test->calls;
}

static int set_up(void **state)
{
    struct running *running = g_new0(struct running, 1);

    running->test = *state;
    fault_open(&running->fault);
    *state = running;
    return 0;
}

static int tear_down(void **state)
{
    struct running *running = *state;

    fault_close(&running->fault);
    g_free(running);
    return 0;
}

static void start(struct running *running)
{
    const struct fault_case *test = running->test;
    g_auto(GStrv) options = g_strsplit(test->options == NULL ? "" : test->options, " ", -1);
    g_autofree char *calls = g_strdup_printf("%u", test->calls == 0 ? CALLS : test->calls);
    g_autofree char *rate = g_strdup_printf("%u", test->rate);
    const char *const program[] = {
        "--", FAULT_PROGRAM, running->fault.folder, calls, test->end == NULL ? "exit" : test->end, rate};
    g_autoptr(GPtrArray) argv = g_ptr_array_new();

    g_ptr_array_add(argv, (gpointer)(uintptr_t)MITRACE_PROGRAM);
    g_ptr_array_add(argv, (gpointer)(uintptr_t) "check");
    if (!test->no_trace_option) {
        g_ptr_array_add(argv, (gpointer)(uintptr_t) "-o");
        g_ptr_array_add(argv, running->fault.trace);
    }
    for (size_t i = 0; options[i] != NULL; i++) {
        g_ptr_array_add(argv, options[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(program); i++) {
        g_ptr_array_add(argv, (gpointer)(uintptr_t)program[i]);
    }
    g_ptr_array_add(argv, NULL);
    fault_start(&running->fault, (char *const *)argv->pdata, test->how, test->limit);
}

static const char *const places[] = {[AT_BEGUN] = "begun", [AT_MIDDLE] = "middle", [AT_LAST] = "last"};

static const char *place_of(const struct fault_case *test)
{
    return test->moment < G_N_ELEMENTS(places) ? places[test->moment] : NULL;
}

static void await_call(const struct running *running)
{
    gint64 deadline = g_get_monotonic_time() + QUIET_BOUND_S * G_USEC_PER_SEC;

    while (fault_own_count(&running->fault) < running->test->after_calls) {
        assert_true(g_get_monotonic_time() < deadline);
        g_usleep(500);
    }
}

static void await_moment(struct running *running)
{
    const struct fault_case *test = running->test;

    if (place_of(test) != NULL) {
        fault_reach(&running->fault, place_of(test));
    } else if (test->moment == AT_CALL) {
        await_call(running);
    } else if (test->moment == AT_ANALYSIS) {
        fault_reach(&running->fault, "ended");
        assert_true(fault_await_end(&running->fault, "mitrace-guard", QUIET_BOUND_S));
    } else {
        if (test->moment == AT_END) {
            fault_reach(&running->fault, "ended");
        }
        g_usleep(test->after_ms * 1000);
    }
}

static void do_harm(struct running *running)
{
    const struct fault_case *test = running->test;

    running->count = fault_own_count(&running->fault);
    if (test->moment == AT_CALL) { /* it counts a call before it makes it */
        running->count--;
    }
    running->fault.harmed_us = g_get_monotonic_time();
    if (test->harm != NULL) {
        test->harm(&running->fault);
        running->fault.calls_after = fault_own_count(&running->fault);
    }
    if (running->fault.missed && test->moment != AT_END && test->moment != AT_ANALYSIS) {
        fail_msg("there was nothing to be harmed");
    }
    /* One that dies of the harm does so where it stands: it is exactly known what it did. */
    if (place_of(test) != NULL && (test->fate == ENDS || test->end != NULL)) {
        fault_release(&running->fault, place_of(test));
    }
}

/* By the program's own clock, and by ours for its end, which it cannot see. */
static void check_delay(const struct running *running, double end)
{
    struct fault_account account = fault_own_account(&running->fault);
    double longest = (double)account.longest_ns / 1e9;
    double working = (double)account.working_ns / 1e9 + end;
    double bound = running->test->starts_late ? 2 * FAULT_BOUND_S : FAULT_BOUND_S;

    if (getenv("FAULT_VERBOSE") != NULL) {
        print_message("  program: longest wait %.3f s, all of it %.3f s, its end %.3f s\n", longest, working,
                      end);
    }
    if (!running->test->big && (longest > FAULT_BOUND_S || working > bound)) {
        fail_msg("the program waited %.1f s for a call, worked %.1f s in all, %.1f s of them for its end",
                 longest, working, end);
    }
}

static double await_end_of_program(const struct running *running)
{
    gint64 begin = g_get_monotonic_time();

    fault_reach(&running->fault, "ended");
    if (running->fault.own_program == NULL) { /* nothing of it may stay */
        assert_true(fault_await_end(&running->fault, "fault_program", FAULT_BOUND_S));
    }
    return (double)(g_get_monotonic_time() - begin) / G_USEC_PER_SEC;
}

static void check_program(const struct running *running)
{
    enum fault_fate fate = running->test->fate;
    bool begun = fault_marked(&running->fault, "begun");
    double end = 0;

    if (fate == ENDS || fate == DIES) {
        assert_true(begun);
    }
    if (begun && (fate == ENDS || fate == ENDS_OR_NEVER_RUNS)) {
        end = await_end_of_program(running);
    }
    check_delay(running, end);
}

/* What the program itself left behind is its own affair, and keeps LTTng's wait pages. */
static void end_daemon(const struct running *running)
{
    if (fault_marked(&running->fault, "hold-daemon")) {
        fault_release(&running->fault, "daemon");
        fault_reach(&running->fault, "daemon-ended");
    }
}

/* Of a program that died in a call, between counting it and its event, or in the middle of an event. */
static void check_killed(unsigned recorded, guint64 own, const char *err)
{
    bool says = live_says(err, "the trace may not be whole: ") || live_says(err, "events were lost");

    if (recorded > own || (recorded + 1 < own && !says)) {
        fail_msg("%u calls recorded of %" G_GUINT64_FORMAT "; it said: %s", recorded, own, err);
    }
}

static void check_account(const struct running *running, enum fault_account_kind kind)
{
    unsigned recorded = kind == UNKNOWN ? 0 : live_calls(running->fault.trace);
    guint64 own = fault_own_count(&running->fault);

    if (kind == EXACT) {
        assert_int_equal(recorded, own);
        assert_true(recorded > 0);
    } else if (kind == PARTIAL) {
        assert_in_range(recorded, running->count, own);
    } else if (kind == KILLED) {
        check_killed(recorded, own, running->fault.err);
    }
}

/* More than a heading: text on the same line, or in a paragraph below, which is indented. */
static bool has_more_after(const char *text, const char *heading)
{
    static const char indent[] = "\n    ";
    const char *more = strstr(text, heading);

    if (more == NULL) {
        return false;
    }
    more += strlen(heading);
    more += g_str_has_prefix(more, indent) ? strlen(indent) : 0;
    return *more != '\0' && *more != '\n';
}

/* What was not checked, that nothing was recorded, or that there is no trace to read: and why. */
static bool gives_reason(const char *text)
{
    static const char *const headings[] = {
        "Not checked:", " was not recorded: ", " cannot be read: ", "cannot read trace "};

    for (size_t i = 0; i < G_N_ELEMENTS(headings); i++) {
        if (has_more_after(text, headings[i])) {
            return true;
        }
    }
    return false;
}

/* What is harmed too late, or not at all, has no excuse. */
static bool is_right(const struct fault_case *test, const struct fault *fault)
{
    if (fault->missed) {
        return fault->status == 0;
    }
    if (test->status != STATUS_ANY && !is_late(test, fault)) {
        return fault->status == test->status;
    }
    return fault->status == 0 || fault->status == 3 || (fault->killed && fault->status == 137);
}

static void check_words(const struct fault_case *test, const struct fault *fault)
{
    if (fault->status == 3 && !gives_reason(fault->err)) {
        fail_msg("no reason: %s", fault->err);
    }
    if (fault->status == 3 && test->excuse != NULL && !live_says(fault->err, test->excuse)) {
        fail_msg("it does not say \"%s\" but: %s", test->excuse, fault->err);
    }
    if (test->says != NULL && !is_late(test, fault) && !live_says(fault->err, test->says)) {
        fail_msg("it does not say \"%s\" but: %s", test->says, fault->err);
    }
}

static void check_verdict(const struct running *running)
{
    const struct fault_case *test = running->test;
    const struct fault *fault = &running->fault;

    if (!is_right(test, fault)) {
        fail_msg("exit status %d; it said: %s", fault->status, fault->err);
    }
    check_words(test, fault);
    if (!test->big) { /* its text would be several times as large */
        check_account(running, fault->status == 0 && !test->no_trace_option ? EXACT : test->account);
    }
}

static void check_later(const struct running *running)
{
    const char *const argv[] = {MITRACE_PROGRAM, "check", running->fault.trace, NULL};
    struct live_run run;

    if (running->test->check_later != 0) {
        live_command(&run, argv, NULL);
        if (running->test->check_later != STATUS_ANY || run.exit_code != 0) {
            assert_int_equal(run.exit_code, MAX(running->test->check_later, 3));
            assert_true(gives_reason(run.out));
        }
        live_clear(&run);
    }
}

static double bound_of(const struct fault_case *test)
{
    bool is_fault = test->harm != NULL || test->starts_late;

    if (test->big) {
        return BIG_BOUND_S;
    }
    return !is_fault ? QUIET_BOUND_S : test->starts_late ? 2 * FAULT_BOUND_S : FAULT_BOUND_S;
}

static void begin(struct running *running)
{
    const struct fault_case *test = running->test;

    if (test->prepare != NULL) {
        test->prepare(&running->fault);
    }
    if (place_of(test) != NULL) {
        fault_hold(&running->fault, place_of(test));
    }
    if (g_strcmp0(test->end, "daemon") == 0) {
        fault_hold(&running->fault, "daemon");
        running->fault.own_program = FAULT_PROGRAM;
    }
    start(running);
}

static void check_fault(void **state)
{
    struct running *running = *state;
    const struct fault_case *test = running->test;

    begin(running);
    await_moment(running);
    do_harm(running);
    fault_wait(&running->fault, bound_of(test));
    if (getenv("FAULT_VERBOSE") != NULL) {
        print_message("  %.1f s, status %d%s\n", running->fault.seconds, running->fault.status,
                      running->fault.missed ? ", missed" : "");
    }
    check_program(running);
    fault_assert_nothing_left(&running->fault);
    end_daemon(running);
    check_verdict(running);
    check_later(running);
    if (test->afterwards != NULL) {
        test->afterwards(&running->fault);
    }
}

/* Each a test of CTest, which tells one that could do nothing. */
static bool is_in_group(const struct fault_case *row, const char *group)
{
    const char *own = row->big ? "big" : row->mounts ? "mounts" : row->is_moment ? "moments" : "plain";

    return strcmp(own, group) == 0;
}

/* Why it can't be run here; NULL: it can. */
static const char *obstacle(const struct fault_case *row)
{
    if (row->big && getenv("MITRACE_BIG_TESTS") == NULL) {
        return "MITRACE_BIG_TESTS is not set";
    }
    return row->mounts && getuid() != 0 ? "needs root, with mounts of its own" : NULL;
}

static void add_row(GArray *rows, const struct fault_case *row)
{
    g_array_append_val(rows, *row);
}

/*
 * From before there is a session daemon until after the recording. While the program calls, the fault is
 * never without consequence; at the end it may come too late; and what comes after the recording harms
 * nothing: then the trace is whole. Only mitrace itself is there to the last.
 */
static void add_moments(GArray *rows, const struct fault_case *row)
{
    static const struct {
        const char *name;
        enum fault_moment moment;
        unsigned after;
        int status; /* 0: as the row says */
    } moments[] = {
        {"as mitrace starts", AT_START, 0, STATUS_ANY},
        {"40 ms later", AT_START, 40, STATUS_ANY},
        {"100 ms later", AT_START, 100, STATUS_ANY},
        {"in its first call", AT_CALL, 1, 0},
        {"in call 2000", AT_CALL, 2000, 0},
        {"in call 10000", AT_CALL, 10000, 0},
        {"in call 15000", AT_CALL, 15000, 0},
        {"as the program ends", AT_END, 0, STATUS_ANY},
        {"20 ms later", AT_END, 20, STATUS_ANY},
        {"after the recording", AT_ANALYSIS, 0, STATUS_ANY},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(moments); i++) {
        struct fault_case one = *row;
        bool starts = moments[i].moment == AT_START;
        one.name = g_strdup_printf("%s, %s", row->name, moments[i].name);
        one.is_moment = true;
        one.moment = moments[i].moment;
        one.after_ms = one.moment == AT_CALL ? 0 : moments[i].after;
        one.after_calls = one.moment == AT_CALL ? moments[i].after : 0;
        if (moments[i].status == STATUS_ANY) {
            one.excuse = starts ? NULL : row->says != NULL ? row->says : row->excuse;
            one.says = NULL;
            one.status = STATUS_ANY;
            one.check_later = starts || row->check_later == 0 ? 0 : STATUS_ANY;
        }
        if (starts) {
            one.account = UNKNOWN;
            one.fate = one.harm == harm_kill_launcher ? ENDS_OR_NEVER_RUNS : row->fate;
        }
        add_row(rows, &one);
    }
}

static GArray *all_rows(void)
{
    GArray *rows = g_array_new(FALSE, TRUE, sizeof(struct fault_case));

    for (size_t i = 0; i < fault_case_count; i++) {
        if (fault_cases[i].moment == AT_MOMENTS) {
            add_moments(rows, &fault_cases[i]);
        } else {
            add_row(rows, &fault_cases[i]);
        }
    }
    return rows;
}

static GArray *tests_of(GArray *rows, size_t part, size_t parts, GString *skipped)
{
    GArray *tests = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));

    for (guint i = 0; i < rows->len; i++) {
        struct fault_case *row = &g_array_index(rows, struct fault_case, i);
        struct CMUnitTest test =
            cmocka_unit_test_prestate_setup_teardown(check_fault, set_up, tear_down, row);
        const char *reason = obstacle(row);
        test.name = row->name;
        if (i % parts == part && reason == NULL) {
            g_array_append_val(tests, test);
        } else if (i % parts == part) {
            g_string_append_printf(skipped, "SKIPPED: %s: %s\n", row->name, reason);
        }
    }
    return tests;
}

static GArray *choose(const char *only)
{
    GArray *all = all_rows();
    GArray *rows = g_array_new(FALSE, TRUE, sizeof(struct fault_case));

    for (guint i = 0; i < all->len; i++) {
        const struct fault_case *row = &g_array_index(all, struct fault_case, i);
        if (g_str_has_prefix(row->name, only) || is_in_group(row, only)) {
            add_row(rows, row);
        }
    }
    return rows;
}

/* SKIPPED when nothing was run. */
static int run_part(size_t part, size_t parts, const char *only)
{
    GString *skipped = g_string_new(NULL);
    GArray *tests = tests_of(choose(only), part, parts, skipped);
    int failed = tests->len == 0
                     ? SKIPPED
                     : _cmocka_run_group_tests("faults", (const struct CMUnitTest *)(void *)tests->data,
                                               tests->len, NULL, NULL);

    fputs(skipped->str, stdout);
    return failed;
}

/* In a process of its own, with what it prints in a file that is open as `output`. */
static pid_t start_part(size_t part, const char *only, int *output)
{
    char name[] = "/tmp/faults-output-XXXXXX";
    pid_t pid;

    *output = mkstemp(name);
    unlink(name);
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        dup2(*output, STDOUT_FILENO);
        dup2(*output, STDERR_FILENO);
        exit(fault_isolate() ? run_part(part, PARTS, only) : SKIPPED);
    }
    return pid;
}

/* What was left out is told last. */
static void show(int output, GString *skipped)
{
    FILE *stream = fdopen(output, "r");
    char *line = NULL;
    size_t size = 0;

    rewind(stream);
    while (getline(&line, &size, stream) > 0) {
        if (!g_str_has_prefix(line, "SKIPPED: ")) {
            fputs(line, stdout);
        } else if (strstr(skipped->str, line) == NULL) {
            g_string_append(skipped, line);
        }
    }
    free(line);
    fclose(stream);
}

/* Most of the time is waiting for what hangs: dealt out, the rows wait together. */
static int run_parts(const char *only)
{
    GString *skipped = g_string_new(NULL);
    pid_t processes[PARTS];
    int outputs[PARTS];
    int result = SKIPPED;

    for (size_t i = 0; i < PARTS; i++) {
        processes[i] = start_part(i, only, &outputs[i]);
    }
    for (size_t i = 0; i < PARTS; i++) {
        int status = -1;
        waitpid(processes[i], &status, 0);
        int code = WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
        result = result == EXIT_FAILURE || (code != 0 && code != SKIPPED) ? EXIT_FAILURE
                 : code == SKIPPED                                        ? result
                                                                          : EXIT_SUCCESS;
        show(outputs[i], skipped);
    }
    fputs(skipped->str, stdout);
    return result;
}

int main(int argc, char **argv)
{
    return run_parts(argc > 1 ? argv[1] : "");
}
