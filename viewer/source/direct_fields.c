/* SPDX-License-Identifier: MIT */
/*
 * Integers and sequences of integers; a field of the trace is a field of ours when it has the same name and a
 * fitting type, by the same rules as in ctf_decode.
 */
#include "source/direct_fields.h"

#include "source/fields.h"

#include <string.h>

#define NAME_MAX_BYTES 63

/* integer { size = 8; align = 8; signed = 1; encoding = UTF8; base = 10; } */
struct integer {
    int64_t bits;
    bool is_signed, is_text;
};

static bool take_encoding(struct direct_tokens *tokens, struct integer *integer)
{
    integer->is_text = direct_accept(tokens, "UTF8");
    return integer->is_text || direct_expect(tokens, "none");
}

static bool take_integer(struct direct_tokens *tokens, struct integer *integer)
{
    int64_t is_signed = 0, base = 0;
    bool good = direct_expect(tokens, "integer { size =") && direct_number(tokens, &integer->bits) &&
                direct_expect(tokens, "; align = 8; signed =") && direct_number(tokens, &is_signed) &&
                direct_expect(tokens, "; encoding =") && take_encoding(tokens, integer) &&
                direct_expect(tokens, "; base =") && direct_number(tokens, &base) &&
                direct_expect(tokens, "; }");
    integer->is_signed = is_signed != 0;
    return good && (integer->bits == 8 || integer->bits == 16 || integer->bits == 32 || integer->bits == 64);
}

/* A name, without the underscore that LTTng puts before it. */
static bool take_name(struct direct_tokens *tokens, char *name)
{
    struct direct_token token;

    if (!direct_name(tokens, &token) || token.length > NAME_MAX_BYTES) {
        return false;
    }
    size_t skip = token.text[0] == '_';
    memcpy(name, token.text + skip, token.length - skip);
    name[token.length - skip] = '\0';
    return true;
}

static uint8_t our_size(enum mi_field_type type)
{
    return type == MI_TYPE_U8 ? 1 : type == MI_TYPE_HEX ? 8 : 4;
}

static bool is_number(const struct mi_field_info *info)
{
    return info->type != MI_TYPE_TEXT && info->type != MI_TYPE_STACK && info->type != MI_TYPE_BYTES;
}

static struct direct_field number_field(const struct integer *integer, const struct mi_field_info *info)
{
    struct direct_field field = {.size = (uint8_t)(integer->bits / 8), .is_signed = integer->is_signed};

    if (info != NULL && is_number(info)) {
        field.info = info;
        field.kind = field.size == our_size(info->type) ? DIRECT_COPY : DIRECT_CONVERT;
    }
    return field;
}

/* False: libbabeltrace2 would make something else of it. */
static bool choose_sequence(struct direct_field *field, const struct integer *integer,
                            const struct mi_field_info *info)
{
    bool bytes = field->size == 1;

    if (integer->is_text) {
        field->kind = info->type == MI_TYPE_TEXT ? DIRECT_TEXT : DIRECT_SKIP_ALL;
        return bytes;
    }
    if (integer->is_signed || is_number(info)) {
        field->kind = DIRECT_SKIP_ALL;
        return true;
    }
    field->kind = info->type == MI_TYPE_STACK ? DIRECT_WORDS : DIRECT_BYTES;
    return info->type == MI_TYPE_STACK ? field->size == 8 : bytes;
}

static bool sequence_field(struct direct_field *field, const struct integer *integer,
                           const struct mi_field_info *info)
{
    *field = (struct direct_field){.size = (uint8_t)(integer->bits / 8), .kind = DIRECT_SKIP_ALL};
    if (info == NULL) {
        return true;
    }
    bool good = choose_sequence(field, integer, info);
    field->info = field->kind != DIRECT_SKIP_ALL ? info : NULL;
    return good;
}

static const struct mi_field_info *find_info(const struct direct_event *event, const char *name)
{
    return event->ours ? field_find(event->id, name) : NULL;
}

/* What follows "[": the name of the field before, which is no field of ours, and becomes part of this one. */
static bool take_sequence(struct direct_tokens *tokens, struct direct_event *event,
                          const struct integer *integer, const char *name, const char *before)
{
    GArray *fields = event->fields;
    char length[NAME_MAX_BYTES + 1];
    struct direct_field field;

    if (!take_name(tokens, length) || strcmp(length, before) != 0 || fields->len == 0 ||
        !direct_expect(tokens, "] ;")) {
        return false;
    }
    const struct direct_field *last = &g_array_index(fields, struct direct_field, fields->len - 1);
    if (last->kind != DIRECT_SKIP || last->size != 4 || last->is_signed) {
        return false;
    }
    g_array_set_size(fields, fields->len - 1);
    if (!sequence_field(&field, integer, find_info(event, name))) {
        return false;
    }
    g_array_append_val(fields, field);
    return true;
}

bool direct_fields_take(struct direct_tokens *tokens, struct direct_event *event)
{
    char before[NAME_MAX_BYTES + 1] = "", name[NAME_MAX_BYTES + 1];

    while (!direct_accept(tokens, "}")) {
        struct integer integer = {0};
        if (!take_integer(tokens, &integer) || !take_name(tokens, name)) {
            return false;
        }
        if (direct_accept(tokens, "[")) {
            if (!take_sequence(tokens, event, &integer, name, before)) {
                return false;
            }
        } else if (direct_expect(tokens, ";")) {
            struct direct_field field = number_field(&integer, find_info(event, name));
            g_array_append_val(event->fields, field);
        } else {
            return false;
        }
        memcpy(before, name, sizeof(before));
    }
    return true;
}
