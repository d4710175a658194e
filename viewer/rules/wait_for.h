/* SPDX-License-Identifier: MIT */
/*
 * The wait-for graph at the end of a trace: who waits, for what, and whether that can come. One who waits is
 * a thread inside a blocking call, or a session whose close was accepted and whose completion has not come.
 */
#ifndef MITRACE_RULES_WAIT_FOR_H
#define MITRACE_RULES_WAIT_FOR_H

#include "model/model.h"

enum wait_cause {
    WAIT_PEER,           /* nothing in the trace keeps it from ending */
    WAIT_NOTHING,        /* everything it would wait for is done */
    WAIT_CALLBACK,       /* a callback that has not returned and may still do so */
    WAIT_OWN_CALLBACK,   /* the callback that it was called in */
    WAIT_OWN_DELIVERY,   /* a result that only its own thread could deliver */
    WAIT_UNREAD,         /* the final result, which nobody reads */
    WAIT_UNACKNOWLEDGED, /* a result that was handed out and not acknowledged */
    WAIT_NEVER_CLOSED    /* a handle that nobody closed */
};

struct wait_reason {
    enum wait_cause cause;
    GPtrArray *handles;                    /* struct model_handle *: what it waits for, at least one */
    const struct model_activity *callback; /* that runs, NULL where the cause has none */
};

struct waiter;

/* Is this reason enough to say that the wait does not end by itself? */
typedef bool (*wait_judge)(const struct waiter *waiter, const struct wait_reason *reason);

/* It waits for what another one who waits would have to do. */
struct wait_edge {
    struct waiter *to;
    struct model_handle *through; /* the handle that connects them */
    const struct model_activity
        *callback; /* the callback of `through` that `to` is inside of; NULL: `to` closes it */
};

struct waiter {
    struct model_thread *thread;       /* of an asynchronous close: the thread that asked for it */
    const struct model_activity *call; /* NULL: an asynchronous close */
    enum mi_function function;
    struct model_handle *handle; /* what the call was made on, never NULL */
    struct model_site site;
    GArray *reasons; /* struct wait_reason; each cause at most once */
    GArray *edges;   /* struct wait_edge */
    bool stuck;      /* for a sufficient cause of its own, or because of another one who is */
};

struct wait_for {
    struct model_process *process;
    GPtrArray *waiters; /* struct waiter * */
    wait_judge is_sufficient;

    /* for finding reasons */
    GPtrArray *threads;             /* struct model_thread *, those that have not ended */
    GHashTable *children;           /* struct model_handle * -> GPtrArray of its open children */
    GHashTable *by_thread;          /* struct model_thread * -> its struct waiter * */
    GHashTable *by_session;         /* struct model_handle * -> struct waiter * of its asynchronous close */
    struct model_thread *deliverer; /* the one thread that delivers MI's results; NULL: none, or several */
};

/* To be freed with wait_for_free, before the model. */
struct wait_for *wait_for_new(struct model_process *process, wait_judge is_sufficient);
void wait_for_free(struct wait_for *graph);

/* Waiters that `waiter` waits for, directly or not; includes itself only when there is a cycle. A new array.
 */
GPtrArray *wait_for_reachable(const struct waiter *waiter);

/* Could a thread of the program that has used MI and is not stuck still do what `waiter` waits for? */
bool wait_for_has_free_thread(const struct wait_for *graph, const struct waiter *waiter);

/* wait_reasons.c: fill waiter->reasons and waiter->edges. */
void wait_for_resolve(struct wait_for *graph, struct waiter *waiter);

/* wait_moving.c: does anything go on below the waiter's handle that may lead to the missing call? */
bool wait_for_is_moving(const struct wait_for *graph, const struct waiter *waiter);

GPtrArray *wait_for_children(const struct wait_for *graph,
                             const struct model_handle *parent); /* NULL: none */
void wait_for_add_reason(struct waiter *waiter, enum wait_cause cause, struct model_handle *handle,
                         const struct model_activity *callback);

/* Is `callback` one that calls on `handle` (an application or a session) wait for? */
bool wait_for_belongs(const struct model_activity *callback, const struct model_handle *handle);

#endif
