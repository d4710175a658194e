/* SPDX-License-Identifier: MIT */
/* Every choice takes a byte; behind the last one all choices are 0. */
#include "forms.h"

#include "mi_names.h"

#include <string.h>

enum { CLASSES_MAX = 6, FIELDS_MAX = 6, PACKETS_MAX = 4, EVENTS_MAX = 6, LONG_ARRAY = 1100 };

static const char head[] =
    "/* CTF 1.8 */\n\n"
    "typealias integer { size = 8; align = 8; signed = false; } := uint8_t;\n"
    "typealias integer { size = 32; align = 8; signed = false; } := uint32_t;\n"
    "typealias integer { size = 64; align = 8; signed = false; } := uint64_t;\n"
    "trace { major = 1; minor = 8; byte_order = le; uuid = \"30313233-3435-3637-3839-616263646566\";\n"
    "    packet.header := struct { uint32_t magic; uint8_t uuid[16]; uint32_t stream_id;\n"
    "        uint64_t stream_instance_id; };\n};\n"
    "clock { name = monotonic; freq = 1000000000; offset = 1700000000000000000; };\n";

static const char stream_head[] =
    "stream { id = 0;\n"
    "    event.header := struct { uint32_t id; clock_t timestamp; };\n"
    "    packet.context := struct { clock_t timestamp_begin; clock_t timestamp_end; uint64_t content_size;\n"
    "        uint64_t packet_size; uint64_t packet_seq_num; uint64_t events_discarded; uint32_t cpu_id; };\n"
    "};\n";

/* Types of a field; one without a size is a text that a NUL ends. */
static const struct {
    const char *words;
    guint size;
} types[] = {
    {"integer { size = 8; align = 8; signed = false; }", 1},
    {"integer { size = 16; align = 8; signed = false; }", 2},
    {"integer { size = 32; align = 8; signed = false; }", 4},
    {"integer { size = 64; align = 8; signed = false; }", 8},
    {"integer { size = 8; align = 8; signed = false; encoding = UTF8; }", 1},
    {"integer { size = 32; align = 8; signed = true; }", 4},
    {"integer { size = 64; align = 8; signed = true; }", 8},
    {"floating_point { exp_dig = 8; mant_dig = 24; align = 8; byte_order = le; }", 4},
    {"enum : integer { size = 32; align = 8; signed = false; } { one = 1, more = 2 ... 4294967295 }", 4},
    {"struct { uint8_t part; }", 1},
    {"string", 0},
};

enum shape { SINGLE, SEQUENCE, ARRAY, SHAPES };

struct field {
    guint type;
    enum shape shape;
};

struct class
{
    bool ours;
    struct field fields[FIELDS_MAX];
    guint count;
};

struct form {
    const uint8_t *at, *end;
    struct class classes[CLASSES_MAX];
    guint count;
    struct forms_told told;
};

static guint choose(struct form *form, guint count)
{
    return form->at < form->end ? *form->at++ % count : 0;
}

static void put(GByteArray *bytes, uint64_t value, guint size)
{
    g_byte_array_append(bytes, (const guint8 *)&value, size);
}

/* ---- metadata ---- */

/* What a name stands for: one of ours mostly. */
static const char *choose_field(struct form *form)
{
    guint number = choose(form, MI_FIELD_COUNT + 2);

    return number < MI_FIELD_COUNT ? mi_fields[number].name : number == MI_FIELD_COUNT ? "unheard_of" : "";
}

static void add_field(struct form *form, struct class *class, GHashTable *names, GString *text)
{
    const char *name = choose_field(form);
    struct field *field = &class->fields[class->count];

    if (!g_hash_table_add(names, (gpointer)name)) {
        return;
    }
    *field = (struct field){choose(form, G_N_ELEMENTS(types)), (enum shape)choose(form, SHAPES)};
    if (field->shape == SEQUENCE) {
        g_string_append_printf(text, " uint32_t __%s_length;", name);
    }
    g_string_append_printf(text, " %s _%s", types[field->type].words, name);
    if (field->shape == SEQUENCE) {
        g_string_append_printf(text, "[__%s_length]", name);
    }
    g_string_append(text, field->shape == ARRAY ? "[3];" : ";");
    class->count++;
}

