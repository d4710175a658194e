/* SPDX-License-Identifier: MIT */
/* What can be read in the directories of traces. */
#ifndef MITRACE_SOURCE_CTF_CHECK_H
#define MITRACE_SOURCE_CTF_CHECK_H

#include "source/ctf_find.h"
#include "source/ctf_packets.h"
#include "source/source.h"

/* A directory whose metadata can be used. */
struct ctf_checked {
    const struct ctf_trace *trace;
    const char *path;
    GPtrArray *files; /* struct ctf_file * */
    enum ctf_files_state state;
    char *metadata; /* as text */
    bool saved;     /* the metadata is damaged, and this is what is left of it */
};

/* The directories of all traces, struct ctf_checked *, in the same order, which must not outlive them; what
 * is wrong with them goes into `summary`. The caller unrefs. */
GPtrArray *ctf_check(const GPtrArray *traces, struct source_summary *summary);

#endif
