/* SPDX-License-Identifier: MIT */
/*
 * The parts of the stress program to one another. Everything it makes is a `struct thing`. A thing belongs to
 * one thread, or lies on the shelf, from where any thread may take it: so handles wander between threads, and
 * no two threads ever use one at the same time.
 */
#ifndef MITRACE_TESTS_STRESS_H
#define MITRACE_TESTS_STRESS_H

#include "account.h"

#include <stdint.h>

enum operation_state {
    OPERATION_UNREAD,   /* synchronous, and nobody has read its last result */
    OPERATION_FINISHED, /* its last result has come: to be closed */
    OPERATION_OWED      /* a result waits for its acknowledgement */
};

struct thing {
    enum mi_kind kind;
    enum mi_function creator;
    struct thing *parent; /* the application of a session, the session of an operation */
    _Atomic int children; /* open ones; it may be closed when there are none */
    struct thing *next;   /* on the shelf */
    union {
        MI_Application application;
        MI_Session session;
        MI_Operation operation;
        MI_Serializer serializer;
        MI_Deserializer deserializer;
        MI_DestinationOptions destination_options;
        MI_OperationOptions operation_options;
        MI_SubscriptionDeliveryOptions subscription_options;
        MI_Instance *instance;
        MI_Class *class;
    };

    /* An operation. */
    enum operation_state state;
    bool classes;       /* its results are classes */
    bool has_one;       /* it has a single result: only then may it be cancelled at any time */
    _Atomic int owners; /* of one that may be closed before its last result: starter and last callback */
    MI_ResultAcknowledgement acknowledge;
    MI_Operation owed; /* the callback's handle */
    MI_Boolean more;
};

struct worker {
    uint64_t random;
    bool gentle; /* without early cancels and closes, see stress.c */
    struct thing *anchor;
};

unsigned worker_random(struct worker *worker, unsigned below);

/* stress.c */
struct thing *thing_new(enum mi_kind kind, enum mi_function creator);
struct thing *thing_keep(struct thing *thing, MI_Result result); /* made, if `result` is OK: onto the shelf */
void thing_closed(struct thing *thing);                          /* it was closed: count and free it */

/* shelf.c */
void shelf_put(struct thing *thing);
struct thing *shelf_take(enum mi_kind kind, unsigned random); /* NULL: there is none */
unsigned shelf_count(enum mi_kind kind);
void shelf_away(int change); /* asynchronous operations and closes that will come back by themselves */
void shelf_wait(void);       /* until all of them are back */

/* steps_classes.c: classes are counted by object, not by reference */
void keep_class(struct thing *thing, MI_Result result); /* as thing_keep */
void close_class(struct thing *thing);
void class_of_instance(const MI_Instance *instance);
void leave_classes(void); /* all that are still there stay open */

enum { MOST = 24 }; /* things of a kind on the shelf, about */

/* One of the shelf, or NULL when it is time for a new one. */
struct thing *take_or_make(struct worker *worker, enum mi_kind kind);

/* One random step with things of these kinds. */
void step_application(struct worker *worker);
void step_session(struct worker *worker);
void step_operation(struct worker *worker);
void step_instance(struct worker *worker);
void step_class(struct worker *worker);
void step_options(struct worker *worker);
void step_codec(struct worker *worker);

/* The next step of an operation that is not finished: acknowledges a result, or reads all of them. Afterwards
 * it is back on the shelf, will be when its next result has come, or is closed. */
void finish_operation(struct worker *worker, struct thing *operation);

/* One operation, from start to close, when nothing else is on the shelf: callbacks come one after the other,
 * so when the session is closed afterwards, all that were counted before have returned to MI. Returns
 * `session`. */
struct thing *deliver_once_more(struct worker *worker, struct thing *session);

/* Close or delete; the thing is gone then. The application or session must have no children. */
void close_operation(struct thing *thing);
void close_session(struct thing *thing, bool wait); /* not waiting: with a completion function */
void close_object(struct thing *thing);

#endif
