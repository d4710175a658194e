/* SPDX-License-Identifier: MIT */
/* Finds LTTng traces: directories that contain a file `metadata`. */
#include "source/ctf_find.h"

#include "source/ctf_metadata.h"

#include <fts.h>
#include <string.h>

/* LTTng nests its directories less deeply. */
#define DEPTH_MAX 16

void ctf_trace_free(void *data)
{
    struct ctf_trace *trace = data;
    g_free(trace->uuid);
    g_ptr_array_unref(trace->paths);
    g_free(trace);
}

/* The trace that a directory with that UUID belongs to, made when there is none yet. */
static struct ctf_trace *find_trace(GPtrArray *traces, char *uuid)
{
    for (guint i = 0; uuid != NULL && i < traces->len; i++) {
        struct ctf_trace *trace = g_ptr_array_index(traces, i);
        if (g_strcmp0(trace->uuid, uuid) == 0) {
            g_free(uuid);
            return trace;
        }
    }
    struct ctf_trace *trace = g_new0(struct ctf_trace, 1);
    trace->uuid = uuid;
    trace->paths = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(traces, trace);
    return trace;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}

GPtrArray *ctf_find(const char *path)
{
    GPtrArray *traces = g_ptr_array_new_with_free_func(ctf_trace_free);
    g_autofree char *root = g_canonicalize_filename(path, NULL);
    char *roots[] = {root, NULL};
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, by_name);

    if (tree == NULL) {
        return traces;
    }
    for (FTSENT *entry = fts_read(tree); entry != NULL; entry = fts_read(tree)) {
        if (entry->fts_info == FTS_D && entry->fts_level > DEPTH_MAX) {
            fts_set(tree, entry, FTS_SKIP);
        }
        if (entry->fts_info == FTS_F && strcmp(entry->fts_name, "metadata") == 0) {
            char *directory = g_path_get_dirname(entry->fts_path);
            struct ctf_trace *trace = find_trace(traces, ctf_metadata_uuid(directory));
            g_ptr_array_add(trace->paths, directory);
        }
    }
    fts_close(tree);
    return traces;
}
