/* SPDX-License-Identifier: MIT */
/*
 * OMI's client `omicli` under the shim: each command of commands.def gives the same result without it, with
 * it dormant, and recorded; each that opens an application has calls in its trace, as many as callgrind
 * counts between omicli and libmi.so.
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

static const struct command {
    const char *arguments;
    bool opens; /* an application */
} commands[] = {
#define COMMAND(arguments) {arguments, true},
#define OFFLINE(arguments) {arguments, false},
#include "commands.def"
#undef COMMAND
#undef OFFLINE
};

/* All of them together make 2,251 calls with OMI 1.9: 1,000 are those of a listing by a synchronous
 * operation, and most commands make 15. */
#define LEAST_CALLS 2000

static char *omicli;
static char *libraries;

/* Some providers tell the time of day. */
static char *without_times(const char *text)
{
    g_autoptr(GRegex) times = g_regex_new("[0-9]{14}\\.[0-9]{6}[-+][0-9]{3}", 0, 0, NULL);

    return g_regex_replace_literal(times, text, -1, 0, "TIME", 0, NULL);
}

static char *sorted(const char *text)
{
    g_autofree char *timeless = without_times(text);
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

static bool same_text(const char *a, const char *b)
{
    g_autofree char *first = without_times(a), *second = without_times(b);

    return strcmp(first, second) == 0;
}

/* Whether omicli by itself prints these lines in another order now and then: of several providers, any may
 * be first. */
static bool comes_in_any_order(const char *arguments, const char *out)
{
    const char *const nothing[] = {NULL};
    bool differs = false;

    for (int i = 0; i < 20 && !differs; i++) {
        struct live_run bare;

        run_behind(&bare, nothing, arguments, NULL);
        differs = !same_text(bare.out, out);
        live_clear(&bare);
    }
    return differs;
}

/* A provider that OMI has just loaded may say something else the first time. */
static bool says_so_now(const char *arguments, const char *with)
{
    const char *const nothing[] = {NULL};
    struct live_run bare;
    bool same;

    run_behind(&bare, nothing, arguments, NULL);
    same = same_text(bare.out, with);
    live_clear(&bare);
    return same;
}

static bool same_output(const char *arguments, const char *bare, const char *with)
{
    g_autofree char *expected = sorted(bare), *out = sorted(with);

    return same_text(bare, with) || says_so_now(arguments, with) ||
           (strcmp(expected, out) == 0 && comes_in_any_order(arguments, bare));
}

static void compare(const char *arguments, const struct live_run *bare, struct live_run *with,
                    const char *said)
{
    if (with->exit_code != bare->exit_code || !same_output(arguments, bare->out, with->out)) {
        fail_msg("omicli %s: exit %d and, without mitrace, %d; it printed:\n%s", arguments, with->exit_code,
                 bare->exit_code, with->out);
    }
    assert_string_equal(said, bare->err);
}

#define SAW_NOTHING "mitrace: no MI call was recorded. "

/* What omicli wrote to stderr under `mitrace record`, which adds lines of its own. */
static char *without_own_lines(const char *err)
{
    const char *nothing = strstr(err, SAW_NOTHING);
    const char *own = nothing != NULL ? nothing : g_strrstr(err, "mitrace: the trace is in ");

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

/* What is compared with bare runs would also be the same if the shim saw nothing. */
static void check_calls(const struct command *command, long calls)
{
    long expected = independent_count(command->arguments);

    printf("%4ld calls recorded, %4ld counted by callgrind: omicli %s\n", calls, expected,
           command->arguments);
    assert_int_equal(calls > 0, command->opens);
    if (expected >= 0) {
        assert_int_equal(calls, expected);
    }
}

/* Returns how many calls were recorded. */
static long check_command(const struct command *command)
{
    const char *const nothing[] = {NULL};
    const char *const record[] = {MITRACE_PROGRAM, "record", "--all-calls", "-o", "@/trace", "--", NULL};
    g_autofree char *trace = NULL, *said = NULL;
    struct live_run bare, dormant, recorded;
    const char *arguments = command->arguments;
    long calls;

    run_behind(&bare, nothing, arguments, NULL);
    run_behind(&dormant, nothing, arguments, live_preload());
    run_behind(&recorded, record, arguments, NULL);
    compare(arguments, &bare, &dormant, dormant.err);
    said = without_own_lines(recorded.err);
    compare(arguments, &bare, &recorded, said);
    trace = g_build_filename(recorded.folder, "trace", NULL);
    calls = (long)live_calls(trace);
    check_calls(command, calls);
    assert_int_equal(strstr(recorded.err, SAW_NOTHING) != NULL, calls == 0);
    live_clear(&bare);
    live_clear(&dormant);
    live_clear(&recorded);
    return calls;
}

static void check_commands(void **state)
{
    long calls = 0;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        calls += check_command(&commands[i]);
    }
    printf("%ld calls recorded in all\n", calls);
    assert_true(calls > LEAST_CALLS);
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
