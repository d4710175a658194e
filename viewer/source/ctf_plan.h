/* SPDX-License-Identifier: MIT */
/*
 * Which directories are read by whom. Streams of large traces are shared out among several readers; what is
 * damaged or shared out is read from private copies.
 */
#ifndef MITRACE_SOURCE_CTF_PLAN_H
#define MITRACE_SOURCE_CTF_PLAN_H

#include "source/ctf_copy.h"
#include "source/source.h"

/* What one graph of libbabeltrace2 reads: streams of one trace. */
struct ctf_part {
    char *name;       /* the trace's directory, as people know it */
    GPtrArray *paths; /* char *, absolute, at least one */
};

struct ctf_plan {
    GPtrArray *shares;     /* GPtrArray * of struct ctf_part *: one for each reader, at least one part each */
    struct ctf_copy *copy; /* holds some of the paths; NULL: none */
};

/* Find and check the traces in the directory `path` or below; what is wrong with them goes into `summary`.
 * False and `error`: there is none, or none that can be read. To be cleared in any case. */
bool ctf_plan_make(struct ctf_plan *plan, const char *path, struct source_summary *summary, GError **error);
void ctf_plan_clear(struct ctf_plan *plan);

#endif
