/* SPDX-License-Identifier: MIT */
/* Packs events field by field as their class lists them, and unpacks them without copying. */
#include "source/wire.h"

#include "source/fields.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* No event is larger: its fields, the texts and the stack. */
#define EVENT_MAX 16384u

static size_t padded(size_t size)
{
    return (size + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1);
}

static bool counted(const struct mi_field_info *field)
{
    return field->type >= MI_TYPE_TEXT;
}

static size_t element_size(const struct mi_field_info *field)
{
    return field->type == MI_TYPE_STACK ? sizeof(uint64_t) : 1;
}

void wire_flush(struct wire_writer *writer)
{
    const char *bytes = (const char *)writer->buffer;

    for (size_t done = 0; done < writer->used && !writer->failed;) {
        ssize_t written = write(writer->descriptor, bytes + done, writer->used - done);
        if (written >= 0) {
            done += (size_t)written;
        } else {
            writer->failed = errno != EINTR;
        }
    }
    writer->used = 0;
}

/* Room for a record of at most `size` bytes. */
static struct wire_record *begin_record(struct wire_writer *writer, enum wire_kind kind, size_t size)
{
    if (sizeof(writer->buffer) - writer->used < sizeof(struct wire_record) + padded(size)) {
        wire_flush(writer);
    }
    struct wire_record *record = (struct wire_record *)(void *)((char *)writer->buffer + writer->used);
    record->kind = kind;
    return record;
}

static void end_record(struct wire_writer *writer, struct wire_record *record, size_t size)
{
    record->size = (uint32_t)size;
    writer->used += sizeof(*record) + padded(size);
}

void wire_write(struct wire_writer *writer, enum wire_kind kind, const void *data, size_t size)
{
    size_t room = MIN(size, sizeof(writer->buffer) - sizeof(struct wire_record));
    struct wire_record *record = begin_record(writer, kind, room);

    if (room > 0) {
        memcpy(record->data, data, room);
    }
    end_record(writer, record, room);
}

void wire_write_text(struct wire_writer *writer, enum wire_kind kind, const char *text)
{
    wire_write(writer, kind, text, strlen(text));
}

/* One field: a word with the value, or with the count followed by the elements. */
static uint64_t *pack_field(uint64_t *to, const struct mi_event *data, const struct mi_field_info *field)
{
    if (!counted(field)) {
        *to = field_load(data, field);
        return to + 1;
    }
    uint32_t count = 0;
    const void *elements = field_elements(data, field, &count);
    size_t bytes = (size_t)count * element_size(field);
    *to++ = count;
    if (bytes > 0) {
        to[(bytes - 1) / sizeof(*to)] = 0;
        memcpy(to, elements, bytes);
    }
    return to + padded(bytes) / sizeof(*to);
}

void wire_write_event(struct wire_writer *writer, const struct source_event *event)
{
    const struct mi_class_info *class = &mi_classes[mi_events[event->id].class];
    struct wire_record *record = begin_record(writer, WIRE_EVENT, EVENT_MAX);
    uint64_t *to = record->data;

    *to++ = (uint64_t)event->id;
    *to++ = (uint64_t)event->time_ns;
    for (size_t i = 0; i < class->count; i++) {
        to = pack_field(to, &event->data, &mi_fields[class->fields[i]]);
    }
    end_record(writer, record, (size_t)((char *)to - (char *)record->data));
}

/* Read on until `size` bytes are there. */
static bool fill(struct wire_reader *reader, size_t size)
{
    char *bytes = (char *)reader->buffer;

    if (size > sizeof(reader->buffer)) {
        return false;
    }
    if (reader->begin + size > sizeof(reader->buffer)) {
        memmove(bytes, bytes + reader->begin, reader->end - reader->begin);
        reader->end -= reader->begin;
        reader->begin = 0;
    }
    while (reader->end - reader->begin < size) {
        ssize_t got = read(reader->descriptor, bytes + reader->end, sizeof(reader->buffer) - reader->end);
        if (got == 0 || (got < 0 && errno != EINTR)) {
            return false;
        }
        reader->end += got > 0 ? (size_t)got : 0;
    }
    return true;
}

void wire_inherit(struct wire_reader *reader, const struct wire_writer *writer)
{
    reader->begin = 0;
    reader->end = MIN(writer->used, sizeof(writer->buffer));
    memcpy(reader->buffer, writer->buffer, reader->end);
}

const struct wire_record *wire_read(struct wire_reader *reader)
{
    if (reader->begin == reader->end) {
        reader->begin = reader->end = 0;
    }
    if (!fill(reader, sizeof(struct wire_record))) {
        return NULL;
    }
    const struct wire_record *record = (const void *)((const char *)reader->buffer + reader->begin);
    size_t size = sizeof(*record) + padded(record->size);
    if (!fill(reader, size)) {
        return NULL;
    }
    record = (const void *)((const char *)reader->buffer + reader->begin);
    reader->begin += size;
    return record;
}

/* NULL: the record ends too early. */
static const uint64_t *unpack_field(const uint64_t *from, const uint64_t *end,
                                    const struct mi_field_info *field, struct mi_event *data)
{
    if (from == end) {
        return NULL;
    }
    if (!counted(field)) {
        field_store(data, field, *from);
        return from + 1;
    }
    uint64_t count = *from++;
    size_t left = (size_t)(end - from) * sizeof(*from);
    if (count > left / element_size(field)) {
        return NULL;
    }
    field_set_elements(data, field, from, (uint32_t)count);
    return from + padded((size_t)count * element_size(field)) / sizeof(*from);
}

bool wire_unpack(const struct wire_record *record, struct source_event *event)
{
    const uint64_t *from = record->data;
    const uint64_t *end = from + record->size / sizeof(*from);

    if (end - from < 2 || from[0] >= MI_EV_COUNT) {
        return false;
    }
    memset(event, 0, sizeof(*event));
    event->id = (enum mi_event_id)from[0];
    event->time_ns = (int64_t)from[1];
    from += 2;
    const struct mi_class_info *class = &mi_classes[mi_events[event->id].class];
    for (size_t i = 0; from != NULL && i < class->count; i++) {
        from = unpack_field(from, end, &mi_fields[class->fields[i]], &event->data);
    }
    return from != NULL;
}
