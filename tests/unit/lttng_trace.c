/* SPDX-License-Identifier: MIT */
/* The words of LTTng's metadata, and its bytes. */
#include "lttng_trace.h"

#include <string.h>

static const char head[] =
    "/* CTF 1.8 */\n\n"
    "typealias integer { size = 8; align = 8; signed = false; } := uint8_t;\n"
    "typealias integer { size = 16; align = 8; signed = false; } := uint16_t;\n"
    "typealias integer { size = 32; align = 8; signed = false; } := uint32_t;\n"
    "typealias integer { size = 64; align = 8; signed = false; } := uint64_t;\n"
    "typealias integer { size = 64; align = 8; signed = false; } := unsigned long;\n"
    "typealias integer { size = 5; align = 1; signed = false; } := uint5_t;\n"
    "typealias integer { size = 27; align = 1; signed = false; } := uint27_t;\n\n"
    "trace {\n\tmajor = 1;\n\tminor = 8;\n\tuuid = \"30313233-3435-3637-3839-616263646566\";\n"
    "\tbyte_order = le;\n\tpacket.header := struct {\n\t\tuint32_t magic;\n\t\tuint8_t  uuid[16];\n"
    "\t\tuint32_t stream_id;\n\t\tuint64_t stream_instance_id;\n\t};\n};\n\n"
    "env {\n\tdomain = \"ust\";\n\ttracer_name = \"lttng-ust\";\n\ttracer_major = 2;\n\ttracer_minor = 13;\n"
    "\thostname = \"a \\\"quoted\\\" };\";\n};\n\n"
    "clock {\n\tname = \"monotonic\";\n\tuuid = \"5ccd533d-506e-45f1-ae49-0f65faabb8e8\";\n"
    "\tdescription = \"Monotonic Clock\";\n\tfreq = 1000000000; /* Frequency, in Hz */\n"
    "\t/* clock value offset from Epoch is: offset * (1/freq) */\n\toffset = 1700000000000000000;\n};\n\n"
    "typealias integer {\n\tsize = 27; align = 1; signed = false;\n\tmap = clock.monotonic.value;\n"
    "} := uint27_clock_monotonic_t;\n\n"
    "typealias integer {\n\tsize = 32; align = 8; signed = false;\n\tmap = clock.monotonic.value;\n"
    "} := uint32_clock_monotonic_t;\n\n"
    "typealias integer {\n\tsize = 64; align = 8; signed = false;\n\tmap = clock.monotonic.value;\n"
    "} := uint64_clock_monotonic_t;\n\n"
    "struct packet_context {\n\tuint64_clock_monotonic_t timestamp_begin;\n"
    "\tuint64_clock_monotonic_t timestamp_end;\n\tuint64_t content_size;\n\tuint64_t packet_size;\n"
    "\tuint64_t packet_seq_num;\n\tunsigned long events_discarded;\n\tuint32_t cpu_id;\n};\n\n"
    "struct event_header_compact {\n\tenum : uint5_t { compact = 0 ... 30, extended = 31 } id;\n"
    "\tvariant <id> {\n\t\tstruct {\n\t\t\tuint27_clock_monotonic_t timestamp;\n\t\t} compact;\n"
    "\t\tstruct {\n\t\t\tuint32_t id;\n\t\t\tuint64_clock_monotonic_t timestamp;\n\t\t} extended;\n\t} v;\n"
    "} align(8);\n\n"
    "struct event_header_large {\n\tenum : uint16_t { compact = 0 ... 65534, extended = 65535 } id;\n"
    "\tvariant <id> {\n\t\tstruct {\n\t\t\tuint32_clock_monotonic_t timestamp;\n\t\t} compact;\n"
    "\t\tstruct {\n\t\t\tuint32_t id;\n\t\t\tuint64_clock_monotonic_t timestamp;\n\t\t} extended;\n\t} v;\n"
    "} align(8);\n\n";

struct type {
    const char *integer;
    guint size;
};

