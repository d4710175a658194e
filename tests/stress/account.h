/* SPDX-License-Identifier: MIT */
/*
 * The stress program's own account of what it did, kept apart from everything the shim sees: calls by
 * function, callbacks by kind, handles made and closed, and what it left open on purpose. Each thread counts
 * for itself; account_write sums up when all others are done.
 */
#ifndef MITRACE_TESTS_ACCOUNT_H
#define MITRACE_TESTS_ACCOUNT_H

#include "mi_client.h"
#include "mi_events.h"

#include <stdbool.h>

/* All of them may be called on any thread, inside callbacks too. */
void account_begin(enum mi_function function);                   /* it is about to be called */
void account_end(enum mi_function function, MI_Result returned); /* OK for those that return nothing */
void account_callback(enum mi_callback callback);
void account_made(enum mi_kind kind);
void account_closed(enum mi_kind kind);
void account_left(enum mi_function creator); /* a handle of that function stays open */
unsigned long account_calls(void);           /* of this thread */

/* Writes everything as JSON. False: it could not be written. */
bool account_write(const char *path);

/*
 * What a thread did, in order, as one number: 0, then account_fold for each beginning (result -1) and each
 * end of a call. The test makes the same number from the trace.
 */
static inline uint64_t account_fold(uint64_t before, enum mi_function function, int64_t result)
{
    uint64_t mixed = (before ^ (uint64_t)function ^ ((uint64_t)result << 20)) * 0x9e3779b97f4a7c15u;

    return mixed ^ (mixed >> 29);
}

#define ACCOUNT_void(function, call) \
    account_begin(function);         \
    call;                            \
    account_end(function, MI_RESULT_OK);
#define ACCOUNT_MI_Result(function, call) \
    MI_Result returned;                   \
    account_begin(function);              \
    returned = (call);                    \
    account_end(function, returned);      \
    return returned;
#define ACCOUNT_MI_ErrorCategory(function, call) \
    MI_ErrorCategory returned;                   \
    account_begin(function);                     \
    returned = (call);                           \
    account_end(function, (MI_Result)returned);  \
    return returned;

/* do_Session_Close is MI_Session_Close, and counted; the same for every function. */
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    static inline returns do_##Object##_##Slot(MI_DECLARE(n, params))                                       \
    {                                                                                                       \
        ACCOUNT_##returns(MI_FN_##object##_##slot, MI_##Object##_##Slot(MI_PASS(n, params)))                \
    }
#include "mi_api.def"

static inline MI_Result do_Application_Initialize(const MI_Char *id, MI_Application *out)
{
    ACCOUNT_MI_Result(MI_FN_application_initialize, MI_Application_Initialize(0, id, NULL, out))
}

static inline MI_Result do_acknowledge(MI_ResultAcknowledgement acknowledge, MI_Operation *operation)
{
    ACCOUNT_MI_Result(MI_FN_acknowledge, acknowledge(operation))
}

#endif
