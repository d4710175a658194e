/* SPDX-License-Identifier: MIT */
/*
 * Changes text traces line by line, so that most of what comes out is a trace: lines are dropped, repeated,
 * moved, or get the value of another one's field, and times are put in order. One time in four libFuzzer has
 * its way.
 */
#include "fuzz.h"

#include <string.h>

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t limit, unsigned seed);

static GPtrArray *split_lines(const uint8_t *data, size_t size)
{
    GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);

    for (const uint8_t *end = data + size; data < end;) {
        const uint8_t *feed = memchr(data, '\n', (size_t)(end - data));
        const uint8_t *stop = feed != NULL ? feed : end;
        g_ptr_array_add(lines, g_strndup((const char *)data, (size_t)(stop - data)));
        data = feed != NULL ? feed + 1 : end;
    }
    return lines;
}

static guint any_line(GRand *random, const GPtrArray *lines)
{
    return (guint)g_rand_int_range(random, 0, (gint32)lines->len);
}

static void drop(GRand *random, GPtrArray *lines)
{
    g_ptr_array_remove_index(lines, any_line(random, lines));
}

static void repeat(GRand *random, GPtrArray *lines)
{
    char *line = g_strdup(lines->pdata[any_line(random, lines)]);

    g_ptr_array_insert(lines, (gint)any_line(random, lines), line);
}

static void exchange(GRand *random, GPtrArray *lines)
{
    guint a = any_line(random, lines), b = any_line(random, lines);
    gpointer line = lines->pdata[a];

    lines->pdata[a] = lines->pdata[b];
    lines->pdata[b] = line;
}

/* Everything from a line on goes: programs are killed. */
static void cut(GRand *random, GPtrArray *lines)
{
    g_ptr_array_set_size(lines, (gint)any_line(random, lines));
}

/* The words of a line; a quoted text with blanks is several, which does not matter here. */
static void borrow_word(GRand *random, GPtrArray *lines)
{
    guint to = any_line(random, lines);
    g_auto(GStrv) from = g_strsplit(lines->pdata[any_line(random, lines)], " ", -1);
    g_auto(GStrv) words = g_strsplit(lines->pdata[to], " ", -1);
    guint count = g_strv_length(from), own = g_strv_length(words);

    if (count < 2 || own < 2) {
        return;
    }
    const char *word = from[g_rand_int_range(random, 1, (gint32)count)];
    size_t name = strcspn(word, "=") + 1;
    for (guint i = 1; i < own; i++) {
        if (strncmp(words[i], word, name) == 0 || g_rand_int_range(random, 0, 40) == 0) {
            g_free(words[i]);
            words[i] = g_strdup(word);
        }
    }
    g_free(lines->pdata[to]);
    lines->pdata[to] = g_strjoinv(" ", words);
}

static void change_bytes(GRand *random, GPtrArray *lines)
{
    char **line = (char **)&lines->pdata[any_line(random, lines)];
    size_t length = strlen(*line), room = length + 64;
    uint8_t *bytes = g_malloc0(room + 1);

    memcpy(bytes, *line, length);
    length = LLVMFuzzerMutate(bytes, length, room);
    bytes[length] = '\0';
    g_free(*line);
    *line = (char *)bytes;
}

/* Times that go back are an error of the first line that has one: let each be at least the one before. */
static void order_times(GPtrArray *lines)
{
    double last = 0;

    for (guint i = 0; i < lines->len; i++) {
        char *rest = NULL;
        double time = g_ascii_strtod(lines->pdata[i], &rest);
        if (rest == lines->pdata[i] || *rest != ' ' || !(time >= 0 && time < 9e8)) {
            continue;
        }
        last = MAX(last, time);
        if (time < last) {
            char *line = g_strdup_printf("%.9f%s", last, rest);
            g_free(lines->pdata[i]);
            lines->pdata[i] = line;
        }
    }
}

static size_t join(const GPtrArray *lines, uint8_t *data, size_t limit)
{
    size_t size = 0;

    for (guint i = 0; i < lines->len; i++) {
        size_t length = strlen(lines->pdata[i]);
        if (size + length + 1 > limit) {
            break;
        }
        memcpy(data + size, lines->pdata[i], length);
        data[size + length] = '\n';
        size += length + 1;
    }
    return size;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t limit, unsigned seed)
{
    static void (*const changes[])(GRand *, GPtrArray *) = {
        drop, repeat, exchange, borrow_word, borrow_word, borrow_word, change_bytes, cut};
    GRand *random = g_rand_new_with_seed(seed);
    g_autoptr(GPtrArray) lines = split_lines(data, size);

    if (lines->len < 2 || g_rand_int_range(random, 0, 4) == 0) {
        size = LLVMFuzzerMutate(data, size, limit);
    } else {
        for (int times = g_rand_int_range(random, 1, 5); times > 0 && lines->len > 1; times--) {
            guint change = (guint)g_rand_int_range(random, 0, G_N_ELEMENTS(changes));
            if (changes[change] != cut || g_rand_int_range(random, 0, 4) == 0) {
                changes[change](random, lines);
            }
        }
        order_times(lines);
        size = join(lines, data, limit);
    }
    g_rand_free(random);
    return size;
}
