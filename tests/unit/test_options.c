/* SPDX-License-Identifier: MIT */
/* Command lines of all forms, right and wrong, and the help made from the same table. */
#include "options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

struct values {
    gboolean quiet, loud;
    const char *output;
    gint64 limit;
    gint64 percent;
    GPtrArray *reports;
};

static const struct option_row rows[] = {
    {.name = "quiet",
     .letter = 'q',
     .help = "say nothing",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct values, quiet)},
    {.name = "loud",
     .letter = 'l',
     .help = "say more",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct values, loud)},
    {.name = "output",
     .letter = 'o',
     .argument = "FILE",
     .help = "where to",
     .kind = OPTION_STRING,
     .offset = offsetof(struct values, output)},
    {.name = "limit",
     .argument = "N",
     .help = "how many",
     .kind = OPTION_NUMBER,
     .offset = offsetof(struct values, limit)},
    {.name = "percent",
     .argument = "N",
     .help = "how much",
     .kind = OPTION_NUMBER,
     .maximum = 100,
     .offset = offsetof(struct values, percent)},
    {.name = "report",
     .letter = 'r',
     .argument = "FORMAT:FILE",
     .help = "one more",
     .kind = OPTION_LIST,
     .offset = offsetof(struct values, reports)},
    {.name = NULL},
};

/* A command line, and what was made of it. */
struct line {
    char **words;
    struct values values;
    struct options_rest rest;
    GError *error;
    gboolean good;
};

static struct line parse(const char *text, gboolean program)
{
    struct line line = {.words = g_strsplit(text, " ", -1)};
    /* g_strfreev stops at the first NULL, and parsing reorders: keep the words by another pointer. */
    char **argv = g_memdup2(line.words, (g_strv_length(line.words) + 1) * sizeof(*argv));

    line.good = options_parse(rows, program, (int)g_strv_length(line.words), argv, &line.values, &line.rest,
                              &line.error);
    assert_int_equal(line.good, line.error == NULL);
    return line;
}

static void clear(struct line *line)
{
    g_free(line->rest.arguments);
    g_strfreev(line->words);
    g_clear_error(&line->error);
    g_clear_pointer(&line->values.reports, g_ptr_array_unref);
}

static void assert_rest(const struct line *line, const char *expected)
{
    g_autofree char *joined = g_strjoinv(" ", line->rest.arguments);
    assert_string_equal(joined, expected);
    assert_int_equal(g_strv_length(line->rest.arguments), line->rest.count);
}

static void forms_of_options(void **state)
{
    (void)state;
    struct line line =
        parse("a -q --output=x b --limit 12 --percent=100 -rone --report two -r three c", FALSE);

    assert_true(line.good);
    assert_true(line.values.quiet);
    assert_false(line.values.loud);
    assert_string_equal(line.values.output, "x");
    assert_int_equal(line.values.limit, 12);
    assert_int_equal(line.values.percent, 100);
    assert_int_equal(line.values.reports->len, 3);
    assert_string_equal(g_ptr_array_index(line.values.reports, 0), "one");
    assert_string_equal(g_ptr_array_index(line.values.reports, 2), "three");
    assert_int_equal(line.rest.dashes, -1);
    assert_rest(&line, "a b c");
    clear(&line);
}

static void letters_may_stand_together(void **state)
{
    (void)state;
    struct line line = parse("-qlo file -o -", FALSE);

    assert_true(line.good);
    assert_true(line.values.quiet && line.values.loud);
    assert_string_equal(line.values.output, "-");
    assert_rest(&line, "");
    clear(&line);
}

static void a_value_may_look_like_an_option(void **state)
{
    (void)state;
    struct line line = parse("--output --quiet -", FALSE);

    assert_true(line.good);
    assert_string_equal(line.values.output, "--quiet");
    assert_false(line.values.quiet);
    assert_rest(&line, "-");
    clear(&line);
}

static void dashes_end_options(void **state)
{
    (void)state;
    struct line line = parse("a b -q -- c -l --output -- d", FALSE);

    assert_true(line.good);
    assert_true(line.values.quiet);
    assert_false(line.values.loud);
    assert_int_equal(line.rest.dashes, 2);
    assert_rest(&line, "a b c -l --output -- d");
    clear(&line);

    line = parse("-q --", FALSE);
    assert_true(line.good);
    assert_int_equal(line.rest.dashes, 0);
    assert_int_equal(line.rest.count, 0);
    clear(&line);
}

