/* SPDX-License-Identifier: MIT */
/*
 * A place in a stream file, seen through a window of bounded size. Between two reads the file is not open: a
 * trace may have more streams than a process may have files.
 */
#ifndef MITRACE_SOURCE_DIRECT_CURSOR_H
#define MITRACE_SOURCE_DIRECT_CURSOR_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Several times what an event keeps; a trace has as many windows at a time as it has streams. */
#define DIRECT_WINDOW (32u << 10)

struct direct_cursor {
    const char *path;        /* NULL: nothing can be read; must outlive its use */
    uint64_t size;           /* what is read of the file, from its beginning */
    uint64_t limit;          /* nothing behind this place may be read now; at most `size` */
    uint64_t begin;          /* where in the file the window begins */
    uint8_t *window;         /* DIRECT_WINDOW bytes, or fewer for smaller files; NULL at first; owned */
    const uint8_t *at, *end; /* in the window: the place, and the end of what may be read of it now */
    const uint8_t *filled;   /* the end of what is in it */
};

/* Begin with the file at `path`. */
void direct_cursor_open(struct direct_cursor *cursor, const char *path, uint64_t size);
void direct_cursor_clear(struct direct_cursor *cursor);

/* The place, in bytes from the beginning of the file. */
static inline uint64_t direct_cursor_place(const struct direct_cursor *cursor)
{
    return cursor->begin + (uint64_t)(cursor->at - cursor->window);
}

/* How many bytes there are up to the limit. */
static inline uint64_t direct_cursor_left(const struct direct_cursor *cursor)
{
    return cursor->limit - direct_cursor_place(cursor);
}

/* Let reading end at `limit`; it must not lie before the place. */
void direct_cursor_limit(struct direct_cursor *cursor, uint64_t limit);

/* Bring `count` bytes, far fewer than a window holds, into the window. False: there are not so many. */
bool direct_cursor_fill(struct direct_cursor *cursor, size_t count);

static inline bool direct_cursor_need(struct direct_cursor *cursor, size_t count)
{
    return (size_t)(cursor->end - cursor->at) >= count || direct_cursor_fill(cursor, count);
}

/* Go forward. False: the limit comes before. */
bool direct_cursor_skip(struct direct_cursor *cursor, uint64_t count);

/* Take a number of `size` bytes. False: there are not so many. */
static inline bool direct_cursor_number(struct direct_cursor *cursor, size_t size, uint64_t *number)
{
    if (!direct_cursor_need(cursor, size)) {
        return false;
    }
    *number = 0;
    memcpy(number, cursor->at, size);
    cursor->at += size;
    return true;
}

#endif
