/* SPDX-License-Identifier: MIT */
/* Directories of LTTng traces through the real path: checked, copied where damaged, read by forked readers.
 */
#include "child.h"
#include "whole.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);

static void take_event(void *context, const struct source_event *event)
{
    GString *out = context;

    g_string_truncate(out, 0);
    source_format_event(out, event, NULL, NULL);
    fuzz_check_text("events", out->str, out->len);
}

static bool read_directory(struct source_summary *summary)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const struct source_handler handler = {.event = take_event, .context = out};
    const char *path = fuzz_directory();
    g_autoptr(GError) error = NULL;

    source_summary_clear(summary);
    bool good = source_read(&path, 1, &handler, summary, &error);
    child_check();
    if (!good) {
        fuzz_check_error(error);
    }
    return good;
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    child_prepare();
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) entries = bundle_read(data, size);

    whole_check(entries, read_directory);
    return 0;
}
