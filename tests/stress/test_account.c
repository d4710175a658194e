/* SPDX-License-Identifier: MIT */
/*
 * The stress program's own account against the viewer's: every function's calls and failures, every callback,
 * each thread's calls in their order and with their results, handles made = closed + live, and the leaks are
 * what was left. Arguments: the program, calls to make, seed, then `omi` or a command to run the program by.
 */
#include "account.h"
#include "live.h"
#include "mi_names.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *program, *calls, *seed;
static char **launcher;     /* NULL-terminated words before the program */
static char *omi_libraries; /* "LD_LIBRARY_PATH=...", NULL under the in-tree runtime */

static double number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItem(object, key);

    return cJSON_IsNumber(item) ? cJSON_GetNumberValue(item) : 0;
}

static const char *text(const cJSON *object, const char *key)
{
    const char *value = cJSON_GetStringValue(cJSON_GetObjectItem(object, key));

    return value != NULL ? value : "";
}

/* The element of `list` whose `key` is that of `like`; NULL if there is none. */
static const cJSON *twin(const cJSON *list, const cJSON *like, const char *key)
{
    const cJSON *element, *wanted = cJSON_GetObjectItem(like, key);

    cJSON_ArrayForEach(element, list)
    {
        if (cJSON_Compare(cJSON_GetObjectItem(element, key), wanted, true)) {
            return element;
        }
    }
    return NULL;
}

/* Of every element of `own`, `fields` are the same in its twin in `seen`, zeros where there is none. */
static void compare(const cJSON *own, const cJSON *seen, const char *key, const char *const *fields)
{
    const cJSON *element;

    cJSON_ArrayForEach(element, own)
    {
        const cJSON *other = twin(seen, element, key);

        for (size_t i = 0; fields[i] != NULL; i++) {
            if (number(element, fields[i]) != number(other, fields[i])) {
                fail_msg("%s %s %.0f: %.0f %s in truth, %.0f in the trace", key, text(element, key),
                         number(element, key), number(element, fields[i]), fields[i],
                         number(other, fields[i]));
            }
        }
    }
}

/* Both ways: what only one of them has is a difference, too. */
static void compare_lists(const cJSON *account, const cJSON *stats, const char *list, const char *key,
                          const char *const *fields)
{
    const cJSON *own = cJSON_GetObjectItem(account, list);
    const cJSON *seen = cJSON_GetObjectItem(stats, list);

    assert_true(cJSON_GetArraySize(own) > 0);
    compare(own, seen, key, fields);
    compare(seen, own, key, fields);
}

/* {"<kind>": {"created", "closed", "live"}} */
static void compare_handles(const cJSON *account, const cJSON *report)
{
    const cJSON *seen =
        cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(report, "processes"), 0), "handles");
    const cJSON *kind, *own = cJSON_GetObjectItem(account, "handles");

    assert_int_equal(cJSON_GetArraySize(own), cJSON_GetArraySize(seen));
    cJSON_ArrayForEach(kind, own)
    {
        const cJSON *other = cJSON_GetObjectItem(seen, kind->string);
        double created = number(kind, "created"), closed = number(kind, "closed");

        if (number(other, "created") != created || number(other, "closed") != closed ||
            number(other, "live") != created - closed) {
            fail_msg("%s: %.0f created, %.0f closed; the trace has %.0f, %.0f, %.0f live", kind->string,
                     created, closed, number(other, "created"), number(other, "closed"),
                     number(other, "live"));
        }
    }
}

/* How many leaked handles the report has from `function`. */
static double leaked(const cJSON *report, const char *function)
{
    const cJSON *finding;
    double count = 0;

    cJSON_ArrayForEach(finding, cJSON_GetObjectItem(report, "findings"))
    {
        assert_string_equal(text(finding, "kind"), "leak");
        if (function == NULL ||
            strcmp(text(cJSON_GetObjectItem(finding, "created"), "function"), function) == 0) {
            count += number(finding, "count");
        }
    }
    return count;
}

static void compare_leaks(const cJSON *account, const cJSON *report)
{
    const cJSON *function;
    double all = 0;

    cJSON_ArrayForEach(function, cJSON_GetObjectItem(account, "functions"))
    {
        double left = number(function, "left");

        all += left;
        if (leaked(report, text(function, "function")) != left) {
            fail_msg("%s: %.0f left open, %.0f found", text(function, "function"), left,
                     leaked(report, text(function, "function")));
        }
    }
    assert_true(leaked(report, NULL) == all);
}

/* The event that a line of `mitrace events` tells; NULL for other lines. */
static const struct mi_event_info *event_of(GHashTable *names, const char *line)
{
    const char *name = strchr(line, ' ');
    char word[80];

    return name != NULL && sscanf(name, "%79s", word) == 1 ? g_hash_table_lookup(names, word) : NULL;
}

static long field(const char *line, const char *name)
{
    const char *found = strstr(line, name);

    return found != NULL ? strtol(found + strlen(name), NULL, 10) : 0;
}

static void fold_line(GHashTable *names, GHashTable *sequences, const char *line)
{
    const struct mi_event_info *event = event_of(names, line);
    gpointer tid = GSIZE_TO_POINTER(field(line, " tid="));
    uint64_t before = (uint64_t)GPOINTER_TO_SIZE(g_hash_table_lookup(sequences, tid));

    if (event != NULL && (event->phase == MI_PHASE_ENTRY || event->phase == MI_PHASE_EXIT)) {
        long result = event->phase == MI_PHASE_ENTRY ? -1 : field(line, " result=");
        uint64_t after = account_fold(before, event->function, result);
        g_hash_table_insert(sequences, tid, GSIZE_TO_POINTER(after));
    }
}

