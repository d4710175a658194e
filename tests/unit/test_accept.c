/* SPDX-License-Identifier: MIT */
/* Suppressions, baselines and tolerances: what is read, what is refused, what they accept. */
#include "accept/accept.h"
#include "accept/glob.h"
#include "accept/text_file.h"
#include "rules/rules.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define TODAY "2026-03-01"

/* ---- patterns ---- */

static void test_globs(void **state)
{
    static const struct {
        const char *pattern, *text;
        bool matches;
    } rows[] = {
        {"", "", true},
        {"", "a", false},
        {"a", "", false},
        {"open", "open", true},
        {"open", "open_pool", false},
        {"open", "reopen", false},
        {"*", "", true},
        {"*", "anything at all", true},
        {"**", "x", true},
        {"?", "", false},
        {"?", "x", true},
        {"?", "xy", false},
        {"?", "\xC3\xA4", true}, /* one character of two bytes */
        {"?", "\xE6\x97\xA5\xE6\x97\xA5", false},
        {"??", "\xE6\x97\xA5\xE6\x97\xA5", true},
        {"*?", "", false},
        {"open_*", "open_pool", true},
        {"open_*", "open", false},
        {"*_pool", "open_pool", true},
        {"*_pool", "open_pool_2", false},
        {"*pool*pool*", "pool", false},
        {"*pool*pool*", "poolpool", true},
        {"a*b*c", "a-b-b-c", true},
        {"a*b*c", "a-c-b", false},
        {"*ab", "aab", true},
        {"*aab", "aaaab", true},
        {"l?ak-*", "leak-session", true},
        {"Pool::operator*", "Pool::operator*", true},
        {"[a]", "a", false}, /* no classes */
        {"\\*", "*", false}, /* no escapes */
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (accept_glob(rows[i].pattern, rows[i].text) != rows[i].matches) {
            fail_msg("%s against %s", rows[i].pattern, rows[i].text);
        }
    }
}

static char *repeat(const char *text, size_t times)
{
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < times; i++) {
        g_string_append(out, text);
    }
    return g_string_free(out, FALSE);
}

/* Whoever tries all combinations does not come back from these. */
static void test_no_pattern_takes_for_ever(void **state)
{
    g_autofree char *text = repeat("a", 100000);
    g_autofree char *stars = repeat("a*", 400);
    g_autofree char *questions = repeat("*?", 400);
    g_autofree char *long_piece = repeat("a", 400);
    g_autofree char *first = g_strconcat(stars, "b", NULL);
    g_autofree char *second = g_strconcat(questions, "b", NULL);
    g_autofree char *third = g_strconcat("*", long_piece, "b", NULL);

    (void)state;
    assert_false(accept_glob(first, text));
    assert_false(accept_glob(second, text));
    assert_false(accept_glob(third, text));
    assert_true(accept_glob(stars, text));
}

/* ---- reading suppressions ---- */

static GPtrArray *parse(const char *text)
{
    GPtrArray *entries = accept_entries_new();
    g_autoptr(GError) error = NULL;

    if (!accept_parse(entries, "f", text, TODAY, &error)) {
        fail_msg("%s", error->message);
    }
    return entries;
}

static void assert_entry(const GPtrArray *entries, guint index, const char *text, const char *reason,
                         const char *until)
{
    const struct accept_entry *entry = entries->pdata[index];

    assert_string_equal(entry->text, text);
    if (g_strcmp0(entry->reason, reason) != 0 || g_strcmp0(entry->until, until) != 0) {
        fail_msg("%s: reason %s, until %s", text, entry->reason, entry->until);
    }
}

static void test_files_are_read(void **state)
{
    g_autoptr(GPtrArray) entries =
        parse("\xEF\xBB\xBF# a comment # until: nonsense\r\n"
              "\n"
              "leak-session:open_pool\r\n"
              "leak-*:file:*/legacy/*   # until: 2026-12-31 # reason: ticket #12, see #13\n"
              "  leak-operation:Pool::open(int, char const*)\n"
              "\n"
              "\t# reason: below, after an empty line\n"
              "    # any other comment\n"
              "    #until:2026-03-01\n"
              "*:main::{lambda(int)#1}::operator() # no note\n"
              "leak-class:module:libfoo.so*");

    (void)state;
    assert_int_equal(entries->len, 5);
    assert_entry(entries, 0, "f:3 leak-session:open_pool", NULL, NULL);
    assert_entry(entries, 1, "f:4 leak-*:file:*/legacy/*", "ticket #12, see #13", "2026-12-31");
    assert_entry(entries, 2, "f:5 leak-operation:Pool::open(int, char const*)", "below, after an empty line",
                 "2026-03-01");
    assert_entry(entries, 3, "f:10 *:main::{lambda(int)#1}::operator()", NULL, NULL);
    assert_entry(entries, 4, "f:11 leak-class:module:libfoo.so*", NULL, NULL);
}

