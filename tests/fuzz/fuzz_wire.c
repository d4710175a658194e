/* SPDX-License-Identifier: MIT */
/* What a reader of LTTng traces sends, when the reader was taken over by the trace that it read. */
#include "fuzz.h"

#include "source/wire.h"

#include <fcntl.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct wire_reader reader;
    g_autoptr(GString) out = g_string_new(NULL);

    reader.begin = reader.end = 0;
    reader.descriptor = open(fuzz_file(0, data, size), O_RDONLY | O_CLOEXEC);
    for (const struct wire_record *record = wire_read(&reader); record != NULL; record = wire_read(&reader)) {
        struct source_event event;
        if (record->kind == WIRE_EVENT && wire_unpack(record, &event)) {
            g_string_truncate(out, 0);
            source_format_event(out, &event, NULL, NULL);
            fuzz_check_text("events", out->str, out->len);
        }
    }
    close(reader.descriptor);
    return 0;
}
