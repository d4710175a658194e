/* SPDX-License-Identifier: MIT */
/* Which directories libbabeltrace2 reads: those of traces, or private copies of what is damaged. */
#ifndef MITRACE_SOURCE_CTF_PLAN_H
#define MITRACE_SOURCE_CTF_PLAN_H

#include "source/ctf_copy.h"
#include "source/source.h"

/* What one graph of libbabeltrace2 reads: a trace. */
struct ctf_part {
    char *name;       /* the trace's directory, as people know it */
    GPtrArray *paths; /* char *, absolute, at least one */
};

struct ctf_plan {
    GPtrArray *parts;      /* struct ctf_part * */
    struct ctf_copy *copy; /* holds some of the paths; NULL: none */
};

/* Plan for directories (struct ctf_checked *, those of a trace together). False and `error`: what is damaged
 * cannot be copied. To be cleared in any case. */
bool ctf_plan_make(struct ctf_plan *plan, const GPtrArray *directories, GError **error);
void ctf_plan_clear(struct ctf_plan *plan);

#endif
