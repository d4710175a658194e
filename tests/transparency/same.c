/* SPDX-License-Identifier: MIT */
/* See same.h. */
#include "same.h"

#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_WORDS 32
#define PATIENCE   20
#define TEXT(x)    TEXT_OF(x)
#define TEXT_OF(x) #x

static char *expand(const char *word, const char *folder)
{
    g_autofree char *copy = g_build_filename(folder, "libother.so", NULL);
    const char *const names[][2] = {{"$HERE", folder},
                                    {"$COPY", copy},
                                    {"$MI", MITRACE_RUNTIME},
                                    {"$VISIBLE", VISIBLE_PROGRAMS "/visible"},
                                    {"$PLUGIN", VISIBLE_PROGRAMS "/visible_plugin.so"}};
    GString *text = g_string_new(word);

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_string_replace(text, names[i][0], names[i][1], 0);
    }
    return g_string_free(text, FALSE);
}

static char **expand_all(const char *const *words, const char *folder)
{
    GPtrArray *expanded = g_ptr_array_new();

    for (size_t i = 0; words != NULL && words[i] != NULL; i++) {
        g_ptr_array_add(expanded, expand(words[i], folder));
    }
    g_ptr_array_add(expanded, NULL);
    return (char **)g_ptr_array_free(expanded, FALSE);
}

/* Nothing of this test's own environment but what programs need to start. */
static char **make_environment(const char *const *added, const char *folder)
{
    static const char *const kept[] = {"PATH", "TMPDIR", "LANG", "MITRACE_LOG"};
    char **environment = g_new0(char *, 1);
    g_auto(GStrv) more = expand_all(added, folder);
    g_autofree char *count = g_build_filename(folder, "calls", NULL);

    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        if (g_getenv(kept[i]) != NULL) {
            environment = g_environ_setenv(environment, kept[i], g_getenv(kept[i]), TRUE);
        }
    }
    environment = g_environ_setenv(environment, "HOME", "/nonexistent", TRUE);
    environment = g_environ_setenv(environment, "MITRACE_APP_CALLS", count, TRUE);
    for (size_t i = 0; more[i] != NULL; i++) {
        char *value = strchr(more[i], '=');
        g_autofree char *name = g_strndup(more[i], (size_t)(value - more[i]));
        environment = g_environ_setenv(environment, name, value + 1, TRUE);
    }
    return environment;
}

/* In the child: the world that each of the three runs finds. */
static void settle(gpointer seconds)
{
    const struct rlimit files = {1024, 4096};
    int input = open("input", O_RDONLY);

    alarm(GPOINTER_TO_UINT(seconds));
    dup2(input, STDIN_FILENO);
    close(input);
    umask(027);
    setrlimit(RLIMIT_NOFILE, &files);
    setpgid(0, 0);
    signal(SIGPIPE, SIG_DFL);
}

static void copy_to(const char *folder, const char *name, const char *file)
{
    g_autofree char *copy = g_build_filename(folder, name, NULL);
    g_autofree char *content = NULL;
    gsize size = 0;

    assert_true(g_file_get_contents(file, &content, &size, NULL));
    assert_true(g_file_set_contents(copy, content, (gssize)size, NULL));
}

static void make_files(const char *folder)
{
    g_autofree char *input = g_build_filename(folder, "input", NULL);
    g_autofree char *calls = g_build_filename(folder, "calls", NULL);

    assert_true(g_file_set_contents(input, "a line\n", -1, NULL));
    assert_true(g_file_set_contents(calls, "\0\0\0\0\0\0\0", sizeof(long), NULL));
    copy_to(folder, "libother.so", MITRACE_RUNTIME);
    copy_to(folder, "libbystander.so", VISIBLE_PROGRAMS "/libbystander.so");
    assert_int_equal(chmod(calls, 0666), 0);
    assert_int_equal(chmod(folder, 0755), 0);
}

