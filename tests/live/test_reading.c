/* SPDX-License-Identifier: MIT */
/*
 * What is read directly of real recordings is what libbabeltrace2 reads of them. Fails also when LTTng begins
 * to write metadata that is no longer of the form that can be read directly.
 */
#include "both_ways.h"
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static gint compare_lines(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Which of two events of different processors comes first when their times are equal is not laid down. */
static void sort_lines(GString *text)
{
    g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);

    qsort(lines, g_strv_length(lines), sizeof(*lines), compare_lines);
    g_autofree char *sorted = g_strjoinv("\n", lines);
    g_string_assign(text, sorted);
}

/* Record a program and read the trace in both ways; returns how many events it has. */
static uint64_t record(const char *const *argv)
{
    struct live_run run;
    struct reading direct, library;

    live_command(&run, argv, NULL);
    g_autofree char *trace = g_build_filename(run.folder, "trace", NULL);
    g_autofree char *copy = g_build_filename(run.folder, "copy", NULL);
    both_ways(trace, copy, &direct, &library);
    sort_lines(direct.text);
    sort_lines(library.text);
    both_ways_equal(&direct, &library);
    uint64_t events = direct.summary.events;
    reading_clear(&direct);
    reading_clear(&library);
    live_clear(&run);
    return events;
}

static void recorded_programs(void **state)
{
    static const char *const names[] = {"clean_everything", "clean_async", "clean_manual_ack", "fork_child",
                                        "handle_reuse"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *program = g_build_filename(MITRACE_APPS, names[i], NULL);
        const char *const argv[] = {MITRACE_PROGRAM, "record", "-o", "@/trace", "--", program, NULL};
        assert_in_range(record(argv), 20, 100000);
    }
}

static void every_call(void **state)
{
    const char *const argv[] = {MITRACE_PROGRAM,
                                "record",
                                "--all-calls",
                                "-o",
                                "@/trace",
                                "--",
                                MITRACE_APPS "/clean_everything",
                                NULL};

    (void)state;
    assert_in_range(record(argv), 300, 100000);
}

static void a_program_that_was_stopped(void **state)
{
    const char *const argv[] = {MITRACE_PROGRAM,
                                "record",
                                "--timeout",
                                "1",
                                "-o",
                                "@/trace",
                                "--",
                                MITRACE_APPS "/app_close_in_callback",
                                NULL};

    (void)state;
    assert_in_range(record(argv), 20, 1000);
}

/* Two recordings; the second, of a shell that kills itself, gets the process id of the first: in containers
 * they are equal. $0 is mitrace, $1 the folder of programs. */
#define EQUAL_PIDS                                                              \
    "\"$0\" record -o @/1 -- \"$1/leak_all\" operation\n"                       \
    "\"$0\" record -o @/2 -- sh -c '\"$0\"; kill -KILL $$' \"$1/clean_sync\"\n" \
    "pid=$(grep '\"pid\"' @/1/mitrace.json)\n"                                  \
    "sed -i \"s/.*\\\"pid\\\".*/$pid/\" @/2/mitrace.json\n"                     \
    "grep -qxF \"$pid\" @/2/mitrace.json && exec \"$0\" check @/1 @/2"

/* What the launcher knows of the second run's program says nothing of the first run's. */
static void recordings_with_equal_pids(void **state)
{
    const char *const argv[] = {"sh", "-c", EQUAL_PIDS, MITRACE_PROGRAM, MITRACE_APPS, NULL};
    struct live_run run;

    (void)state;
    live_command(&run, argv, NULL);
    assert_int_equal(run.exit_code, 1);
    assert_true(live_says(run.out, "leak-operation"));
    assert_false(live_says(run.out, "its leaks were not judged"));
    live_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(recorded_programs),
        cmocka_unit_test(every_call),
        cmocka_unit_test(a_program_that_was_stopped),
        cmocka_unit_test(recordings_with_equal_pids),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
