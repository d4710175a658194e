/* SPDX-License-Identifier: MIT */
/*
 * Hostile text, wherever a trace, a file or a command line can bring it in, in the output of every command:
 * nothing that a terminal would act upon comes out, JSON stays JSON, and the text is there, in the form that
 * is documented.
 */
#include <cjson/cJSON.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

/* What goes in, what everything must make of it, and what text traces must: NULL when that is the same. */
static const struct hostile {
    const char *name;
    const char *text;
    const char *told;
    const char *written;
} strings[] = {
    {"plain", "plain", "plain", NULL},
    {"title", "\x1b]0;owned\x07", "\\x1B]0;owned\\x07", "\\x1b]0;owned\\x07"},
    {"colour", "\x1b[31;8mred\x1b[2J", "\\x1B[31;8mred\\x1B[2J", "\\x1b[31;8mred\\x1b[2J"},
    {"lines", "a\nmitrace: no findings\r\b\x7f\v", "a\\x0Amitrace: no findings\\x0D\\x08\\x7F\\x0B",
     "a\\nmitrace: no findings\\x0d\\x08\\x7f\\x0b"},
    {"c1",
     "\xc2\x9b"
     "31m\xc2\x9d"
     "0;x\xc2\x9c",
     "\\xC2\\x9B31m\\xC2\\x9D0;x\\xC2\\x9C", "\\xc2\\x9b31m\\xc2\\x9d0;x\\xc2\\x9c"},
    {"bidi", "\xe2\x80\xaegnp.exe\xe2\x81\xa6\xd8\x9c", "\\xE2\\x80\\xAEgnp.exe\\xE2\\x81\\xA6\\xD8\\x9C",
     "\\xe2\\x80\\xaegnp.exe\\xe2\\x81\\xa6\\xd8\\x9c"},
    {"invisible", "a\xe2\x80\x8b\xe2\x80\xa8\xef\xbb\xbf z",
     "a\\xE2\\x80\\x8B\\xE2\\x80\\xA8\\xEF\\xBB\\xBF z", "a\\xe2\\x80\\x8b\\xe2\\x80\\xa8\\xef\\xbb\\xbf z"},
    {"markup", "</script><img src=x onerror=alert(1)>&amp;]]>",
     "</script><img src=x onerror=alert(1)>&amp;]]>", NULL},
    {"json", "\"},{\"rule\":[\\u0041,'", "\"},{\"rule\":[\\u0041,'", "\\\"},{\\\"rule\\\":[\\\\u0041,'"},
    {"no UTF-8", "\xff\xfe\xc3(\xed\xa0\x80\xf4\x90\x80\x80",
     "\\xFF\\xFE\\xC3(\\xED\\xA0\\x80\\xF4\\x90\\x80\\x80",
     "\\xff\\xfe\\xc3(\\xed\\xa0\\x80\\xf4\\x90\\x80\\x80"},
    {"format", "%s%n%1$*2$d{0}$(id)`id`;&&", "%s%n%1$*2$d{0}$(id)`id`;&&", NULL},
    {"other scripts", "\xc3\xa9\xe6\x97\xa5\xe6\x9c\xac\xf0\x9f\x98\x80",
     "\xc3\xa9\xe6\x97\xa5\xe6\x9c\xac\xf0\x9f\x98\x80", NULL},
    {"long", NULL, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", NULL}, /* of make_folder */
};

static char *long_text;

/* @T@ is the text, written for double quotes; @N@ for the names of a frame. */
static const char trace_template[] =
    "# mitrace text trace 1\n"
    "1.0 process_start pid=7 tid=7 major=1 version=\"@T@\" run=\"@T@\" path=\"/bin/@T@\"\n"
    "1.0 module_load pid=7 tid=7 base=0x0 start=0x1000 end=0x2000 path=\"/lib/@T@\"\n"
    "1.0 module_load pid=7 tid=7 base=0x0 start=0x2000 end=0x3000\n"
    "1.1 application_initialize_entry pid=7 tid=7 call=1 name=\"@T@\" "
    "stack=[0x1010,0x2010,0x401010:@N@@/src/@N@.c:21!/lib/@N@+0x10]\n"
    "1.2 application_initialize_exit pid=7 tid=7 call=1 result=0 out=0x40 r1=0x1 r2=0x55 table=2\n"
    "1.3 application_new_session_entry pid=7 tid=7 call=2 handle=0x40 r1=0x1 r2=0x55 table=2 name=\"@T@\" "
    "detail=\"@T@\" stack=[0x401011:@N@@/src/@N@.c:22!/lib/@N@+0x10]\n"
    "1.4 application_new_session_exit pid=7 tid=7 call=2 result=0 out=0x80 r1=0x2 r2=0x56 table=3\n"
    "1.5 session_enumerate_instances_entry pid=7 tid=7 call=3 handle=0x80 r1=0x2 r2=0x56 table=3 "
    "operation=0xc0 "
    "callbacks=1 token=0x3 namespace=\"@T@\" name=\"@T@\" detail=\"@T@\" stack=[0x401012:@N@@/src/@N@.c:23]\n"
    "1.6 session_enumerate_instances_exit pid=7 tid=7 call=3 r1=0x3 r2=0x57 table=4\n"
    "1.6 thread_start pid=7 tid=8 library=1 name=\"@T@\"\n"
    "1.7 function_table pid=7 tid=7 kind=3 problem=\"@T@\"\n"
    "1.8 instance_result_callback_entry pid=7 tid=8 token=0x3 handle=0xc0 r1=0x3 r2=0x57 table=4 more=0 "
    "result=0\n"
    "1.9 application_close_entry pid=7 tid=8 call=1 handle=0x40 r1=0x1 r2=0x55 table=2 "
    "stack=[0x401013:@N@@/src/@N@.c:24!/lib/@N@+0x10]\n"
    "! cut @L@\n"
    "9.0 thread_start pid=7 tid=9 library=0 name=\"@T@\"\n";

/* The same program, with leaks instead of a hang. */
static const char leaks_template[] =
    "# mitrace text trace 1\n"
    "1.0 process_start pid=7 tid=7 major=1 version=\"1\" path=\"/bin/@T@\"\n"
    "1.1 application_initialize_entry pid=7 tid=7 call=1 name=\"@T@\" "
    "stack=[0x401010:@N@@/src/@N@.c:21!/lib/@N@+0x10]\n"
    "1.2 application_initialize_exit pid=7 tid=7 call=1 result=0 out=0x40 r1=0x1 r2=0x55 table=2\n"
    "1.3 application_new_session_entry pid=7 tid=7 call=2 handle=0x40 r1=0x1 r2=0x55 table=2 name=\"@T@\" "
    "stack=[0x401011:@N@@/src/@N@.c:22!/lib/@N@+0x10]\n"
    "1.4 application_new_session_exit pid=7 tid=7 call=2 result=0 out=0x80 r1=0x2 r2=0x56 table=3\n"
    "2.0 process_end pid=7 tid=7 how=0 status=0 path=\"/bin/@T@\"\n";

/* Words of command lines: %t and %l are the traces, %f is the folder, %s is the text itself. */
enum form { TEXT, JSON };

/* Where the text must be found again. */
enum place {
    NOTHING,
    TOLD,     /* on standard output, white space aside; in JSON in one of its strings */
    WRITTEN,  /* on standard output, as text traces have it */
    NAMES,    /* on standard output, when nothing of it needs an escape */
    COMPLAINS /* on standard error */
};

static const struct command {
    const char *words[10];
    enum form form;
    int lowest, highest; /* exit status */
    enum place place;
    const char *until; /* what follows the first of these is not told; NULL: all is */
} commands[] = {
    {{"report", "%t"}, TEXT, 0, 0, TOLD, NULL},
    {{"report", "%l"}, TEXT, 0, 0, TOLD, NULL},
    {{"report", "--format", "json", "%t", "%l"}, JSON, 0, 0, TOLD, NULL},
    {{"report", "--generate-suppressions", "%t"}, TEXT, 0, 0, NAMES, NULL},
    {{"report", "--generate-suppressions", "%l"}, TEXT, 0, 0, NAMES, NULL},
    {{"report", "%f/none/%s"}, TEXT, 3, 3, COMPLAINS, NULL},
    {{"report", "%f/a%s"}, TEXT, 0, 3, TOLD, NULL},
    {{"report", "--format", "%s", "%t"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"report", "-o", "%f/none/%s", "%t"}, TEXT, 3, 3, COMPLAINS, NULL},
    {{"report", "--sysroot", "%f/%s", "--debug-dir", "%s", "%t"}, TEXT, 0, 0, TOLD, NULL},
    {{"check", "%t"}, TEXT, 1, 3, TOLD, NULL},
    {{"check", "%l"}, TEXT, 1, 1, TOLD, NULL},
    {{"check", "--report", "json:%f/report.json", "%l"}, TEXT, 1, 1, TOLD, NULL},
    {{"check", "--report", "%s:%s", "%t"}, TEXT, 2, 2, COMPLAINS, ":"},
    {{"check", "--report", "%s", "%t"}, TEXT, 2, 2, COMPLAINS, ":"},
    {{"check", "--fail-on", "%s", "%t"}, TEXT, 2, 2, COMPLAINS, ","},
    {{"check", "--max", "%s", "%t"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"check", "--max", "%s=3", "%t"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"check", "--error-exitcode=%s", "%t"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"check", "--suppressions", "%f/none/%s", "%t"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"check", "--suppressions", "%f/text", "%t"}, TEXT, 2, 2, COMPLAINS, ":\\"},
    {{"check", "--suppressions", "%f/entry", "%t"}, TEXT, 0, 3, TOLD, NULL},
    {{"check", "--suppressions", "%f/entry", "--show-suppressed", "%l"}, TEXT, 0, 1, TOLD, NULL},
    {{"check", "--baseline", "%f/none/%s", "%t"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"check", "--baseline", "%f/text", "%t"}, TEXT, 2, 2, NOTHING, NULL},
    {{"check", "--baseline", "%f/base", "--update-baseline", "%l"}, TEXT, 0, 0, TOLD, "/"},
    {{"check", "--baseline", "%f/base", "--show-suppressed", "%l"}, TEXT, 0, 0, TOLD, NULL},
    {{"check", "--timeout", "%s", "--", "true"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"check", "--", "%f/none/%s"}, TEXT, 3, 127, COMPLAINS, NULL},
    {{"check", "-o", "%f/text", "--", "true"}, TEXT, 3, 3, NOTHING, NULL},
    {{"record", "-o", "%f/text/%s", "--", "true"}, TEXT, 3, 3, COMPLAINS, NULL},
    {{"record", "-o", "%f/run", "--", "%s"}, TEXT, 3, 127, COMPLAINS, NULL},
    {{"tree", "%t"}, TEXT, 0, 0, TOLD, NULL},
    {{"tree", "--all", "%l"}, TEXT, 0, 0, TOLD, NULL},
    {{"timeline", "%t"}, TEXT, 0, 0, TOLD, NULL},
    {{"timeline", "--all", "%t", "%l"}, TEXT, 0, 0, TOLD, NULL},
    {{"timeline", "--from", "%s", "%t"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"timeline", "--thread=%s", "%t"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"stats", "%t"}, TEXT, 0, 0, TOLD, NULL},
    {{"stats", "--format", "json", "%t"}, JSON, 0, 0, TOLD, NULL},
    {{"stats", "--sort", "%s", "%t"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"events", "%t"}, TEXT, 0, 0, WRITTEN, NULL},
    {{"events", "--raw", "%t"}, TEXT, 0, 0, WRITTEN, NULL},
    {{"diff", "%t", "%l"}, TEXT, 0, 1, TOLD, NULL},
    {{"diff", "%l", "%t"}, TEXT, 0, 1, TOLD, NULL},
    {{"diff", "--format", "json", "%t", "%l"}, JSON, 0, 1, NAMES, NULL},
    {{"diff", "%f/report.json", "%t"}, TEXT, 0, 1, TOLD, NULL},
    {{"diff", "--format", "json", "%l", "%f/report.json"}, JSON, 0, 0, NAMES, NULL},
    {{"diff", "%f/{", "%t"}, TEXT, 3, 3, NOTHING, NULL},
    {{"explain", "%s"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"help", "%s"}, TEXT, 0, 2, COMPLAINS, NULL},
    {{"doctor", "%s"}, TEXT, 0, 3, NOTHING, NULL},
    {{"%s"}, TEXT, 2, 2, COMPLAINS, NULL},
    {{"--%s"}, TEXT, 2, 2, COMPLAINS, "="},
    {{"-%s"}, TEXT, 0, 2, NOTHING, NULL},
    {{"stats", "--%s", "%t"}, TEXT, 2, 2, COMPLAINS, "="},
    {{"stats", "-%s", "%t"}, TEXT, 0, 3, NOTHING, NULL},
};

static char *folder;

static int make_folder(void **state)
{
    (void)state;
    folder = g_dir_make_tmp("mitrace-hostile-XXXXXX", NULL);
    long_text = g_strnfill(3000, 'A');
    return folder == NULL;
}

static int remove_folder(void **state)
{
    const char *const argv[] = {"rm", "-rf", "--", folder, NULL};

    (void)state;
    g_free(long_text);
    return g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL)
               ? 0
               : 1;
}

