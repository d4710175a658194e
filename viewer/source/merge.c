/* SPDX-License-Identifier: MIT */
/* Keeps streams sorted by the time of their next event. */
#include "source/merge.h"

static void close_stream(void *data)
{
    struct source_stream *stream = data;
    stream->ops->close(stream);
}

GPtrArray *merge_new(void)
{
    return g_ptr_array_new_with_free_func(close_stream);
}

static bool before(const struct source_stream *a, const struct source_stream *b)
{
    if (a->event.time_ns != b->event.time_ns) {
        return a->event.time_ns < b->event.time_ns;
    }
    return a->order < b->order;
}

/* streams[first + 1 ...] are sorted by the time of their event: let streams[first] take its place among them.
 */
static void sink_down(GPtrArray *streams, guint first)
{
    gpointer *all = streams->pdata;

    for (guint i = first; i + 1 < streams->len && before(all[i + 1], all[i]); i++) {
        gpointer later = all[i];
        all[i] = all[i + 1];
        all[i + 1] = later;
    }
}

/* Go on to the next event of streams[index], or drop that stream. False: `error` is set. */
static bool advance(GPtrArray *streams, guint index, GError **error)
{
    struct source_stream *stream = g_ptr_array_index(streams, index);
    GError *failure = NULL;

    if (stream->ops->next(stream, &failure)) {
        sink_down(streams, index);
    } else if (failure == NULL) {
        g_ptr_array_remove_index(streams, index);
    } else {
        g_propagate_error(error, failure);
        return false;
    }
    return true;
}

bool merge_start(GPtrArray *streams, GError **error)
{
    for (guint i = 0; i < streams->len; i++) {
        struct source_stream *stream = g_ptr_array_index(streams, i);
        stream->order = i;
    }
    for (guint i = streams->len; i > 0; i--) {
        if (!advance(streams, i - 1, error)) {
            return false;
        }
    }
    return true;
}

const struct source_stream *merge_first(const GPtrArray *streams)
{
    return streams->len > 0 ? g_ptr_array_index(streams, 0) : NULL;
}

bool merge_advance(GPtrArray *streams, GError **error)
{
    return advance(streams, 0, error);
}