static void test_targets(void **state)
{
    static const struct {
        const char *pattern;
        enum accept_target target;
        const char *glob;
    } rows[] = {
        {"open", ACCEPT_FUNCTION, "open"},
        {"function:open", ACCEPT_FUNCTION, "open"},
        {"function:module:open", ACCEPT_FUNCTION, "module:open"},
        {"module:libfoo.so", ACCEPT_MODULE, "libfoo.so"},
        {"file:pool.c", ACCEPT_FILE, "pool.c"},
        {"file::open", ACCEPT_FUNCTION, "file::open"}, /* of a namespace `file` */
        {"text[abi:cxx11]", ACCEPT_FUNCTION, "text[abi:cxx11]"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *line = g_strconcat("leak-session:", rows[i].pattern, NULL);
        g_autoptr(GPtrArray) entries = parse(line);
        const struct accept_entry *entry = entries->pdata[0];
        assert_int_equal(entry->target, rows[i].target);
        assert_string_equal(entry->glob, rows[i].glob);
    }
}

static void test_bad_lines_are_named(void **state)
{
    static const struct {
        const char *text, *message;
    } rows[] = {
        {"leak-session", "f:1: \"leak-session\" is no entry: write RULE:PATTERN"},
        {"\n\n:open", "f:3: \":open\" is no entry: write RULE:PATTERN"},
        {"leak-session:", "f:1: \"leak-session:\" is no entry: write RULE:PATTERN"},
        {"leak-session: # a note", "f:1: \"leak-session:\" is no entry: write RULE:PATTERN"},
        {"leak-sesion:x", "f:1: \"leak-sesion\" is no rule about programs: mitrace explain lists the rules"},
        {"events-lost:*", "f:1: \"events-lost\" is no rule about programs: mitrace explain lists the rules"},
        {"leak-*:module:", "f:1: there is no name behind \"module:\""},
        {"leak-*:src:x", "f:1: unknown \"src:\": a pattern is NAME, function:NAME, module:NAME or file:NAME"},
        {"leak-*:x # until: soon", "f:1: \"soon\" is no date: write # until: YYYY-MM-DD"},
        {"leak-*:x # until: 2026-02-29", "f:1: \"2026-02-29\" is no date: write # until: YYYY-MM-DD"},
        {"leak-*:x # until: 2026-2-3", "f:1: \"2026-2-3\" is no date: write # until: YYYY-MM-DD"},
        {"leak-*:x # until: -026-02-03", "f:1: \"-026-02-03\" is no date: write # until: YYYY-MM-DD"},
        {"leak-*:x # until: 2026-02-03 or so",
         "f:1: \"2026-02-03 or so\" is no date: write # until: YYYY-MM-DD"},
        {"leak-*:x\n  # until: 2026-02-03\n  # until: 2026-02-04",
         "f:3: a second \"# until:\" for one entry"},
        {"leak-*:x # reason: a # reason: b", "f:1: a second \"# reason:\" for one entry"},
        {"leak-*:x # reason:", "f:1: \"# reason:\" tells none"},
        {"leak-*:x\n# until: 2026-02-03", "f:2: indent this comment to make it part of the entry above it"},
        {"  # until: 2026-02-03", "f:1: there is no entry above that \"# until:\" could belong to"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GPtrArray) entries = accept_entries_new();
        g_autoptr(GError) error = NULL;
        assert_false(accept_parse(entries, "f", rows[i].text, TODAY, &error));
        assert_string_equal(error->message, rows[i].message);
    }
}

static void test_long_patterns_are_refused(void **state)
{
    g_autofree char *fits = repeat("a", ACCEPT_PATTERN_MAX);
    g_autofree char *good = g_strconcat("leak-*:", fits, NULL);
    g_autofree char *bad = g_strconcat("leak-*:", fits, "a", NULL);
    g_autoptr(GPtrArray) entries = parse(good);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_false(accept_parse(entries, "f", bad, TODAY, &error));
    assert_string_equal(error->message, "f:1: the pattern is longer than 1000 bytes");
}

static void test_builtin_table_is_read(void **state)
{
    g_autoptr(GPtrArray) entries = accept_entries_new();
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(accept_add_builtin(entries, TODAY, &error));
    for (guint i = 0; i < entries->len; i++) {
        assert_true(((const struct accept_entry *)entries->pdata[i])->builtin);
    }
}

/* ---- what an entry describes ---- */

/* A finding with a stack where it was created and one where it is stuck. */
struct story {
    struct model_process process;
    struct model_thread thread;
    struct finding *finding;
    struct symbols_frame created[2], at[2];
};

static GPtrArray *find_stack(void *context, const struct model_site *site)
{
    struct story *story = context;
    struct symbols_frame *frames = site == &story->finding->at ? story->at : story->created;
    GPtrArray *list = g_ptr_array_new();

    for (size_t i = 0; site->thread != NULL && i < 2 && frames[i].address != 0; i++) {
        g_ptr_array_add(list, &frames[i]);
    }
    return list;
}

static struct story *new_story(const char *rule, const char *fingerprint, uint64_t count)
{
    struct story *story = g_new0(struct story, 1);
    const struct rule *found = rules_find(rule);

    assert_non_null(found);
    story->thread = (struct model_thread){.process = &story->process, .tid = 1};
    story->finding = finding_new(found, &story->process);
    g_free(story->finding->fingerprint);
    story->finding->fingerprint = g_strdup(fingerprint);
    story->finding->count = count;
    story->finding->created =
        (struct model_site){.thread = &story->thread, .function = MI_FN_application_new_session};
    story->created[0] = (struct symbols_frame){
        .function = "open_pool", .file = "/src/legacy/pool.c", .module = "/opt/a/libpool.so.2", .address = 1};
    story->created[1] =
        (struct symbols_frame){.function = "main", .file = "/src/main.c", .module = "/bin/a", .address = 2};
    return story;
}

static void free_story(struct story *story)
{
    finding_free(story->finding);
    g_free(story);
}

static void stick(struct story *story)
{
    story->finding->at = (struct model_site){.thread = &story->thread, .function = MI_FN_session_close};
    story->at[0] = (struct symbols_frame){.function = "shut_down", .address = 3};
}

/* Whether the entry `line` accepts the finding; it must count that. */
static bool is_accepted(struct story *story, const char *line)
{
    const struct accept_stacks stacks = {.find = find_stack, .context = story};
    struct accept_places places = accept_places_of(story->finding, &stacks);
    g_autoptr(GPtrArray) entries = parse(line);
    bool accepted = accept_match(entries, story->finding->rule->id, &places) != NULL;
    const struct accept_entry *entry = entries->pdata[0];

    assert_int_equal(entry->suppressed, accepted);
    accept_places_clear(&places);
    return accepted;
}

static void test_what_an_entry_describes(void **state)
{
    static const struct {
        const char *line;
        bool accepts;
    } rows[] = {
        {"leak-session:open_pool", true},
        {"leak-session:main", true},
        {"leak-session:open", false},
        {"leak-operation:open_pool", false},
        {"leak-*:open_*", true},
        {"*:*", true},
        {"leak-session:MI_Application_NewSession", true},
        {"leak-session:MI_Session_Close", true}, /* where it is stuck */
        {"leak-session:shut_down", true},
        {"leak-session:module:libpool.so*", true},
        {"leak-session:module:/opt/*", true},
        {"leak-session:module:libpool", false},
        {"leak-session:module:open_pool", false},
        {"leak-session:file:pool.c", true},
        {"leak-session:file:*/legacy/*", true},
        {"leak-session:file:legacy", false},
        {"leak-session:/src/main.c", false},
    };
    struct story *story = new_story("leak-session", "0000000000000001", 1);

    (void)state;
    stick(story);
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (is_accepted(story, rows[i].line) != rows[i].accepts) {
            fail_msg("%s", rows[i].line);
        }
    }
    free_story(story);
}

