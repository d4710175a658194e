/* SPDX-License-Identifier: MIT */
/* The pipeline as a whole: several traces, what the launcher wrote beside one, what spoils a clean verdict.
 */
#include "analysis.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define GOLDEN(name) GOLDEN_DIRECTORY "/" name ".trace"

static struct analysis *analyse(const char *first, const char *second)
{
    const char *const paths[] = {first, second};
    g_autoptr(GError) error = NULL;
    struct analysis *analysis = analysis_run(paths, second == NULL ? 1 : 2, NULL, &error);

    assert_null(error);
    assert_non_null(analysis);
    return analysis;
}

static bool has_sentence(const struct analysis *analysis, const char *part)
{
    for (guint i = 0; i < analysis->not_checked->len; i++) {
        if (strstr(analysis->not_checked->pdata[i], part) != NULL) {
            return true;
        }
    }
    return false;
}

static void assert_outcome(const struct analysis *analysis, enum verdict verdict, int exit_code)
{
    assert_int_equal(verdict_of(&analysis->facts), verdict);
    assert_int_equal(verdict_exit_code(&analysis->facts), exit_code);
}

static void test_one_trace(void **state)
{
    struct analysis *analysis = analyse(GOLDEN("clean-sync"), NULL);

    (void)state;
    assert_outcome(analysis, VERDICT_CLEAN, EXIT_CLEAN);
    assert_int_equal(analysis->not_checked->len, 0);
    assert_null(analysis->program);
    analysis_free(analysis);
}

/* Both were recorded with the same process id and the same times, as containers do. */
static void test_two_recordings_are_not_mixed(void **state)
{
    struct analysis *alone = analyse(GOLDEN("leak-operation"), NULL);
    struct analysis *both = analyse(GOLDEN("clean-sync"), GOLDEN("leak-operation"));

    (void)state;
    assert_outcome(both, VERDICT_FINDINGS, EXIT_FINDINGS);
    assert_int_equal(both->facts.failing, alone->facts.failing);
    assert_int_equal(both->not_checked->len, 0);
    assert_int_equal(model_processes(both->model)->len, 2);
    for (guint i = 0; i < both->findings->len; i++) {
        const struct finding *one = alone->findings->pdata[i], *other = both->findings->pdata[i];
        assert_string_equal(one->fingerprint, other->fingerprint);
    }
    analysis_free(alone);
    analysis_free(both);
}

static void test_trace_of_process(void **state)
{
    struct analysis *analysis = analyse(GOLDEN("several-processes"), GOLDEN("clean-sync"));
    const GPtrArray *processes = model_processes(analysis->model);

    (void)state;
    assert_int_equal(processes->len, 3);
    for (guint i = 0; i < processes->len; i++) {
        assert_ptr_equal(analysis_trace_of(analysis, processes->pdata[i]),
                         analysis->traces->pdata[i < 2 ? 0 : 1]);
    }
    analysis_free(analysis);
}

static void test_one_trace_without_mi_spoils_a_clean_verdict(void **state)
{
    struct analysis *analysis = analyse(GOLDEN("clean-sync"), GOLDEN("empty"));

    (void)state;
    assert_outcome(analysis, VERDICT_UNKNOWN, EXIT_UNKNOWN);
    assert_true(has_sentence(analysis, "No MI call was recorded in"));
    analysis_free(analysis);
}

