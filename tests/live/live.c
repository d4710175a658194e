/* SPDX-License-Identifier: MIT */
/* Running commands and reading reports for the live tests. */
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void remove_tree(const char *path)
{
    const char *const argv[] = {"rm", "-rf", "--", path, NULL};

    g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
}

void live_clear(struct live_run *run)
{
    if (run->folder != NULL) {
        remove_tree(run->folder);
    }
    g_free(run->folder);
    g_free(run->out);
    g_free(run->err);
    *run = (struct live_run){0};
}

bool live_use_omi(char **environment, char **library)
{
    const char *root = getenv("OMI_ROOT");

    if (root == NULL || root[0] == '\0') {
        puts("SKIPPED: OMI_ROOT is not set, so nothing was run on the real OMI");
        return false;
    }
    *environment = g_strdup_printf("LD_LIBRARY_PATH=%s/lib", root);
    if (library != NULL) {
        *library = g_strdup_printf("%s/lib/libmi.so", root);
    }
    return true;
}

static char *link_folder; /* of live_preload; NULL: none is needed */

static void remove_link(void)
{
    remove_tree(link_folder);
    g_free(link_folder);
}

static char *make_preload(void)
{
    g_autofree char *link = NULL;

    if (strpbrk(MITRACE_SHIM, " :") == NULL) {
        return g_strdup("LD_PRELOAD=" MITRACE_SHIM);
    }
    link_folder = g_dir_make_tmp("mitrace-live-XXXXXX", NULL);
    assert_non_null(link_folder);
    atexit(remove_link);
    assert_int_equal(chmod(link_folder, 0755), 0);
    link = g_build_filename(link_folder, "libmitrace.so", NULL);
    assert_int_equal(symlink(MITRACE_SHIM, link), 0);
    return g_strconcat("LD_PRELOAD=", link, NULL);
}

const char *live_preload(void)
{
    static char *preload;

    if (preload == NULL) {
        preload = make_preload();
    }
    return preload;
}

static char *put_folder(const char *argument, const char *folder)
{
    GString *text = g_string_new(argument);

    g_string_replace(text, "@", folder, 0);
    return g_string_free(text, FALSE);
}

static char **extend_environment(const char *const *added, const char *folder)
{
    char **environment = g_get_environ();

    for (size_t i = 0; added != NULL && added[i] != NULL; i++) {
        g_auto(GStrv) pair = g_strsplit(added[i], "=", 2);
        g_autofree char *value = put_folder(pair[1], folder);
        environment = g_environ_setenv(environment, pair[0], value, TRUE);
    }
    return environment;
}

void live_command(struct live_run *run, const char *const *argv, const char *const *environment)
{
    g_autoptr(GPtrArray) arguments = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) extended = NULL;
    g_autoptr(GError) error = NULL;
    int status = 0;

    *run = (struct live_run){.folder = g_dir_make_tmp("mitrace-live-XXXXXX", NULL)};
    assert_non_null(run->folder);
    extended = extend_environment(environment, run->folder);
    for (size_t i = 0; argv[i] != NULL; i++) {
        g_ptr_array_add(arguments, put_folder(argv[i], run->folder));
    }
    g_ptr_array_add(arguments, NULL);
    if (!g_spawn_sync(NULL, (char **)arguments->pdata, extended, G_SPAWN_SEARCH_PATH, NULL, NULL, &run->out,
                      &run->err, &status, &error)) {
        fail_msg("%s", error->message);
    }
    run->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

cJSON *live_json(const struct live_run *run, const char *name)
{
    g_autofree char *path = g_build_filename(run->folder, name, NULL);
    g_autofree char *text = NULL;
    cJSON *json;

    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        fail_msg("no %s; mitrace said: %s", name, run->err);
    }
    json = cJSON_Parse(text);
    assert_non_null(json);
    return json;
}

static const char *text_of(const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItem(object, key));

    return text != NULL ? text : "?";
}