static char *replace(const char *text, const char *what, const char *with)
{
    g_auto(GStrv) parts = g_strsplit(text, what, -1);

    return g_strjoinv(with, parts);
}

/* Every byte as an escape of the text form, cut to what an event can hold. */
static char *escaped(const char *text, const char *format)
{
    GString *out = g_string_new(NULL);

    for (; *text != '\0'; text++) {
        g_string_append_printf(out, format, (unsigned char)*text);
    }
    return g_string_free(out, FALSE);
}

static char *fill(const char *template, const char *text)
{
    g_autofree char *quoted = escaped(text, "\\x%02x"), *name = escaped(text, "%%%02X");
    g_autofree char *line = g_strdelimit(g_strdup(text), "\n", ' ');
    g_autofree char *first = replace(template, "@T@", quoted), *second = replace(first, "@N@", name);

    return replace(second, "@L@", line);
}

static void put(const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);

    assert_true(g_file_set_contents(path, text, -1, NULL));
}

/* The files that commands name. */
static void make_files(const char *text)
{
    g_autofree char *trace = fill(trace_template, text), *leaks = fill(leaks_template, text);
    g_autofree char *entry = g_strdup_printf("leak-*:%.500s\n  # reason: %.500s\n", text, text);
    g_autofree char *name = g_strdelimit(g_strdup_printf("a%.200s", text), "/", '_');
    g_autofree char *object = g_strdup_printf("{\"schema\": \"%s\"}", text);
    g_autofree char *base = g_build_filename(folder, "base", NULL);

    put("trace", trace);
    put("leaks", leaks);
    put("text", text);
    put("entry", strpbrk(text, "\n\r") == NULL ? entry : "# nothing\n");
    put(name, leaks);
    put("{", object);
    g_remove(base);
}

