/* SPDX-License-Identifier: MIT */
/*
 * Every program of cases.def, recorded with LTTng and judged by `mitrace check`, as a user would. With the
 * argument `omi` the programs run on the real OMI at OMI_ROOT, whose server must be running.
 */
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct live_case {
    const char *program;
    const char *argument;
    int exit_code;
    const char *findings;
};

static const struct live_case cases[] = {
#define LIVE(program, argument, exit_code, findings) {#program, argument, exit_code, findings},
#include "cases.def"
};

static char *omi_libraries; /* "LD_LIBRARY_PATH=...", NULL under the in-tree runtime */

/* The trace holds each call that the program counted; one that hung could not count, but something is there.
 */
static void check_interception(const struct live_run *run)
{
    g_autofree char *trace = g_build_filename(run->folder, "trace", NULL);
    long own = live_own_count(run, "calls");
    unsigned recorded = live_calls(trace);

    assert_true(recorded > 0);
    if (own >= 0) {
        assert_int_equal(recorded, own);
    }
}

static void check_program(void **state)
{
    const struct live_case *test = *state;
    g_autofree char *program = g_build_filename(MITRACE_APPS, test->program, NULL);
    const char *const argv[] = {
        MITRACE_PROGRAM,      "check", "--all-calls", "--timeout",    "3", "-o", "@/trace", "--report",
        "json:@/report.json", "--",    program,       test->argument, NULL};
    const char *const environment[] = {"MITRACE_APP_CALLS=@/calls", omi_libraries, NULL};
    g_autofree char *found = NULL;
    struct live_run run;
    cJSON *report;

    live_command(&run, argv, environment);
    report = live_json(&run, "report.json");
    found = live_findings(report);
    cJSON_Delete(report);
    assert_string_equal(found, test->findings);
    assert_int_equal(run.exit_code, test->exit_code);
    check_interception(&run);
    live_clear(&run);
}

int main(int argc, char **argv)
{
    enum { COUNT = sizeof(cases) / sizeof(cases[0]) };
    static struct CMUnitTest tests[COUNT];

    if (argc > 1 && strcmp(argv[1], "omi") == 0) {
        const char *root = getenv("OMI_ROOT");
        if (root == NULL || root[0] == '\0') {
            puts("SKIPPED: OMI_ROOT is not set, so nothing was run on the real OMI");
            return 77;
        }
        omi_libraries = g_strdup_printf("LD_LIBRARY_PATH=%s/lib", root);
    }
    for (size_t i = 0; i < COUNT; i++) {
        tests[i] = (struct CMUnitTest){
            .name = g_strdup_printf("%s %s", cases[i].program,
                                    cases[i].argument != NULL ? cases[i].argument : ""),
            .test_func = check_program,
            .initial_state = (void *)(uintptr_t)&cases[i],
        };
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