static long count_of(const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "calls", NULL);
    g_autofree char *content = NULL;
    long count = 0;
    gsize size = 0;

    if (g_file_get_contents(path, &content, &size, NULL) && size == sizeof(count)) {
        memcpy(&count, content, sizeof(count));
    }
    return count;
}

/* Take mitrace's own lines out of `run->err`. */
static void part_stderr(struct same_run *run)
{
    GString *own = g_string_new(NULL), *rest = g_string_new(NULL);

    for (const char *line = run->err; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        length += line[length] == '\n';
        g_string_append_len(g_str_has_prefix(line, "mitrace: ") ? own : rest, line, (gssize)length);
        line += length;
    }
    g_free(run->err);
    run->err = g_string_free(rest, FALSE);
    run->mitrace = g_string_free(own, FALSE);
}

/* See same_run. SIGALRM ends the program after `seconds`; 0: never. */
static void run_within(unsigned seconds, struct same_run *run, const char *const *argv,
                       const char *const *environment)
{
    g_autofree char *made = g_dir_make_tmp("mitrace-same-XXXXXX", NULL);
    g_autoptr(GError) error = NULL;
    g_auto(GStrv) words = NULL;
    g_auto(GStrv) variables = NULL;
    int status = 0;

    assert_non_null(made);
    *run = (struct same_run){.folder = realpath(made, NULL)};
    assert_non_null(run->folder);
    make_files(run->folder);
    words = expand_all(argv, run->folder);
    variables = make_environment(environment, run->folder);
    if (!g_spawn_sync(run->folder, words, variables, G_SPAWN_CHILD_INHERITS_STDIN | G_SPAWN_SEARCH_PATH,
                      settle, GUINT_TO_POINTER(seconds), &run->out, &run->err, &status, &error)) {
        fail_msg("%s", error->message);
    }
    run->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    run->calls = count_of(run->folder);
    part_stderr(run);
}

void same_run(struct same_run *run, const char *const *argv, const char *const *environment)
{
    run_within(0, run, argv, environment);
}

void same_clear(struct same_run *run)
{
    const char *const argv[] = {"rm", "-rf", "--", run->folder, NULL};

    g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    free(run->folder);
    g_free(run->out);
    g_free(run->err);
    g_free(run->mitrace);
    *run = (struct same_run){0};
}

static char *summary_of(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *summary = g_string_new(NULL);

    for (size_t i = 0; lines[i] != NULL; i++) {
        if (strstr(lines[i], "SUMMARY:") != NULL) {
            g_string_append_printf(summary, "%s\n", lines[i]);
        }
    }
    return g_string_free(summary, FALSE);
}

/* Folders of runs have the same length and differ in their last letters. */
static char *without_folder(const struct same_run *run, const char *text)
{
    GString *plain = g_string_new(text);

    g_string_replace(plain, run->folder, "HERE", 0);
    return g_string_free(plain, FALSE);
}

/* The first line in which two texts differ, and the one after it. */
static void show_difference(const char *what, const char *expected, const char *got)
{
    while (*expected != '\0' && *expected == *got) {
        size_t length = strcspn(expected, "\n") + 1;
        if (strncmp(expected, got, length) != 0 || expected[length - 1] == '\0') {
            break;
        }
        expected += length;
        got += length;
    }
    if (strcmp(expected, got) != 0) {
        print_error("%s: expected %.300s\n... got %.600s\n", what, expected, got);
    }
}

