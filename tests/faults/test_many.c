/* SPDX-License-Identifier: MIT */
/* Sixteen checks of one user at once, some with findings: each judges its own program, and nothing is left.
 * test_many shared: eight of root, with one session daemon for all. */
#include "fault.h"
#include "harms.h"
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RUNS = 16, SHARED_RUNS = 8, BOUND_S = 60, SKIPPED = 77 };

static void (*limit)(void); /* NULL: each has a daemon of its own */

/*
 * A shared daemon tells each program of all sessions, one after the other: with 16 runs they waited for 3 to
 * 5 s, and after 5 s they do not wait any more. A program that hangs has made its calls by its deadline.
 */
static int run_count = RUNS;
static const char *timeout = "3";

static const struct kind {
    const char *end;
    int status;
    const char *says;
} kinds[] = {
    {"exit", 0, "nothing found"},
    {"leak", 1, "leak-instance"},
    {"deadlock", 1, "app-close-session-open"},
    {"kill", 137, "SIGKILL"},
};

static void start(struct fault *fault, const struct kind *kind, int number)
{
    char *calls = g_strdup_printf("%d", 1000 + 40 * number); /* each its own */
    const char *const argv[] = {MITRACE_PROGRAM, "check", "-o",      fault->trace,
                                "--timeout",     timeout, "--",      FAULT_PROGRAM,
                                fault->folder,   calls,   kind->end, NULL};

    fault_start(fault, (char *const *)(uintptr_t)argv, START_PLAIN, limit);
    g_free(calls);
}

static void finish(struct fault *fault, const struct kind *kind)
{
    fault_wait(fault, BOUND_S);
    if (fault->status != kind->status || !live_says(fault->err, kind->says)) {
        fail_msg("exit status %d; it said: %s", fault->status, fault->err);
    }
    assert_int_equal(live_calls(fault->trace), fault_own_count(fault));
    if (getenv("FAULT_VERBOSE") != NULL) {
        print_message("  longest wait %.3f s\n", (double)fault_own_account(fault).longest_ns / 1e9);
    }
}

static struct fault runs[RUNS];

static int set_up(void **state)
{
    (void)state;
    for (int i = 0; i < run_count; i++) {
        fault_open(&runs[i]);
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < run_count; i++) {
        fault_close(&runs[i]);
    }
    return 0;
}

static void check_many(void **state)
{
    (void)state;
    for (int i = 0; i < run_count; i++) {
        start(&runs[i], &kinds[(size_t)i % G_N_ELEMENTS(kinds)], i);
    }
    for (int i = 0; i < run_count; i++) {
        finish(&runs[i], &kinds[(size_t)i % G_N_ELEMENTS(kinds)]);
    }
    for (int i = 0; i < run_count; i++) {
        fault_assert_nothing_left(&runs[i]);
    }
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(check_many, set_up, tear_down)};

    (void)argv;
    if (argc > 1) {
        limit = harm_no_namespace;
        run_count = SHARED_RUNS;
        timeout = "6";
    }
    if (!fault_isolate()) {
        return SKIPPED;
    }
    if (limit != NULL && getuid() != 0) {
        puts("SKIPPED: runs share a session daemon only as root, here with mounts of its own");
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
