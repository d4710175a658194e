/* SPDX-License-Identifier: MIT */
/*
 * Compares metadata with what LTTng writes, word for word, and takes from it what differs between traces: the
 * clock's offset, streams and events. Whatever is not as expected makes it another form.
 */
#include "source/direct_layout.h"

#include "source/direct_fields.h"
#include "source/direct_tokens.h"
#include "source/stream.h"

#include <string.h>

#define PROVIDER "mi:"

/* LTTng's largest event id, and more channels than anybody has. */
#define EVENTS_MAX  65535
#define CLASSES_MAX 31

static const char before_uuid[] = "typealias integer { size = 8; align = 8; signed = false; } := uint8_t;"
                                  "typealias integer { size = 16; align = 8; signed = false; } := uint16_t;"
                                  "typealias integer { size = 32; align = 8; signed = false; } := uint32_t;"
                                  "typealias integer { size = 64; align = 8; signed = false; } := uint64_t;"
                                  "typealias integer { size = 64; align = 8; signed = false; } := unsigned "
                                  "long;"
                                  "typealias integer { size = 5; align = 1; signed = false; } := uint5_t;"
                                  "typealias integer { size = 27; align = 1; signed = false; } := uint27_t;"
                                  "trace { major = 1; minor = 8; uuid =";

static const char after_uuid[] =
    "; byte_order = le; packet.header := struct { uint32_t magic; uint8_t uuid[16]; uint32_t stream_id; "
    "uint64_t stream_instance_id; }; }; env {";

static const char after_offset[] =
    "; };"
    "typealias integer { size = 27; align = 1; signed = false; map = clock.monotonic.value; } := "
    "uint27_clock_monotonic_t;"
    "typealias integer { size = 32; align = 8; signed = false; map = clock.monotonic.value; } := "
    "uint32_clock_monotonic_t;"
    "typealias integer { size = 64; align = 8; signed = false; map = clock.monotonic.value; } := "
    "uint64_clock_monotonic_t;"
    "struct packet_context { uint64_clock_monotonic_t timestamp_begin; uint64_clock_monotonic_t "
    "timestamp_end; "
    "uint64_t content_size; uint64_t packet_size; uint64_t packet_seq_num; unsigned long events_discarded; "
    "uint32_t cpu_id; };"
    "struct event_header_compact { enum : uint5_t { compact = 0 ... 30, extended = 31 } id; variant <id> { "
    "struct { uint27_clock_monotonic_t timestamp; } compact; "
    "struct { uint32_t id; uint64_clock_monotonic_t timestamp; } extended; } v; } align(8);"
    "struct event_header_large { enum : uint16_t { compact = 0 ... 65534, extended = 65535 } id; variant "
    "<id> { "
    "struct { uint32_clock_monotonic_t timestamp; } compact; "
    "struct { uint32_t id; uint64_clock_monotonic_t timestamp; } extended; } v; } align(8);";

static bool take_string(struct direct_tokens *tokens)
{
    struct direct_token string;
    return direct_string(tokens, &string);
}

static bool take_clock(struct direct_tokens *tokens, int64_t *offset)
{
    if (!direct_expect(tokens, "clock { name = \"monotonic\";")) {
        return false;
    }
    if (direct_accept(tokens, "uuid =") && !(take_string(tokens) && direct_expect(tokens, ";"))) {
        return false;
    }
    return direct_expect(tokens, "description =") && take_string(tokens) &&
           direct_expect(tokens, "; freq = 1000000000; offset =") && direct_number(tokens, offset);
}

/* Everything before the first stream. */
static bool take_head(struct direct_tokens *tokens, int64_t *offset)
{
    return direct_expect(tokens, before_uuid) && take_string(tokens) && direct_expect(tokens, after_uuid) &&
           direct_skip_block(tokens) && direct_expect(tokens, ";") && take_clock(tokens, offset) &&
           direct_expect(tokens, after_offset);
}

static void free_event(void *data)
{
    struct direct_event *event = data;

    if (event != NULL) {
        g_array_unref(event->fields);
        g_free(event);
    }
}

static void free_class(void *data)
{
    struct direct_class *class = data;

    if (class != NULL) {
        g_ptr_array_unref(class->events);
        g_free(class);
    }
}