static void add_class(struct form *form, GString *text)
{
    struct class *class = &form->classes[form->count];
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    /* Two bytes: there are more events than a byte can tell. */
    guint number = 256 * choose(form, 256) + choose(form, 256);
    const char *provider = choose(form, 8) == 7 ? "other:" : "mi:";
    const char *name = number % 8 == 7 ? "not_known_yet" : mi_events[number / 8 % MI_EV_COUNT].name;

    class->ours = number % 8 != 7 && strcmp(provider, "mi:") == 0;
    g_string_append_printf(text, "event { name = \"%s%s\"; id = %u; stream_id = 0;\n    fields := struct {",
                           provider, name, form->count);
    for (guint left = choose(form, FIELDS_MAX + 1); left > 0; left--) {
        add_field(form, class, names, text);
    }
    g_string_append(text, " };\n};\n");
    form->count++;
}

static void write_metadata(struct form *form)
{
    g_autoptr(GString) text = g_string_new(head);
    bool clocked = choose(form, 8) != 7;

    g_string_append_printf(text, "typealias integer { size = 64; align = 8; %s } := clock_t;\n%s",
                           clocked ? "map = clock.monotonic.value;" : "", stream_head);
    for (guint left = 1 + choose(form, CLASSES_MAX); left > 0; left--) {
        add_class(form, text);
    }
    fuzz_put("metadata", (const uint8_t *)text->str, text->len);
}

/* ---- streams ---- */

static void put_element(struct form *form, GByteArray *bytes, guint type)
{
    uint64_t value = 0;

    for (guint i = 0; i < types[type].size; i++) {
        value = value << 8 | choose(form, 256);
    }
    put(bytes, value, types[type].size);
    for (guint left = types[type].size == 0 ? choose(form, 8) : 0; left > 0; left--) {
        put(bytes, 1 + choose(form, 255), 1);
    }
    if (types[type].size == 0) {
        put(bytes, 0, 1);
    }
}

static void put_field(struct form *form, GByteArray *bytes, const struct field *field)
{
    guint count = field->shape == SINGLE ? 1 : 3;

    if (field->shape == SEQUENCE) {
        count = choose(form, 16);
        count = count == 15 ? LONG_ARRAY : count;
        put(bytes, count, 4);
    }
    for (; count > 0; count--) {
        put_element(form, bytes, field->type);
    }
}

static void put_event(struct form *form, GByteArray *bytes, uint64_t clock)
{
    guint id = choose(form, form->count);
    const struct class *class = &form->classes[id];

    put(bytes, id, 4);
    put(bytes, clock, 8);
    for (guint i = 0; i < class->count; i++) {
        put_field(form, bytes, &class->fields[i]);
    }
    form->told.ours += class->ours;
    form->told.foreign += !class->ours;
}

/* The counters of a stream. */
struct counters {
    uint64_t clock, packets, discarded;
};

static void put_packet(struct form *form, GByteArray *bytes, struct counters *counters, uint64_t instance)
{
    g_autoptr(GByteArray) events = g_byte_array_new();
    uint64_t begin = counters->clock;

    for (guint left = choose(form, EVENTS_MAX + 1); left > 0; left--) {
        counters->clock += choose(form, 256);
        put_event(form, events, counters->clock);
    }
    const uint64_t bits = 8 * ((uint64_t)events->len + 84);
    const uint64_t context[] = {instance,           begin, counters->clock, bits, bits, counters->packets,
                                counters->discarded};
    put(bytes, 0xC1FC1FC1, 4);
    g_byte_array_append(bytes, (const guint8 *)"0123456789abcdef", 16);
    put(bytes, 0, 4);
    for (guint i = 0; i < G_N_ELEMENTS(context); i++) {
        put(bytes, context[i], 8);
    }
    put(bytes, 0, 4);
    g_byte_array_append(bytes, events->data, events->len);
}

static void write_stream(struct form *form, const char *name, uint64_t instance)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    struct counters counters = {.clock = 1};

    for (guint left = 1 + choose(form, PACKETS_MAX); left > 0; left--) {
        guint choice = choose(form, 16), lost = choice == 14 ? 1 + choose(form, 256) : 0;
        bool first = counters.packets == 0, skips = choice == 15 && !first;
        counters.discarded += lost;
        counters.packets += skips ? 3 : 1;
        form->told.lost += (first ? MIN(lost, 1) : lost) + (skips ? 2 : 0);
        put_packet(form, bytes, &counters, instance);
    }
    fuzz_put(name, bytes->data, bytes->len);
}

struct forms_told forms_write(const uint8_t *data, size_t size)
{
    struct form form = {.at = data, .end = data + size};

    fuzz_empty_directory();
    write_metadata(&form);
    write_stream(&form, "mi_0", 0);
    if (choose(&form, 2) == 1) {
        write_stream(&form, "mi_1", 1);
    }
    return form.told;
}
