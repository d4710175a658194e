/* SPDX-License-Identifier: MIT */
/* Wrapping and the few forms in which numbers are written. */
#include "report/prose.h"

#include <inttypes.h>
#include <string.h>

#define NS_PER_SECOND INT64_C(1000000000)

unsigned report_columns(const char *text, const char *end)
{
    unsigned columns = 0;

    for (; text < end; text = g_utf8_next_char(text)) {
        gunichar character = g_utf8_get_char(text);
        if (!g_unichar_iszerowidth(character)) {
            columns += g_unichar_iswide(character) ? 2 : 1;
        }
    }
    return columns;
}

static unsigned column_of(const GString *out)
{
    const char *line = memrchr(out->str, '\n', out->len);

    return report_columns(line == NULL ? out->str : line + 1, out->str + out->len);
}

void report_append_wrapped(GString *out, const char *text, unsigned indent, unsigned width)
{
    unsigned column = column_of(out);
    const char *word = text + strspn(text, " ");
    unsigned gap = 0;

    while (*word != '\0') {
        const char *end = word + strcspn(word, " ");
        unsigned columns = report_columns(word, end);
        if (gap > 0 && column + gap + columns > width) {
            g_string_append_printf(out, "\n%*s", (int)indent, "");
            column = indent;
        } else if (gap > 0) {
            g_string_append_c(out, ' ');
            column++;
        }
        g_string_append_len(out, word, end - word);
        column += columns;
        gap = 1;
        word = end + strspn(end, " ");
    }
}

void report_append_duration(GString *out, int64_t ns)
{
    int64_t seconds = ns / NS_PER_SECOND;

    if (ns < 1000) {
        g_string_append_printf(out, "%" PRId64 " ns", ns);
    } else if (ns < 1000000) {
        g_string_append_printf(out, "%.1f us", (double)ns / 1e3);
    } else if (ns < NS_PER_SECOND) {
        g_string_append_printf(out, "%" PRId64 " ms", ns / 1000000);
    } else if (seconds < 60) {
        g_string_append_printf(out, "%.1f s", (double)ns / 1e9);
    } else if (seconds < 3600) {
        g_string_append_printf(out, "%" PRId64 " min %" PRId64 " s", seconds / 60, seconds % 60);
    } else {
        g_string_append_printf(out, "%" PRId64 " h %" PRId64 " min", seconds / 3600, seconds / 60 % 60);
    }
}

void report_append_time(GString *out, int64_t time_ns, int64_t begin_ns)
{
    g_string_append_printf(out, "%+.3f s", (double)(time_ns - begin_ns) / 1e9);
}

void report_append_count(GString *out, uint64_t count, const char *one, const char *many)
{
    g_string_append_printf(out, "%" PRIu64 " %s", count, count == 1 ? one : many);
}
