/* SPDX-License-Identifier: MIT */
/* LTTng traces of the form that mitrace records, decoded in this process: the part of reading that starts no
 * other. */
#include "whole.h"

#include "source/ctf_check.h"
#include "source/direct.h"
#include "source/merge.h"

#include <stdlib.h>

/* Events in the order of time that can be printed. Returns how many. */
static uint64_t drain(GPtrArray *streams)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    int64_t last_ns = 0;
    uint64_t count = 0;

    for (bool good = merge_start(streams, &error); good && streams->len > 0;
         good = merge_advance(streams, &error)) {
        const struct source_event *event = &merge_first(streams)->event;
        if (event->time_ns < last_ns) {
            abort();
        }
        last_ns = event->time_ns;
        count++;
        g_string_truncate(out, 0);
        source_format_event(out, event, NULL, NULL);
        fuzz_check_text("events", out->str, out->len);
    }
    return count;
}

/* The directories of the first trace. */
static GPtrArray *first_trace(const GPtrArray *all)
{
    GPtrArray *directories = g_ptr_array_new();

    for (guint i = 0; i < all->len; i++) {
        struct ctf_checked *checked = all->pdata[i];
        if (checked->trace == ((const struct ctf_checked *)all->pdata[0])->trace) {
            g_ptr_array_add(directories, checked);
        }
    }
    return directories;
}

/* False: the first trace is of another form. */
static bool read_directory(struct source_summary *summary)
{
    g_autoptr(GPtrArray) traces = ctf_find(fuzz_directory());
    g_autoptr(GPtrArray) all = ctf_check(traces, summary);
    g_autoptr(GPtrArray) streams = merge_new();
    g_autoptr(GPtrArray) directories = first_trace(all);
    bool good = directories->len > 0 && direct_open(directories, streams, summary);

    if (good) {
        summary->events = drain(streams);
    }
    g_clear_pointer(&streams, g_ptr_array_unref);
    return good;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) entries = bundle_read(data, size);

    whole_check(entries, read_directory);
    return 0;
}
