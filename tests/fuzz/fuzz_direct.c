/* SPDX-License-Identifier: MIT */
/* LTTng traces of the form that mitrace records, decoded in this process: the part of reading that starts no
 * other. */
#include "bundle.h"

#include "source/ctf_check.h"
#include "source/direct.h"
#include "source/merge.h"

#include <stdlib.h>
#include <string.h>

/* Events in the order of time that can be printed. */
static void drain(GPtrArray *streams)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    int64_t last_ns = 0;

    for (bool good = merge_start(streams, &error); good && streams->len > 0;
         good = merge_advance(streams, &error)) {
        const struct source_event *event = &merge_first(streams)->event;
        if (event->time_ns < last_ns) {
            abort();
        }
        last_ns = event->time_ns;
        g_string_truncate(out, 0);
        source_format_event(out, event, NULL, NULL);
        fuzz_check_text("events", out->str, out->len);
    }
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) entries = bundle_read(data, size);
    struct source_summary summary = {.complete = true, .problems = g_ptr_array_new_with_free_func(g_free)};

    bundle_unpack(entries);
    g_autoptr(GPtrArray) traces = ctf_find(fuzz_directory());
    g_autoptr(GPtrArray) all = ctf_check(traces, &summary);
    g_autoptr(GPtrArray) streams = merge_new();
    g_autoptr(GPtrArray) directories = first_trace(all);
    if (directories->len > 0 && direct_open(directories, streams, &summary)) {
        drain(streams);
    }
    for (guint i = 0; i < summary.problems->len; i++) {
        fuzz_check_text("problem", summary.problems->pdata[i], strlen(summary.problems->pdata[i]));
    }
    g_clear_pointer(&streams, g_ptr_array_unref);
    source_summary_clear(&summary);
    return 0;
}