static void test_without_a_stack_only_a_star_helps(void **state)
{
    struct story *story = new_story("leak-session", "0000000000000001", 1);

    (void)state;
    story->finding->created = (struct model_site){.thread = NULL};
    assert_true(is_accepted(story, "leak-session:*"));
    assert_false(is_accepted(story, "leak-session:?*"));
    assert_false(is_accepted(story, "leak-session:module:*"));
    free_story(story);
}

static void test_entries_hold_until_their_last_day(void **state)
{
    struct story *story = new_story("leak-session", "0000000000000001", 1);

    (void)state;
    assert_true(is_accepted(story, "leak-session:main # until: 2026-03-01")); /* today */
    assert_true(is_accepted(story, "leak-session:main # until: 2026-03-02"));
    assert_true(is_accepted(story, "leak-session:main # until: 9999-12-31"));
    assert_false(is_accepted(story, "leak-session:main # until: 2026-02-28"));
    assert_false(is_accepted(story, "leak-session:main # until: 2025-12-31"));
    free_story(story);
}

static void test_the_first_that_holds_accepts_and_all_are_counted(void **state)
{
    struct story *story = new_story("leak-session", "0000000000000001", 1);
    const struct accept_stacks stacks = {.find = find_stack, .context = story};
    struct accept_places places = accept_places_of(story->finding, &stacks);
    g_autoptr(GPtrArray) entries = parse("leak-session:main # until: 2020-01-01\n"
                                         "leak-session:open_pool\n"
                                         "leak-*:main\n"
                                         "leak-*:nobody\n");
    static const uint64_t matched[] = {1, 1, 1, 0}, suppressed[] = {0, 1, 0, 0};

    (void)state;
    assert_ptr_equal(accept_match(entries, "leak-session", &places), entries->pdata[1]);
    for (guint i = 0; i < entries->len; i++) {
        const struct accept_entry *entry = entries->pdata[i];
        assert_int_equal(entry->matched, matched[i]);
        assert_int_equal(entry->suppressed, suppressed[i]);
    }
    accept_places_clear(&places);
    free_story(story);
}

/* ---- generated entries ---- */

static void assert_generated(struct story *story, const char *expected)
{
    const struct accept_stacks stacks = {.find = find_stack, .context = story};
    g_autofree char *line = accept_entry_for(story->finding, &stacks);

    if (expected != NULL) {
        assert_string_equal(line, expected);
    }
    if (!is_accepted(story, line)) {
        fail_msg("%s does not describe what it was made for", line);
    }
}

