/* SPDX-License-Identifier: MIT */
/* The places of a finding, where it was created and where it is stuck, as suppressions and baselines see
 * them. */
#ifndef MITRACE_ACCEPT_PLACE_H
#define MITRACE_ACCEPT_PLACE_H

#include "rules/finding.h"
#include "symbols/symbols.h"

#include <glib.h>

/* How stacks are named: the frames that reports show for `site`, innermost first (const struct symbols_frame
 * *), in a new array that accept frees. */
struct accept_stacks {
    GPtrArray *(*find)(void *context, const struct model_site *site);
    void *context;
};

struct accept_place {
    const char *call;  /* "MI_Session_Close"; NULL: no call is meant, or the place is not known */
    GPtrArray *frames; /* const struct symbols_frame *, innermost first; may be empty */
};

struct accept_places {
    struct accept_place created, at;
};

/* To be cleared with accept_places_clear. */
struct accept_places accept_places_of(const struct finding *finding, const struct accept_stacks *stacks);
void accept_places_clear(struct accept_places *places);

/*
 * The name of the innermost function of the program where the finding is stuck, or was created when it is
 * stuck nowhere; NULL when no name is known there. Valid as long as the frames are.
 */
const char *accept_function_of(const struct accept_places *places);

/*
 * An entry that describes this finding and stays right when lines move: "leak-session:open_pool". The caller
 * frees it.
 */
char *accept_entry_for(const struct finding *finding, const struct accept_stacks *stacks);

#endif
