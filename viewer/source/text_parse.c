/* SPDX-License-Identifier: MIT */
/* One line of a text trace -> one event. Works inside the line's own memory. */
#include "source/fields.h"
#include "source/text.h"

#include <stdarg.h>
#include <string.h>

#define NANOSECONDS 1000000000u

bool text_error(const struct text_place *place, GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *valid = g_utf8_make_valid(message, -1);
    g_set_error(error, SOURCE_ERROR, 0, "%s:%" G_GUINT64_FORMAT ": %s", place->file, place->line, valid);
    return false;
}

char *text_skip(char *text)
{
    while (*text == ' ' || *text == '\t') {
        text++;
    }
    return text;
}

static char *word_end(char *text)
{
    return text + strcspn(text, " \t");
}

/* Cut off the word at *cursor and go on behind it. */
static char *take_word(char **cursor)
{
    char *word = *cursor;
    char *end = word_end(word);

    *cursor = *end == '\0' ? end : text_skip(end + 1);
    *end = '\0';
    return word;
}

/* Digits behind the decimal point as nanoseconds; more than nine are ignored. False: something else stands
 * there. */
static bool parse_fraction(const char *digits, uint64_t *nanoseconds)
{
    uint64_t scale = NANOSECONDS;

    *nanoseconds = 0;
    for (; g_ascii_isdigit(*digits); digits++) {
        scale /= 10;
        *nanoseconds += scale * (uint64_t)(*digits - '0');
    }
    return *digits == '\0';
}

static bool parse_time(const char *word, int64_t *time_ns)
{
    size_t whole = strspn(word, "0123456789");
    const char *rest = word + whole + (word[whole] == '.');
    uint64_t seconds = 0, nanoseconds = 0;

    if (whole == 0 || !text_integer(word, word + whole, 0, G_MAXINT64 / NANOSECONDS - 1, &seconds)) {
        return false;
    }
    if (!parse_fraction(rest, &nanoseconds)) {
        return false;
    }
    *time_ns = (int64_t)(seconds * NANOSECONDS + nanoseconds);
    return true;
}

/* The character that "\n", "\xNN" and the like stand for; *cursor goes from the backslash on to what follows.
 * -1: no such escape. */
static int parse_escape(const char **cursor)
{
    static const char letters[] = "\"\"\\\\n\nt\tr\r";
    const char *text = *cursor + 1;

    if (*text == 'x') {
        int high = g_ascii_xdigit_value(text[1]);
        int low = high < 0 ? -1 : g_ascii_xdigit_value(text[2]);
        *cursor = text + 3;
        return low < 0 ? -1 : high * 16 + low;
    }
    *cursor = text + 1;
    for (const char *letter = letters; *letter != '\0'; letter += 2) {
        if (*letter == *text) {
            return letter[1];
        }
    }
    return -1;
}

/* Decode the quoted text at *cursor in place and go on behind it. */
static bool parse_text(char **cursor, const struct text_place *place, const void **text, uint32_t *length,
                       GError **error)
{
    char *to = *cursor;
    const char *from = to + 1;

    if (*to != '"') {
        return text_error(place, error, "a text is written in double quotes");
    }
    *text = to;
    while (*from != '"') {
        int character = *from == '\\' ? parse_escape(&from) : (unsigned char)*from++;
        if (character == -1) {
            return text_error(place, error, "unknown escape in a text: write \\\" \\\\ \\n \\t or \\xNN");
        }
        if (character == 0 && from[-1] == '\0') {
            return text_error(place, error, "the text does not end with \"");
        }
        *to++ = (char)character;
    }
    *length = (uint32_t)MIN((size_t)(to - (const char *)*text), MI_TEXT_MAX);
    *cursor = (char *)from + 1;
    return true;
}

/* Decode the hex digits at *cursor in place and go on behind them; "-" stands for no bytes. */
static bool parse_bytes(char **cursor, const struct text_place *place, const void **bytes, uint32_t *length,
                        GError **error)
{
    uint8_t *to = (uint8_t *)*cursor;
    const char *from = *cursor + (**cursor == '-');

    *bytes = to;
    while (g_ascii_isxdigit(from[0]) && g_ascii_isxdigit(from[1])) {
        *to++ = (uint8_t)(g_ascii_xdigit_value(from[0]) * 16 + g_ascii_xdigit_value(from[1]));
        from += 2;
    }
    if (from != word_end((char *)from)) {
        return text_error(place, error, "bytes are written as pairs of hex digits");
    }
    *length = (uint32_t)MIN((size_t)(to - (const uint8_t *)*bytes), MI_TEXT_MAX);
    *cursor = (char *)from;
    return true;
}