static const struct type usual_types[] = {
    [MI_TYPE_U8] = {"integer { size = 8; align = 8; signed = 0; encoding = none; base = 10; }", 1},
    [MI_TYPE_U32] = {"integer { size = 32; align = 8; signed = 0; encoding = none; base = 10; }", 4},
    [MI_TYPE_I32] = {"integer { size = 32; align = 8; signed = 1; encoding = none; base = 10; }", 4},
    [MI_TYPE_HEX] = {"integer { size = 64; align = 8; signed = 0; encoding = none; base = 16; }", 8},
    [MI_TYPE_TEXT] = {"integer { size = 8; align = 8; signed = 1; encoding = UTF8; base = 10; }", 1},
    [MI_TYPE_STACK] = {"integer { size = 64; align = 8; signed = 0; encoding = none; base = 16; }", 8},
    [MI_TYPE_BYTES] = {"integer { size = 8; align = 8; signed = 0; encoding = none; base = 16; }", 1},
};

static const struct type odd_types[] = {
    [MI_TYPE_U8] = {"integer { size = 16; align = 8; signed = 1; encoding = none; base = 10; }", 2},
    [MI_TYPE_U32] = {"integer { size = 64; align = 8; signed = 0; encoding = none; base = 10; }", 8},
    [MI_TYPE_I32] = {"integer { size = 8; align = 8; signed = 1; encoding = none; base = 10; }", 1},
    [MI_TYPE_HEX] = {"integer { size = 32; align = 8; signed = 1; encoding = none; base = 16; }", 4},
    [MI_TYPE_TEXT] = {"integer { size = 8; align = 8; signed = 0; encoding = none; base = 10; }", 1},
    [MI_TYPE_STACK] = {"integer { size = 64; align = 8; signed = 1; encoding = none; base = 16; }", 8},
    [MI_TYPE_BYTES] = {"integer { size = 8; align = 8; signed = 0; encoding = UTF8; base = 16; }", 1},
};

static const struct type *type_of(unsigned form, enum mi_field_type type)
{
    return (form & LTTNG_ODD ? odd_types : usual_types) + type;
}

static bool is_sequence(enum mi_field_type type)
{
    return type == MI_TYPE_TEXT || type == MI_TYPE_STACK || type == MI_TYPE_BYTES;
}

static void describe_field(GString *text, unsigned form, const struct mi_field_info *field)
{
    const char *integer = type_of(form, field->type)->integer;

    if (is_sequence(field->type)) {
        g_string_append_printf(text, "\t\t%s __%s_length;\n\t\t%s _%s[ __%s_length ];\n",
                               usual_types[MI_TYPE_U32].integer, field->name, integer, field->name,
                               field->name);
    } else {
        g_string_append_printf(text, "\t\t%s _%s;\n", integer, field->name);
    }
}

static void begin_event(GString *text, const char *provider, const char *name, unsigned id)
{
    g_string_append_printf(text,
                           "event {\n\tname = \"%s:%s\";\n\tid = %u;\n\tstream_id = 0;\n\tloglevel = 6;\n"
                           "\tfields := struct {\n",
                           provider, name, id);
}

GString *lttng_metadata(unsigned form)
{
    GString *text = g_string_new(head);

    g_string_append_printf(text,
                           "stream {\n\tid = 0;\n\tevent.header := struct event_header_%s;\n"
                           "\tpacket.context := struct packet_context;\n};\n\n"
                           "stream {\n\tid = 1;\n\tevent.header := struct event_header_large;\n"
                           "\tpacket.context := struct packet_context;\n};\n\n",
                           form & LTTNG_COMPACT ? "compact" : "large");
    for (unsigned id = 0; id < MI_EV_COUNT; id++) {
        const struct mi_class_info *class = &mi_classes[mi_events[id].class];
        begin_event(text, "mi", mi_events[id].name, id);
        for (size_t i = 0; i < class->count; i++) {
            describe_field(text, form, &mi_fields[class->fields[i]]);
        }
        g_string_append(text, "\t};\n};\n\n");
    }
    begin_event(text, "other", "event", LTTNG_FOREIGN);
    g_string_append(
        text, "\t\tinteger { size = 32; align = 8; signed = 0; encoding = none; base = 10; } __pid_length;\n"
              "\t\tinteger { size = 16; align = 8; signed = 1; encoding = none; base = 10; } _pid[ "
              "__pid_length ];\n"
              "\t};\n};\n\n");
    return text;
}

