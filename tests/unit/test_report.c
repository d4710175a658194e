/* SPDX-License-Identifier: MIT */
/* What reports are made of: foreign text, wrapping, times, names, one finding as text, and the verdict's
 * table. */
#include "exit_codes.h"
#include "report/prose.h"
#include "report/safe.h"
#include "report/text.h"
#include "report/words.h"
#include "verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_safe(const char *text, const char *expected)
{
    g_autofree char *safe = report_safe(text);

    assert_string_equal(safe, expected);
    assert_true(g_utf8_validate(safe, -1, NULL));
}

static void test_plain_text_stays(void **state)
{
    (void)state;
    assert_safe("", "");
    assert_safe(NULL, "");
    assert_safe("root/cimv2 CIM_Foo \\ 100%", "root/cimv2 CIM_Foo \\ 100%");
    assert_safe("Gr\xC3\xB6\xC3\x9F"
                "e \xE6\x97\xA5",
                "Gr\xC3\xB6\xC3\x9F"
                "e \xE6\x97\xA5");
}

static void test_control_characters_are_written_out(void **state)
{
    (void)state;
    assert_safe("\033[31mred", "\\x1B[31mred");
    assert_safe("a\nb\tc\r\x07\x7F", "a\\x0Ab\\x09c\\x0D\\x07\\x7F");
    /* C1: terminals take U+009B for an escape sequence's begin */
    assert_safe("\xC2\x9B"
                "2J",
                "\\xC2\\x9B"
                "2J");
}

static void test_broken_utf8_is_written_out(void **state)
{
    (void)state;
    assert_safe("\xFF\xFE", "\\xFF\\xFE");
    assert_safe("a\xE6\x97", "a\\xE6\\x97");        /* cut */
    assert_safe("\xC0\xAF", "\\xC0\\xAF");          /* overlong */
    assert_safe("\xED\xA0\x80", "\\xED\\xA0\\x80"); /* surrogate */
}

static void test_misleading_characters_are_written_out(void **state)
{
    (void)state;
    assert_safe("a\xE2\x80\xAE"
                "b",
                "a\\xE2\\x80\\xAE"
                "b"); /* right-to-left override */
    assert_safe("a\xE2\x80\xA8"
                "b",
                "a\\xE2\\x80\\xA8"
                "b"); /* line separator */
    assert_safe("a\xE2\x80\x8B"
                "b",
                "a\\xE2\\x80\\x8B"
                "b"); /* zero width space */
}

static void assert_wrapped(const char *before, const char *text, unsigned indent, unsigned width,
                           const char *expected)
{
    g_autoptr(GString) out = g_string_new(before);

    report_append_wrapped(out, text, indent, width);
    assert_string_equal(out->str, expected);
}

static void test_wrapping(void **state)
{
    (void)state;
    assert_wrapped("", "", 2, 10, "");
    assert_wrapped("", "one two", 2, 10, "one two");
    assert_wrapped("", "one two three", 2, 10, "one two\n  three");
    assert_wrapped("", "aaaaa bbbb", 2, 10, "aaaaa bbbb");
    assert_wrapped("", "aaaaaa bbbb", 2, 10, "aaaaaa\n  bbbb");
    assert_wrapped("x\nerror: ", "one two", 2, 10, "x\nerror: one\n  two");
    assert_wrapped("", "  blanks   between  ", 2, 40, "blanks between");
}

static void test_long_words_stay_whole(void **state)
{
    (void)state;
    assert_wrapped("", "a 0123456789abcdef b", 1, 8, "a\n 0123456789abcdef\n b");
    assert_wrapped("12345678", "word", 1, 8, "12345678word");
}

static void test_wrapping_counts_columns_not_bytes(void **state)
{
    (void)state;
    assert_wrapped("", "\xC3\xA4\xC3\xA4\xC3\xA4 \xC3\xB6\xC3\xB6\xC3\xB6", 0, 7,
                   "\xC3\xA4\xC3\xA4\xC3\xA4 \xC3\xB6\xC3\xB6\xC3\xB6");
    /* two columns each */
    assert_wrapped("", "\xE6\x97\xA5\xE6\x97\xA5 \xE6\x97\xA5", 0, 6,
                   "\xE6\x97\xA5\xE6\x97\xA5\n\xE6\x97\xA5");
}

