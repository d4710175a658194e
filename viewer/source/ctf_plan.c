/* SPDX-License-Identifier: MIT */
/* Checks trace directories and shares out their streams. */
#include "source/ctf_plan.h"

#include "source/ctf_find.h"
#include "source/ctf_metadata.h"
#include "source/ctf_packets.h"
#include "source/stream.h"

#include <string.h>

/* Starting a reader costs as much as reading some 100000 events. */
#define SHARE_BYTES (8u << 20)
#define SHARES_MAX  8u

/* A directory whose metadata can be used. */
struct checked {
    const struct ctf_trace *trace;
    const char *path;
    GPtrArray *files; /* struct ctf_file * */
    enum ctf_files_state state;
    char *metadata; /* what was saved of it; NULL: it is in order */
};

/* All streams of one name, in whatever directory: rotated traces go on in files of the same name. */
struct weight {
    const char *name;
    uint64_t bytes;
    guint share;
};

static void free_checked(void *data)
{
    struct checked *checked = data;
    g_ptr_array_unref(checked->files);
    g_free(checked->metadata);
    g_free(checked);
}

static void free_part(void *data)
{
    struct ctf_part *part = data;
    g_free(part->name);
    g_ptr_array_unref(part->paths);
    g_free(part);
}

static void report_flaws(const struct checked *checked, struct source_summary *summary)
{
    for (guint i = 0; checked->state == CTF_FILES_FLAWED && i < checked->files->len; i++) {
        const struct ctf_file *file = g_ptr_array_index(checked->files, i);
        if (file->flaw != NULL) {
            source_problem(summary,
                           "%s/%s %s: %" G_GUINT64_FORMAT " of its %" G_GUINT64_FORMAT " bytes were read",
                           checked->path, file->name, file->flaw, file->whole, file->size);
        }
    }
}

/* NULL: nothing there can be read, which is reported. */
static struct checked *check_directory(const struct ctf_trace *trace, const char *path,
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
    struct checked *checked = g_new0(struct checked, 1);
    checked->trace = trace;
    checked->path = path;
    checked->files = ctf_check_files(path, &checked->state);
    checked->metadata = g_steal_pointer(&metadata);
    report_flaws(checked, summary);
    return checked;
}

static GPtrArray *check_all(const GPtrArray *traces, struct source_summary *summary)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(free_checked);

    for (guint i = 0; i < traces->len; i++) {
        const struct ctf_trace *trace = g_ptr_array_index(traces, i);
        for (guint j = 0; j < trace->paths->len; j++) {
            struct checked *checked = check_directory(trace, g_ptr_array_index(trace->paths, j), summary);
            if (checked != NULL) {
                g_ptr_array_add(all, checked);
            }
        }
    }
    return all;
}

static struct weight *find_weight(GArray *weights, const char *name)
{
    for (guint i = 0; i < weights->len; i++) {
        struct weight *weight = &g_array_index(weights, struct weight, i);
        if (strcmp(weight->name, name) == 0) {
            return weight;
        }
    }
    return NULL;
}

static void add_weight(GArray *weights, const struct ctf_file *file)
{
    struct weight *known = find_weight(weights, file->name);
    struct weight weight = {.name = file->name, .bytes = file->whole};

    if (known != NULL) {
        known->bytes += file->whole;
    } else {
        g_array_append_val(weights, weight);
    }
}

static gint heaviest_first(gconstpointer a, gconstpointer b)
{
    const struct weight *first = a, *second = b;
    return (first->bytes < second->bytes) - (first->bytes > second->bytes);
}

/* Give the heaviest streams out first, each to the share that has least. */
static void share_out(GArray *weights, guint count)
{
    uint64_t loads[SHARES_MAX] = {0};

    g_array_sort(weights, heaviest_first);
    for (guint i = 0; i < weights->len; i++) {
        struct weight *weight = &g_array_index(weights, struct weight, i);
        for (guint share = 1; share < count; share++) {
            weight->share = loads[share] < loads[weight->share] ? share : weight->share;
        }
        loads[weight->share] += weight->bytes;
    }
}

