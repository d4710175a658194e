/* SPDX-License-Identifier: MIT */
/* Which findings are new, gone, grown or shrunk; what of two runs' times is noise; which reports are read. */
#include "diff/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void add(struct diff_side *side, const char *fingerprint, enum finding_severity severity,
                uint64_t count)
{
    struct diff_finding *finding = g_new0(struct diff_finding, 1);

    finding->fingerprint = g_strdup(fingerprint);
    finding->rule = g_strdup("leak-session");
    finding->message = g_strdup("a message");
    finding->severity = severity;
    finding->kind = FINDING_LEAK;
    finding->count = count;
    diff_side_add(side, finding);
}

struct runs {
    struct diff_side *before, *after;
    struct diff *diff;
};

#define RUNS(name)                                                                          \
    struct runs name = {.before = diff_side_empty("old"), .after = diff_side_empty("new")}; \
    (void)state

/* The changes in their order: "new a, grown b". */
static void assert_changes(struct runs *runs, const char *expected)
{
    g_autoptr(GString) found = g_string_new(NULL);

    runs->diff = diff_new(runs->before, runs->after);
    for (guint i = 0; i < runs->diff->changes->len; i++) {
        const struct diff_change *change = &g_array_index(runs->diff->changes, struct diff_change, i);
        const struct diff_finding *finding = change->after != NULL ? change->after : change->before;
        g_string_append_printf(found, "%s%s %s", i == 0 ? "" : ", ", diff_word(change->kind),
                               finding->fingerprint);
    }
    assert_string_equal(found->str, expected);
}

static void end(struct runs *runs)
{
    diff_free(runs->diff);
    diff_side_free(runs->before);
    diff_side_free(runs->after);
}

static void findings_are_compared_by_fingerprint(void **state)
{
    RUNS(runs);

    add(runs.before, "a", FINDING_ERROR, 2);
    add(runs.before, "b", FINDING_ERROR, 2);
    add(runs.before, "c", FINDING_ERROR, 2);
    add(runs.before, "d", FINDING_ERROR, 2);
    add(runs.after, "b", FINDING_ERROR, 1);
    add(runs.after, "c", FINDING_ERROR, 3);
    add(runs.after, "d", FINDING_ERROR, 2);
    add(runs.after, "e", FINDING_ERROR, 1);
    assert_changes(&runs, "new e, grown c, shrunk b, gone a, unchanged d");
    assert_true(runs.diff->worse);
    end(&runs);
}

static void severe_findings_come_first(void **state)
{
    RUNS(runs);

    add(runs.after, "a", FINDING_NOTE, 1);
    add(runs.after, "b", FINDING_ERROR, 1);
    add(runs.after, "c", FINDING_WARNING, 1);
    assert_changes(&runs, "new b, new c, new a");
    end(&runs);
}

static void warnings_and_what_went_away_are_not_worse(void **state)
{
    RUNS(runs);

    add(runs.before, "a", FINDING_ERROR, 5);
    add(runs.before, "b", FINDING_ERROR, 5);
    add(runs.after, "b", FINDING_ERROR, 4);
    add(runs.after, "c", FINDING_WARNING, 1);
    add(runs.before, "d", FINDING_WARNING, 1);
    add(runs.after, "d", FINDING_WARNING, 9);
    assert_changes(&runs, "new c, grown d, shrunk b, gone a");
    assert_false(runs.diff->worse);
    end(&runs);
}

static void more_of_a_known_error_is_worse(void **state)
{
    RUNS(runs);

    add(runs.before, "a", FINDING_ERROR, 1);
    add(runs.after, "a", FINDING_ERROR, 2);
    assert_changes(&runs, "grown a");
    assert_true(runs.diff->worse);
    end(&runs);
}

static void equal_fingerprints_of_one_run_are_added(void **state)
{
    RUNS(runs);

    add(runs.before, "a", FINDING_ERROR, 3);
    add(runs.after, "a", FINDING_ERROR, 1);
    add(runs.after, "a", FINDING_ERROR, 2);
    assert_changes(&runs, "unchanged a");
    end(&runs);
}

