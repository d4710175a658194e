/* SPDX-License-Identifier: MIT */
/* Stacks in text traces: addresses and what the trace says is there. */
#include "source/text.h"

#include <string.h>

bool text_integer(const char *text, const char *end, int64_t minimum, uint64_t maximum, uint64_t *value)
{
    bool negative = text < end && *text == '-';
    const char *digits = text + negative;
    uint64_t base = 10, result = 0;

    if (end - digits > 2 && digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X')) {
        digits += 2;
        base = 16;
    }
    if (digits >= end) {
        return false;
    }
    for (; digits < end; digits++) {
        int digit = base == 16 ? g_ascii_xdigit_value(*digits) : g_ascii_digit_value(*digits);
        if (digit < 0 || result > (UINT64_MAX - (uint64_t)digit) / base) {
            return false;
        }
        result = result * base + (uint64_t)digit;
    }
    if (negative ? (minimum >= 0 || result > (uint64_t)0 - (uint64_t)minimum) : result > maximum) {
        return false;
    }
    *value = negative ? (uint64_t)0 - result : result;
    return true;
}

/* Decode %XX in place. False: a broken escape, or one of a NUL. */
static bool decode_name(char *name)
{
    char *to = name;

    for (const char *from = name; *from != '\0'; from++) {
        if (*from != '%') {
            *to++ = *from;
            continue;
        }
        int high = g_ascii_xdigit_value(from[1]);
        int low = high < 0 ? -1 : g_ascii_xdigit_value(from[2]);
        if (low < 0 || high + low == 0) {
            return false;
        }
        *to++ = (char)(high * 16 + low);
        from += 2;
    }
    *to = '\0';
    return true;
}

/* Cut `text` at the first or last `separator` and return what follows it; NULL when there is none. */
static char *split(char *text, char separator, bool last)
{
    char *found = last ? strrchr(text, separator) : strchr(text, separator);

    if (found == NULL) {
        return NULL;
    }
    *found = '\0';
    return g_strstrip(found + 1);
}

/* The same, when a number follows. */
static bool split_number(char *text, char separator, uint64_t maximum, uint64_t *number)
{
    char *found = strrchr(text, separator);

    if (found == NULL) {
        return false;
    }
    const char *digits = text_skip(found + 1);
    if (!text_integer(digits, digits + strlen(digits), 0, maximum, number)) {
        return false;
    }
    *found = '\0';
    return true;
}

/* NULL stands for an empty name. */
static bool finish_name(char *text, const char **name)
{
    if (text == NULL || *g_strstrip(text) == '\0') {
        return true;
    }
    *name = text;
    return decode_name(text);
}

/* `entry` ends with NUL. */
static bool parse_frame(char *entry, struct source_frame *frame)
{
    uint64_t line = 0;
    char *module = split(entry, '!', false);
    char *file = split(entry, '@', false);
    char *function = split(entry, ':', false);
    const char *address = g_strstrip(entry);

    if (!text_integer(address, address + strlen(address), 0, UINT64_MAX, &frame->address)) {
        return false;
    }
    if (file != NULL && split_number(file, ':', UINT32_MAX, &line)) {
        frame->line = (unsigned)line;
    }
    if (module != NULL) {
        split_number(module, '+', UINT64_MAX, &frame->offset);
    }
    return finish_name(function, &frame->function) && finish_name(file, &frame->file) &&
           finish_name(module, &frame->module);
}

static bool has_names(const struct source_frame *frame)
{
    return frame->function != NULL || frame->file != NULL || frame->module != NULL;
}

static void add_frame(struct text_line *line, const struct source_frame *frame)
{
    if (line->address_count == G_N_ELEMENTS(line->addresses)) {
        return;
    }
    line->addresses[line->address_count++] = frame->address;
    if (has_names(frame)) {
        g_array_append_val(line->frames, *frame);
    }
}

bool text_parse_stack(char **cursor, const struct text_place *place, struct text_line *line, GError **error)
{
    char *entry = *cursor;

    if (*entry != '[') {
        return text_error(place, error, "a stack is written as [0x401136:main@client.c:42, ...]");
    }
    entry = text_skip(entry + 1);
    for (char separator = *entry; separator != ']'; entry = text_skip(entry)) {
        char *end = entry + strcspn(entry, ",]");
        struct source_frame frame = {0};
        separator = *end;
        if (separator == '\0') {
            return text_error(place, error, "the stack does not end with ]");
        }
        *end = '\0';
        if (!parse_frame(entry, &frame)) {
            return text_error(place, error,
                              "\"%s\" is no frame: write 0x401136:main@client.c:42!program+0x1136", entry);
        }
        add_frame(line, &frame);
        entry = end + (separator == ',');
    }
    *cursor = entry + 1;
    return true;
}
