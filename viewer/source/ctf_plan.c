/* SPDX-License-Identifier: MIT */
/* Has damaged directories copied and puts those of one trace together. */
#include "source/ctf_plan.h"

#include "source/ctf_check.h"
#include "source/stream.h"

#include <string.h>
#include <sys/stat.h>

static void free_part(void *data)
{
    struct ctf_part *part = data;
    g_free(part->name);
    g_ptr_array_unref(part->paths);
    g_free(part);
}

static bool has_packets(const struct ctf_checked *checked)
{
    bool found = false;

    for (guint i = 0; i < checked->files->len; i++) {
        found = found || ((const struct ctf_file *)checked->files->pdata[i])->extent.whole > 0;
    }
    return found;
}

/* libbabeltrace2 opens the files in index/ of a directory that it reads, and waits for ever when one is a
 * pipe. */
static bool has_odd_index(const char *directory)
{
    g_autofree char *index = g_build_filename(directory, "index", NULL);
    g_autoptr(GDir) entries = g_dir_open(index, 0, NULL);
    bool odd = false;

    for (const char *name = NULL; !odd && entries != NULL && (name = g_dir_read_name(entries)) != NULL;) {
        g_autofree char *path = g_build_filename(index, name, NULL);
        struct stat status;
        odd = stat(path, &status) == 0 && !S_ISREG(status.st_mode);
    }
    return odd;
}

/* Where a directory is read. NULL: nowhere, or with `error` not possible. */
static char *path_of(struct ctf_plan *plan, const struct ctf_checked *checked, GError **error)
{
    const char *metadata = checked->saved ? checked->metadata : NULL;
    bool odd = has_odd_index(checked->path), other = checked->state == CTF_FILES_OTHER;

    if (other && odd) {
        g_set_error(error, SOURCE_ERROR, 0, "%s/index holds something that is no file: remove it",
                    checked->path);
        return NULL;
    }
    if ((other && metadata == NULL) || (!odd && checked->state == CTF_FILES_WHOLE && metadata == NULL)) {
        return g_strdup(checked->path);
    }
    if (!has_packets(checked)) {
        return NULL;
    }
    if (plan->copy == NULL) {
        plan->copy = ctf_copy_new(error);
    }
    return plan->copy != NULL ? ctf_copy_add(plan->copy, checked->path, checked->files, metadata, error)
                              : NULL;
}

/* The part that belongs to a trace: the last one, or a new one. */
static struct ctf_part *part_of(GPtrArray *parts, const struct ctf_trace *trace)
{
    const char *name = g_ptr_array_index(trace->paths, 0);
    struct ctf_part *last = parts->len > 0 ? g_ptr_array_index(parts, parts->len - 1) : NULL;

    if (last != NULL && strcmp(last->name, name) == 0) {
        return last;
    }
    struct ctf_part *part = g_new0(struct ctf_part, 1);
    part->name = g_strdup(name);
    part->paths = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(parts, part);
    return part;
}

bool ctf_plan_make(struct ctf_plan *plan, const GPtrArray *directories, GError **error)
{
    GError *failure = NULL;

    *plan = (struct ctf_plan){.parts = g_ptr_array_new_with_free_func(free_part)};
    for (guint i = 0; i < directories->len; i++) {
        const struct ctf_checked *checked = directories->pdata[i];
        char *path = path_of(plan, checked, &failure);
        if (failure != NULL) {
            g_propagate_error(error, failure);
            return false;
        }
        if (path != NULL) {
            g_ptr_array_add(part_of(plan->parts, checked->trace)->paths, path);
        }
    }
    return true;
}

void ctf_plan_clear(struct ctf_plan *plan)
{
    g_clear_pointer(&plan->parts, g_ptr_array_unref);
    ctf_copy_unref(plan->copy);
    plan->copy = NULL;
}
