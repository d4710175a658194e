/* SPDX-License-Identifier: MIT */
/* Parses command lines by tables of options, and prints those tables. */
#include "options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct parser {
    const struct option_row *rows;
    char **argv;
    int argc, next; /* next: the argument to look at */
    void *values;
    struct options_rest *rest;
    GError **error;
};

static const struct option_row help_row = {
    .name = "help", .letter = 'h', .help = "print this text and exit", .kind = OPTION_FLAG};

static const struct option_row no_rows[] = {{.name = NULL}};

G_DEFINE_QUARK(mitrace - options, options_error)

#define FAIL(parser, ...) (g_set_error((parser)->error, options_error_quark(), 0, __VA_ARGS__), FALSE)

static void *target(const struct parser *parser, const struct option_row *row)
{
    return (char *)parser->values + row->offset;
}

static gboolean set_number(struct parser *parser, const struct option_row *row, const char *value)
{
    gint64 maximum = row->maximum != 0 ? row->maximum : G_MAXINT64;
    char *end = NULL;
    errno = 0;
    gint64 number = g_ascii_strtoll(value, &end, 10);

    if (!g_ascii_isdigit(value[0]) || *end != '\0' || errno != 0 || number > maximum) {
        return FAIL(parser, "--%s needs a number from 0 to %" G_GINT64_FORMAT ", not \"%s\"", row->name,
                    maximum, value);
    }
    *(gint64 *)target(parser, row) = number;
    return TRUE;
}

static void add_to_list(GPtrArray **list, const char *value)
{
    if (*list == NULL) {
        *list = g_ptr_array_new();
    }
    g_ptr_array_add(*list, (gpointer)value);
}

static gboolean set_value(struct parser *parser, const struct option_row *row, const char *value)
{
    switch (row->kind) {
    case OPTION_FLAG:
        *(gboolean *)target(parser, row) = TRUE;
        return TRUE;
    case OPTION_STRING:
        *(const char **)target(parser, row) = value;
        return TRUE;
    case OPTION_NUMBER:
        return set_number(parser, row, value);
    case OPTION_LIST:
        add_to_list(target(parser, row), value);
        return TRUE;
    }
    return FALSE;
}

/* `value` is what stood in the same argument, NULL when there was nothing. */
static gboolean take_value(struct parser *parser, const struct option_row *row, const char *value)
{
    if (value == NULL && row->kind != OPTION_FLAG) {
        if (parser->next == parser->argc) {
            return FAIL(parser, "--%s needs a value: --%s %s", row->name, row->name, row->argument);
        }
        value = parser->argv[parser->next++];
    }
    return set_value(parser, row, value);
}

static const struct option_row *find_long(const struct option_row *rows, const char *name, size_t length)
{
    for (; rows->name != NULL; rows++) {
        if (strlen(rows->name) == length && memcmp(rows->name, name, length) == 0) {
            return rows;
        }
    }
    return NULL;
}

static const struct option_row *find_letter(const struct option_row *rows, char letter)
{
    while (rows->name != NULL && rows->letter != letter) {
        rows++;
    }
    return rows->name != NULL ? rows : NULL;
}

static gboolean unknown_long(struct parser *parser, const char *name, size_t length)
{
    g_autofree char *word = g_strndup(name, length);
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (const struct option_row *row = parser->rows; row->name != NULL; row++) {
        g_ptr_array_add(names, (gpointer)row->name);
    }
    const char *nearest = options_nearest(word, (const char *const *)names->pdata, names->len);
    if (nearest != NULL) {
        return FAIL(parser, "unknown option --%s, did you mean --%s?", word, nearest);
    }
    return FAIL(parser, "unknown option --%s", word);
}

static gboolean parse_long(struct parser *parser, const char *text)
{
    size_t length = strcspn(text, "=");
    const char *value = text[length] == '=' ? text + length + 1 : NULL;
    const struct option_row *row = find_long(parser->rows, text, length);

    if (row == NULL && value == NULL && strcmp(text, help_row.name) == 0) {
        parser->rest->help = TRUE;
        return TRUE;
    }
    if (row == NULL) {
        return unknown_long(parser, text, length);
    }
    if (row->kind == OPTION_FLAG && value != NULL) {
        return FAIL(parser, "--%s takes no value", row->name);
    }
    return take_value(parser, row, value);
}

