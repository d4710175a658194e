/* SPDX-License-Identifier: MIT */
/*
 * Operations as the program sees them. An operation lives until its close was accepted and its last result
 * was acknowledged (asynchronous) or consumed by a getter (synchronous). Facts: OMI's miapi/Operation.c.
 */
#ifndef MITRACE_RUNTIME_OPERATION_H
#define MITRACE_RUNTIME_OPERATION_H

#include "children.h"
#include "handles.h"
#include "question.h"
#include "session.h"

struct request;

enum result_kind { RESULT_INSTANCE, RESULT_CLASS, RESULT_INDICATION };

/* What an acknowledgement has to do below: nothing was delivered; tell the connection; the connection is
 * gone. */
enum owed { OWED_NONE, OWED_CONNECTION, OWED_NOTHING };

/* One result; everything in it belongs to the request. */
struct result {
    const MI_Instance *instance;
    const MI_Class *class;
    MI_Boolean more;
    MI_Result code;
    const MI_Char *message;
    const MI_Instance *details;
};

struct operation {
    struct child child; /* in the session's list; holds a copy of the handle */
    struct handle_cell *cell;
    MI_Session session_handle;
    struct session *session;
    struct request *request;
    enum result_kind kind;
    MI_OperationCallbacks callbacks;
    bool manual;
    bool synchronous;
    bool cancelled;
    MI_Uint32 error_mode; /* whether writeError, respectively promptUser, asks for an answer */
    MI_Uint32 prompt_mode;

    /* Under the state lock: the result that waits for an acknowledgement, or for a getter. */
    struct result result;
    enum owed owed;
    bool arrived;
    bool consumed;
    bool consumed_final;
};

/* What a starting call was given. */
struct start {
    MI_Session *session;
    MI_Uint32 flags;
    MI_OperationOptions *options;
    const MI_SubscriptionDeliveryOptions *delivery;
    MI_OperationCallbacks *callbacks;
    MI_Operation *operation;
    enum result_kind kind;
    struct question question;
};

void operation_start(const struct start *start);

/* Lets a starting call fail: fills *operation with the table for `reason` and the session's words and calls
 * the callback for `kind`, here and now. Any pointer may be NULL. */
void operation_fail(enum result_kind kind, MI_Result reason, MI_OperationCallbacks *callbacks,
                    const MI_Session *session, MI_Operation *operation);

/* A result has come: calls the program back, or leaves it for a getter. The operation may be gone on return.
 */
void operation_deliver(struct operation *operation, const struct result *result, enum owed owed);

/* Calls the result callback for `kind`, if there is one. */
void operation_call_back(enum result_kind kind, const MI_OperationCallbacks *callbacks, MI_Operation *handle,
                         const struct result *result, MI_ResultAcknowledgement acknowledge);

#endif
