/* SPDX-License-Identifier: MIT */
/*
 * Hostile text, wherever a trace, a file or a command line can bring it in, in the output of every command:
 * nothing that a terminal would act upon comes out, JSON stays JSON and holds the text in the form that is
 * documented.
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

/* What goes in, and what reports must make of it. */
static const struct {
    const char *name;
    const char *text;
    const char *told;
} strings[] = {
    {"plain", "plain", "plain"},
    {"title", "\x1b]0;owned\x07", "\\x1B]0;owned\\x07"},
    {"colour", "\x1b[31;8mred\x1b[2J", "\\x1B[31;8mred\\x1B[2J"},
    {"lines", "a\nmitrace: no findings\r\b\x7f\v", "a\\x0Amitrace: no findings\\x0D\\x08\\x7F\\x0B"},
    {"c1",
     "\xc2\x9b"
     "31m\xc2\x9d"
     "0;x\xc2\x9c",
     "\\xC2\\x9B31m\\xC2\\x9D0;x\\xC2\\x9C"},
    {"bidi", "\xe2\x80\xaegnp.exe\xe2\x81\xa6\xd8\x9c", "\\xE2\\x80\\xAEgnp.exe\\xE2\\x81\\xA6\\xD8\\x9C"},
    {"invisible", "a\xe2\x80\x8b\xe2\x80\xa8\xef\xbb\xbf z",
     "a\\xE2\\x80\\x8B\\xE2\\x80\\xA8\\xEF\\xBB\\xBF z"},
    {"markup", "</script><img src=x onerror=alert(1)>&amp;]]>",
     "</script><img src=x onerror=alert(1)>&amp;]]>"},
    {"json", "\"},{\"rule\":[\\u0041,'", "\"},{\"rule\":[\\u0041,'"},
    {"no UTF-8", "\xff\xfe\xc3(\xed\xa0\x80\xf4\x90\x80\x80", NULL},
    {"format", "%s%n%1$*2$d{0}$(id)`id`;&&", "%s%n%1$*2$d{0}$(id)`id`;&&"},
    {"other scripts", "\xc3\xa9\xe6\x97\xa5\xe6\x9c\xac\xf0\x9f\x98\x80",
     "\xc3\xa9\xe6\x97\xa5\xe6\x9c\xac\xf0\x9f\x98\x80"},
    {"long", NULL, NULL}, /* filled in by make_folder */
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
static const struct {
    const char *words[10];
    enum form form;
    int lowest, highest; /* exit status */
} commands[] = {
    {{"report", "%t"}, TEXT, 0, 0},
    {{"report", "%l"}, TEXT, 0, 0},
    {{"report", "--format", "json", "%t", "%l"}, JSON, 0, 0},
    {{"report", "--generate-suppressions", "%t"}, TEXT, 0, 0},
    {{"report", "--generate-suppressions", "%l"}, TEXT, 0, 0},
    {{"report", "%f/none/%s"}, TEXT, 3, 3},
    {{"report", "%f/a%s"}, TEXT, 0, 3},
    {{"report", "--format", "%s", "%t"}, TEXT, 2, 2},
    {{"report", "-o", "%f/none/%s", "%t"}, TEXT, 3, 3},
    {{"report", "--sysroot", "%f/%s", "--debug-dir", "%s", "%t"}, TEXT, 0, 0},
    {{"check", "%t"}, TEXT, 1, 3},
    {{"check", "%l"}, TEXT, 1, 1},
    {{"check", "--report", "json:%f/report.json", "%l"}, TEXT, 1, 1},
    {{"check", "--report", "%s:%s", "%t"}, TEXT, 2, 2},
    {{"check", "--report", "%s", "%t"}, TEXT, 2, 2},
    {{"check", "--fail-on", "%s", "%t"}, TEXT, 2, 2},
    {{"check", "--max", "%s", "%t"}, TEXT, 2, 2},
    {{"check", "--max", "%s=3", "%t"}, TEXT, 2, 2},
    {{"check", "--error-exitcode=%s", "%t"}, TEXT, 2, 2},
    {{"check", "--suppressions", "%f/none/%s", "%t"}, TEXT, 2, 2},
    {{"check", "--suppressions", "%f/text", "%t"}, TEXT, 2, 2},
    {{"check", "--suppressions", "%f/entry", "%t"}, TEXT, 0, 3},
    {{"check", "--suppressions", "%f/entry", "--show-suppressed", "%l"}, TEXT, 0, 1},
    {{"check", "--baseline", "%f/none/%s", "%t"}, TEXT, 2, 2},
    {{"check", "--baseline", "%f/text", "%t"}, TEXT, 2, 2},
    {{"check", "--baseline", "%f/base", "--update-baseline", "%l"}, TEXT, 0, 0},
    {{"check", "--baseline", "%f/base", "--show-suppressed", "%l"}, TEXT, 0, 0},
    {{"check", "--timeout", "%s", "--", "true"}, TEXT, 2, 2},
    {{"check", "--", "%f/none/%s"}, TEXT, 3, 127},
    {{"check", "-o", "%f/text", "--", "true"}, TEXT, 3, 3},
    {{"record", "-o", "%f/text/%s", "--", "true"}, TEXT, 3, 3},
    {{"record", "-o", "%f/run", "--", "%s"}, TEXT, 3, 127},
    {{"tree", "%t"}, TEXT, 0, 0},
    {{"tree", "--all", "%l"}, TEXT, 0, 0},
    {{"timeline", "%t"}, TEXT, 0, 0},
    {{"timeline", "--all", "%t", "%l"}, TEXT, 0, 0},
    {{"timeline", "--from", "%s", "%t"}, TEXT, 2, 2},
    {{"timeline", "--thread=%s", "%t"}, TEXT, 2, 2},
    {{"stats", "%t"}, TEXT, 0, 0},
    {{"stats", "--format", "json", "%t"}, JSON, 0, 0},
    {{"stats", "--sort", "%s", "%t"}, TEXT, 2, 2},
    {{"events", "%t"}, TEXT, 0, 0},
    {{"events", "--raw", "%t"}, TEXT, 0, 0},
    {{"diff", "%t", "%l"}, TEXT, 0, 1},
    {{"diff", "%l", "%t"}, TEXT, 0, 1},
    {{"diff", "--format", "json", "%t", "%l"}, JSON, 0, 1},
    {{"diff", "%f/report.json", "%t"}, TEXT, 0, 1},
    {{"diff", "--format", "json", "%l", "%f/report.json"}, JSON, 0, 0},
    {{"diff", "%f/{", "%t"}, TEXT, 3, 3},
    {{"explain", "%s"}, TEXT, 2, 2},
    {{"help", "%s"}, TEXT, 0, 2},
    {{"doctor", "%s"}, TEXT, 0, 3},
    {{"%s"}, TEXT, 2, 2},
    {{"--%s"}, TEXT, 2, 2},
    {{"-%s"}, TEXT, 0, 2},
    {{"stats", "--%s", "%t"}, TEXT, 2, 2},
    {{"stats", "-%s", "%t"}, TEXT, 0, 3},
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

/* It says the same when it is printed and parsed again, and holds the text in the documented form. */
static void check_json(const char *title, const char *text, const char *told)
{
    cJSON *root = cJSON_ParseWithOpts(text, NULL, true);
    char *printed = cJSON_Print(root);
    cJSON *again = cJSON_Parse(printed);

    if (root == NULL || again == NULL || !cJSON_Compare(root, again, true)) {
        fail_msg("%s: no JSON: %.200s", title, text);
    }
    if (told != NULL && g_str_has_prefix(title, "mitrace report") && !holds(root, told)) {
        fail_msg("%s: \"%s\" is not in %s", title, told, text);
    }
    cJSON_Delete(again);
    cJSON_free(printed);
    cJSON_Delete(root);
}

static void run(size_t number, const char *name, const char *text, const char *told)
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
    title = g_strdup_printf("mitrace %s (%s)", line, name);
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
            run(j, strings[i].name, text, strings[i].told);
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