static void test_generated_entries_describe_their_finding(void **state)
{
    static const char *const names[][2] = {
        {"open_pool", "leak-session:open_pool"},
        {"Pool::open(int, char const*)", "leak-session:Pool::open(int, char const*)"},
        {"main::{lambda(int)#1}::operator()", "leak-session:main::{lambda(int)*1}::operator()"},
        {"module:x", "leak-session:function:module:x"},
        {"file::x", "leak-session:file::x"},
        {"operator*", "leak-session:operator*"},
        {" a #b ", "leak-session:*a*b*"},
        {"x\n\r\ty", "leak-session:x*y"},
        {"gr\xC3\xB6\xC3\x9F"
         "er\xFF",
         "leak-session:gr*er*"},
        {"", "leak-session:*"},
    };
    struct story *story = new_story("leak-session", "0000000000000001", 1);
    g_autofree char *long_name = repeat("ab ", 1000);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        story->created[0].function = names[i][0];
        assert_generated(story, names[i][1]);
    }
    story->created[0].function = long_name;
    assert_generated(story, NULL);
    free_story(story);
}

static void test_generated_entries_without_names(void **state)
{
    struct story *story = new_story("leak-session", "0000000000000001", 1);

    (void)state;
    story->created[0].function = NULL;
    assert_generated(story, "leak-session:main");
    story->created[1].function = NULL;
    assert_generated(story, "leak-session:module:libpool.so.2");
    story->created[0].module = NULL;
    assert_generated(story, "leak-session:MI_Application_NewSession");
    story->finding->created.thread = NULL;
    assert_generated(story, "leak-session:*");
    stick(story);
    assert_generated(story, "leak-session:shut_down");
    free_story(story);
}

/* ---- the file of a baseline ---- */

static char *directory;

static int make_directory(void **state)
{
    (void)state;
    directory = g_dir_make_tmp("mitrace-test-XXXXXX", NULL);
    return directory == NULL ? -1 : 0;
}

static int remove_directory(void **state)
{
    (void)state;
    int status = g_rmdir(directory);
    g_free(directory);
    return status;
}

static char *path_of(const char *name)
{
    return g_build_filename(directory, name, NULL);
}

static void assert_no_baseline(const char *text, const char *message)
{
    g_autofree char *path = path_of("bad.json");
    g_autofree char *expected = g_strdup_printf(message, path);
    g_autoptr(GError) error = NULL;

    assert_true(g_file_set_contents(path, text, -1, NULL));
    assert_null(accept_baseline_read(path, false, &error));
    assert_string_equal(error->message, expected);
    g_unlink(path);
}

#define HEAD     "{\"schema\": \"mitrace-baseline/1\", \"findings\": ["
#define ITEM(id) "{\"fingerprint\": \"" id "\", \"rule\": \"leak-session\", \"count\": 1}"
#define COUNT(n) "{\"fingerprint\": \"0123456789abcdef\", \"rule\": \"leak-session\", \"count\": " n "}"

static void test_bad_baselines_are_refused(void **state)
{
    static const char schema[] = "%s is no baseline of schema mitrace-baseline/1";
    static const char fingerprint[] = "%s: finding 1 has no fingerprint of 16 hex digits";
    static const char count[] = "%s: finding 1 (0123456789abcdef) has no rule, or no count from 1";
    static const char *const counts[] = {"0", "-1", "1.5", "1e300", "\"3\"", "null", "9007199254740994"};
    static const char *const fingerprints[] = {"", "0123456789abcde", "0123456789ABCDEF",
                                               "0123456789abcdefa"};
    g_autofree char *nested = repeat("[", 100000);

    (void)state;
    assert_no_baseline("", "%s:1: this is no JSON");
    assert_no_baseline("{\n\n\"a\": }", "%s:3: this is no JSON");
    assert_no_baseline(HEAD "]} rest", "%s:1: this is no JSON");
    assert_no_baseline(nested, "%s:1: this is no JSON");
    assert_no_baseline("[]", schema);
    assert_no_baseline("7", schema);
    assert_no_baseline("{\"schema\": \"mitrace-baseline/2\", \"findings\": []}", schema);
    assert_no_baseline("{\"schema\": \"mitrace-baseline/1\"}", schema);
    assert_no_baseline("{\"schema\": \"mitrace-baseline/1\", \"findings\": {}}", schema);
    assert_no_baseline(HEAD "7]}", fingerprint);
    for (size_t i = 0; i < G_N_ELEMENTS(fingerprints); i++) {
        g_autofree char *text = g_strdup_printf(HEAD ITEM("%s") "]}", fingerprints[i]);
        assert_no_baseline(text, fingerprint);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        g_autofree char *text = g_strdup_printf(HEAD COUNT("%s") "]}", counts[i]);
        assert_no_baseline(text, count);
    }
    assert_no_baseline(HEAD "{\"fingerprint\": \"0123456789abcdef\", \"count\": 1}]}", count);
    assert_no_baseline(HEAD ITEM("0123456789abcdef") "," ITEM("0123456789abcdef") "]}",
                       "%s: the fingerprint of finding 2 (0123456789abcdef) stands there twice");
}

