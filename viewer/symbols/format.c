/* SPDX-License-Identifier: MIT */
/* Writes a frame for people. */
#include "symbols/format.h"

#include <inttypes.h>
#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

void symbols_format_frame(GString *out, const struct symbols_frame *frame)
{
    if (frame->function != NULL)
        g_string_append(out, frame->function);
    else
        g_string_append_printf(out, "0x%" PRIx64, frame->address);

    if (frame->file != NULL && frame->line != 0)
        g_string_append_printf(out, " at %s:%u", frame->file, frame->line);
    else if (frame->module != NULL)
        g_string_append_printf(out, " (%s+0x%" PRIx64 ")", base_name(frame->module), frame->offset);
}
