/* SPDX-License-Identifier: MIT */
/*
 * Every program of the tables, recorded with LTTng and judged by `mitrace check`, as a user would:
 * test_programs PART PARTS [omi]. The tests are dealt out to PARTS runs. With `omi` the programs run on the
 * real OMI at OMI_ROOT, whose server must be running.
 */
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct live_case {
    const char *program;
    const char *argument;
    int exit_code;
    const char *findings;
    int where;
};

/* Where a row holds: a few things cannot be provoked on the one, or differ on the other. */
enum { ON_RUNTIME = 1, ON_OMI = 2 };

#define LIVE(program, argument, exit_code, findings) \
    {#program, argument, exit_code, findings, ON_RUNTIME | ON_OMI},
#define LIVE_RUNTIME(program, argument, exit_code, findings) \
    {#program, argument, exit_code, findings, ON_RUNTIME},
#define LIVE_OMI(program, argument, exit_code, findings) {#program, argument, exit_code, findings, ON_OMI},

static const struct live_case cases[] = {
#include "cases.def"
#include "cases_rules.def"
};

static char *omi_libraries; /* "LD_LIBRARY_PATH=...", NULL under the in-tree runtime */

/*
 * They call MI with a handle that a failed call left behind, or an object that is gone: such a handle carries
 * a table that no created one does, and the shim does not know it.
 */
static const char *const strays[] = {"clean_everything",      "closed_twice",     "failed_session",
                                     "results_kept_too_long", "unchecked_result", "used_after_close"};

static long allowed_strays(const char *program)
{
    long allowed = 0;

    for (size_t i = 0; i < G_N_ELEMENTS(strays); i++) {
        allowed = strcmp(program, strays[i]) == 0 ? 3 : allowed;
    }
    return allowed;
}

/*
 * The trace holds each call that the program counted. Where the program was killed, each of its threads may
 * have counted one that it had no time for.
 */
static void check_interception(const struct live_run *run, const char *program, bool killed)
{
    enum { THREADS = 8 };
    g_autofree char *trace = g_build_filename(run->folder, "trace", NULL);
    long own = live_mapped_count(run, "calls");
    long recorded = (long)live_function_calls(trace);

    assert_true(recorded > 0);
    assert_in_range(own - recorded, 0, allowed_strays(program) + (killed ? THREADS : 0));
}

static bool timed_out(const cJSON *report)
{
    return cJSON_IsTrue(cJSON_GetObjectItem(cJSON_GetObjectItem(report, "program"), "timed_out"));
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
    bool killed;

    live_command(&run, argv, environment);
    if (run.exit_code == 77) {
        live_clear(&run);
        skip(); /* the program says that it cannot run here: it needs root to change its user */
    }
    report = live_json(&run, "report.json");
    found = live_findings(report);
    killed = timed_out(report);
    cJSON_Delete(report);
    assert_string_equal(found, test->findings);
    assert_int_equal(run.exit_code, test->exit_code);
    check_interception(&run, test->program, killed);
    live_clear(&run);
}

int main(int argc, char **argv)
{
    enum { COUNT = sizeof(cases) / sizeof(cases[0]) };
    size_t part = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
    size_t parts = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    bool omi = argc > 3 && strcmp(argv[3], "omi") == 0;
    GArray *tests = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));

    if (omi && !live_use_omi(&omi_libraries, NULL)) {
        return 77;
    }
    for (size_t i = 0; i < COUNT; i++) {
        if (i % parts == part && (cases[i].where & (omi ? ON_OMI : ON_RUNTIME)) != 0) {
            struct CMUnitTest test = {
                .name = g_strdup_printf("%s %s", cases[i].program,
                                        cases[i].argument != NULL ? cases[i].argument : ""),
                .test_func = check_program,
                .initial_state = (void *)(uintptr_t)&cases[i],
            };
            g_array_append_val(tests, test);
        }
    }
    return _cmocka_run_group_tests("programs", (const struct CMUnitTest *)(void *)tests->data, tests->len,
                                   NULL, NULL);
}
