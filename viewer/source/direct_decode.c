/* SPDX-License-Identifier: MIT */
/* Takes events apart by their layout. Nothing that a trace says is believed before it was compared with what
 * is there. */
#include "source/direct_decode.h"

#include "source/fields.h"

/* The two event headers of LTTng: a short id and the clock's low bits, or this id, then id and clock in full.
 */
#define COMPACT_EXTENDED 31u
#define LARGE_EXTENDED   65535u

/* Of the clock, only the low `bits` are known: it has not gone on by so much that they overflow twice. */
static void advance_clock(uint64_t *clock, uint64_t low, unsigned bits)
{
    uint64_t span = (uint64_t)1 << bits;

    if (low < (*clock & (span - 1))) {
        *clock += span;
    }
    *clock = (*clock & ~(span - 1)) | low;
}

static bool take_extended(struct direct_cursor *cursor, uint32_t *id, uint64_t *clock)
{
    uint64_t number = 0;
    bool good = direct_cursor_number(cursor, 4, &number) && direct_cursor_number(cursor, 8, clock);

    *id = (uint32_t)number;
    return good;
}

/* In one number of four bytes: five bits of id, 27 bits of clock. */
static bool take_compact(struct direct_cursor *cursor, uint32_t *id, uint64_t *clock)
{
    uint64_t number = 0;

    if (!direct_cursor_need(cursor, 1)) {
        return false;
    }
    *id = *cursor->at & COMPACT_EXTENDED;
    if (*id == COMPACT_EXTENDED) {
        cursor->at++;
        return take_extended(cursor, id, clock);
    }
    if (!direct_cursor_number(cursor, 4, &number)) {
        return false;
    }
    advance_clock(clock, number >> 5, 27);
    return true;
}

static bool take_large(struct direct_cursor *cursor, uint32_t *id, uint64_t *clock)
{
    uint64_t number = 0;

    if (!direct_cursor_number(cursor, 2, &number)) {
        return false;
    }
    *id = (uint32_t)number;
    if (*id == LARGE_EXTENDED) {
        return take_extended(cursor, id, clock);
    }
    if (!direct_cursor_number(cursor, 4, &number)) {
        return false;
    }
    advance_clock(clock, number, 32);
    return true;
}

/* NULL: no room. */
static void *take_room(struct direct_arena *arena, size_t bytes)
{
    size_t words = (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t);

    if (words > G_N_ELEMENTS(arena->words) - arena->used) {
        return NULL;
    }
    void *room = arena->words + arena->used;
    arena->used += words;
    return room;
}

/* Set a field to the first `count` elements that come, as far as it may hold them. */
static bool set_elements(struct direct_cursor *cursor, const struct direct_field *field, uint64_t count,
                         struct mi_event *data, struct direct_arena *arena)
{
    uint64_t kept = MIN(count, field->kind == DIRECT_WORDS ? MI_STACK_MAX : MI_TEXT_MAX);
    size_t bytes = (size_t)kept * field->size;
    void *room = take_room(arena, bytes);

    if (!direct_cursor_need(cursor, bytes)) {
        return false;
    }
    if (room == NULL) {
        return true;
    }
    memcpy(room, cursor->at, bytes);
    if (field->kind == DIRECT_TEXT) {
        kept = strnlen(room, (size_t)kept);
    }
    field_set_elements(data, field->info, room, (uint32_t)kept);
    return true;
}

static bool take_sequence(struct direct_cursor *cursor, const struct direct_field *field,
                          struct mi_event *data, struct direct_arena *arena)
{
    uint64_t count = 0;

    return direct_cursor_number(cursor, 4, &count) &&
           (field->kind == DIRECT_SKIP_ALL || set_elements(cursor, field, count, data, arena)) &&
           direct_cursor_skip(cursor, count * field->size);
}

static void copy_number(struct direct_cursor *cursor, const struct direct_field *field, struct mi_event *data)
{
    void *to = (char *)data + field->info->offset;

    switch (field->size) {
    case 1:
        memcpy(to, cursor->at, 1);
        break;
    case 4:
        memcpy(to, cursor->at, 4);
        break;
    default:
        memcpy(to, cursor->at, 8);
        break;
    }
}

static void convert_number(struct direct_cursor *cursor, const struct direct_field *field,
                           struct mi_event *data)
{
    unsigned unused = 64 - 8u * field->size;
    uint64_t word = 0;

    memcpy(&word, cursor->at, field->size);
    if (field->is_signed) {
        word = (uint64_t)((int64_t)(word << unused) >> unused);
    }
    field_store(data, field->info, word);
}

static bool take_field(struct direct_cursor *cursor, const struct direct_field *field, struct mi_event *data,
                       struct direct_arena *arena)
{
    if (field->kind >= DIRECT_SKIP_ALL) {
        return take_sequence(cursor, field, data, arena);
    }
    if (!direct_cursor_need(cursor, field->size)) {
        return false;
    }
    if (field->kind == DIRECT_COPY) {
        copy_number(cursor, field, data);
    } else if (field->kind == DIRECT_CONVERT) {
        convert_number(cursor, field, data);
    }
    cursor->at += field->size;
    return true;
}

enum direct_result direct_decode(struct direct_cursor *cursor, const struct direct_class *class,
                                 uint64_t *clock, struct source_event *event, struct direct_arena *arena)
{
    uint32_t id = 0;
    bool good = (class->compact ? take_compact : take_large)(cursor, &id, clock);
    const struct direct_event *description = good ? direct_layout_event(class, id) : NULL;

    if (description == NULL) {
        return DIRECT_BROKEN;
    }
    arena->used = 0;
    memset(&event->data, 0, sizeof(event->data));
    event->id = description->id;
    for (guint i = 0; i < description->fields->len; i++) {
        const struct direct_field *field = &g_array_index(description->fields, struct direct_field, i);
        if (!take_field(cursor, field, &event->data, arena)) {
            return DIRECT_BROKEN;
        }
    }
    return description->ours ? DIRECT_OURS : DIRECT_FOREIGN;
}
