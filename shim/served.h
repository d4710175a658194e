/* SPDX-License-Identifier: MIT */
/*
 * What has to live as long as a handle of MI's, and no longer: the boxes of callbacks that MI may call until
 * the handle is closed. Handles without such callbacks are not here. Any thread; a lock is taken for a
 * moment.
 */
#ifndef MITRACE_SHIM_SERVED_H
#define MITRACE_SHIM_SERVED_H

#include "mi_events.h"

#include <stdbool.h>
#include <stdint.h>

#define SERVED_HIDDEN __attribute__((visibility("hidden")))

/* The first member of something allocated with malloc; all zero before served_begin. */
struct served {
    enum mi_kind kind;
    uint64_t r1, r2;  /* the handle's words */
    unsigned closing; /* closes of the handle that are not done */
    bool closed;      /* one that is done was accepted */
    bool listed;
    struct served *next;
};

/* From now on `served` belongs to the handle with these words, whose close frees it. An older handle with
 * these words, of which no close was seen, is gone. */
SERVED_HIDDEN void served_begin(struct served *served, enum mi_kind kind, uint64_t r1, uint64_t r2);

/* A close of a handle begins. Returns what serves it, which lives at least until served_closed; NULL:
 * nothing.
 */
SERVED_HIDDEN struct served *served_closing(enum mi_kind kind, uint64_t r1, uint64_t r2);

/*
 * That close is done: MI accepted it, and calls nothing any more. When several closes run at once, the first
 * to return may not be the one that waited: the last of them frees. NULL is allowed.
 */
SERVED_HIDDEN void served_closed(struct served *served, bool accepted);

SERVED_HIDDEN void served_lock(void); /* around a fork */
SERVED_HIDDEN void served_unlock(void);

#endif
