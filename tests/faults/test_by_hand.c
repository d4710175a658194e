/* SPDX-License-Identifier: MIT */
/*
 * Recordings that somebody makes with LTTng's own tools, as README.md tells: they can be judged, and what
 * they lack is said, by every command that reads them.
 */
#include "fault.h"
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CREATE                                                   \
    "lttng --no-sessiond create by-hand --output=\"$TRACE\" && " \
    "lttng --no-sessiond enable-channel --userspace mi %s && "   \
    "lttng --no-sessiond enable-event --userspace 'mi:*' --loglevel=INFO --channel=mi"
#define START   "lttng --no-sessiond start"
#define STOP    "lttng --no-sessiond stop && lttng --no-sessiond destroy"
#define PROGRAM "exec env \"%s\" " LIVE_QUOTED(FAULT_PROGRAM) " \"$MITRACE_FAULT\" %u exit"

/* Run a line of shell and wait for it. */
static void shell(const struct fault *fault, const char *line)
{
    const char *const argv[] = {"sh", "-c", line, NULL};
    g_auto(GStrv) environment = g_get_environ();
    g_autofree char *out = NULL;
    g_autofree char *err = NULL;
    int status = -1;

    environment = g_environ_setenv(environment, "LTTNG_HOME", fault->folder, TRUE);
    environment = g_environ_setenv(environment, "MITRACE_FAULT", fault->folder, TRUE);
    environment =
        g_environ_setenv(environment, "LTTNG_UST_REGISTER_TIMEOUT", "20000", TRUE); /* a busy machine */
    environment = g_environ_setenv(environment, "TRACE", fault->trace, TRUE);
    g_spawn_sync(NULL, (char **)(uintptr_t)argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL, &out, &err,
                 &status, NULL);
    if (status != 0) {
        fail_msg("%s: %s%s", line, out, err);
    }
}

static int set_up(void **state)
{
    struct fault *fault = g_new0(struct fault, 1);

    fault_open(fault);
    *state = fault;
    shell(fault, "lttng-sessiond --daemonize --no-kernel");
    return 0;
}

static int tear_down(void **state)
{
    struct fault *fault = *state;

    fault_close(fault);
    g_free(fault);
    return 0;
}

static void create(const struct fault *fault, const char *channel)
{
    g_autofree char *line = g_strdup_printf(CREATE, channel);

    shell(fault, line);
}

static void run_program(const struct fault *fault, unsigned calls)
{
    g_autofree char *line = g_strdup_printf(PROGRAM, live_preload(), calls);

    shell(fault, line);
}

/* mitrace COMMAND TRACE [TRACE], with `status` and `words` in what it prints. */
static void check_says(const struct fault *fault, const char *command, int status, const char *words)
{
    const char *second = strcmp(command, "diff") == 0 ? fault->trace : NULL;
    const char *const argv[] = {MITRACE_PROGRAM, command, fault->trace, second, NULL};
    struct live_run run;

    live_command(&run, argv, NULL);
    if (run.exit_code != status || !live_says(run.out, words)) {
        fail_msg("%s: exit status %d, without \"%s\": %s%s", command, run.exit_code, words, run.out, run.err);
    }
    live_clear(&run);
}

static void check_from_the_beginning(void **state)
{
    struct fault *fault = *state;

    create(fault, "");
    shell(fault, START);
    run_program(fault, 4000);
    shell(fault, STOP);
    assert_int_equal(live_calls(fault->trace), fault_own_count(fault));
    check_says(fault, "check", 0, "nothing found");
}

static void check_late_start(void **state)
{
    struct fault *fault = *state;
    g_autofree char *line = g_strdup_printf(PROGRAM " >/dev/null 2>&1 &", live_preload(), 4000u);

    create(fault, "");
    fault_hold(fault, "middle");
    shell(fault, line + strlen("exec "));
    fault_reach(fault, "middle");
    shell(fault, START);
    fault_release(fault, "middle");
    fault_reach(fault, "ended");
    shell(fault, STOP);
    assert_int_equal(live_calls(fault->trace), 2001);
    check_says(fault, "check", 3, "used MI before the recording began");
}

