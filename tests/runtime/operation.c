/* SPDX-License-Identifier: MIT */
/* See operation.h: results on their way to the program, acknowledgements, cancel and close. */
#include "operation.h"

#include "request.h"
#include "slots.h"
#include "state.h"

#include <stdlib.h>

void operation_call_back(enum result_kind kind, const MI_OperationCallbacks *callbacks, MI_Operation *handle,
                         const struct result *result, MI_ResultAcknowledgement acknowledge)
{
    void *context = callbacks->callbackContext;

    if (kind == RESULT_INSTANCE && callbacks->instanceResult != NULL) {
        callbacks->instanceResult(handle, context, result->instance, result->more, result->code,
                                  result->message, result->details, acknowledge);
    } else if (kind == RESULT_CLASS && callbacks->classResult != NULL) {
        callbacks->classResult(handle, context, result->class, result->more, result->code, result->message,
                               result->details, acknowledge);
    } else if (kind == RESULT_INDICATION && callbacks->indicationResult != NULL) {
        callbacks->indicationResult(handle, context, result->instance, NULL, NULL, result->more, result->code,
                                    result->message, result->details, acknowledge);
    }
}

/* The one function that every callback gets. OMI trusts the handle blindly: a second acknowledgement calls
 * through NULL or touches freed memory there, and is refused here. */
static MI_Result acknowledge(MI_Operation *handle)
{
    struct handle_cell *cell = handle != NULL ? handle_acquire_even_closed(handle) : NULL;
    struct operation *operation;
    MI_Result access;
    enum owed owed;
    bool final;

    if (cell == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    operation = cell->object;
    access = session_check_access(&operation->session_handle);
    if (access != MI_RESULT_OK) {
        handle_release(cell);
        return access;
    }
    state_lock();
    owed = operation->owed;
    final = owed != OWED_NONE && !operation->result.more;
    operation->owed = OWED_NONE;
    state_unlock();
    if (owed == OWED_CONNECTION) {
        request_acknowledge(operation->request);
    }
    if (final) {
        handle_release(cell);
    }
    handle_release(cell);
    return owed == OWED_NONE ? MI_RESULT_INVALID_PARAMETER : MI_RESULT_OK;
}

static void deliver_asynchronously(struct operation *operation, const struct result *result, enum owed owed)
{
    struct handle_cell *cell = operation->cell;
    MI_Operation copy = {operation->child.handle.reserved1, operation->child.handle.reserved2,
                         operation->child.handle.table};

    if (operation->manual) {
        state_lock();
        operation->owed = owed;
        operation->result.more = result->more;
        state_unlock();
        operation_call_back(operation->kind, &operation->callbacks, &copy, result, acknowledge);
        return;
    }
    operation_call_back(operation->kind, &operation->callbacks, &copy, result, NULL);
    if (owed == OWED_CONNECTION) {
        request_acknowledge(operation->request);
    }
    if (!result->more) {
        handle_release(cell);
    }
}

void operation_deliver(struct operation *operation, const struct result *result, enum owed owed)
{
    if (!operation->synchronous) {
        deliver_asynchronously(operation, result, owed);
        return;
    }
    state_lock();
    operation->result = *result;
    operation->owed = owed;
    operation->arrived = true;
    operation->consumed = false;
    state_changed();
    state_unlock();
}

static void destroy(void *object)
{
    struct operation *operation = object;
    struct session *session = operation->session;

    request_close(operation->request);
    children_remove(&session->operations, &operation->child);
    session_drop(session);
    free(operation);
}

static void wait_for_final_result(struct operation *operation)
{
    state_lock();
    while (!operation->consumed_final) {
        state_wait();
    }
    state_unlock();
}

/* What is owed is looked up before the wait, as OMI does: a last result that another thread reads meanwhile
 * is then never acknowledged, and the session cannot end. */
static void finish_synchronously(struct operation *operation)
{
    enum owed owed;

    state_lock();
    owed = operation->owed;
    state_unlock();
    wait_for_final_result(operation);
    if (owed == OWED_CONNECTION) {
        request_acknowledge(operation->request);
    }
}

/* The operation behind a handle, with a reference to its cell, if this thread may use it. */
static MI_Result acquire(const MI_Operation *handle, struct handle_cell **cell)
{
    MI_Result access;

    *cell = handle != NULL ? handle_acquire(handle) : NULL;
    if (*cell == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    access = session_check_access(&((struct operation *)(*cell)->object)->session_handle);
    if (access != MI_RESULT_OK) {
        handle_release(*cell);
    }
    return access;
}

MI_Result operation_close(MI_Operation *self)
{
    struct handle_cell *cell;
    struct operation *operation;
    MI_Result result = acquire(self, &cell);

    if (result != MI_RESULT_OK) {
        return result;
    }
    operation = cell->object;
    operation_cancel(self, 0);
    if (operation->synchronous) {
        finish_synchronously(operation);
    }
    handle_shut(cell, destroy);
    handle_release(cell);
    return MI_RESULT_OK;
}

MI_Result operation_cancel(MI_Operation *self, MI_CancellationReason reason)
{
    struct handle_cell *cell;
    struct operation *operation;
    MI_Result result = acquire(self, &cell);
    bool first;

    (void)reason;
    if (result != MI_RESULT_OK) {
        return result;
    }
    operation = cell->object;
    state_lock();
    first = !operation->cancelled;
    operation->cancelled = true;
    state_unlock();
    if (first) {
        request_cancel(operation->request);
    }
    handle_release(cell);
    return MI_RESULT_OK;
}

MI_Result operation_get_session(MI_Operation *self, MI_Session *out)
{
    struct handle_cell *cell;
    MI_Result result;

    if (out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *out = (MI_Session){.ft = NULL};
    result = acquire(self, &cell);
    if (result == MI_RESULT_OK) {
        *out = ((const struct operation *)cell->object)->session_handle;
        handle_release(cell);
    }
    return result;
}