static void assert_unreadable(const char *path, bool update, const char *message)
{
    g_autofree char *expected = g_strdup_printf(message, path);
    g_autoptr(GError) error = NULL;

    assert_null(accept_baseline_read(path, update, &error));
    assert_string_equal(error->message, expected);
}

static void test_unreadable_baselines(void **state)
{
    g_autofree char *path = path_of("odd.json");
    g_autofree char *beyond = path_of("nowhere/b.json");

    (void)state;
    assert_unreadable(path, false, "there is no baseline %s: --update-baseline makes one");
    assert_unreadable(beyond, true, "cannot write the baseline %s: No such file or directory");
    assert_unreadable(directory, false, "cannot read %s: Is a directory");
    assert_true(g_file_set_contents(path, "{}\0{}", 5, NULL));
    assert_unreadable(path, false, "%s is no text: it holds a NUL byte");
    assert_int_equal(truncate(path, ACCEPT_FILE_MAX + 1), 0);
    assert_unreadable(path, true, "%s is longer than 8 MiB");
    g_unlink(path);
}

static void take(struct accept_baseline *baseline, const char *rule, const char *function,
                 const char *fingerprint, uint64_t count)
{
    const struct accept_known present = {.fingerprint = (char *)fingerprint,
                                         .rule = (char *)rule,
                                         .message = (char *)"it \"leaks\"\n\xFF",
                                         .function = (char *)function,
                                         .count = count};

    accept_baseline_take(baseline, &present);
}

static void write_baseline(const char *path, uint64_t count)
{
    struct accept_baseline *baseline = accept_baseline_new(path, true);
    g_autoptr(GError) error = NULL;

    take(baseline, "leak-session", "zebra", "3333333333333333", 1);
    take(baseline, "leak-session", "aardvark", "2222222222222222", 9007199254740992);
    take(baseline, "leak-operation", NULL, "5555555555555555", count);
    take(baseline, "leak-session", "aardvark", "1111111111111111", 1);
    accept_baseline_finish(baseline);
    if (!accept_baseline_write(baseline, &error)) {
        fail_msg("%s", error->message);
    }
    accept_baseline_free(baseline);
}

static void test_a_baseline_comes_back_sorted(void **state)
{
    static const char *const order[] = {"5555555555555555", "1111111111111111", "2222222222222222",
                                        "3333333333333333"};
    g_autofree char *path = path_of("b.json");
    g_autoptr(GError) error = NULL;

    (void)state;
    write_baseline(path, 7);
    struct accept_baseline *baseline = accept_baseline_read(path, false, &error);
    assert_non_null(baseline);
    assert_int_equal(baseline->known->len, G_N_ELEMENTS(order));
    for (guint i = 0; i < baseline->known->len; i++) {
        assert_string_equal(((struct accept_known *)baseline->known->pdata[i])->fingerprint, order[i]);
    }
    const struct accept_known *first = baseline->known->pdata[0], *third = baseline->known->pdata[2];
    assert_string_equal(first->rule, "leak-operation");
    assert_string_equal(first->function, "");
    assert_string_equal(first->message, "it \"leaks\"\n\xEF\xBF\xBD");
    assert_int_equal(first->count, 7);
    assert_true(third->count == 9007199254740992);
    accept_baseline_free(baseline);
    g_unlink(path);
}

static void assert_mode(const char *path, mode_t mode)
{
    struct stat status;

    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, mode);
}

static void test_writing_keeps_mode_and_link(void **state)
{
    g_autofree char *path = path_of("b.json");
    g_autofree char *link = path_of("link.json");
    mode_t mask = umask(077);

    (void)state;
    write_baseline(path, 1);
    assert_mode(path, 0600);
    assert_int_equal(chmod(path, 0664), 0);
    assert_int_equal(symlink("b.json", link), 0);
    write_baseline(link, 2);
    assert_mode(path, 0664);
    assert_true(g_file_test(link, G_FILE_TEST_IS_SYMLINK));
    umask(mask);
    g_unlink(link);
    g_unlink(path);
}

static void test_only_files_are_written(void **state)
{
    g_autofree char *path = path_of("fifo");
    struct accept_baseline *baseline = accept_baseline_new(path, true);
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_false(accept_baseline_write(baseline, &error));
    assert_non_null(strstr(error->message, "is no regular file"));
    accept_baseline_free(baseline);
    g_unlink(path);
}

/* ---- comparing with a baseline ---- */

static struct accept_baseline *known_baseline(bool update, bool whole)
{
    static const char *const fingerprints[] = {"a", "b", "c", "d", "e"};
    struct accept_baseline *baseline = accept_baseline_new("b.json", update);

    baseline->whole = whole;
    for (size_t i = 0; i < G_N_ELEMENTS(fingerprints); i++) {
        struct accept_known *known = g_new0(struct accept_known, 1);
        known->fingerprint = g_strdup(fingerprints[i]);
        known->rule = g_strdup("leak-session");
        known->message = g_strdup("");
        known->function = g_strdup("");
        known->count = 3;
        assert_true(accept_baseline_add(baseline, known));
    }
    take(baseline, "leak-session", "f", "a", 3);
    take(baseline, "leak-session", "f", "b", 4);
    take(baseline, "leak-session", "f", "c", 2);
    take(baseline, "leak-session", "f", "x", 1);
    accept_baseline_pass(baseline, "d");
    accept_baseline_pass(baseline, "y");
    accept_baseline_finish(baseline);
    return baseline;
}

