/* SPDX-License-Identifier: MIT */
/*
 * The wait-for graph at the end of a trace: who waits, for what, and whether that can come. One who waits is
 * a thread inside a blocking call, a session whose close was accepted and whose completion has not come, or a
 * callback that has not returned and is in no call of MI: nobody knows what it does.
 */
#ifndef MITRACE_RULES_WAIT_FOR_H
#define MITRACE_RULES_WAIT_FOR_H

#include "rules/omi_defects.h"

enum wait_cause {
    WAIT_PEER,           /* nothing in the trace keeps it from ending */
    WAIT_NOTHING,        /* everything it would wait for is done */
    WAIT_CALLBACK,       /* a callback that has not returned and may still do so */
    WAIT_OWN_CALLBACK,   /* the callback that it was called in */
    WAIT_OWN_DELIVERY,   /* a result that only its own thread could deliver */
    WAIT_UNREAD,         /* the final result, which nobody reads */
    WAIT_UNACKNOWLEDGED, /* a result that was handed out and not acknowledged */
    WAIT_NEVER_CLOSED,   /* a handle that nobody closed */
    WAIT_DEFECT,         /* nothing is open, but something was met before that spoils MI's counts */
    WAIT_NO_DELIVERY,    /* a result that no thread of a forked child delivers */
    WAIT_AFTER_CALLBACK, /* of a callback: what was asked for in it and cannot come before it has returned */
    WAIT_OUTSIDE         /* of a callback: something outside MI, or nothing */
};

struct wait_reason {
    enum wait_cause cause;
    GPtrArray *handles;                    /* struct model_handle *: what it waits for, at least one */
    const struct model_activity *callback; /* that runs, NULL where the cause has none */
    const struct omi_defect *defect;       /* NULL where the cause has none */
};

struct waiter;

/* Is this reason enough to say that the wait does not end by itself? */
typedef bool (*wait_judge)(const struct waiter *waiter, const struct wait_reason *reason);

/* It waits for what another one who waits would have to do. */
struct wait_edge {
    struct waiter *to;
    struct model_handle *through; /* the handle that connects them */
    const struct model_activity
        *callback; /* the callback of `through` that `to` is, or is inside of; NULL: `to` closes it */
};

struct waiter {
    struct model_thread *thread;           /* of an asynchronous close: the thread that asked for it */
    const struct model_activity *call;     /* NULL: an asynchronous close, or a callback */
    const struct model_activity *callback; /* NULL: a call, or an asynchronous close */
    enum mi_function function;             /* of a callback MI_FN_none */
    struct model_handle *handle; /* what the call was made on, or whose callback it is; never NULL */
    struct model_site site;      /* of a callback: the last call in it, or its entry when there is none */
    int64_t quiet_ns;            /* for so long nothing has happened that could lead to its end */
    GArray *reasons;             /* struct wait_reason; each cause at most once */
    GArray *edges;               /* struct wait_edge */
    GHashTable *beyond;          /* struct waiter * that it waits for, directly or not; NULL: none */
    bool stuck;                  /* for a sufficient cause of its own, or because of another one who is */
};

struct wait_for {
    struct model_process *process;
    GPtrArray *waiters; /* struct waiter * */
    int64_t end_ns;     /* when watching the process ended */
    const struct omi_defects *defects;
    wait_judge is_sufficient;

    /* for finding reasons */
    bool undelivered;               /* a forked child in which no thread delivers MI's results */
    GPtrArray *threads;             /* struct model_thread *, those that have not ended */
    GHashTable *children;           /* struct model_handle * -> GPtrArray of its open children */
    GHashTable *by_thread;          /* struct model_thread * -> its struct waiter * of a call */
    GHashTable *by_callback;        /* struct model_thread * -> its struct waiter * of a callback */
    GHashTable *by_session;         /* struct model_handle * -> struct waiter * of its asynchronous close */
    struct model_thread *deliverer; /* the one thread that delivers MI's results; NULL: none, or several */
};

/* To be freed with wait_for_free, before the model. `end_ns`: when watching the process ended. */
struct wait_for *wait_for_new(struct model_process *process, int64_t end_ns,
                              const struct omi_defects *defects, wait_judge is_sufficient);
void wait_for_free(struct wait_for *graph);

/* Does `waiter` wait for `other`, directly or not? For itself: only when there is a cycle. */
bool wait_for_leads_to(const struct waiter *waiter, const struct waiter *other);

/* Could a thread of the program that has used MI and is not stuck still do what `waiter` waits for? */
bool wait_for_has_free_thread(const struct wait_for *graph, const struct waiter *waiter);

/* wait_find.c: fill everything but the waiters' reasons and edges. */
void wait_for_find(struct wait_for *graph);

/* wait_reasons.c: fill waiter->reasons and waiter->edges. */
void wait_for_resolve(struct wait_for *graph, struct waiter *waiter);

/* wait_callbacks.c: the callback that `thread` is in, if it is one who waits; what such a callback waits for.
 */
void wait_for_find_callback(struct wait_for *graph, struct model_thread *thread);
void wait_for_resolve_callback(struct wait_for *graph, struct waiter *waiter);

/* The callback that keeps MI's one delivering thread from delivering anything else; NULL: none. */
const struct model_activity *wait_for_callback_in_the_way(const struct wait_for *graph);

struct waiter *wait_for_add_waiter(struct wait_for *graph, struct model_handle *handle,
                                   const struct model_site *site);

/* wait_moving.c: does anything go on below the waiter's handle that may lead to the missing call? */
bool wait_for_is_moving(const struct wait_for *graph, const struct waiter *waiter);

GPtrArray *wait_for_children(const struct wait_for *graph,
                             const struct model_handle *parent); /* NULL: none */
void wait_for_add_reason(struct waiter *waiter, enum wait_cause cause, struct model_handle *handle,
                         const struct model_activity *callback);

#endif