/* Put `item` at `index`. False: there is one already, or the index is too large. */
static bool put(GPtrArray *array, int64_t index, int64_t largest, void *item)
{
    if (index < 0 || index > largest || (index < array->len && array->pdata[index] != NULL)) {
        return false;
    }
    if (index >= array->len) {
        g_ptr_array_set_size(array, (gint)index + 1);
    }
    array->pdata[index] = item;
    return true;
}

/* What follows "stream {". */
static bool take_stream(struct direct_layout *layout, struct direct_tokens *tokens)
{
    int64_t id = 0;

    if (!direct_expect(tokens, "id =") || !direct_number(tokens, &id) ||
        !direct_expect(tokens, "; event.header := struct")) {
        return false;
    }
    bool compact = direct_accept(tokens, "event_header_compact");
    if (!compact && !direct_expect(tokens, "event_header_large")) {
        return false;
    }
    if (!direct_expect(tokens, "; packet.context := struct packet_context; };")) {
        return false;
    }
    struct direct_class *class = g_new0(struct direct_class, 1);
    class->compact = compact;
    class->events = g_ptr_array_new_with_free_func(free_event);
    bool good = put(layout->classes, id, CLASSES_MAX, class);
    if (!good) {
        free_class(class);
    }
    return good;
}

/* An event of that name, without fields. */
static struct direct_event *new_event(GHashTable *ids, const struct direct_token *name)
{
    struct direct_event *event = g_new0(struct direct_event, 1);
    g_autofree char *text = g_strndup(name->text, name->length);
    guint found = 0;

    if (g_str_has_prefix(text, PROVIDER)) {
        found = GPOINTER_TO_UINT(g_hash_table_lookup(ids, text + strlen(PROVIDER)));
    }
    event->ours = found != 0;
    event->id = found != 0 ? (enum mi_event_id)(found - 1) : 0;
    event->fields = g_array_new(FALSE, FALSE, sizeof(struct direct_field));
    return event;
}

/* From the log level, which is optional, to the end. */
static bool take_event_body(struct direct_tokens *tokens, struct direct_event *event)
{
    int64_t level = 0;

    if (direct_accept(tokens, "loglevel =") &&
        !(direct_number(tokens, &level) && direct_expect(tokens, ";"))) {
        return false;
    }
    return direct_expect(tokens, "fields := struct {") && direct_fields_take(tokens, event) &&
           direct_expect(tokens, "; };");
}

/* What follows "event {". */
static bool take_event(struct direct_layout *layout, struct direct_tokens *tokens, GHashTable *ids)
{
    struct direct_token name;
    int64_t id = 0, stream = 0;

    if (!direct_expect(tokens, "name =") || !direct_string(tokens, &name) ||
        !direct_expect(tokens, "; id =") || !direct_number(tokens, &id) ||
        !direct_expect(tokens, "; stream_id =") || !direct_number(tokens, &stream) ||
        !direct_expect(tokens, ";") || stream < 0 || stream > CLASSES_MAX) {
        return false;
    }
    const struct direct_class *class = direct_layout_class(layout, (uint32_t)stream);
    struct direct_event *event = new_event(ids, &name);
    bool good = class != NULL && take_event_body(tokens, event) && put(class->events, id, EVENTS_MAX, event);
    if (!good) {
        free_event(event);
    }
    return good;
}

static bool take_all(struct direct_layout *layout, struct direct_tokens *tokens)
{
    g_autoptr(GHashTable) ids = source_event_ids();
    struct direct_token token;
    bool good = take_head(tokens, &layout->offset_ns);

    while (good) {
        if (direct_accept(tokens, "stream {")) {
            good = take_stream(layout, tokens);
        } else if (direct_accept(tokens, "event {")) {
            good = take_event(layout, tokens, ids);
        } else {
            return !direct_next(tokens, &token);
        }
    }
    return false;
}

struct direct_layout *direct_layout_new(const char *text)
{
    struct direct_layout *layout = g_new0(struct direct_layout, 1);
    struct direct_tokens tokens = {text};

    layout->classes = g_ptr_array_new_with_free_func(free_class);
    if (!take_all(layout, &tokens)) {
        direct_layout_free(layout);
        return NULL;
    }
    return layout;
}

void direct_layout_free(struct direct_layout *layout)
{
    if (layout != NULL) {
        g_ptr_array_unref(layout->classes);
        g_free(layout);
    }
}

const struct direct_class *direct_layout_class(const struct direct_layout *layout, uint32_t id)
{
    return id < layout->classes->len ? (const struct direct_class *)layout->classes->pdata[id] : NULL;
}