static void assert_duration(int64_t ns, const char *expected)
{
    g_autoptr(GString) out = g_string_new(NULL);

    report_append_duration(out, ns);
    assert_string_equal(out->str, expected);
}

static void test_durations(void **state)
{
    const int64_t second = 1000000000;

    (void)state;
    assert_duration(0, "0 ns");
    assert_duration(999, "999 ns");
    assert_duration(1500, "1.5 us");
    assert_duration(999999999, "999 ms");
    assert_duration(second, "1.0 s");
    assert_duration(61 * second, "1 min 1 s");
    assert_duration(7260 * second, "2 h 1 min");
}

static void test_counts_of_kinds(void **state)
{
    g_autoptr(GString) out = g_string_new(NULL);

    (void)state;
    report_append_kinds(out, 1, MI_KIND_class);
    g_string_append(out, "; ");
    report_append_kinds(out, 2, MI_KIND_class);
    g_string_append(out, "; ");
    report_append_kinds(out, 3, MI_KIND_operation_options);
    g_string_append(out, "; ");
    report_append_kinds(out, 0, MI_KIND_operation);
    assert_string_equal(out->str, "1 class; 2 classes; 3 operation options; 0 operations");
}

static void test_names_of_handles_and_threads(void **state)
{
    char name[] = "host\033a";
    const struct finding_handle handle = {.kind = MI_KIND_session, .id = 3, .name = name};
    struct model_process process = {.pid = 4711};
    struct model_thread thread = {.process = &process, .tid = 4712, .delivers = true};
    g_autoptr(GString) out = g_string_new(NULL);

    (void)state;
    report_append_handle(out, &handle);
    assert_string_equal(out->str, "session 3 (host\\x1Ba)");
    g_string_truncate(out, 0);
    report_append_thread(out, &thread);
    assert_string_equal(out->str, "thread 4712 (MI delivery)");
}

/* A finding without stacks needs nothing but itself. */
struct sample {
    struct rule rule;
    struct model_process process;
    struct model_thread thread;
    struct analysis analysis;
    struct finding finding;
};

static void fill(struct sample *sample)
{
    *sample = (struct sample){
        .rule = {.id = "a-rule", .kind = FINDING_DEADLOCK, .severity = FINDING_ERROR},
        .process = {.pid = 4711},
        .thread = {.tid = 4711},
        .analysis = {.summary = {.begin_ns = 1000000000}},
        .finding = {.severity = FINDING_ERROR, .count = 1, .blocked_ns = 2500000000},
    };
    sample->analysis.model = model_new();
    sample->thread.process = &sample->process;
    sample->finding.rule = &sample->rule;
    sample->finding.process = &sample->process;
    sample->finding.message = g_strdup("it\nhangs");
    sample->finding.advice = g_strdup("do not");
    sample->finding.at = (struct model_site){
        .thread = &sample->thread, .time_ns = 1500000000, .function = MI_FN_session_close};
    sample->finding.related = g_ptr_array_new();
    sample->finding.chain = g_ptr_array_new();
    sample->finding.consequences = g_ptr_array_new();
}

static void clear(struct sample *sample)
{
    model_free(sample->analysis.model);
    g_free(sample->finding.message);
    g_free(sample->finding.advice);
    g_ptr_array_unref(sample->finding.related);
    g_ptr_array_unref(sample->finding.chain);
    g_ptr_array_unref(sample->finding.consequences);
}

static char *told(const struct sample *sample, bool colour)
{
    GString *out = g_string_new(NULL);
    const struct text text = {.out = out, .analysis = &sample->analysis, .colour = colour};

    text_finding(&text, &sample->finding);
    return g_string_free(out, FALSE);
}

static void test_finding_as_text(void **state)
{
    struct finding_link link = {.from = (char[]){"thread 4711"},
                                .waits_for = (char[]){"session 1"},
                                .because = (char[]){"it is \033 open"}};
    struct sample sample;

    (void)state;
    fill(&sample);
    g_ptr_array_add(sample.finding.chain, &link);
    g_autofree char *text = told(&sample, false);
    assert_string_equal(text, "error [a-rule] it\\x0Ahangs\n"
                              "\n"
                              "    Stuck for 2.5 s, since +0.500 s on thread 4711 (main):\n"
                              "        MI_Session_Close\n"
                              "    Who waits for whom:\n"
                              "        thread 4711 waits for session 1: it is \\x1B open\n"
                              "    Fix:\n"
                              "        do not\n"
                              "    More: mitrace explain a-rule\n");
    clear(&sample);
}

