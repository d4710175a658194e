/* SPDX-License-Identifier: MIT */
/*
 * OMI's client `omicli` under the shim: each command of commands.def gives the same result without it, with
 * it dormant, and recorded, and as many calls are recorded as callgrind counts between omicli and libmi.so.
 */
#include "callgrind.h"
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const commands[] = {
#define COMMAND(arguments) arguments,
#include "commands.def"
#undef COMMAND
};

static char *omicli;
static char *libraries;

/* Instances come in any order, and some providers tell the time of day. */
static char *comparable(const char *text)
{
    g_autoptr(GRegex) times = g_regex_new("[0-9]{14}\\.[0-9]{6}[-+][0-9]{3}", 0, 0, NULL);
    g_autofree char *timeless = g_regex_replace_literal(times, text, -1, 0, "TIME", 0, NULL);
    g_auto(GStrv) lines = g_strsplit(timeless, "\n", -1);

    live_sort(lines, g_strv_length(lines));
    return g_strjoinv("\n", lines);
}

/* Run omicli behind `prefix` (NULL-terminated, may be empty) with one more variable, NULL: none. */
static void run_behind(struct live_run *run, const char *const *prefix, const char *arguments,
                       const char *variable)
{
    const char *const environment[] = {libraries, variable, NULL};
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_auto(GStrv) words = NULL;

    for (size_t i = 0; prefix[i] != NULL; i++) {
        g_ptr_array_add(argv, (char *)(uintptr_t)prefix[i]);
    }
    g_ptr_array_add(argv, omicli);
    if (arguments[0] != '\0') {
        assert_true(g_shell_parse_argv(arguments, NULL, &words, NULL));
        for (size_t i = 0; words[i] != NULL; i++) {
            g_ptr_array_add(argv, words[i]);
        }
    }
    g_ptr_array_add(argv, NULL);
    live_command(run, (const char *const *)argv->pdata, environment);
}

static void compare(const char *arguments, const struct live_run *bare, struct live_run *with,
                    const char *said)
{
    g_autofree char *expected = comparable(bare->out);
    g_autofree char *out = comparable(with->out);

    if (with->exit_code != bare->exit_code || strcmp(out, expected) != 0) {
        fail_msg("omicli %s: exit %d and, without mitrace, %d; it printed:\n%s", arguments, with->exit_code,
                 bare->exit_code, with->out);
    }
    assert_string_equal(said, bare->err);
}

/* What omicli wrote to stderr under `mitrace record`, which adds a line of its own. */
static char *without_own_line(const char *err)
{
    const char *own = g_strrstr(err, "mitrace: the trace is in ");

    return own != NULL ? g_strndup(err, (size_t)(own - err)) : g_strdup(err);
}

static long independent_count(const char *arguments)
{
    const char *const prefix[] = {"valgrind", "-q", "--tool=callgrind", "--callgrind-out-file=@/profile",
                                  NULL};
    g_autofree char *path = NULL;
    struct live_run run;
    long calls;

    if (!callgrind_is_here()) {
        return -1;
    }
    run_behind(&run, prefix, arguments, NULL);
    path = g_build_filename(run.folder, "profile", NULL);
    calls = callgrind_calls_into(path, "libmi.so");
    live_clear(&run);
    return calls;
}

static void check_command(const char *arguments)
{
    const char *const nothing[] = {NULL};
    const char *const record[] = {MITRACE_PROGRAM, "record", "--all-calls", "-o", "@/trace", "--", NULL};
    g_autofree char *trace = NULL, *said = NULL;
    struct live_run bare, dormant, recorded;
    long expected = independent_count(arguments);
    long calls;

    run_behind(&bare, nothing, arguments, NULL);
    run_behind(&dormant, nothing, arguments, live_preload());
    run_behind(&recorded, record, arguments, NULL);
    compare(arguments, &bare, &dormant, dormant.err);
    said = without_own_line(recorded.err);
    compare(arguments, &bare, &recorded, said);
    trace = g_build_filename(recorded.folder, "trace", NULL);
    calls = (long)live_calls(trace);
    printf("%4ld calls recorded, %4ld counted by callgrind: omicli %s\n", calls, expected, arguments);
    if (expected >= 0) {
        assert_int_equal(calls, expected);
    }
    live_clear(&bare);
    live_clear(&dormant);
    live_clear(&recorded);
}

static void check_commands(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        check_command(commands[i]);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {cmocka_unit_test(check_commands)};

    if (!live_use_omi(&libraries, NULL)) {
        return 77;
    }
    omicli = g_build_filename(getenv("OMI_ROOT"), "bin", "omicli", NULL);
    if (!g_file_test(omicli, G_FILE_TEST_IS_EXECUTABLE)) {
        printf("SKIPPED: there is no %s\n", omicli);
        return 77;
    }
    if (!callgrind_is_here()) {
        puts("valgrind is not installed: the recorded calls are not compared with an independent count");
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
