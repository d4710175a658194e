/* SPDX-License-Identifier: MIT */
/* See text.h. */
#include "text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *const type_names[] = {"boolean",  "uint8",  "sint8",     "uint16",  "sint16", "uint32",
                                         "sint32",   "uint64", "sint64",    "real32",  "real64", "char16",
                                         "datetime", "string", "reference", "instance"};

const char *text_type_name(MI_Type type)
{
    return type_names[type % 16];
}

void text_add(struct text *text, const char *from, size_t length)
{
    if (text->length < text->size) {
        size_t room = text->size - text->length;

        memcpy(text->buffer + text->length, from, length < room ? length : room);
    }
    text->length += (MI_Uint32)length;
}

void text_put(struct text *text, const char *format, ...)
{
    char piece[512];
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(piece, sizeof piece, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return;
    }
    text_add(text, piece, (size_t)length < sizeof piece ? (size_t)length : sizeof piece - 1);
}

void text_put_scalar(struct text *text, MI_Type type, const MI_Value *value)
{
    switch (type) {
    case MI_BOOLEAN:
        text_put(text, "%s", value->boolean ? "true" : "false");
        break;
    case MI_UINT8:
        text_put(text, "%u", value->uint8);
        break;
    case MI_UINT32:
        text_put(text, "%" PRIu32, value->uint32);
        break;
    case MI_UINT64:
        text_put(text, "%" PRIu64, value->uint64);
        break;
    case MI_STRING:
        text_add(text, value->string, strlen(value->string));
        break;
    default:
        break;
    }
}
