/* SPDX-License-Identifier: MIT */
/* Reads a trace twice. */
#include "whole.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct told {
    bool whole;
    uint64_t events;
};

static struct told take(whole_reader read)
{
    struct source_summary summary = {.complete = true, .problems = g_ptr_array_new_with_free_func(g_free)};
    bool good = read(&summary);
    struct told told = {good && summary.complete, summary.events + summary.foreign};

    for (guint i = 0; i < summary.problems->len; i++) {
        fuzz_check_text("problem", summary.problems->pdata[i], strlen(summary.problems->pdata[i]));
    }
    if (summary.complete && (summary.lost > 0 || summary.problems->len > 0)) {
        fprintf(stderr, "fuzz: complete, with %u problems and %" PRIu64 " lost events\n",
                summary.problems->len, summary.lost);
        abort();
    }
    source_summary_clear(&summary);
    return told;
}

/* One of the files, by what is in them. */
static const char *choose(const GPtrArray *entries)
{
    guint sum = 0;

    for (guint i = 0; i < entries->len; i++) {
        const struct bundle_entry *entry = entries->pdata[i];
        for (guint j = 0; j < entry->bytes->len; j++) {
            sum = 31 * sum + entry->bytes->data[j];
        }
    }
    return ((const struct bundle_entry *)entries->pdata[sum % entries->len])->name;
}

void whole_check(const GPtrArray *entries, whole_reader read)
{
    bundle_unpack(entries);
    struct told before = take(read);

    if (!before.whole || entries->len == 0 || !fuzz_cut(choose(entries))) {
        return;
    }
    struct told after = take(read);
    if (after.whole && after.events < before.events) {
        fprintf(stderr,
                "fuzz: %" PRIu64 " events; without the last byte of %s %" PRIu64
                ", which is told to be all\n",
                before.events, choose(entries), after.events);
        abort();
    }
}