static void assert_next(const struct accept_baseline *baseline, const char *expected)
{
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < baseline->next->len; i++) {
        const struct accept_known *known = baseline->next->pdata[i];
        g_string_append_printf(text, "%s%d ", known->fingerprint, (int)known->count);
    }
    assert_string_equal(text->str, expected);
}

static void test_known_grown_new_gone(void **state)
{
    struct accept_baseline *baseline = known_baseline(true, true);

    (void)state;
    assert_int_equal(baseline->found, 2);
    assert_int_equal(baseline->grown, 1);
    assert_int_equal(baseline->fresh, 1);
    assert_int_equal(baseline->shrunk, 1);
    assert_int_equal(baseline->gone, 1);
    assert_int_equal(baseline->kept, 0);
    assert_next(baseline, "a3 b4 c2 x1 ");
    accept_baseline_free(baseline);
}

/* Nobody knows what is gone when events are missing. */
static void test_a_torn_trace_takes_nothing_out_of_a_baseline(void **state)
{
    struct accept_baseline *baseline = known_baseline(true, false);

    (void)state;
    assert_int_equal(baseline->gone + baseline->shrunk, 0);
    assert_int_equal(baseline->kept, 1);
    assert_next(baseline, "a3 b4 c3 x1 e3 ");
    accept_baseline_free(baseline);
}

/* ---- what fails ---- */

static bool fails(const char *rule, enum finding_severity severity, const char *fail_on, const char *limit,
                  uint64_t count)
{
    struct accept_tolerance *tolerance = accept_tolerance_new();
    struct finding *finding = finding_new(rules_find(rule), NULL);
    g_autoptr(GError) error = NULL;

    finding->severity = severity;
    assert_true(fail_on == NULL || accept_fail_on(tolerance, fail_on, &error));
    assert_true(limit == NULL || accept_add_limit(tolerance, limit, &error));
    accept_count(tolerance, finding->rule, count);
    bool failing = accept_fails_by(tolerance, finding);
    finding_free(finding);
    accept_tolerance_free(tolerance);
    return failing;
}

