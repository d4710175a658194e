/* SPDX-License-Identifier: MIT */
/* Events as lines of text, in the form that text_read.c reads back. */
#include "source/fields.h"
#include "source/text.h"

#include <string.h>

#define NANOSECONDS 1000000000

bool text_is_printable(gunichar character)
{
    GUnicodeType type = g_unichar_type(character);

    return g_unichar_isprint(character) && type != G_UNICODE_LINE_SEPARATOR &&
           type != G_UNICODE_PARAGRAPH_SEPARATOR;
}

/* The length of the character at `text` when it can be printed as it is, otherwise 0. */
static size_t printable(const char *text, size_t left)
{
    if (g_ascii_isprint(*text)) {
        return 1;
    }
    if ((*text & 0x80) == 0) {
        return 0;
    }
    gunichar character = g_utf8_get_char_validated(text, (gssize)left);
    bool valid = character != (gunichar)-1 && character != (gunichar)-2;
    return valid && text_is_printable(character) ? (size_t)(g_utf8_next_char(text) - text) : 0;
}

static void append_escape(GString *out, char byte)
{
    switch (byte) {
    case '"':
    case '\\':
        g_string_append_c(out, '\\');
        g_string_append_c(out, byte);
        break;
    case '\n':
        g_string_append(out, "\\n");
        break;
    case '\t':
        g_string_append(out, "\\t");
        break;
    default:
        g_string_append_printf(out, "\\x%02x", (unsigned char)byte);
        break;
    }
}

static void append_text(GString *out, const char *text, size_t length)
{
    g_string_append_c(out, '"');
    for (size_t i = 0; i < length;) {
        size_t good = printable(text + i, length - i);
        if (good == 0 || text[i] == '"' || text[i] == '\\') {
            append_escape(out, text[i]);
            i++;
        } else {
            g_string_append_len(out, text + i, (gssize)good);
            i += good;
        }
    }
    g_string_append_c(out, '"');
}

/* A name in a frame; blanks at its ends are special, too. */
static void append_name(GString *out, const char *name, const char *special)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < length;) {
        size_t good = printable(name + i, length - i);
        bool at_end = i == 0 || i + 1 == length;
        if (good == 0 || strchr(special, name[i]) != NULL || (at_end && name[i] == ' ')) {
            g_string_append_printf(out, "%%%02X", (unsigned char)name[i]);
            i++;
        } else {
            g_string_append_len(out, name + i, (gssize)good);
            i += good;
        }
    }
}

static bool given(const char *name)
{
    return name != NULL && *name != '\0';
}

static void append_frame(GString *out, const struct source_frame *frame)
{
    if (given(frame->function)) {
        g_string_append_c(out, ':');
        append_name(out, frame->function, TEXT_FRAME_SPECIAL);
    }
    if (given(frame->file)) {
        g_string_append_c(out, '@');
        append_name(out, frame->file, TEXT_FILE_SPECIAL);
        if (frame->line != 0) {
            g_string_append_printf(out, ":%u", frame->line);
        }
    }
    if (given(frame->module)) {
        g_string_append_c(out, '!');
        append_name(out, frame->module, TEXT_FRAME_SPECIAL);
        g_string_append_printf(out, "+0x%" G_GINT64_MODIFIER "x", frame->offset);
    }
}

static void append_bytes(GString *out, const uint8_t *bytes, size_t length)
{
    if (length == 0) {
        g_string_append_c(out, '-');
    }
    for (size_t i = 0; i < length; i++) {
        g_string_append_printf(out, "%02x", bytes[i]);
    }
}

struct naming {
    source_namer namer;
    void *context;
    uint32_t pid;
};

static void append_stack(GString *out, const uint64_t *addresses, size_t length, const struct naming *naming)
{
    g_string_append_c(out, '[');
    for (size_t i = 0; i < length; i++) {
        struct source_frame frame = {0};
        g_string_append_printf(out, "%s0x%" G_GINT64_MODIFIER "x", i > 0 ? "," : "", addresses[i]);
        if (naming->namer != NULL && naming->namer(naming->context, naming->pid, addresses[i], &frame)) {
            append_frame(out, &frame);
        }
    }
    g_string_append_c(out, ']');
}

static void append_scalar(GString *out, const struct mi_event *data, const struct mi_field_info *field)
{
    uint64_t value = field_load(data, field);

    if (field->type == MI_TYPE_HEX) {
        g_string_append_printf(out, "0x%" G_GINT64_MODIFIER "x", value);
    } else if (field->type == MI_TYPE_I32) {
        g_string_append_printf(out, "%" G_GINT32_FORMAT, (int32_t)value);
    } else {
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, value);
    }
}

static void append_field(GString *out, const struct mi_event *data, const struct mi_field_info *field,
                         const struct naming *naming)
{
    uint32_t count = 0;

    switch (field->type) {
    case MI_TYPE_TEXT: {
        const char *text = field_elements(data, field, &count);
        append_text(out, text, count);
        break;
    }
    case MI_TYPE_STACK: {
        const uint64_t *addresses = field_elements(data, field, &count);
        append_stack(out, addresses, count, naming);
        break;
    }
    case MI_TYPE_BYTES: {
        const uint8_t *bytes = field_elements(data, field, &count);
        append_bytes(out, bytes, count);
        break;
    }
    default:
        append_scalar(out, data, field);
        break;
    }
}

void source_format_event(GString *out, const struct source_event *event, source_namer namer, void *context)
{
    const struct mi_event_info *info = &mi_events[event->id];
    const struct mi_class_info *class = &mi_classes[info->class];
    const struct naming naming = {namer, context, event->data.pid};

    g_string_append_printf(out, "%" G_GINT64_FORMAT ".%09d %s", event->time_ns / NANOSECONDS,
                           (int)(event->time_ns % NANOSECONDS), info->name);
    for (size_t i = 0; i < class->count; i++) {
        const struct mi_field_info *field = &mi_fields[class->fields[i]];
        g_string_append_printf(out, " %s=", field->name);
        append_field(out, &event->data, field, &naming);
    }
    g_string_append_c(out, '\n');
}

void source_format_header(GString *out)
{
    g_string_append(out, TEXT_HEADER "\n");
}

void source_format_summary(GString *out, const struct source_summary *summary)
{
    if (summary->lost > 0) {
        g_string_append_printf(out, "! lost %" G_GUINT64_FORMAT "\n", summary->lost);
    }
    for (guint i = 0; i < summary->problems->len; i++) {
        g_string_append_printf(out, "! cut %s\n", (const char *)g_ptr_array_index(summary->problems, i));
    }
}
