/* SPDX-License-Identifier: MIT */
/* Finds out whether the layout of a trace is known, and which files are one stream. */
#include "source/direct.h"

#include "source/ctf_check.h"
#include "source/direct_stream.h"

static GArray *new_files(void)
{
    GArray *files = g_array_new(FALSE, FALSE, sizeof(struct direct_file));
    g_array_set_clear_func(files, direct_file_clear);
    return files;
}

static bool same_stream(const struct ctf_extent *a, const struct ctf_extent *b)
{
    return a->stream_id == b->stream_id && a->stream_instance_id == b->stream_instance_id;
}

/* The files of the stream that a file belongs to. */
static GArray *files_of(GPtrArray *groups, const struct ctf_extent *extent)
{
    for (guint i = 0; i < groups->len; i++) {
        GArray *files = groups->pdata[i];
        if (same_stream(&g_array_index(files, struct direct_file, 0).extent, extent)) {
            return files;
        }
    }
    g_ptr_array_add(groups, new_files());
    return groups->pdata[groups->len - 1];
}

/* Sort the files of a directory into groups. False: it is of another form. */
static bool take_directory(struct direct_trace *trace, const struct ctf_checked *directory, GPtrArray *groups)
{
    const struct direct_layout *layout = NULL;

    if (directory->state != CTF_FILES_OTHER && directory->metadata != NULL) {
        layout = direct_trace_layout(trace, directory->metadata);
    }
    for (guint i = 0; layout != NULL && i < directory->files->len; i++) {
        const struct ctf_file *file = directory->files->pdata[i];
        if (file->is_stream && file->extent.whole > 0) {
            struct direct_file part = {g_build_filename(directory->path, file->name, NULL), file->extent,
                                       layout};
            g_array_append_val(files_of(groups, &file->extent), part);
        }
    }
    return layout != NULL;
}

static gint by_time(gconstpointer a, gconstpointer b)
{
    const struct ctf_extent *first = &((const struct direct_file *)a)->extent;
    const struct ctf_extent *second = &((const struct direct_file *)b)->extent;
    return (first->first_begin > second->first_begin) - (first->first_begin < second->first_begin);
}

/* Whether the files of a stream, sorted, follow one another: copies of the same packets do not. */
static bool are_in_order(GArray *files)
{
    g_array_sort(files, by_time);
    for (guint i = 1; i < files->len; i++) {
        if (g_array_index(files, struct direct_file, i).extent.first_begin <=
            g_array_index(files, struct direct_file, i - 1).extent.last_begin) {
            return false;
        }
    }
    return true;
}

static bool find_streams(struct direct_trace *trace, const GPtrArray *directories, GPtrArray *groups)
{
    bool good = true;

    for (guint i = 0; good && i < directories->len; i++) {
        good = take_directory(trace, directories->pdata[i], groups);
    }
    for (guint i = 0; good && i < groups->len; i++) {
        good = are_in_order(groups->pdata[i]);
    }
    return good;
}

bool direct_open(const GPtrArray *directories, GPtrArray *streams, struct source_summary *summary)
{
    const struct ctf_checked *first = directories->pdata[0];
    struct direct_trace *trace = direct_trace_new(first->path, summary);
    g_autoptr(GPtrArray) groups = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    bool good = find_streams(trace, directories, groups);

    for (guint i = 0; good && i < groups->len; i++) {
        g_ptr_array_add(streams, direct_stream_new(trace, g_array_ref(groups->pdata[i])));
    }
    direct_trace_unref(trace);
    return good;
}
