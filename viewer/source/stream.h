/* SPDX-License-Identifier: MIT */
/* One source of events among those that source_read merges: a text trace, or LTTng trace directories. */
#ifndef MITRACE_SOURCE_STREAM_H
#define MITRACE_SOURCE_STREAM_H

#include "source/source.h"

struct source_stream;

/* The last event's names of addresses stand in `frames`; all that an event points to is valid until the next
 * call. */
struct source_stream_ops {
    /* Go on to the next event. False: there is none, or `error` is set and nothing more can be read at all.
     */
    bool (*next)(struct source_stream *stream, GError **error);
    void (*close)(struct source_stream *stream);
};

/* The first member of what an implementation needs. */
struct source_stream {
    const struct source_stream_ops *ops;
    struct source_event event;
    const struct source_frame *frames;
    size_t frame_count;
    unsigned order; /* among the streams of one source_read: equal times come in this order */
};

/* Errors of this room. */
#define SOURCE_ERROR (source_error_quark())
GQuark source_error_quark(void);

/* Something is missing from the trace: not complete, for this reason. */
void source_problem(struct source_summary *summary, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A new table of event names, without the provider's, to enum mi_event_id + 1 as a pointer. */
GHashTable *source_event_ids(void);

/* A stream of the text in `path` ("-": standard input), to be closed; NULL and `error`: not readable. The
 * summary must outlive it. */
struct source_stream *source_text_open(const char *path, struct source_summary *summary, GError **error);

/*
 * Append to `streams` those of every LTTng trace in the directory `path` or below, as far as they can be read
 * and are not empty. False and `error` when there is none, or none that can be read. The summary must outlive
 * them.
 */
bool source_ctf_open(const char *path, GPtrArray *streams, struct source_summary *summary, GError **error);

#endif
