/* SPDX-License-Identifier: MIT */
/*
 * A baseline: the findings that a program is known to have, in a file (schema mitrace-baseline/1) that is
 * kept with the program's source. What stands in it does not fail a check; what is new or has grown does.
 */
#ifndef MITRACE_ACCEPT_BASELINE_H
#define MITRACE_ACCEPT_BASELINE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define ACCEPT_BASELINE_SCHEMA "mitrace-baseline/1"

struct accept_known {
    char *fingerprint, *rule;
    char *message, *function; /* for people who read the file; "" when not known */
    uint64_t count;
    uint64_t left; /* of `count`, or more: what was found again, suppressed or not */
};

struct accept_baseline {
    char *path;
    GPtrArray *known;           /* struct accept_known *, owned: what the file holds */
    GHashTable *by_fingerprint; /* char * -> struct accept_known *, both of `known` */
    GPtrArray *next;            /* struct accept_known *, owned: what an update writes; NULL: no update */
    bool whole;                 /* what is not found is gone; otherwise the trace cannot tell. Set before
                                   findings are taken */
    guint found, grown, fresh;  /* findings that the file knows, knows with a smaller count, does not know */
    guint gone, shrunk; /* entries of the file that nothing, or less, was found for; 0 unless `whole` */
    guint kept;         /* entries that an update keeps because the trace cannot tell */
};

/* An empty one for the file at `path`; with `update` it gathers what accept_baseline_write is to write. */
struct accept_baseline *accept_baseline_new(const char *path, bool update);
void accept_baseline_free(struct accept_baseline *baseline); /* NULL is allowed */

/* Add an entry of the file; takes `known`. False when its fingerprint is in there already. */
bool accept_baseline_add(struct accept_baseline *baseline, struct accept_known *known);
void accept_known_free(struct accept_known *known);

/*
 * One finding that is present: its strings are copied, `function` may be NULL. Returns the count that the
 * file knows, 0: none.
 */
uint64_t accept_baseline_take(struct accept_baseline *baseline, const struct accept_known *present);

/* A finding that is present but accepted by a suppression: its entry in the file is not gone. */
void accept_baseline_pass(struct accept_baseline *baseline, const char *fingerprint);

/* After the last finding. */
void accept_baseline_finish(struct accept_baseline *baseline);

/*
 * baseline_file.c: read the file at `path`. With `update` it need not exist. NULL with one line in `error`
 * when it cannot be read or is no baseline.
 */
struct accept_baseline *accept_baseline_read(const char *path, bool update, GError **error);

/*
 * Write the update, sorted: readers see the old file or the new one, whole. The file keeps its mode, and a
 * symbolic link stays one. False with one line in `error`.
 */
bool accept_baseline_write(struct accept_baseline *baseline, GError **error);

#endif