static void test_colour_only_on_request(void **state)
{
    struct sample sample;

    (void)state;
    fill(&sample);
    g_autofree char *plain = told(&sample, false);
    g_autofree char *coloured = told(&sample, true);
    assert_null(strchr(plain, '\033'));
    assert_non_null(strstr(coloured, "\033[1;31merror\033[0m"));
    clear(&sample);
}

static void test_no_colour_for_files(void **state)
{
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    assert_false(report_style_of(file).colour);
    fclose(file);
}

static void test_formats_are_found(void **state)
{
    (void)state;
    assert_ptr_equal(report_find("text"), &report_text);
    assert_ptr_equal(report_find("json"), &report_json);
    assert_null(report_find("yaml"));
}

/* The table of design: what is known -> verdict and exit code. */
static void test_verdicts(void **state)
{
    static const struct {
        struct verdict_facts facts;
        enum verdict verdict;
        int exit_code;
    } rows[] = {
        {{.failing = 0, .seen = true, .whole = true, .findings_status = 1}, VERDICT_CLEAN, EXIT_CLEAN},
        {{.failing = 1, .seen = true, .whole = true, .findings_status = 1}, VERDICT_FINDINGS, EXIT_FINDINGS},
        {{.failing = 1, .seen = true, .whole = true, .findings_status = 42}, VERDICT_FINDINGS, 42},
        {{.failing = 1, .seen = true, .whole = true, .findings_status = 0}, VERDICT_FINDINGS, 0},
        /* lost or cut: unknown, unless there are findings */
        {{.failing = 0, .seen = true, .whole = false, .findings_status = 1}, VERDICT_UNKNOWN, EXIT_UNKNOWN},
        {{.failing = 2, .seen = true, .whole = false, .findings_status = 1}, VERDICT_FINDINGS, EXIT_FINDINGS},
        /* what is missing may explain what was found */
        {{.failing = 2, .unsure = 2, .seen = true, .findings_status = 1}, VERDICT_UNKNOWN, EXIT_UNKNOWN},
        {{.failing = 2, .unsure = 1, .seen = true, .findings_status = 1}, VERDICT_FINDINGS, EXIT_FINDINGS},
        /* nothing of MI seen */
        {{.failing = 0, .seen = false, .whole = true, .findings_status = 1}, VERDICT_UNKNOWN, EXIT_UNKNOWN},
        /* PROGRAM's own failure counts when there is no finding */
        {{.seen = true, .whole = true, .program_status = 5, .findings_status = 1}, VERDICT_CLEAN, 5},
        {{.seen = true, .whole = false, .program_status = 124, .findings_status = 1}, VERDICT_UNKNOWN, 124},
        {{.seen = false, .whole = true, .program_status = 127, .findings_status = 1}, VERDICT_UNKNOWN, 127},
        {{.failing = 1, .seen = true, .whole = true, .program_status = 139, .findings_status = 1},
         VERDICT_FINDINGS,
         EXIT_FINDINGS},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_int_equal(verdict_of(&rows[i].facts), rows[i].verdict);
        assert_int_equal(verdict_exit_code(&rows[i].facts), rows[i].exit_code);
    }
    assert_string_equal(verdict_word(VERDICT_CLEAN), "clean");
    assert_string_equal(verdict_word(VERDICT_FINDINGS), "findings");
    assert_string_equal(verdict_word(VERDICT_UNKNOWN), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_text_stays),
        cmocka_unit_test(test_control_characters_are_written_out),
        cmocka_unit_test(test_broken_utf8_is_written_out),
        cmocka_unit_test(test_misleading_characters_are_written_out),
        cmocka_unit_test(test_wrapping),
        cmocka_unit_test(test_long_words_stay_whole),
        cmocka_unit_test(test_wrapping_counts_columns_not_bytes),
        cmocka_unit_test(test_durations),
        cmocka_unit_test(test_counts_of_kinds),
        cmocka_unit_test(test_names_of_handles_and_threads),
        cmocka_unit_test(test_finding_as_text),
        cmocka_unit_test(test_colour_only_on_request),
        cmocka_unit_test(test_no_colour_for_files),
        cmocka_unit_test(test_formats_are_found),
        cmocka_unit_test(test_verdicts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
