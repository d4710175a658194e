/* SPDX-License-Identifier: MIT */
/* Checks the metadata and the packet headers of trace directories, and reports what is wrong with them. */
#include "source/ctf_check.h"

#include "source/ctf_metadata.h"
#include "source/stream.h"

static void free_checked(void *data)
{
    struct ctf_checked *checked = data;
    g_ptr_array_unref(checked->files);
    g_free(checked->metadata);
    g_free(checked);
}

static void report_flaws(const struct ctf_checked *checked, struct source_summary *summary)
{
    for (guint i = 0; checked->state == CTF_FILES_FLAWED && i < checked->files->len; i++) {
        const struct ctf_file *file = g_ptr_array_index(checked->files, i);
        if (file->flaw != NULL) {
            source_problem(summary,
                           "%s/%s %s: %" G_GUINT64_FORMAT " of its %" G_GUINT64_FORMAT " bytes were read",
                           checked->path, file->name, file->flaw, file->extent.whole, file->size);
        }
    }
}

/* NULL: nothing there can be read, which is reported. */
static struct ctf_checked *check_directory(const struct ctf_trace *trace, const char *path,
                                           struct source_summary *summary)
{
    g_autofree char *metadata = NULL;
    const char *flaw = ctf_metadata_check(path, &metadata);

    if (flaw != NULL && metadata == NULL) {
        source_problem(summary,
                       "%s cannot be read: its metadata %s: the recording ended before it was written", path,
                       flaw);
        return NULL;
    }
    if (flaw != NULL) {
        source_problem(summary, "%s/metadata %s: events that it does not describe were left out", path, flaw);
    }
    struct ctf_checked *checked = g_new0(struct ctf_checked, 1);
    checked->trace = trace;
    checked->path = path;
    checked->files = ctf_check_files(path, &checked->state);
    checked->metadata = g_steal_pointer(&metadata);
    checked->saved = flaw != NULL;
    report_flaws(checked, summary);
    return checked;
}

GPtrArray *ctf_check(const GPtrArray *traces, struct source_summary *summary)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(free_checked);

    for (guint i = 0; i < traces->len; i++) {
        const struct ctf_trace *trace = g_ptr_array_index(traces, i);
        for (guint j = 0; j < trace->paths->len; j++) {
            struct ctf_checked *checked = check_directory(trace, g_ptr_array_index(trace->paths, j), summary);
            if (checked != NULL) {
                g_ptr_array_add(all, checked);
            }
        }
    }
    return all;
}
