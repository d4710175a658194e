/* SPDX-License-Identifier: MIT */
/* Opens the LTTng traces in a directory. */
#include "source/ctf_child.h"
#include "source/ctf_plan.h"
#include "source/merge.h"

/* Start all readers before waiting for the first. */
static bool start_readers(const struct ctf_plan *plan, const char *path, GPtrArray *readers,
                          struct source_summary *summary, GError **error)
{
    for (guint i = 0; i < plan->shares->len; i++) {
        struct source_stream *reader =
            ctf_child_new(path, g_ptr_array_index(plan->shares, i), plan->copy, summary, error);
        if (reader == NULL) {
            return false;
        }
        g_ptr_array_add(readers, reader);
    }
    return true;
}

/* Drop the readers that cannot read anything. What is wrong is a problem, unless it is all there is. */
static bool await_readers(GPtrArray *readers, struct source_summary *summary, GError **error)
{
    guint started = readers->len;

    for (guint i = started; i > 0; i--) {
        if (!ctf_child_open(g_ptr_array_index(readers, i - 1))) {
            g_ptr_array_remove_index(readers, i - 1);
        }
    }
    if (started > 0 && readers->len == 0) {
        const char *last = g_ptr_array_index(summary->problems, summary->problems->len - 1);
        g_set_error(error, SOURCE_ERROR, 0, "%s", last);
        return false;
    }
    return true;
}

bool source_ctf_open(const char *path, GPtrArray *streams, struct source_summary *summary, GError **error)
{
    struct ctf_plan plan = {NULL, NULL};
    g_autoptr(GPtrArray) readers = merge_new();
    bool good = ctf_plan_make(&plan, path, summary, error) &&
                start_readers(&plan, path, readers, summary, error) && await_readers(readers, summary, error);

    ctf_plan_clear(&plan);
    if (good) {
        g_ptr_array_extend_and_steal(streams, g_steal_pointer(&readers));
    }
    return good;
}