struct number_range {
    int64_t minimum;
    uint64_t maximum;
};

static const struct number_range ranges[] = {
    [MI_TYPE_U8] = {0, UINT8_MAX},
    [MI_TYPE_U32] = {0, UINT32_MAX},
    [MI_TYPE_I32] = {INT32_MIN, INT32_MAX},
    [MI_TYPE_HEX] = {0, UINT64_MAX},
};

static bool parse_number(char **cursor, const struct mi_field_info *field, const struct text_place *place,
                         struct mi_event *data, GError **error)
{
    const struct number_range *range = &ranges[field->type];
    const char *word = take_word(cursor);
    uint64_t value = 0;

    if (!text_integer(word, word + strlen(word), range->minimum, range->maximum, &value)) {
        return text_error(place, error, "\"%s\" is no number from %" G_GINT64_FORMAT " to %" G_GUINT64_FORMAT,
                          word, range->minimum, range->maximum);
    }
    field_store(data, field, value);
    return true;
}

static bool parse_stack(char **cursor, const struct text_place *place, struct text_line *line,
                        const void **addresses, uint32_t *length, GError **error)
{
    size_t first = line->address_count;

    if (!text_parse_stack(cursor, place, line, error)) {
        return false;
    }
    *addresses = line->addresses + first;
    *length = (uint32_t)(line->address_count - first);
    return true;
}

static bool parse_value(char **cursor, const struct mi_field_info *field, const struct text_place *place,
                        struct text_line *line, GError **error)
{
    struct mi_event *data = &line->event.data;
    const void *elements = NULL;
    uint32_t count = 0;
    bool good = false;

    switch (field->type) {
    case MI_TYPE_TEXT:
        good = parse_text(cursor, place, &elements, &count, error);
        break;
    case MI_TYPE_BYTES:
        good = parse_bytes(cursor, place, &elements, &count, error);
        break;
    case MI_TYPE_STACK:
        good = parse_stack(cursor, place, line, &elements, &count, error);
        break;
    default:
        return parse_number(cursor, field, place, data, error);
    }
    field_set_elements(data, field, elements, count);
    return good;
}

static bool parse_field(char **cursor, const struct text_place *place, struct text_line *line, GError **error)
{
    char *name = *cursor;
    char *end = name + strcspn(name, "= \t");
    char *equals = text_skip(end);

    if (*equals != '=' || end == name) {
        return text_error(place, error, "\"%s\" is no field=value", take_word(cursor));
    }
    *cursor = text_skip(equals + 1);
    *end = '\0';
    const struct mi_field_info *field = field_find(line->event.id, name);
    if (field == NULL) {
        return text_error(place, error, "%s has no field \"%s\"", mi_events[line->event.id].name, name);
    }
    return parse_value(cursor, field, place, line, error);
}

static bool parse_name(char **cursor, GHashTable *ids, const struct text_place *place, struct text_line *line,
                       GError **error)
{
    const char *word = take_word(cursor);
    const char *name = g_str_has_prefix(word, "mi:") ? word + strlen("mi:") : word;
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(ids, name));

    if (found == 0) {
        return text_error(place, error, "unknown event \"%s\"", name);
    }
    line->event.id = (enum mi_event_id)(found - 1);
    return true;
}

bool text_parse_event(char *text, GHashTable *ids, const struct text_place *place, struct text_line *line,
                      GError **error)
{
    char *cursor = text_skip(text);
    const char *time = take_word(&cursor);

    line->event = (struct source_event){0};
    line->address_count = 0;
    g_array_set_size(line->frames, 0);
    if (!parse_time(time, &line->event.time_ns)) {
        return text_error(place, error, "\"%s\" is no time in seconds: write 1.5 or 1700000000.123456789",
                          time);
    }
    if (!parse_name(&cursor, ids, place, line, error)) {
        return false;
    }
    while (*cursor != '\0') {
        if (!parse_field(&cursor, place, line, error)) {
            return false;
        }
        cursor = text_skip(cursor);
    }
    return true;
}
