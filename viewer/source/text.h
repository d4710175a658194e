/* SPDX-License-Identifier: MIT */
/* The text form of a trace: what reading and writing share, and the parts of reading. */
#ifndef MITRACE_SOURCE_TEXT_H
#define MITRACE_SOURCE_TEXT_H

#include "mi_names.h"
#include "source/stream.h"

#define TEXT_HEADER "# mitrace text trace 1"

/* Characters that separate the parts of a frame, address:function@file:line!module+offset, and are written as
 * %XX in its names. A colon separates only after the file's name. */
#define TEXT_FRAME_SPECIAL "%,]@!"
#define TEXT_FILE_SPECIAL  TEXT_FRAME_SPECIAL ":"

/* Where in the trace an error is. */
struct text_place {
    const char *file;
    uint64_t line;
};

/* Set "FILE:LINE: message". Always returns false. */
bool text_error(const struct text_place *place, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* A parsed event line. Everything in it points into the line, which is changed by parsing, or into the
 * struct. */
struct text_line {
    struct source_event event;
    GArray *frames; /* struct source_frame: those of the line's stacks that have names */
    uint64_t addresses[MI_STACK_MAX];
    size_t address_count;
    bool timed; /* event.time_ns was given */
};

/* Whether a character stands for itself on a line: it controls nothing, is visible or a blank, and ends no
 * line. */
bool text_is_printable(gunichar character);

/* Skip blanks. */
char *text_skip(char *text);

/* A number, decimal or 0x, that ends at `end`. False: it is none, or not between minimum and maximum. */
bool text_integer(const char *text, const char *end, int64_t minimum, uint64_t maximum, uint64_t *value);

/* Parse one event line; `ids` is source_event_ids(). */
bool text_parse_event(char *text, GHashTable *ids, const struct text_place *place, struct text_line *line,
                      GError **error);

/* Parse a stack at **cursor, "[...]", into `line` and go on behind it. The addresses are line->addresses from
 * the first that was free. */
bool text_parse_stack(char **cursor, const struct text_place *place, struct text_line *line, GError **error);

#endif
