/* SPDX-License-Identifier: MIT */
/* The streams of a trace whose layout is known. */
#ifndef MITRACE_SOURCE_DIRECT_STREAM_H
#define MITRACE_SOURCE_DIRECT_STREAM_H

#include "source/ctf_packets.h"
#include "source/direct_layout.h"
#include "source/stream.h"

/* What the streams of one trace share. */
struct direct_trace;

/* With one reference; `name` is the trace's directory, as people know it. The summary must outlive it. */
struct direct_trace *direct_trace_new(const char *name, struct source_summary *summary);
void direct_trace_unref(struct direct_trace *trace);

/* The layout that the metadata `text` of one of its directories describes, owned by the trace; NULL: it is of
 * another form. */
const struct direct_layout *direct_trace_layout(struct direct_trace *trace, const char *text);

/* A part of a stream: rotated traces go on in the next directory. */
struct direct_file {
    char *path; /* owned */
    struct ctf_extent extent;
    const struct direct_layout *layout;
};

void direct_file_clear(void *file);

/* A stream of these files (struct direct_file, at least one, in order), which it takes over; it has a
 * reference to the trace. */
struct source_stream *direct_stream_new(struct direct_trace *trace, GArray *files);

#endif
