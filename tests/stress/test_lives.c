/* SPDX-License-Identifier: MIT */
/*
 * Whose events they are: each comes of a thread that was announced and has not ended, each child of a fork is
 * met once, and what a vfork does is not taken for its parent's.
 */
#include "live.h"
#include "same.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

/* Records this mode of moments; all of its calls are in the trace. Returns what `mitrace events` prints. */
static char *events_of(const char *mode)
{
    const char *const record[] = {MITRACE_PROGRAM, "record", "--all-calls", "--lossless", "-o",
                                  "$HERE/trace",   "--",     MOMENTS,       mode,         NULL};
    const char *const environment[] = {"MITRACE_MI_DELAY_US=0", NULL};
    const char *events[] = {MITRACE_PROGRAM, "events", NULL, NULL};
    g_autofree char *trace = NULL;
    struct same_run run, text;
    char *lines;

    same_run(&run, record, environment);
    events[2] = trace = g_build_filename(run.folder, "trace", NULL);
    assert_int_equal(run.status, 0);
    assert_true(run.calls > 0);
    assert_int_equal(live_calls(trace), run.calls);
    same_run(&text, events, NULL);
    assert_int_equal(text.status, 0);
    lines = g_strdup(text.out);
    same_clear(&text);
    same_clear(&run);
    return lines;
}

static void note_event(GHashTable *threads, char **words, unsigned *begun)
{
    const char *tid = words[3];

    if (strcmp(words[1], "thread_start") == 0) {
        assert_true(g_hash_table_add(threads, g_strdup(tid)));
        ++*begun;
    } else if (strcmp(words[1], "process_start") != 0 && !g_hash_table_contains(threads, tid)) {
        fail_msg("%s of a thread that was not announced or has ended", words[1]);
    } else if (strcmp(words[1], "thread_end") == 0) {
        g_hash_table_remove(threads, tid);
    }
}

/* Nothing comes of a thread before its start and after its end, and all but main end. Returns how many began.
 */
static unsigned count_threads(const char *mode)
{
    g_autofree char *events = events_of(mode);
    g_autoptr(GHashTable) threads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) lines = g_strsplit(events, "\n", -1);
    unsigned begun = 0;

    for (size_t i = 0; lines[i] != NULL; i++) {
        g_auto(GStrv) words = g_strsplit(lines[i], " ", 5); /* time, name, pid=, tid=, the rest */
        if (g_strv_length(words) >= 4 && g_str_has_prefix(words[3], "tid=")) {
            note_event(threads, words, &begun);
        }
    }
    assert_int_equal(g_hash_table_size(threads), 1);
    return begun;
}

static void check_destructors(void **state)
{
    (void)state;
    assert_int_equal(count_threads("destructors"), 9);
}

static void check_late_destructors(void **state)
{
    (void)state;
    assert_true(count_threads("late-destructors") >= 9);
}

/* Each of ten children is met once, whichever of its threads comes first. */
static void check_child_threads(void **state)
{
    g_autofree char *events = events_of("child-threads");
    g_auto(GStrv) parts = g_strsplit(events, " process_fork ", -1);

    (void)state;
    assert_int_equal(g_strv_length(parts), 1 + 10);
}

/* The parent of a vfork keeps its own name: its leak is found. */
static void check_vfork(void **state)
{
    const char *const check[] = {MITRACE_PROGRAM, "check",    "--report", "json:@/report", "--",
                                 MOMENTS,         "executes", NULL};
    g_autofree char *findings = NULL;
    struct live_run run;
    cJSON *report;

    (void)state;
    live_command(&run, check, NULL);
    assert_int_equal(run.exit_code, 1);
    report = live_json(&run, "report");
    findings = live_findings(report);
    assert_string_equal(findings, "leak-application x1 @executes");
    cJSON_Delete(report);
    live_clear(&run);
}

/* Whoever loads the recorder by its first call was not called from there. */
static void check_first_call(void **state)
{
    g_autofree char *events = events_of("executes");
    const char *first = strstr(events, " application_initialize_entry ");
    g_autofree char *line = NULL;

    (void)state;
    assert_non_null(first);
    line = g_strndup(first, strcspn(first, "\n"));
    assert_non_null(strstr(line, "stack=["));
    assert_null(strstr(line, "libmitrace"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_destructors),   cmocka_unit_test(check_late_destructors),
        cmocka_unit_test(check_child_threads), cmocka_unit_test(check_vfork),
        cmocka_unit_test(check_first_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
