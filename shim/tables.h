/* SPDX-License-Identifier: MIT */
/*
 * MI's function tables, patched in place: every public slot that is not NULL leads to a thunk of ours, the
 * originals are kept here. A patched table has a number; its thunks tell it to the wrapper, so that the
 * original is found without trusting the handle. OMI has about 18 tables; they are met on live handles, one
 * by one.
 */
#ifndef MITRACE_SHIM_TABLES_H
#define MITRACE_SHIM_TABLES_H

#include "mi_events.h"

#define TABLES_HIDDEN __attribute__((visibility("hidden")))

#define TABLES_PER_KIND 32 /* thunks.S has this many sets */

/* The originals: tables_<object>[number of the table][slot]. */
#define MI_TABLE_BEGIN(object, Object, slots) \
    extern TABLES_HIDDEN void *tables_##object[TABLES_PER_KIND][slots];
#include "mi_api.def"

/* What the field `table` of an event says of a handle. */
enum { TABLES_NO_HANDLE = 0, TABLES_NO_TABLE = 1, TABLES_FIRST = 2, TABLES_UNKNOWN = 255 };

/*
 * Patch `table`, of `kind`, unless that is done: judged by its content, since a library that is loaded again
 * can put a fresh table at a known address. Returns the value for the field `table`. A table that cannot be
 * patched is left alone, which is recorded once. `table` NULL is TABLES_NO_TABLE. Any thread; takes a lock
 * for a new table only.
 */
TABLES_HIDDEN uint8_t tables_meet(enum mi_kind kind, const void *table);

/* Record, once, that calls through `function`, an MI_Application_InitializeV1, are not seen. */
TABLES_HIDDEN void tables_unwatched(const void *function);

TABLES_HIDDEN void tables_lock(void); /* around a fork */
TABLES_HIDDEN void tables_unlock(void);

#endif
