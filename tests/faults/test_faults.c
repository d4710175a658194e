/* SPDX-License-Identifier: MIT */
/*
 * Faults of every part of a run, one row of cases.c each: test_faults [NAME]; with NAME only those that begin
 * so. After each one: the program was not harmed, the verdict is right or honest, it came in time,
 * and nothing is left behind.
 */
#include "cases.h"
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
    guint64 count; /* of the program's calls when the harm was done */
};

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

static void await_moment(struct running *running)
{
    const struct fault_case *test = running->test;

    if (place_of(test) != NULL) {
        fault_reach(&running->fault, place_of(test));
    } else if (test->moment == AT_ANALYSIS) {
        fault_reach(&running->fault, "ended");
        fault_await_end(&running->fault, "mitrace-guard");
    } else {
        g_usleep(test->after_ms * 1000);
    }
}

static void do_harm(struct running *running)
{
    const struct fault_case *test = running->test;

    running->count = fault_own_count(&running->fault);
    running->fault.harmed_us = g_get_monotonic_time();
    if (test->harm != NULL) {
        test->harm(&running->fault);
    }
    /* One that dies of the harm does so where it stands: it is exactly known what it did. */
    if (place_of(test) != NULL && (test->fate == ENDS || test->end != NULL)) {
        fault_release(&running->fault, place_of(test));
    }
}

static void check_program(const struct running *running)
{
    enum fault_fate fate = running->test->fate;
    bool begun = fault_marked(&running->fault, "begun");

    if (fate == ENDS || fate == DIES) {
        assert_true(begun);
    }
    if (begun && (fate == ENDS || fate == ENDS_OR_NEVER_RUNS)) {
        fault_reach(&running->fault, "ended");
    }
}

/* What the program itself left behind is its own affair, and keeps LTTng's wait pages. */
static void end_daemon(const struct running *running)
{
    if (fault_marked(&running->fault, "hold-daemon")) {
        fault_release(&running->fault, "daemon");
        fault_reach(&running->fault, "daemon-ended");
    }
}

static void check_account(const struct running *running, enum fault_account account)
{
    unsigned recorded = account == UNKNOWN ? 0 : live_calls(running->fault.trace);

    if (account == EXACT) {
        assert_int_equal(recorded, fault_own_count(&running->fault));
        assert_true(recorded > 0);
    } else if (account == PARTIAL) {
        assert_in_range(recorded, running->count, fault_own_count(&running->fault));
    }
}

static bool gives_reason(const char *text)
{
    return live_says(text, "Not checked:") || live_says(text, "mitrace check: ") ||
           g_str_has_prefix(text, "mitrace: ");
}

static bool is_right(const struct fault_case *test, const struct fault *fault)
{
    if (test->status != STATUS_ANY) {
        return fault->status == test->status;
    }
    return fault->status == 0 || fault->status == 3 || (fault->killed && fault->status == 137);
}

static void check_verdict(const struct running *running)
{
    const struct fault_case *test = running->test;
    const struct fault *fault = &running->fault;

    if (!is_right(test, fault)) {
        fail_msg("exit status %d; it said: %s", fault->status, fault->err);
    }
    if (fault->status == 3 && !gives_reason(fault->err)) {
        fail_msg("no reason: %s", fault->err);
    }
    if (test->says != NULL && !live_says(fault->err, test->says)) {
        fail_msg("it does not say \"%s\" but: %s", test->says, fault->err);
    }
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
        assert_int_equal(run.exit_code, running->test->check_later);
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

static void check_fault(void **state)
{
    struct running *running = *state;
    const struct fault_case *test = running->test;

    if (test->big && getenv("MITRACE_BIG_TESTS") == NULL) {
        print_message("[  SKIPPED ] MITRACE_BIG_TESTS is not set\n");
        skip();
    }
    if (test->mounts && getuid() != 0) {
        print_message("[  SKIPPED ] needs root, with mounts of its own\n");
        skip();
    }
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
    await_moment(running);
    do_harm(running);
    fault_wait(&running->fault, bound_of(test));
    check_program(running);
    fault_assert_nothing_left(&running->fault);
    end_daemon(running);
    check_verdict(running);
    check_later(running);
    if (getenv("FAULT_VERBOSE") != NULL) {
        print_message("  %.1f s, status %d\n", running->fault.seconds, running->fault.status);
    }
}

static void add_test(GArray *tests, char *name, const struct fault_case *row)
{
    struct CMUnitTest test =
        cmocka_unit_test_prestate_setup_teardown(check_fault, set_up, tear_down, (void *)(uintptr_t)row);

    test.name = name;
    g_array_append_val(tests, test);
}

/* From before there is a session daemon until after the end. */
static void add_moments(GArray *tests, const struct fault_case *row)
{
    static const unsigned moments_ms[] = {0, 40, 80, 120, 150, 180, 220, 300};

    for (size_t i = 0; i < G_N_ELEMENTS(moments_ms); i++) {
        struct fault_case *one = g_new(struct fault_case, 1);
        *one = *row;
        one->after_ms = moments_ms[i];
        add_test(tests, g_strdup_printf("%s after %u ms", row->name, moments_ms[i]), one);
    }
}

static GArray *all_tests(void)
{
    GArray *tests = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));

    for (size_t i = 0; i < fault_case_count; i++) {
        const struct fault_case *row = &fault_cases[i];
        if (row->moment == AT_MOMENTS) {
            add_moments(tests, row);
        } else {
            add_test(tests, g_strdup(row->name), row);
        }
    }
    return tests;
}

static int run_part(size_t part, size_t parts, const char *only)
{
    GArray *all = all_tests();
    GArray *tests = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));

    for (guint i = 0; i < all->len; i++) {
        const struct CMUnitTest *test = &g_array_index(all, struct CMUnitTest, i);
        if (i % parts == part && g_str_has_prefix(test->name, only)) {
            g_array_append_val(tests, *test);
        }
    }
    return _cmocka_run_group_tests("faults", (const struct CMUnitTest *)(void *)tests->data, tests->len, NULL,
                                   NULL);
}

/* In a process of its own, with what it prints in a file that is open as `output`. */
static pid_t start_part(size_t part, int *output)
{
    char name[] = "/tmp/mitrace-faults-XXXXXX";
    pid_t pid;

    *output = mkstemp(name);
    unlink(name);
    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        dup2(*output, STDOUT_FILENO);
        dup2(*output, STDERR_FILENO);
        exit(fault_isolate() ? run_part(part, PARTS, "") : SKIPPED);
    }
    return pid;
}

static void show(int output)
{
    char buffer[4096];
    ssize_t count;

    for (off_t at = 0; (count = pread(output, buffer, sizeof buffer, at)) > 0; at += count) {
        fwrite(buffer, 1, (size_t)count, stdout);
    }
    close(output);
}

/* Most of the time is waiting for what hangs: dealt out, the rows wait together. */
static int run_parts(void)
{
    pid_t processes[PARTS];
    int outputs[PARTS];
    int worst = EXIT_SUCCESS;

    for (size_t i = 0; i < PARTS; i++) {
        processes[i] = start_part(i, &outputs[i]);
    }
    for (size_t i = 0; i < PARTS; i++) {
        int status = -1;
        waitpid(processes[i], &status, 0);
        worst = status == 0 ? worst : WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILURE;
        show(outputs[i]);
    }
    return worst;
}

int main(int argc, char **argv)
{
    if (argc == 1) {
        return run_parts();
    }
    return fault_isolate() ? run_part(0, 1, argv[1]) : SKIPPED;
}