static void compare(const struct same_case *test, const char *way, const struct same_run *bare,
                    const struct same_run *run)
{
    g_autofree char *expected = without_folder(bare, bare->out);
    g_autofree char *got = without_folder(run, run->out);
    g_autofree char *expected_error =
        test->error == SAME_SUMMARY ? summary_of(bare->err) : without_folder(bare, bare->err);
    g_autofree char *got_error =
        test->error == SAME_SUMMARY ? summary_of(run->err) : without_folder(run, run->err);

    if (strcmp(expected, got) != 0 || strcmp(expected_error, got_error) != 0 || bare->status != run->status ||
        bare->calls != run->calls) {
        show_difference("stdout", expected, got);
        show_difference("stderr", expected_error, got_error);
        print_error("mitrace said: %s\n", run->mitrace);
        fail_msg("%s: status %d and %ld calls, but bare %d and %ld", way, run->status, run->calls,
                 bare->status, bare->calls);
    }
}

/* The sum of N over "calls N" in what was printed. */
static long printed_calls(const char *text)
{
    long sum = 0;

    while ((text = strstr(text, "calls ")) != NULL) {
        text += strlen("calls ");
        sum += strtol(text, NULL, 10);
    }
    return sum;
}

static void check_trace(const struct same_case *test, const struct same_run *run)
{
    g_autofree char *trace = g_build_filename(run->folder, "trace", NULL);
    long own = test->count == SAME_PRINTED ? printed_calls(run->out) : run->calls;
    unsigned recorded = live_calls(trace);

    if (test->count == SAME_NONE) {
        assert_int_equal(recorded, 0);
        return;
    }
    assert_true(own > 0);
    assert_int_equal(recorded, own);
}

/* One line says where the trace is; one more whatever `says` asks for. */
static void check_words(const struct same_case *test, const struct same_run *run)
{
    g_auto(GStrv) lines = g_strsplit(g_strchomp(run->mitrace), "\n", -1);

    if (g_strv_length(lines) != (test->says == NULL ? 1 : 2) ||
        (test->says != NULL && !live_says(run->mitrace, test->says))) {
        fail_msg("mitrace said: %s\nexpected: %s", run->mitrace,
                 test->says != NULL ? test->says : "where the trace is, no more");
    }
    assert_true(live_says(run->mitrace, "mitrace: the trace is in"));
}

/* Our library in front of those that `environment` preloads, as `mitrace record` has it; NULL: it preloads
 * none. */
static char *before_others(const char *environment)
{
    if (environment == NULL || !g_str_has_prefix(environment, "LD_PRELOAD=")) {
        return NULL;
    }
    return g_strconcat(live_preload(), ":", strchr(environment, '=') + 1, NULL);
}

void same_check(const struct same_case *test)
{
    const char *plain[MOST_WORDS] = {NULL};
    const char *recorded[MOST_WORDS] = {MITRACE_PROGRAM, "record", "--all-calls", "--timeout",
                                        TEXT(PATIENCE),  "-o",     "trace",       "--"};
    g_autofree char *program = test->program[0] == '/'
                                   ? g_strdup(test->program)
                                   : g_build_filename(VISIBLE_PROGRAMS, test->program, NULL);
    g_auto(GStrv) words = g_strsplit(test->arguments, " ", -1);
    const char *variables[] = {test->environment, NULL, NULL};
    g_autofree char *preload = before_others(test->environment);
    struct same_run bare, dormant, with;
    size_t count = 0;

    plain[count++] = program;
    for (size_t i = 0; words[i] != NULL && words[i][0] != '\0'; i++) {
        plain[count++] = words[i];
    }
    memcpy(recorded + 8, plain, count * sizeof(*plain));
    run_within(PATIENCE, &bare, plain, variables);
    if (bare.status == 77) {
        same_clear(&bare);
        skip();
    }
    same_run(&with, recorded, variables); /* its time limit is mitrace's */
    compare(test, "recorded", &bare, &with);
    check_words(test, &with);
    check_trace(test, &with);
    variables[preload == NULL && test->environment != NULL] = preload != NULL ? preload : live_preload();
    run_within(PATIENCE, &dormant, plain, variables);
    compare(test, "preloaded", &bare, &dormant);
    same_clear(&dormant);
    same_clear(&bare);
    same_clear(&with);
}
