/* SPDX-License-Identifier: MIT */
/*
 * Command lines: words separated by NUL or line feed. The options of every command are parsed; commands that
 * write no files and start no programs run as a whole, in a directory with a trace `t` and a report `r`.
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

static const char report[] =
    "{\"schema\": \"mitrace-report/1\", \"trace\": {\"complete\": true}, \"findings\": []}";

int LLVMFuzzerInitialize(int *argc, char ***argv);

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    fuzz_put("t", (const uint8_t *)trace, strlen(trace));
    fuzz_put("r", (const uint8_t *)report, strlen(report));
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

static void parse_for(const struct option_row *rows, gboolean program, const GPtrArray *words)
{
    g_autofree char **argv = vector_of(words);
    guint64 values[128] = {0};
    struct options_rest rest;
    g_autoptr(GError) error = NULL;

    if (!options_parse(rows, program, (int)words->len, argv, values, &rest, &error) && error == NULL) {
        abort();
    }
    for (; rows != NULL && rows->name != NULL; rows++) {
        if (rows->kind == OPTION_LIST) {
            g_clear_pointer((GPtrArray **)(void *)((char *)values + rows->offset), g_ptr_array_unref);
        }
    }
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

/* Commands that only read; not outside of their directory, where it would depend on the machine. */
static bool is_harmless(const GPtrArray *words)
{
    static const char *const harmless[] = {"stats", "tree", "timeline", "events", "diff", "explain", "help"};

    bool known = false;

    for (size_t i = 0; i < G_N_ELEMENTS(harmless); i++) {
        known = known || (words->len > 0 && strcmp(words->pdata[0], harmless[i]) == 0);
    }
    for (guint i = 0; i < words->len; i++) {
        const char *word = words->pdata[i];
        known = known && strstr(word, "..") == NULL && strchr(word, '/') == NULL;
    }
    return known;
}

/* Run it with its output in memory. What failed says so in one line. */
static void run(const GPtrArray *words)
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
    const char *feed = strchr(texts[1], '\n');
    if ((status >= EXIT_USAGE) != (feed != NULL && feed[1] == '\0')) {
        fprintf(stderr, "fuzz: status %d with \"%s\" on standard error\n", status, texts[1]);
        abort();
    }
    free(texts[0]);
    free(texts[1]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) words = split_words(data, size);

    for (size_t i = 0; i < command_count; i++) {
        parse_for(command_table[i]->options, command_table[i]->program, words);
    }
    tolerate(words);
    if (is_harmless(words)) {
        g_autofree char *home = g_get_current_dir();
        if (chdir(fuzz_directory()) == 0) {
            run(words);
            if (chdir(home) != 0) {
                abort();
            }
        }
    }
    return 0;
}
