/* SPDX-License-Identifier: MIT */
/*
 * Decodes by names: a field of the trace is a field of ours when it has the same name and a fitting type.
 * What that means for a class of events is found out once.
 */
#include "source/ctf_decode.h"

#include "source/fields.h"
#include "source/stream.h"

#include <string.h>

#define PROVIDER "mi:"

/* Holds what an event points to when it does not stand in the message as it is. */
struct arena {
    uint64_t words[2 * MI_STACK_MAX + MI_TEXT_MAX / 2];
    size_t used;
};

struct field_reader;

typedef void (*read_function)(const struct field_reader *reader, const bt_field *field, struct mi_event *data,
                              struct arena *arena);

struct field_reader {
    read_function read;
    uint64_t index; /* in the payload */
    const struct mi_field_info *info;
};

struct class_reader {
    bool ours;
    bool clocked;
    enum mi_event_id id;
    GArray *fields; /* struct field_reader */
};

struct ctf_decoder {
    GHashTable *ids;
    GHashTable *readers; /* bt_event_class * -> struct class_reader * */
    struct arena arena;
};

static void *take(struct arena *arena, size_t bytes)
{
    size_t words = (bytes + sizeof(uint64_t) - 1) / sizeof(uint64_t);

    if (words > G_N_ELEMENTS(arena->words) - arena->used) {
        return NULL;
    }
    void *memory = arena->words + arena->used;
    arena->used += words;
    return memory;
}

static void read_unsigned(const struct field_reader *reader, const bt_field *field, struct mi_event *data,
                          struct arena *arena)
{
    (void)arena;
    field_store(data, reader->info, bt_field_integer_unsigned_get_value(field));
}

static void read_signed(const struct field_reader *reader, const bt_field *field, struct mi_event *data,
                        struct arena *arena)
{
    (void)arena;
    field_store(data, reader->info, (uint64_t)bt_field_integer_signed_get_value(field));
}

static void read_string(const struct field_reader *reader, const bt_field *field, struct mi_event *data,
                        struct arena *arena)
{
    (void)arena;
    uint64_t length = MIN(bt_field_string_get_length(field), MI_TEXT_MAX);
    field_set_elements(data, reader->info, bt_field_string_get_value(field), (uint32_t)length);
}

static uint64_t element(const bt_field *array, uint64_t index)
{
    return bt_field_integer_unsigned_get_value(
        bt_field_array_borrow_element_field_by_index_const(array, index));
}

static void read_words(const struct field_reader *reader, const bt_field *field, struct mi_event *data,
                       struct arena *arena)
{
    uint64_t length = MIN(bt_field_array_get_length(field), MI_STACK_MAX);
    uint64_t *words = take(arena, length * sizeof(*words));

    for (uint64_t i = 0; words != NULL && i < length; i++) {
        words[i] = element(field, i);
    }
    field_set_elements(data, reader->info, words, words != NULL ? (uint32_t)length : 0);
}

static void read_bytes(const struct field_reader *reader, const bt_field *field, struct mi_event *data,
                       struct arena *arena)
{
    uint64_t length = MIN(bt_field_array_get_length(field), MI_TEXT_MAX);
    uint8_t *bytes = take(arena, length);

    for (uint64_t i = 0; bytes != NULL && i < length; i++) {
        bytes[i] = (uint8_t)element(field, i);
    }
    field_set_elements(data, reader->info, bytes, bytes != NULL ? (uint32_t)length : 0);
}

static bool is(const bt_field_class *class, bt_field_class_type type)
{
    return bt_field_class_type_is(bt_field_class_get_type(class), type);
}

static read_function number_reader(const bt_field_class *class)
{
    if (is(class, BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER)) {
        return read_unsigned;
    }
    return is(class, BT_FIELD_CLASS_TYPE_SIGNED_INTEGER) ? read_signed : NULL;
}

static read_function array_reader(const bt_field_class *class, read_function reader)
{
    bool fits = is(class, BT_FIELD_CLASS_TYPE_ARRAY) &&
                is(bt_field_class_array_borrow_element_field_class_const(class),
                   BT_FIELD_CLASS_TYPE_UNSIGNED_INTEGER);
    return fits ? reader : NULL;
}