static gboolean parse_letters(struct parser *parser, const char *letters)
{
    gboolean good = TRUE;

    while (good && *letters != '\0' && !parser->rest->help) {
        char letter = *letters++;
        const struct option_row *row = find_letter(parser->rows, letter);
        if (row == NULL && letter == help_row.letter) {
            parser->rest->help = TRUE;
        } else if (row == NULL) {
            good = FAIL(parser, "unknown option -%c", letter);
        } else if (row->kind == OPTION_FLAG) {
            good = set_value(parser, row, NULL);
        } else {
            good = take_value(parser, row, *letters != '\0' ? letters : NULL);
            break;
        }
    }
    return good;
}

static void keep(struct options_rest *rest, char *argument)
{
    rest->arguments[rest->count++] = argument;
}

static void keep_all(struct parser *parser)
{
    while (parser->next < parser->argc) {
        keep(parser->rest, parser->argv[parser->next++]);
    }
}

static gboolean parse_argument(struct parser *parser, gboolean program)
{
    char *argument = parser->argv[parser->next++];

    if (strcmp(argument, "--") == 0) {
        parser->rest->dashes = parser->rest->count;
        keep_all(parser);
    } else if (g_str_has_prefix(argument, "--")) {
        return parse_long(parser, argument + 2);
    } else if (argument[0] == '-' && argument[1] != '\0') {
        return parse_letters(parser, argument + 1);
    } else {
        keep(parser->rest, argument);
        if (program) {
            keep_all(parser);
        }
    }
    return TRUE;
}

gboolean options_parse(const struct option_row *rows, gboolean program, int argc, char **argv, void *values,
                       struct options_rest *rest, GError **error)
{
    struct parser parser = {
        .rows = rows != NULL ? rows : no_rows,
        .argv = argv,
        .argc = argc,
        .values = values,
        .rest = rest,
        .error = error,
    };
    gboolean good = TRUE;

    *rest = (struct options_rest){.arguments = argv, .dashes = -1};
    while (good && !rest->help && parser.next < argc) {
        good = parse_argument(&parser, program);
    }
    if (good) {
        argv[rest->count] = NULL;
    }
    return good;
}

static void append_names(GString *out, const struct option_row *row)
{
    if (row->letter != 0) {
        g_string_append_printf(out, "-%c, ", row->letter);
    } else {
        g_string_append(out, "    ");
    }
    g_string_append_printf(out, "--%s", row->name);
    if (row->argument != NULL) {
        g_string_append_printf(out, " %s", row->argument);
    }
}

static void append_row(GString *out, const struct option_row *row, size_t width)
{
    g_string_append(out, "  ");
    gsize start = out->len;
    append_names(out, row);
    while (out->len - start < width) {
        g_string_append_c(out, ' ');
    }
    g_string_append_printf(out, "  %s\n", row->help);
}

static size_t names_width(const struct option_row *row)
{
    return strlen("-x, --") + strlen(row->name) + (row->argument != NULL ? strlen(row->argument) + 1 : 0);
}

void options_help(GString *out, const struct option_row *rows)
{
    const struct option_row *first = rows != NULL ? rows : no_rows;
    size_t width = names_width(&help_row);

    for (const struct option_row *row = first; row->name != NULL; row++) {
        width = MAX(width, names_width(row));
    }
    for (const struct option_row *row = first; row->name != NULL; row++) {
        append_row(out, row, width);
    }
    append_row(out, &help_row, width);
}

/* Longer words are no misspelling of anything here. */
#define WORD_MAX 40u

static unsigned smallest(unsigned a, unsigned b, unsigned c)
{
    return MIN(MIN(a, b), c);
}

/* Letters to insert, delete or exchange between two words of at most WORD_MAX letters. */
static unsigned distance(const char *a, const char *b)
{
    unsigned row[WORD_MAX + 1];
    size_t length = strlen(b);

    for (unsigned j = 0; j <= length; j++) {
        row[j] = j;
    }
    for (unsigned i = 1; a[i - 1] != '\0'; i++) {
        unsigned diagonal = row[0];
        row[0] = i;
        for (unsigned j = 1; j <= length; j++) {
            unsigned exchange = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = smallest(row[j] + 1, row[j - 1] + 1, exchange);
        }
    }
    return row[length];
}

const char *options_nearest(const char *word, const char *const *words, size_t count)
{
    size_t length = strlen(word);
    const char *nearest = NULL;
    unsigned best = (unsigned)MIN(length, WORD_MAX) / 3 + 2;

    if (length == 0 || length > WORD_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        unsigned far = strlen(words[i]) > WORD_MAX ? best : distance(word, words[i]);
        if (length > 1 && g_str_has_prefix(words[i], word)) {
            far = 1;
        }
        if (far < best) {
            best = far;
            nearest = words[i];
        }
    }
    return nearest;
}
