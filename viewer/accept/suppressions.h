/* SPDX-License-Identifier: MIT */
/*
 * Suppressions: entries `RULE:PATTERN` of files that people keep beside their program. An entry accepts every
 * finding whose rule and stacks it describes; README.md of this room has the form of the file.
 */
#ifndef MITRACE_ACCEPT_SUPPRESSIONS_H
#define MITRACE_ACCEPT_SUPPRESSIONS_H

#include "accept/place.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { ACCEPT_PATTERN_MAX = 1000 }; /* bytes of an entry's pattern */

/* What an entry's pattern is compared with. */
enum accept_target {
    ACCEPT_FUNCTION, /* NAME, function:NAME: one of the functions, the MI function included */
    ACCEPT_MODULE,   /* module:NAME: one of the modules, with or without its folders */
    ACCEPT_FILE      /* file:NAME: one of the source files, with or without its folders */
};

struct accept_entry {
    char *text;   /* "known.supp:3 leak-session:open_pool": where it stands and what it says */
    char *rule;   /* id or glob of ids */
    char *glob;   /* of what `target` says */
    char *until;  /* "2026-12-31": the last day on which it holds; NULL: for ever */
    char *reason; /* NULL: none given */
    enum accept_target target;
    bool builtin;        /* of builtin.def */
    bool expired;        /* its last day is over: it describes findings but accepts none */
    uint64_t matched;    /* findings that it describes */
    uint64_t suppressed; /* findings that it accepted: it was the first that describes them */
};

/* A list for the functions below, to be freed with g_ptr_array_unref: struct accept_entry *, owned. */
GPtrArray *accept_entries_new(void);

/*
 * Add the entries of `text`, the contents of a file called `name`. `today` is "2026-01-31". False with
 * "NAME:LINE: what is wrong" in `error`; entries before that line were added.
 */
bool accept_parse(GPtrArray *entries, const char *name, const char *text, const char *today, GError **error);

/* The same for the file at `path`, and for the table of builtin.def. */
bool accept_read(GPtrArray *entries, const char *path, const char *today, GError **error);
bool accept_add_builtin(GPtrArray *entries, const char *today, GError **error);

/*
 * The first entry that accepts a finding of the rule `id` at `places`, NULL when none does. Counts in the
 * entries what they describe.
 */
const struct accept_entry *accept_match(const GPtrArray *entries, const char *id,
                                        const struct accept_places *places);

#endif