static void handles_are_compared(void **state)
{
    RUNS(runs);

    runs.before->handles[MI_KIND_session] = (struct diff_handles){100, 0};
    runs.after->handles[MI_KIND_session] = (struct diff_handles){101, 1};
    runs.before->handles[MI_KIND_instance] = (struct diff_handles){100, 2};
    runs.after->handles[MI_KIND_instance] = (struct diff_handles){104, 2};
    assert_changes(&runs, "");
    assert_int_equal(runs.diff->handles->len, 1);
    const struct diff_handle *row = &g_array_index(runs.diff->handles, struct diff_handle, 0);
    assert_int_equal(row->kind, MI_KIND_session);
    assert_true(row->open.changed);
    assert_false(row->created.changed);
    assert_null(runs.diff->functions);
    end(&runs);
}

/* Numbers spread evenly over a fifth around `middle`. */
static struct stats_histogram *spread(uint64_t middle, unsigned count)
{
    struct stats_histogram *histogram = g_new0(struct stats_histogram, 1);

    for (unsigned i = 0; i < count; i++) {
        stats_histogram_add(histogram, middle - middle / 10 + middle / 5 * i / count);
    }
    return histogram;
}

static bool differ(uint64_t before, uint64_t after, unsigned count, unsigned per_mille)
{
    g_autofree struct stats_histogram *a = spread(before, count);
    g_autofree struct stats_histogram *b = spread(after, count);

    return diff_percentiles(a, b, per_mille).changed;
}

static void times_that_moved_are_changes(void **state)
{
    (void)state;
    assert_true(differ(1000000, 2000000, 1000, 500));
    assert_true(differ(2000000, 1000000, 1000, 500));
    assert_true(differ(1000000, 2000000, 1000, 990));
}

static void small_moves_are_noise(void **state)
{
    (void)state;
    assert_false(differ(1000000, 1000000, 1000, 500));
    assert_false(differ(1000000, 1150000, 100000, 500));
}

/* Ten calls tell little of the median, hundreds tell nothing of p99. */
static void few_calls_tell_nothing(void **state)
{
    (void)state;
    assert_false(differ(1000000, 9000000, 3, 500));
    assert_false(differ(1000000, 9000000, 10, 500));
    assert_true(differ(1000000, 9000000, 11, 500));
    assert_false(differ(1000000, 9000000, 800, 990));
    assert_true(differ(1000000, 9000000, 900, 990));
    assert_false(differ(1000000, 9000000, 0, 500));
}

/* Far apart in the middle, but so wide that chance can do it. */
static void wide_spreads_need_more_calls(void **state)
{
    g_autofree struct stats_histogram *a = g_new0(struct stats_histogram, 1);
    g_autofree struct stats_histogram *b = g_new0(struct stats_histogram, 1);

    (void)state;
    for (uint64_t i = 0; i < 20; i++) {
        stats_histogram_add(a, 1000 * (i < 11 ? 1 : 100));
        stats_histogram_add(b, 1000 * (i < 9 ? 1 : 100));
    }
    struct diff_numbers numbers = diff_percentiles(a, b, 500);
    assert_true(numbers.after > 50 * numbers.before);
    assert_false(numbers.changed);
}

static void counts_within_a_twentieth_are_noise(void **state)
{
    (void)state;
    assert_false(diff_counts(1000, 1050).changed);
    assert_true(diff_counts(1000, 1060).changed);
    assert_true(diff_counts(2, 3).changed);
    assert_true(diff_counts(0, 1).changed);
    assert_false(diff_counts(0, 0).changed);
}

/* A file that holds `text`; the caller unlinks and frees the name. */
static char *write_file(const char *text)
{
    char *name = NULL;
    int file = g_file_open_tmp("test_diff_XXXXXX", &name, NULL);

    assert_true(file >= 0);
    assert_int_equal(write(file, text, strlen(text)), strlen(text));
    close(file);
    return name;
}

static struct diff_side *read_text(const char *text, GError **error)
{
    g_autofree char *name = write_file(text);
    struct diff_side *side = diff_side_read(name, error);

    unlink(name);
    return side;
}

#define FINDING(more)                                                                                       \
    "{\"rule\": \"leak-session\", \"severity\": \"error\", \"kind\": \"leak\", \"count\": 3, "              \
    "\"message\": \"m\", \"fingerprint\": \"0123456789abcdef\", \"created\": {\"stack\": "                  \
    "[{\"function\": \"open_all\", \"file\": \"a.c\", \"line\": 7, \"module\": null, \"offset\": 1}]}" more \
    "}"
