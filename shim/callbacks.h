/* SPDX-License-Identifier: MIT */
/*
 * The program's callbacks, seen on their way in. MI gets a private copy of the callbacks struct with
 * trampolines of ours and, as context, a box that holds the program's own functions and context. While a
 * callback runs, its thread is the program's again (thread->inside is 0).
 *
 * A box of an asynchronous operation has two owners, the starting call and the callbacks still to come; it
 * dies when the starting call has returned and the final result's callback has. A box of a session close
 * likewise, with its completion. What MI may call as long as the handle lives (session callbacks, the side
 * callbacks of a synchronous operation) has a box that belongs to the handle and dies when its close is done:
 * see served.h.
 */
#ifndef MITRACE_SHIM_CALLBACKS_H
#define MITRACE_SHIM_CALLBACKS_H

#include "record.h"
#include "served.h"

struct callbacks_box;

/* One starting call, on its stack. */
struct callbacks_start {
    MI_OperationCallbacks given; /* what MI gets in place of the program's */
    struct callbacks_box *box;   /* NULL: no callbacks */
    bool asynchronous;
    uint32_t which; /* the event field `callbacks` */
    uint64_t token; /* 0: none, or a synchronous operation */
};

/*
 * Prepare a start with the program's `callbacks` (NULL allowed); `result` is the callback that makes the
 * operation asynchronous. Returns what to hand to MI: NULL, `&start->given`, or `callbacks` itself when there
 * is no memory.
 */
RECORD_HIDDEN MI_OperationCallbacks *
callbacks_start(struct callbacks_start *start, MI_OperationCallbacks *callbacks, enum mi_callback result);

/*
 * The starting call on `session` has returned. Puts the words of `operation` into `event`: read from there if
 * that is safe; once a callback has begun, the program may have freed that memory, and the callback has left
 * them in the box. NULL: 0. To be called whether or not anybody records.
 */
RECORD_HIDDEN void callbacks_started(struct callbacks_start *start, const MI_Session *session,
                                     const MI_Operation *operation, struct mi_event *event);

/* The starting call has ended, also by an exception or thread exit. Harmless after callbacks_started. */
RECORD_HIDDEN void callbacks_abandoned(struct callbacks_start *start);

/* NewSession's callbacks: what to hand to MI. `given` must live during the call. */
RECORD_HIDDEN MI_SessionCallbacks *callbacks_session(MI_SessionCallbacks *given,
                                                     MI_SessionCallbacks *callbacks);
/* NewSession has returned: it made `session`, or nothing (NULL). */
RECORD_HIDDEN void callbacks_session_made(const MI_SessionCallbacks *given, const MI_Session *session);

/* One call that closes a session or an operation, on its stack. */
struct callbacks_close {
    struct served *served;     /* what dies with the handle, unless a completion function takes care of it */
    struct callbacks_box *box; /* of the completion function */
    bool accepted;             /* MI_RESULT_OK was returned */
};

/* The close of an operation begins. `operation` may be NULL. */
RECORD_HIDDEN void callbacks_operation_close(struct callbacks_close *close, const MI_Operation *operation);
/* The close of a session begins; replaces a completion function and its context. Returns the token, 0 without
 * such a function. */
RECORD_HIDDEN uint64_t callbacks_session_close(struct callbacks_close *close, const MI_Session *session,
                                               MI_SessionCloseCompletion *completion, void **context);
/* That call has ended, also by an exception or thread exit. */
RECORD_HIDDEN void callbacks_closed(struct callbacks_close *close);

/* The class-needed callback of a deserializer runs inside the call: its box is on the call's stack. */
struct callbacks_class_needed {
    MI_Deserializer_ClassObjectNeeded function;
    void *context;
};
RECORD_HIDDEN void callbacks_class_needed(struct callbacks_class_needed *box,
                                          MI_Deserializer_ClassObjectNeeded *function, void **context);

#endif
