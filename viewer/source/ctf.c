/* SPDX-License-Identifier: MIT */
/* Opens the LTTng traces in a directory: directly where their form is known, else with libbabeltrace2. */
#include "source/ctf_check.h"
#include "source/ctf_child.h"
#include "source/ctf_plan.h"
#include "source/direct.h"
#include "source/stream.h"

/* Set `error` to the last problem. */
static bool fail(const struct source_summary *summary, GError **error)
{
    const char *last = g_ptr_array_index(summary->problems, summary->problems->len - 1);

    g_set_error(error, SOURCE_ERROR, 0, "%s", last);
    return false;
}

/* Open those directories in a child. What it cannot read is a problem, unless it is all there is (`only`). */
static bool open_in_child(const GPtrArray *directories, bool only, const char *path, GPtrArray *streams,
                          struct source_summary *summary, GError **error)
{
    struct ctf_plan plan;
    struct source_stream *reader = NULL;
    bool good = ctf_plan_make(&plan, directories, error);

    if (good && plan.parts->len > 0) {
        reader = ctf_child_new(path, plan.parts, plan.copy, summary, error);
        good = reader != NULL;
    }
    ctf_plan_clear(&plan);
    if (reader != NULL && ctf_child_open(reader)) {
        g_ptr_array_add(streams, reader);
    } else if (reader != NULL) {
        reader->ops->close(reader);
        good = !only || fail(summary, error);
    }
    return good;
}

/* The directories of the same trace as the one at `first`. */
static GPtrArray *directories_of(const GPtrArray *all, guint first)
{
    const struct ctf_trace *trace = ((const struct ctf_checked *)all->pdata[first])->trace;
    GPtrArray *directories = g_ptr_array_new();

    for (guint i = first; i < all->len && ((const struct ctf_checked *)all->pdata[i])->trace == trace; i++) {
        g_ptr_array_add(directories, all->pdata[i]);
    }
    return directories;
}

/* Open what can be read directly; returns the directories of all other traces. */
static GPtrArray *open_directly(const GPtrArray *all, GPtrArray *streams, struct source_summary *summary)
{
    GPtrArray *rest = g_ptr_array_new();

    for (guint i = 0; i < all->len;) {
        g_autoptr(GPtrArray) directories = directories_of(all, i);
        i += directories->len;
        if (!direct_open(directories, streams, summary)) {
            g_ptr_array_extend(rest, directories, NULL, NULL);
        }
    }
    return rest;
}

bool source_ctf_open(const char *path, GPtrArray *streams, struct source_summary *summary, GError **error)
{
    g_autoptr(GPtrArray) traces = ctf_find(path);

    if (traces->len == 0) {
        g_set_error(error, SOURCE_ERROR, 0, "%s contains no trace: no file named metadata in it or below it",
                    path);
        return false;
    }
    g_autoptr(GPtrArray) all = ctf_check(traces, summary);
    if (all->len == 0) {
        return fail(summary, error);
    }
    g_autoptr(GPtrArray) rest = open_directly(all, streams, summary);
    return rest->len == 0 || open_in_child(rest, rest->len == all->len, path, streams, summary, error);
}