/* Names without parameters: debug information has them for some C++ functions and not for others. */
static char *plain_name(const char *function)
{
    return g_strndup(function, strcspn(function, "("));
}

/* The innermost frame that is not MI's: libmi has no debug information worth naming a culprit by. */
static const char *culprit(const cJSON *finding)
{
    const cJSON *site = cJSON_GetObjectItem(finding, "at");
    const cJSON *frame;

    if (!cJSON_IsObject(site)) {
        site = cJSON_GetObjectItem(finding, "created");
    }
    cJSON_ArrayForEach(frame, cJSON_GetObjectItem(site, "stack"))
    {
        if (strstr(text_of(frame, "module"), "libmi.so") == NULL &&
            !g_str_has_prefix(text_of(frame, "function"), "MI_")) {
            return text_of(frame, "function");
        }
    }
    return "?";
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void live_sort(char **texts, size_t count)
{
    qsort(texts, count, sizeof(*texts), compare_texts);
}

char *live_findings(const cJSON *report)
{
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func(g_free);
    const cJSON *finding;

    cJSON_ArrayForEach(finding, cJSON_GetObjectItem(report, "findings"))
    {
        g_autofree char *function = plain_name(culprit(finding));
        g_ptr_array_add(found, g_strdup_printf("%s x%.0f @%s", text_of(finding, "rule"),
                                               cJSON_GetNumberValue(cJSON_GetObjectItem(finding, "count")),
                                               function));
    }
    live_sort((char **)found->pdata, found->len);
    g_ptr_array_add(found, NULL);
    return g_strjoinv(", ", (char **)found->pdata);
}

/* Entries of functions, and of `answers` if wanted: functions that MI gives to callbacks. */
static unsigned count_entries(const char *trace, bool answers)
{
    const char *const argv[] = {MITRACE_PROGRAM, "events", "--raw", trace, NULL};
    g_auto(GStrv) lines = NULL;
    struct live_run run;
    unsigned calls = 0;

    live_command(&run, argv, NULL);
    lines = g_strsplit(run.out, "\n", -1);
    for (size_t i = 0; lines[i] != NULL; i++) {
        bool is_answer =
            strstr(lines[i], " acknowledge_entry ") != NULL || strstr(lines[i], " answer_") != NULL;
        calls += strstr(lines[i], "_entry ") != NULL && strstr(lines[i], "_callback_entry ") == NULL &&
                 (answers || !is_answer);
    }
    if (calls == 0) {
        printf("no call in %s: exit code %d, %s\n", trace, run.exit_code, run.err);
    }
    live_clear(&run);
    return calls;
}

unsigned live_calls(const char *trace)
{
    return count_entries(trace, true);
}

unsigned live_function_calls(const char *trace)
{
    return count_entries(trace, false);
}

bool live_says(const char *text, const char *words)
{
    GString *unwrapped = g_string_new(NULL);
    bool says;

    for (const char *at = text; *at != '\0'; at++) {
        if (!g_ascii_isspace(*at)) {
            g_string_append_c(unwrapped, *at);
        } else if (!g_ascii_isspace(at[1])) {
            g_string_append_c(unwrapped, ' ');
        }
    }
    says = strstr(unwrapped->str, words) != NULL;
    g_string_free(unwrapped, TRUE);
    return says;
}

long live_mapped_count(const struct live_run *run, const char *name)
{
    g_autofree char *path = g_build_filename(run->folder, name, NULL);
    g_autofree char *bytes = NULL;
    uint64_t count = 0;
    gsize size = 0;

    if (!g_file_get_contents(path, &bytes, &size, NULL) || size != sizeof(count)) {
        return -1;
    }
    memcpy(&count, bytes, sizeof(count));
    return (long)count;
}

long live_own_count(const struct live_run *run, const char *name)
{
    g_autofree char *path = g_build_filename(run->folder, name, NULL);
    g_autofree char *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) ? strtol(text, NULL, 10) : -1;
}
