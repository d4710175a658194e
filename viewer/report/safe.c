/* SPDX-License-Identifier: MIT */
/* Makes foreign text harmless. */
#include "report/safe.h"

#include <stdbool.h>
#include <string.h>

/* Invisible characters that change how others are shown: separators, directional marks, overrides and
 * isolates. */
static bool misleads(gunichar character)
{
    static const struct {
        gunichar first, last;
    } ranges[] = {{0x061C, 0x061C}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F}, {0xFEFF, 0xFEFF}};

    for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
        if (character >= ranges[i].first && character <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

/* Length in bytes of the harmless character that `text` begins with; 0 when its first byte must be written
 * out. */
static size_t harmless_length(const char *text, size_t length)
{
    gunichar character = g_utf8_get_char_validated(text, (gssize)length);

    if (character == (gunichar)-1 || character == (gunichar)-2) {
        return 0;
    }
    if (g_unichar_iscntrl(character) || misleads(character)) {
        return 0;
    }
    return (size_t)(g_utf8_next_char(text) - text);
}

void report_append_safe(GString *out, const char *text)
{
    size_t length = text == NULL ? 0 : strlen(text);

    while (length > 0) {
        size_t step = harmless_length(text, length);
        if (step > 0) {
            g_string_append_len(out, text, (gssize)step);
        } else {
            g_string_append_printf(out, "\\x%02X", (unsigned char)*text);
            step = 1;
        }
        text += step;
        length -= step;
    }
}

char *report_safe(const char *text)
{
    GString *out = g_string_new(NULL);

    report_append_safe(out, text);
    return g_string_free(out, FALSE);
}