static gint64 events_of(const struct fault *fault, gint64 *lost)
{
    const char *const argv[] = {MITRACE_PROGRAM, "report",     "--format", "json", "-o",
                                "@/report.json", fault->trace, NULL};
    struct live_run run;
    const cJSON *trace;
    cJSON *report;
    gint64 events;

    live_command(&run, argv, NULL);
    report = live_json(&run, "report.json");
    trace = cJSON_GetObjectItem(report, "trace");
    events = (gint64)cJSON_GetNumberValue(cJSON_GetObjectItem(trace, "events"));
    *lost = (gint64)cJSON_GetNumberValue(cJSON_GetObjectItem(trace, "lost"));
    cJSON_Delete(report);
    live_clear(&run);
    return events;
}

/* Two events a call, and a few of the process and its modules. */
static void check_loss_is_counted_and_told(void **state)
{
    struct fault *fault = *state;
    gint64 lost = 0, events, more;

    create(fault, "--subbuf-size=4096 --num-subbuf=2");
    shell(fault, START);
    run_program(fault, 40000);
    shell(fault, STOP);
    events = events_of(fault, &lost);
    more = events + lost - 2 * (gint64)fault_own_count(fault);
    assert_true(lost > 0);
    assert_in_range(more, 3, 100);
    check_says(fault, "check", 3, "events were lost");
    check_says(fault, "report", 0, "events were lost");
    check_says(fault, "diff", 0, "events were lost");
    check_says(fault, "stats", 0, "events were lost");
    check_says(fault, "tree", 0, "events were lost");
    check_says(fault, "timeline", 0, "events were lost");
    check_says(fault, "events", 0, "! lost ");
}

/* Half-way: mitrace stands still, so that the reader fills the pipe and no more. */
static void kill_reader(struct fault *fault)
{
    pid_t reader = fault_process(fault, "mitrace");

    assert_true(reader > 0);
    kill(fault->mitrace, SIGSTOP);
    g_usleep(300000);
    kill(reader, SIGKILL);
    kill(fault->mitrace, SIGCONT);
}

/* An added context: such a trace is read by libbabeltrace2 in a process of its own. */
static void check_reader_killed(void **state)
{
    struct fault *fault = *state;
    const char *const argv[] = {MITRACE_PROGRAM, "check", fault->trace, NULL};
    g_autofree char *path = g_build_filename(fault->folder, "out", NULL);
    g_autofree char *out = NULL;

    create(fault, "--subbuf-size=1M --num-subbuf=16");
    shell(fault, "lttng --no-sessiond add-context --userspace --channel=mi --type=procname");
    shell(fault, START);
    run_program(fault, 100000);
    shell(fault, STOP);
    fault_start(fault, (char *const *)(uintptr_t)argv, START_PLAIN, NULL);
    kill_reader(fault);
    fault_wait(fault, FAULT_BOUND_S);
    assert_int_equal(fault->status, 3);
    assert_true(g_file_get_contents(path, &out, NULL, NULL));
    if (!live_says(out, "the process that read it was killed") &&
        !live_says(fault->err, "the process that read it was killed")) {
        fail_msg("it said: %s%s", out, fault->err);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(check_from_the_beginning, set_up, tear_down),
        cmocka_unit_test_setup_teardown(check_late_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(check_loss_is_counted_and_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(check_reader_killed, set_up, tear_down),
    };
    g_autofree char *lttng = g_find_program_in_path("lttng");

    if (lttng == NULL) {
        puts("SKIPPED: lttng is not installed");
        return 77;
    }
    return !fault_isolate() ? 77 : cmocka_run_group_tests(tests, NULL, NULL);
}
