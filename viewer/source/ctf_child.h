/* SPDX-License-Identifier: MIT */
/*
 * LTTng traces read in a child process: a few wrong bytes in a trace make libbabeltrace2 allocate without
 * limit, print, abort or crash. That ends the child; this process goes on with what came before. Several
 * children read at once.
 */
#ifndef MITRACE_SOURCE_CTF_CHILD_H
#define MITRACE_SOURCE_CTF_CHILD_H

#include "source/ctf_copy.h"
#include "source/stream.h"

/*
 * Start a child that reads `parts` (struct ctf_part *) as one stream. `name` is what they come from, for
 * messages. Keeps a reference to `copy`, which may be NULL. The summary must outlive the stream. NULL and
 * `error`: no process can be started.
 */
struct source_stream *ctf_child_new(const char *name, const GPtrArray *parts, struct ctf_copy *copy,
                                    struct source_summary *summary, GError **error);

/* Wait until the child has opened them, before the first event. False: none can be read, as the summary
 * tells. */
bool ctf_child_open(struct source_stream *stream);

#endif