static char *word(const char *pattern, const char *text)
{
    g_autofree char *trace = g_build_filename(folder, "trace", NULL);
    g_autofree char *leaks = g_build_filename(folder, "leaks", NULL);
    g_autofree char *short_text = g_strndup(text, 200);
    bool path = g_str_has_prefix(pattern, "%f");
    g_autofree char *first = replace(pattern, "%s", path ? g_strdelimit(short_text, "/", '_') : text);
    g_autofree char *second = replace(first, "%f", folder);

    return g_str_equal(pattern, "%t")   ? g_steal_pointer(&trace)
           : g_str_equal(pattern, "%l") ? g_steal_pointer(&leaks)
                                        : g_steal_pointer(&second);
}

static bool is_harmless(gunichar character, enum form form)
{
    static const gunichar invisible[][2] = {
        {0x061C, 0x061C}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}};
    bool good = character == '\n' || (character == '\t' && form == JSON) || !g_unichar_iscntrl(character);

    for (size_t i = 0; i < G_N_ELEMENTS(invisible); i++) {
        good = good && (character < invisible[i][0] || character > invisible[i][1]);
    }
    return good;
}

static void check_output(const char *title, const char *text, enum form form)
{
    const char *end = NULL;

    if (!g_utf8_validate(text, -1, &end)) {
        fail_msg("%s: no UTF-8 at \"%.40s\"", title, end);
    }
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        if (!is_harmless(g_utf8_get_char(at), form)) {
            fail_msg("%s: U+%04X in \"%.80s\"", title, g_utf8_get_char(at), at > text + 20 ? at - 20 : text);
        }
    }
}