/* Weigh all streams; `count` is how many shares they are worth. */
static GArray *weigh(const GPtrArray *all, guint *count)
{
    GArray *weights = g_array_new(FALSE, FALSE, sizeof(struct weight));
    uint64_t bytes = 0;

    for (guint i = 0; i < all->len; i++) {
        const struct checked *checked = g_ptr_array_index(all, i);
        for (guint j = 0; j < checked->files->len; j++) {
            const struct ctf_file *file = g_ptr_array_index(checked->files, j);
            add_weight(weights, file);
            bytes += file->whole;
        }
    }
    uint64_t useful = MIN(bytes / SHARE_BYTES, MIN(g_get_num_processors(), SHARES_MAX));
    *count = (guint)CLAMP(useful, 1, MAX(weights->len, 1));
    return weights;
}

/* The files of a directory that belong to a share and have anything in them. */
static GPtrArray *files_of_share(const struct checked *checked, GArray *weights, guint share)
{
    GPtrArray *files = g_ptr_array_new();

    for (guint i = 0; i < checked->files->len; i++) {
        struct ctf_file *file = g_ptr_array_index(checked->files, i);
        if (file->whole > 0 && find_weight(weights, file->name)->share == share) {
            g_ptr_array_add(files, file);
        }
    }
    return files;
}

/* Where a share reads its part of a directory. NULL: nowhere, or with `error` not possible. */
static char *share_path(struct ctf_plan *plan, const struct checked *checked, GArray *weights, guint share,
                        guint count, GError **error)
{
    bool as_it_is = checked->state == CTF_FILES_OTHER ||
                    (count == 1 && checked->state == CTF_FILES_WHOLE && checked->metadata == NULL);

    if (as_it_is) {
        return share == 0 ? g_strdup(checked->path) : NULL;
    }
    g_autoptr(GPtrArray) files = files_of_share(checked, weights, share);
    if (files->len == 0) {
        return NULL;
    }
    if (plan->copy == NULL) {
        plan->copy = ctf_copy_new(error);
    }
    return plan->copy != NULL ? ctf_copy_add(plan->copy, checked->path, files, checked->metadata, error)
                              : NULL;
}

/* The part of `parts` that belongs to a trace: the last one, or a new one. */
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

static bool plan_share(struct ctf_plan *plan, const GPtrArray *all, GArray *weights, guint share, guint count,
                       GError **error)
{
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(free_part);
    GError *failure = NULL;

    for (guint i = 0; i < all->len; i++) {
        const struct checked *checked = g_ptr_array_index(all, i);
        char *path = share_path(plan, checked, weights, share, count, &failure);
        if (failure != NULL) {
            g_propagate_error(error, failure);
            return false;
        }
        if (path != NULL) {
            g_ptr_array_add(part_of(parts, checked->trace)->paths, path);
        }
    }
    if (parts->len > 0) {
        g_ptr_array_add(plan->shares, g_steal_pointer(&parts));
    }
    return true;
}

/* Without a place for copies, what is whole can still be read by one reader. */
static bool plan_shares(struct ctf_plan *plan, const GPtrArray *all, GError **error)
{
    guint count = 0;
    g_autoptr(GArray) weights = weigh(all, &count);
    bool good = true;

    if (count > 1) {
        plan->copy = ctf_copy_new(NULL);
        count = plan->copy != NULL ? count : 1;
    }
    share_out(weights, count);
    for (guint share = 0; good && share < count; share++) {
        good = plan_share(plan, all, weights, share, count, error);
    }
    return good;
}

bool ctf_plan_make(struct ctf_plan *plan, const char *path, struct source_summary *summary, GError **error)
{
    g_autoptr(GPtrArray) traces = ctf_find(path);
    g_autoptr(GPtrArray) all = check_all(traces, summary);

    plan->shares = g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
    if (traces->len == 0) {
        g_set_error(error, SOURCE_ERROR, 0, "%s contains no trace: no file named metadata in it or below it",
                    path);
        return false;
    }
    if (all->len == 0) {
        const char *last = g_ptr_array_index(summary->problems, summary->problems->len - 1);
        g_set_error(error, SOURCE_ERROR, 0, "%s", last);
        return false;
    }
    return plan_shares(plan, all, error);
}

void ctf_plan_clear(struct ctf_plan *plan)
{
    g_clear_pointer(&plan->shares, g_ptr_array_unref);
    ctf_copy_unref(plan->copy);
    plan->copy = NULL;
}
