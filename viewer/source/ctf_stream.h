/* SPDX-License-Identifier: MIT */
/* One LTTng trace as a stream of events. */
#ifndef MITRACE_SOURCE_CTF_STREAM_H
#define MITRACE_SOURCE_CTF_STREAM_H

#include "source/ctf_graph.h"
#include "source/ctf_plan.h"
#include "source/stream.h"

/* A stream of the events of a part of a trace. The summary must outlive it. NULL without `error`: there are
 * none. */
struct source_stream *ctf_stream_new(const struct ctf_part *part, const struct ctf_plugins *plugins,
                                     struct source_summary *summary, GError **error);

#endif
