/* SPDX-License-Identifier: MIT */
/*
 * Command lines: words separated by NUL or line feed. The options of every command are parsed; what starts no
 * program runs as a whole, in a directory with a trace `t`, one that lost events `c`, a report `r`,
 * suppressions `s` and a baseline `b`.
 */
#include "fuzz.h"

#include "accept/accept.h"
#include "command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 24 };

static const char trace[] =
    "# mitrace text trace 1\n"
    "1.0 process_start pid=7 tid=7 major=1 version=\"0.1.0\" path=\"/bin/client\"\n"
    "1.1 application_initialize_entry pid=7 tid=7 call=1 stack=[0x10:main@client.c:3]\n"
    "1.2 application_initialize_exit pid=7 tid=7 call=1 result=0 out=0x40 r1=0x1 r2=0x55 table=2\n"
    "1.3 process_end pid=7 tid=7 how=0 status=0 path=\"/bin/client\"\n";

static const char lossy_trace[] =
    "# mitrace text trace 1\n"
    "1.0 process_start pid=7 tid=7 major=1 version=\"0.1.0\" path=\"/bin/client\"\n"
    "1.3 process_end pid=7 tid=7 how=0 status=0 path=\"/bin/client\"\n"
    "! lost 3\n";

static const char report[] =
    "{\"schema\": \"mitrace-report/1\", \"trace\": {\"complete\": true}, \"findings\": []}";

static const char suppressions[] = "leak-application:main\n    # reason: known\n";

static const char baseline[] = "{\"schema\": \"mitrace-baseline/1\", \"findings\": []}";

static void put_text(const char *name, const char *text)
{
    fuzz_put(name, (const uint8_t *)text, strlen(text));
}

/* What one command wrote is not there for the next. */
static void put_files(void)
{
    fuzz_empty_directory();
    put_text("t", trace);
    put_text("c", lossy_trace);
    put_text("r", report);
    put_text("s", suppressions);
    put_text("b", baseline);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* "-" is standard input, which has nothing. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    if (freopen("/dev/null", "re", stdin) == NULL) {
        abort();
    }
    return 0;
}

static GPtrArray *split_words(const uint8_t *data, size_t size)
{
    GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
    const uint8_t *end = data + size;

    while (data < end && words->len < WORDS_MAX) {
        size_t length = 0;
        while (data + length < end && data[length] != '\0' && data[length] != '\n') {
            length++;
        }
        g_ptr_array_add(words, g_strndup((const char *)data, length));
        data += MIN(length + 1, (size_t)(end - data));
    }
    return words;
}

/* The parser reorders the vector and cuts nothing: the words stay owned by `words`. */
static char **vector_of(const GPtrArray *words)
{
    char **argv = g_new0(char *, words->len + 1);

    for (guint i = 0; i < words->len; i++) {
        argv[i] = words->pdata[i];
    }
    return argv;
}

/* Values of the options of a command. */
struct values {
    guint64 words[128];
};

static void clear_lists(const struct option_row *rows, struct values *values)
{
    for (; rows != NULL && rows->name != NULL; rows++) {
        if (rows->kind == OPTION_LIST) {
            g_clear_pointer((GPtrArray **)(void *)((char *)values + rows->offset), g_ptr_array_unref);
        }
    }
}

static void parse_for(const struct option_row *rows, gboolean program, const GPtrArray *words)
{
    g_autofree char **argv = vector_of(words);
    struct values values = {{0}};
    struct options_rest rest;
    g_autoptr(GError) error = NULL;

    if (!options_parse(rows, program, (int)words->len, argv, &values, &rest, &error) && error == NULL) {
        abort();
    }
    clear_lists(rows, &values);
}

static void tolerate(const GPtrArray *words)
{
    struct accept_options options = {.today = "2026-06-30"};
    g_autoptr(GError) error = NULL;

    if (words->len > 1) {
        options.fail_on = words->pdata[0];
        options.limits = g_ptr_array_new();
        g_ptr_array_add(options.limits, words->pdata[1]);
        accept_free(accept_new(&options, &error));
        g_ptr_array_unref(options.limits);
    }
}

/* What a command line asks for. */
struct asked {
    const struct command *command; /* NULL: none that is run here */
    bool starts;                   /* a program */
    bool help;
    bool lossy;        /* the trace that lost events is among those named */
    int findings_exit; /* EXIT_FINDINGS, or what --error-exitcode says */
};

/* The commands that run here, and the exit status that each can have besides EXIT_USAGE and EXIT_UNKNOWN. */
static const struct {
    const char *name;
    int highest;
} runnable[] = {{"check", EXIT_FINDINGS}, {"record", -1},          {"report", EXIT_CLEAN},
                {"stats", EXIT_CLEAN},    {"tree", EXIT_CLEAN},    {"timeline", EXIT_CLEAN},
                {"events", EXIT_CLEAN},   {"diff", EXIT_FINDINGS}, {"explain", EXIT_CLEAN},
                {"help", EXIT_CLEAN}};