static void test_what_fails(void **state)
{
    static const struct {
        const char *rule;
        enum finding_severity severity;
        const char *fail_on, *limit;
        uint64_t count;
        bool fails;
    } rows[] = {
        {"leak-session", FINDING_ERROR, NULL, NULL, 1, true},
        {"leak-session", FINDING_WARNING, NULL, NULL, 1, false},
        {"leak-session", FINDING_ERROR, "error", NULL, 1, true},
        {"leak-session", FINDING_WARNING, "warning", NULL, 1, true},
        {"leak-session", FINDING_ERROR, "warning", NULL, 1, true},
        {"leak-session", FINDING_NOTE, "warning", NULL, 1, false},
        {"leak-session", FINDING_NOTE, "error,note", NULL, 1, true},
        {"leak-session", FINDING_NOTE, "note,error", NULL, 1, true},
        {"leak-session", FINDING_NOTE, "leak", NULL, 1, true},
        {"leak-session", FINDING_ERROR, "deadlock", NULL, 1, false},
        {"leak-session", FINDING_ERROR, " deadlock , leak ", NULL, 1, true},
        {"leak-session", FINDING_ERROR, "leak-operation", NULL, 1, false},
        {"leak-session", FINDING_NOTE, "leak-operation,leak-session", NULL, 1, true},
        {"ack-never-given", FINDING_ERROR, "deadlock,misuse", NULL, 1, true},
        /* a limit decides alone */
        {"leak-session", FINDING_ERROR, NULL, "leak-session=2", 2, false},
        {"leak-session", FINDING_ERROR, NULL, "leak-session=2", 3, true},
        {"leak-session", FINDING_ERROR, NULL, "leak-session=0", 1, true},
        {"leak-session", FINDING_NOTE, "error", "leak-session=2", 3, true},
        {"leak-session", FINDING_ERROR, "deadlock", "leak-session=2", 3, true},
        {"leak-session", FINDING_ERROR, "leak-session", "leak-session=2", 2, false},
        {"leak-session", FINDING_ERROR, NULL, "leak-operation=2", 1, true},
        {"leak-session", FINDING_ERROR, NULL, "leak-session=18446744073709551615", UINT64_MAX, false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (fails(rows[i].rule, rows[i].severity, rows[i].fail_on, rows[i].limit, rows[i].count) !=
            rows[i].fails) {
            fail_msg("row %zu", i);
        }
    }
}

static void test_bad_lists_and_limits(void **state)
{
    static const char *const lists[] = {"", ",", "error,", "eror", "leak-*", "events-lost", "trace", "Leak"};
    static const char *const limits[] = {"",
                                         "=",
                                         "leak-session",
                                         "leak-session=",
                                         "leak-session=-1",
                                         "leak-session=+1",
                                         "leak-session= 1",
                                         "leak-session=1k",
                                         "leak-session=18446744073709551616",
                                         "leak-*=1",
                                         "events-lost=1"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        struct accept_tolerance *tolerance = accept_tolerance_new();
        g_autoptr(GError) error = NULL;
        assert_false(accept_fail_on(tolerance, lists[i], &error));
        assert_non_null(strstr(error->message, "--fail-on"));
        accept_tolerance_free(tolerance);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(limits); i++) {
        struct accept_tolerance *tolerance = accept_tolerance_new();
        g_autoptr(GError) error = NULL;
        assert_false(accept_add_limit(tolerance, limits[i], &error));
        assert_non_null(strstr(error->message, "--max"));
        accept_tolerance_free(tolerance);
    }
}

static void test_the_last_limit_of_a_rule_counts(void **state)
{
    struct accept_tolerance *tolerance = accept_tolerance_new();
    g_autoptr(GError) error = NULL;

    (void)state;
    assert_true(accept_add_limit(tolerance, "leak-session=1", &error));
    assert_true(accept_add_limit(tolerance, "leak-session=5", &error));
    assert_int_equal(tolerance->limits->len, 1);
    assert_int_equal(g_array_index(tolerance->limits, struct accept_limit, 0).most, 5);
    accept_tolerance_free(tolerance);
}

/* ---- all together ---- */

/* Judge one story. */
static struct accept_sums judge(struct accept *accept, struct story *story)
{
    const struct accept_stacks stacks = {.find = find_stack, .context = story};
    g_autoptr(GPtrArray) findings = g_ptr_array_new();

    g_ptr_array_add(findings, story->finding);
    return accept_judge(accept, findings, &stacks, true);
}

static char *write_file(const char *name, const char *text)
{
    char *path = path_of(name);

    assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

/* What is decided of a leak-session with 3 handles. */
static void assert_decided(const struct accept_options *options, bool accepted, bool fails_check)
{
    struct story *story = new_story("leak-session", "0123456789abcdef", 3);
    g_autoptr(GError) error = NULL;
    struct accept *accept = accept_new(options, &error);

    if (accept == NULL) {
        fail_msg("%s", error->message);
    }
    const struct accept_sums sums = judge(accept, story);
    assert_int_equal(sums.accepted, accepted);
    assert_int_equal(sums.failing, fails_check);
    assert_int_equal(story->finding->suppressed_by != NULL, accepted);
    assert_int_equal(accept_mark_of(accept, story->finding).fails, fails_check);
    accept_free(accept);
    free_story(story);
}

static void test_suppression_baseline_and_limit_together(void **state)
{
    g_autofree char *file = write_file("s", "leak-session:open_pool\n");
    g_autofree char *two =
        write_file("two.json", HEAD "{\"fingerprint\": \"0123456789abcdef\", \"rule\": \"r\", "
                                    "\"count\": 2}]}");
    g_autofree char *three =
        write_file("three.json", HEAD "{\"fingerprint\": \"0123456789abcdef\", \"rule\": "
                                      "\"r\", \"count\": 3}]}");
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_autoptr(GPtrArray) none = g_ptr_array_new();

    (void)state;
    g_ptr_array_add(files, file);
    g_ptr_array_add(one, (gpointer) "leak-session=1");
    g_ptr_array_add(none, (gpointer) "leak-session=0");
    assert_decided(&(struct accept_options){0}, false, true);
    assert_decided(&(struct accept_options){.suppressions = files}, true, false);
    assert_decided(&(struct accept_options){.suppressions = files, .limits = none}, true, false);
    assert_decided(&(struct accept_options){.baseline = three}, true, false);
    assert_decided(&(struct accept_options){.baseline = three, .limits = none}, true, false);
    assert_decided(&(struct accept_options){.baseline = two}, false, true);
    /* only what the baseline does not know counts for a limit */
    assert_decided(&(struct accept_options){.baseline = two, .limits = one}, false, false);
    assert_decided(&(struct accept_options){.baseline = two, .limits = none}, false, true);
    assert_decided(&(struct accept_options){.baseline = two, .fail_on = "deadlock"}, false, false);
    assert_decided(&(struct accept_options){.baseline = two, .update_baseline = TRUE}, true, false);
    g_unlink(file);
    g_unlink(two);
    g_unlink(three);
}

static void test_update_writes_what_is_not_suppressed(void **state)
{
    g_autofree char *path = path_of("new.json");
    const struct accept_options options = {.baseline = path, .update_baseline = TRUE};
    struct story *story = new_story("leak-session", "0123456789abcdef", 3);
    g_autoptr(GError) error = NULL;
    struct accept *accept = accept_new(&options, &error);

    (void)state;
    assert_non_null(accept);
    judge(accept, story);
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    assert_true(accept_save(accept, &error));
    accept_free(accept);
    struct accept_baseline *baseline = accept_baseline_read(path, false, &error);
    assert_non_null(baseline);
    const struct accept_known *known = g_hash_table_lookup(baseline->by_fingerprint, "0123456789abcdef");
    assert_non_null(known);
    assert_string_equal(known->function, "open_pool");
    assert_int_equal(known->count, 3);
    accept_baseline_free(baseline);
    free_story(story);
    g_unlink(path);
}

static void test_what_is_suppressed_is_not_gone_from_the_baseline(void **state)
{
    g_autofree char *file = write_file("s", "leak-session:open_pool\n");
    g_autofree char *known = write_file("known.json", HEAD ITEM("0123456789abcdef") "]}");
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    const struct accept_options options = {.suppressions = files, .baseline = known};
    struct story *story = new_story("leak-session", "0123456789abcdef", 3);
    g_autoptr(GError) error = NULL;

    (void)state;
    g_ptr_array_add(files, file);
    struct accept *accept = accept_new(&options, &error);
    assert_non_null(accept);
    judge(accept, story);
    assert_int_equal(accept->baseline->gone, 0);
    assert_int_equal(accept->baseline->grown, 0);
    accept_free(accept);
    free_story(story);
    g_unlink(file);
    g_unlink(known);
}

static void test_the_environment_names_files(void **state)
{
    g_autofree char *file = write_file("s", "leak-session:open_pool\n");
    g_autofree char *list = g_strdup_printf(":%s:", file);
    g_autofree char *missing = g_strdup_printf("%s:%s/missing", file, directory);
    const struct accept_options options = {0};
    g_autoptr(GError) error = NULL;

    (void)state;
    g_setenv(ACCEPT_ENVIRONMENT, list, TRUE);
    assert_decided(&options, true, false);
    g_setenv(ACCEPT_ENVIRONMENT, missing, TRUE);
    assert_null(accept_new(&options, &error));
    assert_non_null(strstr(error->message, "missing: No such file or directory"));
    g_unsetenv(ACCEPT_ENVIRONMENT);
    assert_decided(&options, false, true);
    g_unlink(file);
}

static void test_nothing_accepted_without_being_asked(void **state)
{
    struct story *story = new_story("leak-session", "0123456789abcdef", 3);
    const struct accept_sums sums = judge(NULL, story);

    (void)state;
    assert_int_equal(sums.failing, 1);
    assert_int_equal(sums.accepted, 0);
    assert_false(accept_in_use(NULL));
    assert_false(accept_mark_of(NULL, story->finding).fails);
    assert_true(accept_save(NULL, NULL));
    free_story(story);
}

/* What the trace lacks can neither fail a check nor be accepted. */
static void test_the_trace_is_not_judged(void **state)
{
    g_autofree char *file = write_file("s", "*:*\n");
    g_autoptr(GPtrArray) files = g_ptr_array_new();
    struct story *story = new_story("events-lost", "0123456789abcdef", 3);
    g_autoptr(GError) error = NULL;

    (void)state;
    g_ptr_array_add(files, file);
    struct accept *accept =
        accept_new(&(struct accept_options){.suppressions = files, .fail_on = "note"}, &error);
    assert_non_null(accept);
    const struct accept_sums sums = judge(accept, story);
    assert_int_equal(sums.accepted + sums.failing, 0);
    assert_null(story->finding->suppressed_by);
    accept_free(accept);
    free_story(story);
    g_unlink(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_globs),
        cmocka_unit_test(test_no_pattern_takes_for_ever),
        cmocka_unit_test(test_files_are_read),
        cmocka_unit_test(test_targets),
        cmocka_unit_test(test_bad_lines_are_named),
        cmocka_unit_test(test_long_patterns_are_refused),
        cmocka_unit_test(test_builtin_table_is_read),
        cmocka_unit_test(test_what_an_entry_describes),
        cmocka_unit_test(test_without_a_stack_only_a_star_helps),
        cmocka_unit_test(test_entries_hold_until_their_last_day),
        cmocka_unit_test(test_the_first_that_holds_accepts_and_all_are_counted),
        cmocka_unit_test(test_generated_entries_describe_their_finding),
        cmocka_unit_test(test_generated_entries_without_names),
        cmocka_unit_test(test_bad_baselines_are_refused),
        cmocka_unit_test(test_unreadable_baselines),
        cmocka_unit_test(test_a_baseline_comes_back_sorted),
        cmocka_unit_test(test_writing_keeps_mode_and_link),
        cmocka_unit_test(test_only_files_are_written),
        cmocka_unit_test(test_known_grown_new_gone),
        cmocka_unit_test(test_a_torn_trace_takes_nothing_out_of_a_baseline),
        cmocka_unit_test(test_what_fails),
        cmocka_unit_test(test_bad_lists_and_limits),
        cmocka_unit_test(test_the_last_limit_of_a_rule_counts),
        cmocka_unit_test(test_suppression_baseline_and_limit_together),
        cmocka_unit_test(test_update_writes_what_is_not_suppressed),
        cmocka_unit_test(test_what_is_suppressed_is_not_gone_from_the_baseline),
        cmocka_unit_test(test_the_environment_names_files),
        cmocka_unit_test(test_nothing_accepted_without_being_asked),
        cmocka_unit_test(test_the_trace_is_not_judged),
    };

    g_unsetenv(ACCEPT_ENVIRONMENT);
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
