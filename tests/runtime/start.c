/* SPDX-License-Identifier: MIT */
/* Operations: how one starts, and how a start fails. */
#include "operation.h"
#include "options.h"
#include "request.h"
#include "state.h"
#include "tables.h"

#include <stdlib.h>

void operation_fail(enum result_kind kind, MI_Result reason, MI_OperationCallbacks *callbacks,
                    const MI_Session *session, MI_Operation *operation)
{
    MI_Operation nowhere = {.reserved1 = (MI_Uint64)reason,
                            .ft = operation_table_for_failure(MI_RESULT_FAILED)};
    const struct result failure = {.more = MI_FALSE, .code = reason};

    if (operation != NULL) {
        *operation = (MI_Operation){.ft = operation_table_for_failure(reason)};
        if (session != NULL) {
            operation->reserved1 = session->reserved1;
            operation->reserved2 = session->reserved2;
        }
    }
    if (callbacks != NULL) {
        operation_call_back(kind, callbacks, operation != NULL ? operation : &nowhere, &failure, NULL);
    }
}

static bool has_callback(enum result_kind kind, const MI_OperationCallbacks *callbacks)
{
    if (callbacks == NULL) {
        return false;
    }
    return kind == RESULT_INSTANCE ? callbacks->instanceResult != NULL
           : kind == RESULT_CLASS  ? callbacks->classResult != NULL
                                   : callbacks->indicationResult != NULL;
}

/* MI's mode "inquire", which is what prompts begin with; errors are merely reported. */
enum { ASK_FOR_ANSWERS = 1 };

/* Fills the handle: from here on the program may find it in its callbacks. Nothing writes there afterwards.
 */
static struct operation *new_operation(const struct start *start, struct application *application)
{
    struct operation *operation = calloc(1, sizeof *operation);

    if (operation == NULL) {
        return NULL;
    }
    operation->cell = handle_new(&application->handles, operation);
    if (operation->cell == NULL) {
        free(operation);
        return NULL;
    }
    *start->operation =
        (MI_Operation){operation->cell->version, (ptrdiff_t)operation->cell, &operation_table};
    operation->child.handle =
        (struct child_handle){operation->cell->version, (ptrdiff_t)operation->cell, &operation_table};
    operation->session_handle = *start->session;
    operation->kind = start->kind;
    operation->prompt_mode = ASK_FOR_ANSWERS;
    operation->manual = (start->flags & MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS) != 0;
    operation->synchronous = !has_callback(start->kind, start->callbacks);
    if (start->callbacks != NULL) {
        operation->callbacks = *start->callbacks;
    }
    return operation;
}

static void discard(void *object)
{
    struct operation *operation = object;

    session_drop(operation->session);
    free(operation);
}

/* Asks the session for its application through its table, as OMI does, and whether this thread may use it. */
static MI_Result find_application(const struct start *start, struct application **application)
{
    MI_Application handle;
    MI_Result access;

    if (start->operation == NULL || start->session == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    access = session_check_access(start->session);
    if (access != MI_RESULT_OK) {
        return access;
    }
    start->session->ft->GetApplication(start->session, &handle);
    *application = application_of(&handle);
    return *application != NULL ? MI_RESULT_OK : MI_RESULT_INVALID_PARAMETER;
}

/* Hands the operation over to its connection. It may be gone on return. */
static MI_Result connect_operation(const struct start *start, struct application *application,
                                   struct operation *operation)
{
    struct handle_cell *cell = operation->cell;
    MI_Result result;

    operation->session = session_keep(start->session);
    if (operation->session == NULL) {
        free(operation);
        handle_shut(cell, NULL);
        return MI_RESULT_FAILED;
    }
    children_add(&operation->session->operations, &operation->child);
    handle_hold(cell);
    application_enter(application);
    result = request_start(operation, &start->question);
    application_leave(application);
    if (result != MI_RESULT_OK) {
        children_remove(&operation->session->operations, &operation->child);
        handle_release(cell);
        handle_shut(cell, discard);
    }
    return result;
}

static MI_Result start_operation(const struct start *start)
{
    struct application *application = NULL;
    struct operation *operation;
    MI_Result result = find_application(start, &application);

    if (result != MI_RESULT_OK) {
        return result;
    }
    operation = new_operation(start, application);
    if (operation == NULL) {
        return MI_RESULT_SERVER_LIMITS_EXCEEDED;
    }
    result = options_for_operation(&application->peer, start->options, start->delivery,
                                   &operation->error_mode, &operation->prompt_mode);
    if (result != MI_RESULT_OK) {
        struct handle_cell *cell = operation->cell;

        free(operation);
        handle_shut(cell, NULL);
        return result;
    }
    return connect_operation(start, application, operation);
}

void operation_start(const struct start *start)
{
    MI_Result result;

    if (start->operation != NULL) {
        *start->operation = (MI_Operation){.ft = NULL};
    }
    result = start_operation(start);
    if (result != MI_RESULT_OK) {
        operation_fail(start->kind, result, start->callbacks, start->session, start->operation);
    }
}
