/* SPDX-License-Identifier: MIT */
/* Directories of LTTng traces through the real path: checked, copied where damaged, read by forked readers.
 */
#include "bundle.h"

#include "source/source.h"

#include <string.h>

static void take_event(void *context, const struct source_event *event)
{
    GString *out = context;

    g_string_truncate(out, 0);
    source_format_event(out, event, NULL, NULL);
    fuzz_check_text("events", out->str, out->len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) entries = bundle_read(data, size);
    g_autoptr(GString) out = g_string_new(NULL);
    const struct source_handler handler = {.event = take_event, .context = out};
    const char *path = fuzz_directory();
    struct source_summary summary;
    g_autoptr(GError) error = NULL;

    bundle_unpack(entries);
    if (!source_read(&path, 1, &handler, &summary, &error)) {
        fuzz_check_error(error);
    }
    for (guint i = 0; i < summary.problems->len; i++) {
        fuzz_check_text("problem", summary.problems->pdata[i], strlen(summary.problems->pdata[i]));
    }
    source_summary_clear(&summary);
    return 0;
}