static bool holds(const cJSON *item, const char *text)
{
    bool found = cJSON_IsString(item) && strstr(item->valuestring, text) != NULL;
    const cJSON *child;

    cJSON_ArrayForEach(child, item)
    {
        found = found || holds(child, text);
    }
    return found;
}

/* It says the same when it is printed and parsed again, and holds the text. */
static void check_json(const char *title, const char *text, const char *told)
{
    cJSON *root = cJSON_ParseWithOpts(text, NULL, true);
    char *printed = cJSON_Print(root);
    cJSON *again = cJSON_Parse(printed);

    if (root == NULL || again == NULL || !cJSON_Compare(root, again, true)) {
        fail_msg("%s: no JSON: %.200s", title, text);
    }
    if (!holds(root, told)) {
        fail_msg("%s: \"%s\" is not in %s", title, told, text);
    }
    cJSON_Delete(again);
    cJSON_free(printed);
    cJSON_Delete(root);
}

/* What is for people is wrapped. */
static char *without_blanks(const char *text)
{
    GString *out = g_string_new(NULL);

    for (; *text != '\0'; text++) {
        if (!g_ascii_isspace(*text)) {
            g_string_append_c(out, *text);
        }
    }
    return g_string_free(out, FALSE);
}

/* What a command must make of the text; "" when it need not name it. */
static char *expected(const struct command *command, const struct hostile *string)
{
    bool written = command->place == WRITTEN && string->written != NULL, path = false;
    char *told = g_strdup(written ? string->written : string->told);

    for (const char *const *pattern = command->words; *pattern != NULL; pattern++) {
        path = path || (g_str_has_prefix(*pattern, "%f") && strstr(*pattern, "%s") != NULL);
    }
    if (command->place == COMPLAINS && path) {
        g_strdelimit(told, "/", '_');
    }
    if (command->until != NULL) {
        told[strcspn(told, command->until)] = '\0';
    }
    if (command->place == NOTHING || (command->place == NAMES && strstr(told, "\\x") != NULL)) {
        told[0] = '\0';
    }
    return told;
}

