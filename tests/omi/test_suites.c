/* SPDX-License-Identifier: MIT */
/*
 * OMI's own test suites under the shim: each of their tests ends in the same way without it, with it dormant,
 * and recorded. They start and stop servers: run this test in a network and mount namespace of its own.
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

/*
 * Calls of MI that must have been seen. libtest_base and libtest_micxx use instances of OMI's base library
 * only and never open an application: there is no MI to intercept.
 */
static const struct suite {
    const char *name;
    unsigned least, most;
} suites[] = {
    {"base", 0, 0},
    {"micxx", 0, 0},
    {"cli", 5000, UINT32_MAX},
    {"miapi", 5000, UINT32_MAX},
};

static char *tree; /* the folder in which OMI was built */

/*
 * The tests that did not end well and the sums of all, sorted: "[Error] libtest_cli.so:Test", "Passed: 61".
 * (Not every test's line: messages of OMI's allocator may stand in the middle of them.)
 */
static char **endings(const struct live_run *run)
{
    g_autoptr(GRegex) form =
        g_regex_new("\\[(Failed|Error|Killed|Skipped)\\]\\s+\\S+|^\\s+[A-Z][a-z]+:\\s+[0-9]+$",
                    G_REGEX_MULTILINE, 0, NULL);
    g_autoptr(GPtrArray) found = g_ptr_array_new();
    g_autofree char *path = g_build_filename(run->folder, "said", NULL);
    g_autoptr(GMatchInfo) match = NULL;
    g_autofree char *out = NULL;

    assert_true(g_file_get_contents(path, &out, NULL, NULL));
    for (g_regex_match(form, out, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
        g_ptr_array_add(found, g_strstrip(g_match_info_fetch(match, 0)));
    }
    live_sort((char **)found->pdata, found->len);
    g_ptr_array_add(found, NULL);
    return (char **)g_ptr_array_free(g_steal_pointer(&found), FALSE);
}

static void run_suite(struct live_run *run, const char *behind, const char *suite)
{
    g_autofree char *script = g_strdup_printf(
        "cd '%s' && output/bin/nits -reset >/dev/null && %s output/bin/nits libtest_%s.so >@/said 2>&1", tree,
        behind, suite);
    const char *const argv[] = {"sh", "-c", script, NULL};

    live_command(run, argv, NULL);
}

static void compare(const struct suite *suite, const struct live_run *bare, const struct live_run *with)
{
    g_auto(GStrv) expected = endings(bare);
    g_auto(GStrv) found = endings(with);
    size_t i = 0;

    while (expected[i] != NULL && g_strcmp0(expected[i], found[i]) == 0) {
        i++;
    }
    if (with->exit_code != bare->exit_code || g_strcmp0(expected[i], found[i]) != 0) {
        fail_msg("libtest_%s: exit %d, without mitrace %d; %s, without mitrace %s", suite->name,
                 with->exit_code, bare->exit_code, found[i], expected[i]);
    }
}

/* The sum in nits' last lines: "Total: 108" */
static long total(const struct live_run *run)
{
    g_auto(GStrv) found = endings(run);

    for (size_t i = 0; found[i] != NULL; i++) {
        if (g_str_has_prefix(found[i], "Total:")) {
            return strtol(found[i] + strlen("Total:"), NULL, 10);
        }
    }
    return 0;
}

static void check_suite(const struct suite *suite)
{
    g_autofree char *preloaded = g_strconcat(live_preload(), " exec", NULL);
    g_autofree char *trace = NULL;
    struct live_run bare, dormant, recorded;
    unsigned calls;

    run_suite(&bare, "exec", suite->name);
    run_suite(&dormant, preloaded, suite->name);
    run_suite(&recorded, "exec " LIVE_QUOTED(MITRACE_PROGRAM) " record --all-calls -o @/trace --",
              suite->name);
    assert_true(total(&bare) > 0);
    compare(suite, &bare, &dormant);
    compare(suite, &bare, &recorded);
    trace = g_build_filename(recorded.folder, "trace", NULL);
    calls = live_calls(trace);
    printf("libtest_%s: %ld tests end the same, %u calls recorded\n", suite->name, total(&bare), calls);
    assert_in_range(calls, suite->least, suite->most);
    live_clear(&bare);
    live_clear(&dormant);
    live_clear(&recorded);
}

static void check_suites(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(suites); i++) {
        check_suite(&suites[i]);
    }
}

/* OMI_ROOT/bin is OMI's output/bin, perhaps through a link. */
static bool find_tree(void)
{
    g_autofree char *program = g_build_filename(getenv("OMI_ROOT"), "bin", "nits", NULL);
    char *found = realpath(program, NULL);

    if (found == NULL || !g_str_has_suffix(found, "/output/bin/nits")) {
        free(found);
        return false;
    }
    found[strlen(found) - strlen("/output/bin/nits")] = '\0';
    tree = found;
    return true;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(check_suites)};
    char *libraries;

    if (!live_use_omi(&libraries, NULL)) {
        return 77;
    }
    if (getenv("OMI_SUITES") == NULL || !find_tree()) {
        puts("SKIPPED: OMI's suites start servers; set OMI_SUITES=1 in a namespace where they may, with "
             "OMI_ROOT/bin "
             "inside the tree where OMI was built");
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
