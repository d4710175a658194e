/* SPDX-License-Identifier: MIT */
/* Several streams as one, in the order of time. */
#ifndef MITRACE_SOURCE_MERGE_H
#define MITRACE_SOURCE_MERGE_H

#include "source/stream.h"

/* An empty array of struct source_stream * that closes what it holds. */
GPtrArray *merge_new(void);

/* Go on to the first event of all streams; to be called once. False: `error` is set. */
bool merge_start(GPtrArray *streams, GError **error);

/* The stream whose event is next; NULL when there is none. */
const struct source_stream *merge_first(const GPtrArray *streams);

/* Go on to the event after that. False: `error` is set. */
bool merge_advance(GPtrArray *streams, GError **error);

#endif
