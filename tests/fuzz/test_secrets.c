/* SPDX-License-Identifier: MIT */
/*
 * A password that a program gives to MI, or is given on its command line, is nowhere in what is recorded of
 * it, not even with --all-calls: not in the trace, not in LTTng's folder, not in reports. "omi" as argument:
 * on the real OMI.
 */
#include "live.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define SECRET "Tr0ub4dor&Zebra9"

static char *environment;
static unsigned files;

/* Also as UTF-16, and upside down nowhere: MI stores characters as they are. */
static GBytes *forms[3];

static void make_forms(void)
{
    static const char word[] = SECRET;
    char wide[2 * sizeof(word)] = {0}, doubled[4 * sizeof(word)] = {0};

    for (size_t i = 0; i + 1 < sizeof(word); i++) {
        wide[2 * i] = doubled[4 * i] = word[i];
    }
    forms[0] = g_bytes_new(word, sizeof(word) - 1);
    forms[1] = g_bytes_new(wide, 2 * (sizeof(word) - 1));
    forms[2] = g_bytes_new(doubled, 4 * (sizeof(word) - 1));
}

static bool holds_secret(const char *text, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        gsize size = 0;
        const void *form = g_bytes_get_data(forms[i], &size);
        if (memmem(text, length, form, size) != NULL) {
            return true;
        }
    }
    return false;
}

static int look(const char *path, const struct stat *status, int type, struct FTW *place)
{
    g_autofree char *text = NULL;
    gsize length = 0;

    (void)status;
    (void)place;
    if (type == FTW_F && g_file_get_contents(path, &text, &length, NULL)) {
        files++;
        if (holds_secret(text, length)) {
            fail_msg("the password is in %s", path);
        }
    }
    return holds_secret(path, strlen(path));
}

static void check_run(const struct live_run *run, unsigned at_least)
{
    files = 0;
    assert_int_equal(nftw(run->folder, look, 16, FTW_PHYS), 0);
    assert_true(files >= at_least);
    assert_false(holds_secret(run->out, strlen(run->out)));
    assert_false(holds_secret(run->err, strlen(run->err)));
}

static void check_command(const char *trace, const char *command, const char *option)
{
    const char *const argv[] = {MITRACE_PROGRAM, command, option, trace, NULL};
    const char *const plain[] = {MITRACE_PROGRAM, command, trace, NULL};
    struct live_run run;

    live_command(&run, option != NULL ? argv : plain, NULL);
    assert_true(run.out[0] != '\0');
    assert_false(holds_secret(run.out, strlen(run.out)));
    assert_false(holds_secret(run.err, strlen(run.err)));
    live_clear(&run);
}