/* Thread by thread, call by call. */
static void compare_sequences(const struct live_run *recorded, const cJSON *account)
{
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) sequences = g_hash_table_new(NULL, NULL);
    g_autofree char *trace = g_build_filename(recorded->folder, "trace", NULL);
    const char *const argv[] = {MITRACE_PROGRAM, "events", "--raw", trace, NULL};
    const cJSON *thread;
    struct live_run run;

    for (size_t i = 0; i < MI_EV_COUNT; i++) {
        g_hash_table_insert(names, (gpointer)(uintptr_t)mi_events[i].name,
                            (gpointer)(uintptr_t)&mi_events[i]);
    }
    live_command(&run, argv, NULL);
    for (char *rest = run.out, *line; (line = strsep(&rest, "\n")) != NULL;) {
        fold_line(names, sequences, line);
    }
    cJSON_ArrayForEach(thread, cJSON_GetObjectItem(account, "threads"))
    {
        size_t tid = (size_t)number(thread, "tid");
        g_autofree char *seen =
            g_strdup_printf("%zx", GPOINTER_TO_SIZE(g_hash_table_lookup(sequences, GSIZE_TO_POINTER(tid))));
        assert_string_equal(seen, text(thread, "sequence"));
    }
    live_clear(&run);
}

static cJSON *ask(const struct live_run *recorded, const char *command)
{
    g_autofree char *trace = g_build_filename(recorded->folder, "trace", NULL);
    const char *const argv[] = {MITRACE_PROGRAM, command, "--format", "json", trace, NULL};
    struct live_run run;
    cJSON *json;

    live_command(&run, argv, NULL);
    json = cJSON_Parse(run.out);
    if (json == NULL) {
        fail_msg("mitrace %s: %s", command, run.err);
    }
    live_clear(&run);
    return json;
}

static void compare_all(const struct live_run *run)
{
    static const char *const of_functions[] = {"calls", "failed", NULL};
    static const char *const of_others[] = {"calls", NULL};
    cJSON *account = live_json(run, "account"), *stats = ask(run, "stats"), *report = ask(run, "report");

    assert_true(number(cJSON_GetObjectItem(report, "trace"), "lost") == 0);
    assert_true(number(account, "calls") >= strtod(calls, NULL));
    compare_lists(account, stats, "functions", "function", of_functions);
    compare_lists(account, stats, "callbacks", "callback", of_others);
    compare_lists(account, stats, "threads", "tid", of_others);
    compare_handles(account, report);
    compare_leaks(account, report);
    compare_sequences(run, account);
    cJSON_Delete(account);
    cJSON_Delete(stats);
    cJSON_Delete(report);
}

/* `word`: what the program is told besides; NULL: nothing. */
static void stress(const char *word)
{
    static const char *const record[] = {MITRACE_PROGRAM, "record", "--all-calls", "--lossless", "--timeout",
                                         "300",           "-o",     "@/trace",     "--"};
    const char *const command[] = {
        program, "8", calls, seed, "@/account", omi_libraries != NULL ? "gentle" : "wild", word, NULL};
    const char *argv[64];
    size_t count = 0;
    /* handles that are left open are leaks to a sanitizer, too */
    const char *const environment[] = {
        "MITRACE_MI_DELAY_US=0",
        word != NULL ? "LSAN_OPTIONS=detect_leaks=0" : "LSAN_OPTIONS=", omi_libraries, NULL};
    struct live_run run;

    for (size_t i = 0; i < sizeof record / sizeof record[0]; i++) {
        argv[count++] = record[i];
    }
    for (char **each = launcher; *each != NULL && count < 48; each++) {
        argv[count++] = *each;
    }
    memcpy(argv + count, command, sizeof command);
    live_command(&run, argv, environment);
    if (run.exit_code != 0) {
        fputs(run.err, stderr); /* whole: what a tool says of a race is long */
        fail_msg("exit code %d, see above", run.exit_code);
    }
    compare_all(&run);
    live_clear(&run);
}

static void check_everything_closed(void **state)
{
    (void)state;
    stress(NULL);
}

static void check_some_left_open(void **state)
{
    (void)state;
    stress("leave");
}

/* Whether the command to run the program by is there. */
static bool find_launcher(void)
{
    g_autofree char *path = launcher[0] != NULL ? g_find_program_in_path(launcher[0]) : NULL;

    if (launcher[0] != NULL && path == NULL) {
        printf("SKIPPED: %s is not installed\n", launcher[0]);
    }
    return launcher[0] == NULL || path != NULL;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_everything_closed),
        cmocka_unit_test(check_some_left_open),
    };
    bool omi = argc > 4 && strcmp(argv[4], "omi") == 0;

    assert(argc > 3);
    program = argv[1];
    calls = argv[2];
    seed = argv[3];
    launcher = argv + (omi ? 5 : 4);
    if ((omi && !live_use_omi(&omi_libraries, NULL)) || !find_launcher()) {
        return 77;
    }
    if (launcher[0] != NULL) { /* such a tool finds leaks itself: none may be left */
        return _cmocka_run_group_tests("launched", tests, 1, NULL, NULL);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