static void a_program_ends_options(void **state)
{
    (void)state;
    struct line line = parse("-q ls -l --help -- x", TRUE);

    assert_true(line.good);
    assert_true(line.values.quiet);
    assert_false(line.values.loud);
    assert_false(line.rest.help);
    assert_int_equal(line.rest.dashes, -1);
    assert_rest(&line, "ls -l --help -- x");
    clear(&line);

    line = parse("-q -- ls -l", TRUE);
    assert_true(line.good);
    assert_int_equal(line.rest.dashes, 0);
    assert_rest(&line, "ls -l");
    clear(&line);
}

static void help_ends_parsing(void **state)
{
    (void)state;
    static const char *const lines[] = {"--help", "-h", "-qh --nonsense", "--help --limit"};

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        struct line line = parse(lines[i], FALSE);
        assert_true(line.good);
        assert_true(line.rest.help);
        clear(&line);
    }
}

static void wrong_lines(void **state)
{
    (void)state;
    static const char *const wrong[][2] = {
        {"--outptu x", "unknown option --outptu, did you mean --output?"},
        {"--out=x", "unknown option --out, did you mean --output?"},
        {"--help=x", "unknown option --help"},
        {"--xyzzy", "unknown option --xyzzy"},
        {"-qx", "unknown option -x"},
        {"--output", "--output needs a value: --output FILE"},
        {"-o", "--output needs a value: --output FILE"},
        {"--quiet=yes", "--quiet takes no value"},
        {"--limit x", "--limit needs a number from 0 to 9223372036854775807, not \"x\""},
        {"--limit -1", "--limit needs a number from 0 to 9223372036854775807, not \"-1\""},
        {"--limit 9223372036854775808",
         "--limit needs a number from 0 to 9223372036854775807, not \"9223372036854775808\""},
        {"--percent 101", "--percent needs a number from 0 to 100, not \"101\""},
        {"--percent=", "--percent needs a number from 0 to 100, not \"\""},
        {"--percent 1x", "--percent needs a number from 0 to 100, not \"1x\""},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        struct line line = parse(wrong[i][0], FALSE);
        assert_false(line.good);
        assert_string_equal(line.error->message, wrong[i][1]);
        clear(&line);
    }
}

static void a_table_may_be_missing(void **state)
{
    (void)state;
    char word[] = "a";
    char option[] = "--raw";
    char *argv[] = {word, option, NULL};
    struct options_rest rest;
    GError *error = NULL;

    assert_true(options_parse(NULL, FALSE, 1, argv, NULL, &rest, &error));
    assert_int_equal(rest.count, 1);
    argv[1] = option;
    assert_false(options_parse(NULL, FALSE, 2, argv, NULL, &rest, &error));
    assert_string_equal(error->message, "unknown option --raw");
    g_clear_error(&error);
}

static void help_is_aligned(void **state)
{
    (void)state;
    GString *out = g_string_new(NULL);

    options_help(out, rows);
    assert_non_null(strstr(out->str, "  -o, --output FILE         where to\n"));
    assert_non_null(strstr(out->str, "      --limit N             how many\n"));
    assert_non_null(strstr(out->str, "  -r, --report FORMAT:FILE  one more\n"));
    assert_non_null(strstr(out->str, "  -h, --help                print this text and exit\n"));
    g_string_free(out, TRUE);
}

static void nearest_word(void **state)
{
    (void)state;
    static const char *const words[] = {"record", "report", "events", "tree"};

    assert_string_equal(options_nearest("recrod", words, 4), "record");
    assert_string_equal(options_nearest("evnets", words, 4), "events");
    assert_string_equal(options_nearest("rep", words, 4), "report");
    assert_string_equal(options_nearest("tre", words, 4), "tree");
    assert_null(options_nearest("banana", words, 4));
    assert_null(options_nearest("", words, 4));
    assert_null(options_nearest("a-word-that-is-much-longer-than-any-command-is", words, 4));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_options),
        cmocka_unit_test(letters_may_stand_together),
        cmocka_unit_test(a_value_may_look_like_an_option),
        cmocka_unit_test(dashes_end_options),
        cmocka_unit_test(a_program_ends_options),
        cmocka_unit_test(help_ends_parsing),
        cmocka_unit_test(wrong_lines),
        cmocka_unit_test(a_table_may_be_missing),
        cmocka_unit_test(help_is_aligned),
        cmocka_unit_test(nearest_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