static void check_told(const char *title, const char *text, const char *told)
{
    g_autofree char *squeezed = without_blanks(text), *part = without_blanks(told);

    if (strstr(squeezed, part) == NULL) {
        fail_msg("%s: \"%s\" is not in \"%s\"", title, told, text);
    }
}

static void run(size_t number, const struct hostile *string, const char *text)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *out = NULL, *err = NULL, *title = NULL;
    int status = 0;

    g_ptr_array_add(argv, g_strdup(MITRACE_PROGRAM));
    for (const char *const *pattern = commands[number].words; *pattern != NULL; pattern++) {
        g_ptr_array_add(argv, word(*pattern, text));
    }
    g_ptr_array_add(argv, NULL);
    g_autofree char *line = g_strjoinv(" ", (char **)commands[number].words);
    title = g_strdup_printf("mitrace %s (%s)", line, string->name);
    g_autofree char *told = expected(&commands[number], string);
    assert_true(g_spawn_sync(folder, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err,
                             &status, NULL));
    if (!WIFEXITED(status) || WEXITSTATUS(status) < commands[number].lowest ||
        WEXITSTATUS(status) > commands[number].highest) {
        fail_msg("%s: status 0x%x: %s%s", title, (unsigned)status, out, err);
    }
    check_output(title, out, commands[number].form);
    check_output(title, err, TEXT);
    if (commands[number].form == JSON) {
        check_json(title, out, told);
    } else {
        check_told(title, commands[number].place == COMPLAINS ? err : out, told);
    }
    const char *feed = strchr(err, '\n');
    if (WEXITSTATUS(status) >= 2 && out[0] == '\0' && (feed == NULL || feed[1] != '\0')) {
        fail_msg("%s: not one line: \"%s\"", title, err);
    }
}

static void hostile_text_is_harmless_in_every_output(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++) {
        const char *text = strings[i].text != NULL ? strings[i].text : long_text;
        make_files(text);
        for (size_t j = 0; j < G_N_ELEMENTS(commands); j++) {
            run(j, &strings[i], text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text_is_harmless_in_every_output),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
