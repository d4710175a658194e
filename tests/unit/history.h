/* SPDX-License-Identifier: MIT */
/*
 * Histories at random: programs that use MI as they should, on several threads, and an MI that answers as OMI
 * does. Words and addresses are used again as soon as they are free. One fault can be let in.
 */
#ifndef MITRACE_UNIT_HISTORY_H
#define MITRACE_UNIT_HISTORY_H

#include "build_events.h"

enum { HISTORY_ITEMS = 64, HISTORY_THREADS = 4, HISTORY_DEPTH = 8, HISTORY_FREE = 64 };
enum { OK, FAILED, ACCESS_DENIED, INVALID_PARAMETER = 4 };

/* A handle or object that the program has. */
struct item {
    enum mi_kind kind; /* MI_KIND_none: this cell of the table is free */
    struct words words;
    struct item *parent;
    unsigned busy; /* calls on it that have not returned */
    bool closed;   /* its close was accepted, or has begun */
    bool kept;     /* nobody closes it any more */
    uint64_t token;
    /* application: cells that sessions and operations have, how often they were given out */
    uint64_t cells, version;
    bool connected;
    /* operation */
    enum mi_function start;
    bool asynchronous, manual;
    bool starting;    /* nobody has been told of it */
    unsigned to_come; /* results that MI has not handed out */
    unsigned owed, callbacks;
    uint64_t lent;       /* result that is out; 0: none */
    unsigned references; /* class */
};

/* A call that has not returned, or a callback (function MI_FN_none). */
struct inside {
    enum mi_function function;
    struct item *item;
    uint64_t object; /* that the callback was lent; 0: none, or given back */
};

struct thread {
    uint32_t tid;
    struct inside stack[HISTORY_DEPTH];
    unsigned depth;
};

struct history {
    struct story story;
    GRand *random;
    struct item items[HISTORY_ITEMS];
    struct thread threads[HISTORY_THREADS]; /* main, two more, MI's */
    struct thread *thread;                  /* that makes the step */
    uint64_t free[HISTORY_FREE];
    unsigned free_count;
    uint64_t next_address, next_token;
    struct words last_session; /* that was closed: what its struct still holds */
    uint32_t next_pid;
    bool ends; /* the program opens nothing any more */
};

struct fault {
    const char *name;
    bool (*commit)(struct history *history); /* false: not now */
    const char *found;                       /* rules that must be found, joined by blanks */
    bool hangs;                              /* nothing more can happen */
};

extern const struct fault history_faults[];
extern const size_t history_fault_count;

/*
 * Begin a history, and let about `steps` steps happen; `fault` NULL: none is let in. False: there was no
 * occasion for the fault. The findings may be asked for then; history_end frees everything.
 */
void history_begin(struct history *history, guint32 seed);
bool history_go_on(struct history *history, unsigned steps, const struct fault *fault);
void history_end(struct history *history);

/* For faults. */
unsigned history_pick(struct history *history, unsigned count); /* 0 to count - 1 */
typedef bool (*item_test)(const struct history *history, const struct item *item);
struct item *history_find(struct history *history, item_test test); /* a random one; NULL: none */
uint64_t history_allocate(struct history *history);
void history_release(struct history *history, uint64_t address); /* may be 0 */
struct item *history_make(struct history *history, enum mi_kind kind, struct item *parent);
void history_forget(struct history *history, struct item *item); /* its memory and cell are free again */
void history_turn(struct history *history, unsigned thread);     /* whose step it is */
struct item *history_start(struct history *history, struct item *session, uint64_t token, bool manual);
/* The last result, without an instance. */
void history_deliver(struct history *history, const struct item *operation, struct words words,
                     int32_t result);
bool history_is_idle(const struct history *history); /* no thread is inside of anything */
bool history_is_closable(const struct history *history, const struct item *operation);
bool history_has_children(const struct history *history, const struct item *item, bool open_only);

#endif