#define REPORT(findings)                                                                                    \
    "{\"schema\": \"mitrace-report/1\", \"trace\": {\"complete\": false, \"not_checked\": [\"half\", 7]}, " \
    "\"processes\": [{"                                                                                     \
    "\"handles\": {\"session\": {\"created\": 5, \"closed\": 2, \"live\": 3}}}], \"findings\": [" findings  \
    "]}"

static void a_report_is_read(void **state)
{
    g_autoptr(GError) error = NULL;
    struct diff_side *side = read_text(REPORT(FINDING("")), &error);

    (void)state;
    assert_non_null(side);
    const struct diff_finding *finding = g_hash_table_lookup(side->findings, "0123456789abcdef");
    assert_non_null(finding);
    assert_string_equal(finding->rule, "leak-session");
    assert_string_equal(finding->place, "open_all at a.c:7");
    assert_int_equal(finding->severity, FINDING_ERROR);
    assert_int_equal(finding->kind, FINDING_LEAK);
    assert_int_equal(finding->count, 3);
    assert_int_equal(side->handles[MI_KIND_session].created, 5);
    assert_int_equal(side->handles[MI_KIND_session].open, 3);
    assert_int_equal(side->not_checked->len, 1);
    assert_string_equal(side->not_checked->pdata[0], "half");
    assert_false(side->complete);
    assert_true(side->report);
    assert_null(side->stats);
    diff_side_free(side);
}

static void suppressed_findings_are_left_out(void **state)
{
    g_autoptr(GError) error = NULL;
    struct diff_side *side = read_text(REPORT(FINDING(", \"suppressed_by\": \"known\"")), &error);

    (void)state;
    assert_non_null(side);
    assert_int_equal(g_hash_table_size(side->findings), 0);
    diff_side_free(side);
}

static void what_is_no_report_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "{",
        "[]",
        "{}",
        "{\"schema\": \"mitrace-stats/1\"}",
        "{\"schema\": 1}",
        "{\"schema\": \"mitrace-report/1\"}",
        "{\"schema\": \"mitrace-report/1\", \"findings\": 7, \"trace\": {}}",
        REPORT("7"),
        REPORT("{}"),
        REPORT("{\"rule\": \"r\", \"severity\": \"dire\", \"kind\": \"leak\", \"count\": 1, \"message\": "
               "\"m\", \"fingerprint\": \"f\"}"),
        REPORT("{\"rule\": \"r\", \"severity\": \"note\", \"kind\": \"leak\", \"count\": -1, \"message\": "
               "\"m\", \"fingerprint\": \"f\"}"),
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        assert_null(read_text(texts[i], &error));
        assert_non_null(error);
        assert_null(strchr(error->message, '\n'));
    }
}

static void reports_are_known_by_their_begin(void **state)
{
    g_autofree char *report = write_file(" \n {\"schema\"");
    g_autofree char *trace = write_file("# mitrace text trace 1\n");
    g_autofree char *nothing = write_file("");

    (void)state;
    assert_true(diff_is_report(report));
    assert_false(diff_is_report(trace));
    assert_false(diff_is_report(nothing));
    assert_false(diff_is_report("/"));
    unlink(report);
    unlink(trace);
    unlink(nothing);
    assert_false(diff_is_report(report));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_compared_by_fingerprint),
        cmocka_unit_test(severe_findings_come_first),
        cmocka_unit_test(warnings_and_what_went_away_are_not_worse),
        cmocka_unit_test(more_of_a_known_error_is_worse),
        cmocka_unit_test(equal_fingerprints_of_one_run_are_added),
        cmocka_unit_test(handles_are_compared),
        cmocka_unit_test(times_that_moved_are_changes),
        cmocka_unit_test(small_moves_are_noise),
        cmocka_unit_test(few_calls_tell_nothing),
        cmocka_unit_test(wide_spreads_need_more_calls),
        cmocka_unit_test(counts_within_a_twentieth_are_noise),
        cmocka_unit_test(a_report_is_read),
        cmocka_unit_test(suppressed_findings_are_left_out),
        cmocka_unit_test(what_is_no_report_is_refused),
        cmocka_unit_test(reports_are_known_by_their_begin),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
