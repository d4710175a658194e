/* SPDX-License-Identifier: MIT */
/*
 * Histories at random: programs that use MI as they should, on several threads, and an MI that answers them as OMI does. Words
 * and addresses are used again as soon as they are free. One fault can be let in.
 */
#ifndef MITRACE_UNIT_HISTORY_H
#define MITRACE_UNIT_HISTORY_H

#include "build_events.h"

enum { HISTORY_ITEMS = 48, HISTORY_THREADS = 4, HISTORY_STRUCTS = 32, HISTORY_FREE = 64 };

/* A handle or object of the program, or a cell of this table that is free. */
struct item {
    enum mi_kind kind; /* MI_KIND_none: free */
    struct words words;
    struct item *parent;
    unsigned busy;   /* calls inside that must not be disturbed */
    bool closed;     /* the close was accepted, or is on its way */
    bool cut_off;    /* only one close may begin */
    uint64_t token;  /* of an operation; of a session: of its close */
    /* operation */
    enum mi_function start;
    bool asynchronous, manual;
    unsigned to_come; /* results that MI has not handed out */
    unsigned owed, callbacks;
    uint64_t lent; /* address of the result that is out; 0: none */
    /* class: references; application: it had a session */
    unsigned references;
    bool connected;
};

/* What a thread is inside of. */
struct inside {
    enum mi_function function; /* of a call that has not returned, or MI_FN_none: a callback */
    struct item *item;
    uint64_t object; /* lent by this callback; 0: none */
    bool owed;       /* an acknowledgement was not given in it */
};

struct thread {
    uint32_t tid;
    bool library;
    struct inside stack[8];
    unsigned depth;
};

struct history {
    struct story story;
    GRand *random;
    struct item items[HISTORY_ITEMS];
    struct thread threads[HISTORY_THREADS];
    struct thread *thread; /* that makes the step */
    uint64_t free[HISTORY_FREE];
    unsigned free_count;
    uint64_t next_address, next_token, next_version;
    struct words struct_left[MI_KIND_COUNT]; /* what stands in a struct whose handle was closed */
    bool hangs; /* a fault made a thread wait for ever: nothing more happens */
    bool ends;  /* the program is closing what is open, and opens nothing any more */
};

struct fault {
    const char *name;
    bool (*commit)(struct history *history); /* false: not possible now */
    const char *found;   /* rules that must be found, joined by blanks */
    const char *may;     /* rules that may be found besides, as a consequence */
};

extern const struct fault history_faults[];
extern const size_t history_fault_count;

/* Run a history of about `steps` steps; `fault` NULL: none. False: there was no occasion for the fault. The story is to be
 * judged, and ended with history_end. */
bool history_run(struct history *history, guint32 seed, unsigned steps, const struct fault *fault);
void history_end(struct history *history);

/* For faults. */
typedef bool (*item_test)(const struct item *item);
unsigned history_pick(struct history *history, unsigned count);
bool history_chance(struct history *history, unsigned in);
struct item *history_find(struct history *history, item_test test); /* a random one; NULL: none */
void history_place(struct history *history);

#endif