/* NULL when a field of this class cannot be ours. */
static read_function choose_reader(enum mi_field_type type, const bt_field_class *class)
{
    switch (type) {
    case MI_TYPE_TEXT:
        return is(class, BT_FIELD_CLASS_TYPE_STRING) ? read_string : array_reader(class, read_bytes);
    case MI_TYPE_STACK:
        return array_reader(class, read_words);
    case MI_TYPE_BYTES:
        return array_reader(class, read_bytes);
    default:
        return number_reader(class);
    }
}

static void add_field_readers(struct class_reader *reader, const bt_field_class *payload)
{
    uint64_t count = payload != NULL ? bt_field_class_structure_get_member_count(payload) : 0;

    for (uint64_t i = 0; i < count; i++) {
        const bt_field_class_structure_member *member =
            bt_field_class_structure_borrow_member_by_index_const(payload, i);
        const bt_field_class *class = bt_field_class_structure_member_borrow_field_class_const(member);
        const char *name = bt_field_class_structure_member_get_name(member);
        struct field_reader field = {.index = i, .info = name != NULL ? field_find(reader->id, name) : NULL};
        field.read = field.info != NULL ? choose_reader(field.info->type, class) : NULL;
        if (field.read != NULL) {
            g_array_append_val(reader->fields, field);
        }
    }
}

static struct class_reader *make_reader(const struct ctf_decoder *decoder, const bt_event_class *class)
{
    const char *name = bt_event_class_get_name(class);
    struct class_reader *reader = g_new0(struct class_reader, 1);
    guint found = 0;

    if (name != NULL && g_str_has_prefix(name, PROVIDER)) {
        found = GPOINTER_TO_UINT(g_hash_table_lookup(decoder->ids, name + strlen(PROVIDER)));
    }
    reader->fields = g_array_new(FALSE, FALSE, sizeof(struct field_reader));
    if (found != 0) {
        const bt_stream_class *stream = bt_event_class_borrow_stream_class_const(class);
        reader->ours = true;
        reader->id = (enum mi_event_id)(found - 1);
        reader->clocked = bt_stream_class_borrow_default_clock_class_const(stream) != NULL;
        add_field_readers(reader, bt_event_class_borrow_payload_field_class_const(class));
    }
    return reader;
}

static void free_reader(void *data)
{
    struct class_reader *reader = data;
    g_array_free(reader->fields, TRUE);
    g_free(reader);
}

struct ctf_decoder *ctf_decoder_new(void)
{
    struct ctf_decoder *decoder = g_new0(struct ctf_decoder, 1);

    decoder->ids = source_event_ids();
    decoder->readers = g_hash_table_new_full(NULL, NULL, NULL, free_reader);
    return decoder;
}

void ctf_decoder_free(struct ctf_decoder *decoder)
{
    if (decoder != NULL) {
        g_hash_table_unref(decoder->readers);
        g_hash_table_unref(decoder->ids);
        g_free(decoder);
    }
}

static const struct class_reader *find_reader(struct ctf_decoder *decoder, const bt_event_class *class)
{
    struct class_reader *reader = g_hash_table_lookup(decoder->readers, class);

    if (reader == NULL) {
        reader = make_reader(decoder, class);
        g_hash_table_insert(decoder->readers, (gpointer) class, reader);
    }
    return reader;
}

int64_t ctf_time(const bt_clock_snapshot *snapshot)
{
    int64_t time_ns = 0;

    if (bt_clock_snapshot_get_ns_from_origin(snapshot, &time_ns) !=
        BT_CLOCK_SNAPSHOT_GET_NS_FROM_ORIGIN_STATUS_OK) {
        bt_current_thread_clear_error();
        return -1;
    }
    return time_ns;
}

bool ctf_decode(struct ctf_decoder *decoder, const bt_message *message, struct source_event *event)
{
    const bt_event *from = bt_message_event_borrow_event_const(message);
    const struct class_reader *reader = find_reader(decoder, bt_event_borrow_class_const(from));

    if (!reader->ours) {
        return false;
    }
    memset(event, 0, sizeof(*event));
    event->id = reader->id;
    decoder->arena.used = 0;
    if (reader->clocked) {
        event->time_ns = ctf_time(bt_message_event_borrow_default_clock_snapshot_const(message));
    }
    const bt_field *payload = bt_event_borrow_payload_field_const(from);
    for (guint i = 0; i < reader->fields->len; i++) {
        const struct field_reader *field = &g_array_index(reader->fields, struct field_reader, i);
        field->read(field, bt_field_structure_borrow_member_field_by_index_const(payload, field->index),
                    &event->data, &decoder->arena);
    }
    return true;
}
