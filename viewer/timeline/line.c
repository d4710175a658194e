/* SPDX-License-Identifier: MIT */
/* Lays out a line: columns, colours, and what is left out when it is too long. */
#include "timeline/line.h"

#include "figures/figures.h"
#include "report/prose.h"
#include "report/text.h"

#include <string.h>

enum { TIME_WIDTH = 10, TOOK_WIDTH = 10, THREAD_WIDTH = 8, INDENT = 2 };

static unsigned columns_of(const GString *text)
{
    return report_columns(text->str, text->str + text->len);
}

/* Cut harmless text to so many columns. */
static void cut(GString *text, unsigned width)
{
    static const char dots[] = "...";
    const char *end = text->str;

    if (columns_of(text) <= width) {
        return;
    }
    while (report_columns(text->str, g_utf8_next_char(end)) + strlen(dots) <= width) {
        end = g_utf8_next_char(end);
    }
    g_string_truncate(text, (gsize)(end - text->str));
    g_string_append(text, dots);
}

/* What is too long loses names first, then parts of what was called; how it went is kept longest. */
static void append_text(GString *out, const struct line *line, unsigned width)
{
    enum { LEAST = 12 }; /* columns for what was called */
    g_autoptr(GString) subject = g_string_new(NULL);
    g_autoptr(GString) rest = g_string_new(NULL);

    for (int names = 1; names >= 0; names--) {
        g_string_assign(subject, line->part == LINE_END ? "} " : "");
        g_string_truncate(rest, 0);
        line_append_subject(subject, line->activity, names != 0);
        line_append_rest(rest, line, names != 0);
        if (width == 0 || columns_of(subject) + columns_of(rest) <= width) {
            break;
        }
    }
    if (width > 0) {
        cut(subject, width > columns_of(rest) + LEAST ? width - columns_of(rest) : LEAST);
    }
    g_string_append(subject, rest->str);
    if (width > 0) {
        cut(subject, MAX(width, LEAST));
    }
    g_string_append(out, subject->str);
}

static void append_right(GString *out, const char *text, int width)
{
    g_string_append_printf(out, "%*s", width, text);
}

static void append_left_columns(GString *out, const struct line *line)
{
    g_autoptr(GString) cell = g_string_new(NULL);

    line_append_time(cell, line->time_ns);
    append_right(out, cell->str, TIME_WIDTH);
    g_string_truncate(cell, 0);
    if (line->part != LINE_BEGIN && line->took_ns >= 0) {
        g_string_append(cell, line->part == LINE_NEVER ? ">" : "");
        figures_append_time(cell, (uint64_t)line->took_ns);
    }
    append_right(out, cell->str, TOOK_WIDTH);
    g_string_append_printf(out, "%*u  %*s", THREAD_WIDTH, line->activity->site.thread->tid,
                           (int)line->depth * INDENT, "");
}

static enum text_colour colour_of(const struct line *line)
{
    const struct model_activity *activity = line->activity;
    bool ended = line->part == LINE_WHOLE || line->part == LINE_END;
    bool failed = activity->kind == MODEL_CALL ? ended : true;

    if (line->part == LINE_NEVER) {
        return TEXT_ERROR;
    }
    if (failed && activity->result != 0) {
        return TEXT_WARNING;
    }
    return activity->kind == MODEL_CALLBACK ? TEXT_NOTE : TEXT_BOLD;
}

/* 0: lines are not cut. */
static unsigned width_left(unsigned width, gsize used)
{
    if (width == 0) {
        return 0;
    }
    return width > used ? width - (unsigned)used : 1;
}

void line_append(GString *out, const struct line *line, const struct timeline_options *options)
{
    g_autoptr(GString) left = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    const struct text writer = {.out = out, .colour = options->colour};
    enum text_colour colour = colour_of(line);

    append_left_columns(left, line);
    append_text(text, line, width_left(options->width, left->len));
    g_string_append(out, left->str);
    if (colour == TEXT_BOLD) {
        g_string_append(out, text->str);
    } else {
        text_coloured(&writer, colour, text->str);
    }
    g_string_append_c(out, '\n');
}

void line_append_columns(GString *out)
{
    append_right(out, "TIME", TIME_WIDTH);
    append_right(out, "TOOK", TOOK_WIDTH);
    append_right(out, "THREAD", THREAD_WIDTH);
    g_string_append(out, "  CALL OR CALLBACK\n");
}

void line_append_note(GString *out, unsigned depth, const char *text, const struct timeline_options *options)
{
    g_autoptr(GString) line = g_string_new(NULL);

    g_string_append_printf(line, "%*s%s", TIME_WIDTH + TOOK_WIDTH + THREAD_WIDTH + 2 + (int)depth * INDENT,
                           "", text);
    if (options->width > 0) {
        cut(line, options->width);
    }
    g_string_append_printf(out, "%s\n", line->str);
}