void lttng_put(GByteArray *bytes, uint64_t value, guint size)
{
    g_byte_array_append(bytes, (const guint8 *)&value, size);
}

struct lttng_packet lttng_packet_begin(GByteArray *bytes, unsigned form, uint64_t instance, uint64_t number,
                                       uint64_t discarded, uint64_t begin)
{
    struct lttng_packet packet = {bytes, bytes->len, form, begin};

    lttng_put(bytes, 0xC1FC1FC1, 4);
    g_byte_array_append(bytes, (const guint8 *)"0123456789abcdef", 16);
    lttng_put(bytes, 0, 4);
    lttng_put(bytes, instance, 8);
    lttng_put(bytes, begin, 8);
    lttng_put(bytes, begin, 8);
    lttng_put(bytes, 0, 8);
    lttng_put(bytes, 0, 8);
    lttng_put(bytes, number, 8);
    lttng_put(bytes, discarded, 8);
    lttng_put(bytes, instance, 4);
    return packet;
}

static void patch(const struct lttng_packet *packet, guint offset, uint64_t value)
{
    memcpy(packet->bytes->data + packet->start + offset, &value, sizeof(value));
}

void lttng_packet_end(struct lttng_packet *packet, uint64_t end)
{
    patch(packet, 40, end);
    patch(packet, LTTNG_AT_CONTENT, 8 * (uint64_t)(packet->bytes->len - packet->start));
    while ((packet->bytes->len - packet->start) % 256 != 0) {
        lttng_put(packet->bytes, 0xAA, 1);
    }
    patch(packet, LTTNG_AT_SIZE, 8 * (uint64_t)(packet->bytes->len - packet->start));
}

void lttng_event(struct lttng_packet *packet, uint32_t id, uint64_t clock, bool extended)
{
    bool compact = (packet->form & LTTNG_COMPACT) != 0;
    uint32_t largest = compact ? 30 : 65534;

    if (extended || id > largest || clock - packet->clock >= LTTNG_SPAN(packet->form)) {
        lttng_put(packet->bytes, largest + 1, compact ? 1 : 2);
        lttng_put(packet->bytes, id, 4);
        lttng_put(packet->bytes, clock, 8);
    } else if (compact) {
        lttng_put(packet->bytes, id | (clock & (LTTNG_SPAN(LTTNG_COMPACT) - 1)) << 5, 4);
    } else {
        lttng_put(packet->bytes, id, 2);
        lttng_put(packet->bytes, clock, 4);
    }
    packet->clock = clock;
}

static uint64_t random_word(GRand *random)
{
    return (uint64_t)g_rand_int(random) << 32 | g_rand_int(random);
}

/* Mostly short, sometimes empty, sometimes longer than an event may have. */
static uint32_t random_length(GRand *random)
{
    static const uint32_t limits[] = {1, 8, 8, 30, 30, 70, 1100};
    return (uint32_t)g_rand_int_range(random, 0, (gint32)limits[g_rand_int(random) % G_N_ELEMENTS(limits)]);
}

void lttng_random_fields(struct lttng_packet *packet, enum mi_event_id id, GRand *random)
{
    const struct mi_class_info *class = &mi_classes[mi_events[id].class];

    for (size_t i = 0; i < class->count; i++) {
        const struct mi_field_info *field = &mi_fields[class->fields[i]];
        uint32_t count = is_sequence(field->type) ? random_length(random) : 1;
        if (is_sequence(field->type)) {
            lttng_put(packet->bytes, count, 4);
        }
        for (uint32_t j = 0; j < count; j++) {
            uint64_t word = class->fields[i] == MI_FIELD_major ? MI_SCHEMA_MAJOR : random_word(random);
            lttng_put(packet->bytes, word, type_of(packet->form, field->type)->size);
        }
    }
}