static char *write_trace(const char *lines)
{
    g_autofree char *text = g_strconcat("# mitrace text trace 1\n", lines, NULL);
    char *path = g_build_filename(g_get_tmp_dir(), "mitrace-test-XXXXXX", NULL);
    int file = g_mkstemp(path);

    assert_true(file >= 0);
    assert_true(g_close(file, NULL));
    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void test_contradicting_events_spoil_a_clean_verdict(void **state)
{
    g_autofree char *path =
        write_trace("1.0 process_start pid=7 tid=7 major=1 path=\"/bin/a\"\n"
                    "1.1 application_initialize_entry pid=7 tid=7 call=1\n"
                    "1.2 application_initialize_exit pid=7 tid=7 call=1 out=0x10 r1=1 r2=2 table=2\n"
                    "1.3 application_close_entry pid=7 tid=7 call=2 handle=0x10 r1=1 r2=2 table=2\n"
                    "1.4 application_close_exit pid=7 tid=7 call=2\n"
                    "1.5 application_close_exit pid=7 tid=7 call=2\n"
                    "1.6 process_end pid=7 tid=7\n");
    struct analysis *analysis = analyse(path, NULL);

    (void)state;
    assert_outcome(analysis, VERDICT_UNKNOWN, EXIT_UNKNOWN);
    assert_true(has_sentence(analysis, "contradict"));
    analysis_free(analysis);
    g_unlink(path);
}

/* What the launcher leaves of a program that never used MI. */
static char *make_run(const struct launch_info *info)
{
    char *directory = g_dir_make_tmp("mitrace-test-XXXXXX", NULL);

    assert_non_null(directory);
    assert_true(launch_write_info(directory, info, NULL));
    return directory;
}

static void remove_run(const char *directory)
{
    g_autofree char *file = g_build_filename(directory, LAUNCH_INFO_FILE, NULL);

    g_unlink(file);
    g_rmdir(directory);
}

static void test_run_without_mi(void **state)
{
    char *argv[] = {(char[]){"ls"}, NULL};
    const struct launch_info info = {.run_id = (char[]){"0123456789abcdef"},
                                     .argv = argv,
                                     .version = (char[]){"0"},
                                     .finished = true,
                                     .complete = true};
    g_autofree char *directory = make_run(&info);
    struct analysis *analysis = analyse(directory, NULL);

    (void)state;
    assert_outcome(analysis, VERDICT_UNKNOWN, EXIT_UNKNOWN);
    assert_non_null(analysis->program);
    assert_string_equal(analysis->program->argv[0], "ls");
    assert_false(has_sentence(analysis, "not finished"));
    analysis_free(analysis);
    remove_run(directory);
}

static void test_unfinished_recording_is_told(void **state)
{
    char *argv[] = {NULL};
    const struct launch_info info = {.run_id = (char[]){"0"}, .argv = argv, .version = (char[]){"0"}};
    g_autofree char *directory = make_run(&info);
    struct analysis *analysis = analyse(directory, NULL);

    (void)state;
    assert_true(has_sentence(analysis, "not finished"));
    analysis_free(analysis);
    remove_run(directory);
}

static void test_what_is_no_trace_is_an_error(void **state)
{
    const char *const paths[] = {GOLDEN("clean-sync"), "/nonexistent"};
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_null(analysis_run(paths, 2, NULL, &error));
    assert_non_null(error);
    assert_non_null(strstr(error->message, "/nonexistent"));
}

static void test_names_are_found_in_their_own_trace(void **state)
{
    static const char lines[] = "1.0 process_start pid=7 tid=7 major=1 path=\"/bin/a\" run=\"\"\n"
                                "1.1 application_initialize_entry pid=7 tid=7 call=1 stack=[0x10:%s@a.c:1]\n";
    g_autofree char *first_text = g_strdup_printf(lines, "one");
    g_autofree char *second_text = g_strdup_printf(lines, "two");
    g_autofree char *first = write_trace(first_text);
    g_autofree char *second = write_trace(second_text);
    struct analysis *analysis = analyse(first, second);
    const GPtrArray *processes = model_processes(analysis->model);
    size_t count;

    (void)state;
    assert_int_equal(processes->len, 2);
    assert_string_equal(analysis_lookup(analysis, processes->pdata[0], 0x10, &count)->function, "one");
    assert_string_equal(analysis_lookup(analysis, processes->pdata[1], 0x10, &count)->function, "two");
    analysis_free(analysis);
    g_unlink(first);
    g_unlink(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_trace),
        cmocka_unit_test(test_two_recordings_are_not_mixed),
        cmocka_unit_test(test_trace_of_process),
        cmocka_unit_test(test_one_trace_without_mi_spoils_a_clean_verdict),
        cmocka_unit_test(test_contradicting_events_spoil_a_clean_verdict),
        cmocka_unit_test(test_run_without_mi),
        cmocka_unit_test(test_unfinished_recording_is_told),
        cmocka_unit_test(test_what_is_no_trace_is_an_error),
        cmocka_unit_test(test_names_are_found_in_their_own_trace),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