static bool names(const struct options_rest *rest, const char *argument)
{
    bool found = false;

    for (int i = 0; i < rest->count; i++) {
        found = found || strcmp(rest->arguments[i], argument) == 0;
    }
    return found;
}

static gint64 *number_of(const struct command *command, struct values *values, const char *name)
{
    for (const struct option_row *row = command->options; row != NULL && row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            return (gint64 *)(void *)((char *)values + row->offset);
        }
    }
    return NULL;
}

static void examine(struct asked *asked, const GPtrArray *words)
{
    const struct command *command = asked->command;
    g_autofree char **argv = vector_of(words);
    struct values values = {{0}};
    struct options_rest rest;
    gint64 *status = number_of(command, &values, "error-exitcode");

    if (status != NULL) {
        *status = EXIT_FINDINGS;
    }
    if (options_parse(command->options, command->program, (int)words->len - 1, argv + 1, &values, &rest,
                      NULL)) {
        asked->help = rest.help;
        asked->lossy = names(&rest, "c");
        asked->starts = !rest.help && rest.count > 0 && (command->program || rest.dashes == 0);
    }
    asked->findings_exit = status != NULL ? (int)*status : EXIT_FINDINGS;
    clear_lists(command->options, &values);
}

/* Not outside of the directory, where it would depend on the machine. */
static bool stays_inside(const GPtrArray *words)
{
    bool inside = true;

    for (guint i = 0; i < words->len; i++) {
        const char *word = words->pdata[i];
        inside = inside && strstr(word, "..") == NULL && strchr(word, '/') == NULL;
    }
    return inside;
}

static int highest_of(const struct command *command)
{
    for (size_t i = 0; i < G_N_ELEMENTS(runnable); i++) {
        if (strcmp(runnable[i].name, command->name) == 0) {
            return runnable[i].highest;
        }
    }
    return -1;
}

static bool is_harmless(const GPtrArray *words)
{
    bool known = false;

    for (size_t i = 0; i < G_N_ELEMENTS(runnable); i++) {
        known = known || (words->len > 0 && strcmp(words->pdata[0], runnable[i].name) == 0);
    }
    return known && stays_inside(words);
}

/* Is this a status that the command is said to have, with the words on standard error that belong to it? */
static bool is_documented(const struct asked *asked, int status, const char *errors)
{
    const char *feed = strchr(errors, '\n');
    bool one_line = feed != NULL && feed[1] == '\0';
    bool judges = strcmp(asked->command->name, "check") == 0;

    if (asked->help || (judges && status == asked->findings_exit)) {
        return !asked->help || status == EXIT_CLEAN;
    }
    if (status == EXIT_USAGE || status == EXIT_UNKNOWN) {
        return one_line || (judges && status == EXIT_UNKNOWN);
    }
    return status >= 0 && status <= highest_of(asked->command) && (judges || errors[0] == '\0') &&
           !(judges && asked->lossy && status == EXIT_CLEAN);
}

/* Run it with its output in memory. */
static void run(const struct asked *asked, const GPtrArray *words)
{
    g_autofree char **argv = g_new0(char *, words->len + 2);
    char *texts[2] = {NULL, NULL};
    size_t lengths[2] = {0, 0};
    FILE *saved_output = stdout, *saved_errors = stderr;

    argv[0] = (char *)"mitrace";
    memcpy(argv + 1, words->pdata, words->len * sizeof(char *));
    stdout = open_memstream(&texts[0], &lengths[0]);
    stderr = open_memstream(&texts[1], &lengths[1]);
    int status = command_main((int)words->len + 1, argv);
    fclose(stdout);
    fclose(stderr);
    stdout = saved_output;
    stderr = saved_errors;
    g_strdelimit(texts[0], "\t", ' ');
    fuzz_check_text("standard output", texts[0], lengths[0]);
    fuzz_check_text("standard error", texts[1], lengths[1]);
    if (!is_documented(asked, status, texts[1])) {
        fprintf(stderr, "fuzz: status %d with \"%s\" on standard error\n", status, texts[1]);
        abort();
    }
    free(texts[0]);
    free(texts[1]);
}

static void run_inside(const GPtrArray *words)
{
    struct asked asked = {.command = command_find(words->pdata[0])};
    g_autofree char *home = g_get_current_dir();

    examine(&asked, words);
    if (asked.starts) {
        return;
    }
    put_files();
    if (chdir(fuzz_directory()) != 0) {
        abort();
    }
    run(&asked, words);
    if (chdir(home) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) words = split_words(data, size);

    for (size_t i = 0; i < command_count; i++) {
        parse_for(command_table[i]->options, command_table[i]->program, words);
    }
    tolerate(words);
    if (is_harmless(words)) {
        run_inside(words);
    }
    return 0;
}