static void check_reports(const char *trace)
{
    static const char *const options[] = {
#define REPORT_FORMAT(name) "--format=" #name,
#include "report/formats.def"
    };
    static const char *const commands[] = {"check", "tree", "timeline", "stats", "events"};

    for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
        check_command(trace, "report", options[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        check_command(trace, commands[i], NULL);
    }
    check_command(trace, "events", "--raw");
    check_command(trace, "timeline", "--all");
}

/* As people write it on command lines. In arguments of live_command an at sign means something else: a shell
 * adds the one that has it, and runs what follows. */
#define SECRET_ARGUMENTS "-p", SECRET, "-p" SECRET, "--password=" SECRET
#define SECRET_URL                                                       \
    "sh", "-c",                                                          \
        "at=$(printf '\\100'); eval \"exec \\\"\\$0\\\" \\\"\\$$at\\\" " \
        "\\\"https://user:\\$MITRACE_APP_SECRET${at}localhost:5986/wsman\\\"\""

/* LTTNG_HOME is gone afterwards: the program's shell looks into it while the program's events are on their
 * way. */
static void a_password_is_in_nothing_that_is_recorded(void **state)
{
    const char *const argv[] = {
        SECRET_URL,
        MITRACE_PROGRAM,
        "record",
        "--all-calls",
        "-o",
        "@/trace",
        "--",
        "sh",
        "-c",
        LIVE_QUOTED(MITRACE_APPS "/secrets") " \"$@\"; status=$?; cp -r \"$LTTNG_HOME\" @/home 2>/dev/null; "
                                             "exit $status",
        "sh",
        SECRET_ARGUMENTS,
        NULL};
    const char *const added[] = {"MITRACE_PRELOAD=" MITRACE_SHIM, "MITRACE_APP_SECRET=" SECRET, environment,
                                 NULL};
    struct live_run run;

    (void)state;
    live_command(&run, argv, added);
    if (run.exit_code != 0) {
        fail_msg("exit status %d: %s%s", run.exit_code, run.out, run.err);
    }
    g_autofree char *trace = g_build_filename(run.folder, "trace", NULL);
    assert_true(live_calls(trace) >= 20);
    check_run(&run, 3);
    check_reports(trace);
    live_clear(&run);
}

static void the_number_of_arguments_is_told(void **state)
{
    const char *const argv[] = {SECRET_URL, MITRACE_PROGRAM, "check", "-o",   "@/trace",
                                "--report", "json:@/report", "--",    "true", SECRET_ARGUMENTS,
                                NULL};
    const char *const added[] = {"MITRACE_PRELOAD=" MITRACE_SHIM, "MITRACE_APP_SECRET=" SECRET, NULL};
    struct live_run run;

    (void)state;
    live_command(&run, argv, added);
    check_run(&run, 2); /* mitrace.json, the report */
    assert_true(live_says(run.err, "true (5 arguments) exited with status 0"));
    cJSON *report = live_json(&run, "report");
    const cJSON *program = cJSON_GetObjectItem(report, "program");
    assert_int_equal(cJSON_GetArraySize(cJSON_GetObjectItem(program, "argv")), 1);
    assert_int_equal(cJSON_GetNumberValue(cJSON_GetObjectItem(program, "arguments")), 5);
    cJSON_Delete(report);
    live_clear(&run);
}

static void arguments_are_kept_on_request(void **state)
{
    const char *const argv[] = {MITRACE_PROGRAM,
                                "check",
                                "--keep-arguments",
                                "-o",
                                "@/trace",
                                "--report",
                                "json:@/report",
                                "--",
                                "true",
                                "-p",
                                "a b",
                                NULL};
    const char *const added[] = {"MITRACE_PRELOAD=" MITRACE_SHIM, NULL};
    struct live_run run;

    (void)state;
    live_command(&run, argv, added);
    assert_true(live_says(run.err, "true -p 'a b' exited with status 0"));
    cJSON *report = live_json(&run, "report");
    const cJSON *program = cJSON_GetObjectItem(report, "program");
    const cJSON *kept = cJSON_GetObjectItem(program, "argv");
    assert_int_equal(cJSON_GetArraySize(kept), 3);
    assert_string_equal(cJSON_GetStringValue(cJSON_GetArrayItem(kept, 2)), "a b");
    assert_int_equal(cJSON_GetNumberValue(cJSON_GetObjectItem(program, "arguments")), 2);
    cJSON_Delete(report);
    live_clear(&run);
}

/* The destination is told without what stands before the host; the rest of it is. */
static void a_destination_is_told_without_its_user(void **state)
{
    const char *const argv[] = {MITRACE_PROGRAM,         "record", "-o", "@/trace", "--",
                                MITRACE_APPS "/secrets", NULL};
    const char *const added[] = {"MITRACE_PRELOAD=" MITRACE_SHIM, "MITRACE_APP_SECRET=" SECRET, environment,
                                 NULL};
    struct live_run run, told;

    (void)state;
    live_command(&run, argv, added);
    g_autofree char *trace = g_build_filename(run.folder, "trace", NULL);
    const char *const events[] = {MITRACE_PROGRAM, "events", "--raw", trace, NULL};
    live_command(&told, events, NULL);
    assert_non_null(strstr(told.out, "name=\"localhost:5985/wsman\""));
    live_clear(&told);
    live_clear(&run);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_is_in_nothing_that_is_recorded),
        cmocka_unit_test(the_number_of_arguments_is_told),
        cmocka_unit_test(arguments_are_kept_on_request),
        cmocka_unit_test(a_destination_is_told_without_its_user),
    };

    if (argc > 1 && strcmp(argv[1], "omi") == 0 && !live_use_omi(&environment, NULL)) {
        return 77;
    }
    make_forms();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
