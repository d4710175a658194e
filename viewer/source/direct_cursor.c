/* SPDX-License-Identifier: MIT */
/* Moves the window over the file. */
#include "source/direct_cursor.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void direct_cursor_clear(struct direct_cursor *cursor)
{
    g_free(cursor->window);
    *cursor = (struct direct_cursor){.path = NULL};
}

void direct_cursor_open(struct direct_cursor *cursor, const char *path, uint64_t size)
{
    direct_cursor_clear(cursor);
    cursor->path = path;
    cursor->size = size;
    cursor->window = g_malloc(MIN(size, DIRECT_WINDOW) + 1);
    cursor->at = cursor->end = cursor->filled = cursor->window;
}

/* What the window holds may reach beyond the limit. */
static void set_end(struct direct_cursor *cursor)
{
    uint64_t allowed = cursor->limit - cursor->begin;
    uint64_t held = (uint64_t)(cursor->filled - cursor->window);

    cursor->end = cursor->window + MIN(allowed, held);
}

void direct_cursor_limit(struct direct_cursor *cursor, uint64_t limit)
{
    cursor->limit = limit;
    set_end(cursor);
}

/* Read up to `count` bytes at `offset` into `to`; returns how many. */
static size_t read_file(const char *path, uint8_t *to, size_t count, uint64_t offset)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    size_t done = 0;
    ssize_t got = 1;

    while (descriptor >= 0 && done < count && (got > 0 || (got < 0 && errno == EINTR))) {
        got = pread(descriptor, to + done, count - done, (off_t)(offset + done));
        done += got > 0 ? (size_t)got : 0;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return done;
}

bool direct_cursor_fill(struct direct_cursor *cursor, size_t count)
{
    if (count > direct_cursor_left(cursor) || count > DIRECT_WINDOW) {
        return false;
    }
    size_t kept = (size_t)(cursor->filled - cursor->at);
    cursor->begin = direct_cursor_place(cursor);
    memmove(cursor->window, cursor->at, kept);
    size_t room = MIN(cursor->size, DIRECT_WINDOW) - kept;
    uint64_t behind = cursor->size - cursor->begin - kept;
    size_t got = read_file(cursor->path, cursor->window + kept, MIN(room, behind), cursor->begin + kept);
    cursor->at = cursor->window;
    cursor->filled = cursor->window + kept + got;
    set_end(cursor);
    return (size_t)(cursor->end - cursor->at) >= count;
}

bool direct_cursor_skip(struct direct_cursor *cursor, uint64_t count)
{
    if (count > direct_cursor_left(cursor)) {
        return false;
    }
    if (count <= (uint64_t)(cursor->filled - cursor->at)) {
        cursor->at += count;
        return true;
    }
    cursor->begin = direct_cursor_place(cursor) + count;
    cursor->at = cursor->end = cursor->filled = cursor->window;
    return true;
}
