/* SPDX-License-Identifier: MIT */
/* See session.h: what the close of a session waits for, and how it ends. */
#include "session.h"

#include "slots.h"
#include "state.h"

#include <string.h>

/* The last reference to the handle is gone. */
static void destroy(void *object)
{
    struct session *session = object;
    struct application *application = application_of(&session->application);

    if (session->options.ft != NULL) {
        session->options.ft->Delete(&session->options);
    }
    children_remove(&application->sessions, &session->child);
    session_drop(session);
}

/* Operations are cancelled through the handles that they gave the program, as anybody would. */
static void cancel_operations(struct session *session)
{
    struct child_handle operations[CHILDREN_COPIED];
    size_t count;

    if (!children_shut(&session->operations)) {
        return;
    }
    count = children_copy(&session->operations, operations);
    while (count > 0) {
        MI_Operation operation;

        memcpy(&operation, &operations[--count], sizeof operation);
        operation.ft->Cancel(&operation, 0);
    }
}

void session_cancel_operations(const struct child_handle *handle)
{
    struct handle_cell *cell = handle_acquire(handle);

    if (cell != NULL) {
        cancel_operations(cell->object);
        handle_release(cell);
    }
}

/* Everything that the close waited for is gone. */
static void end(struct session *session)
{
    MI_SessionCloseCompletion completion = session->completion;

    if (completion == NULL) {
        state_lock();
        session->closed = true;
        state_changed();
        state_unlock();
        return;
    }
    completion(session->completion_context);
    handle_release(session->cell);
}

void session_add_connection(struct session *session)
{
    state_lock();
    session->connections++;
    state_unlock();
}

void session_remove_connection(struct session *session)
{
    bool ends;

    state_lock();
    ends = --session->connections == 0 && session->closing;
    state_unlock();
    if (ends) {
        end(session);
    }
}

static void close_connections(void *context)
{
    struct session *session = context;
    struct application *application = application_of(&session->application);

    application_enter(application);
    state_lock();
    session->closing = true;
    state_unlock();
    session_remove_connection(session);
    application_leave(application);
}

static void wait_until_closed(struct session *session)
{
    state_lock();
    while (!session->closed) {
        state_wait();
    }
    state_unlock();
}

static void close_first(struct session *session, MI_SessionCloseCompletion completion, void *context)
{
    struct handle_cell *cell = session->cell;

    session->completion = completion;
    session->completion_context = context;
    cancel_operations(session);
    children_when_empty(&session->operations, close_connections, session);
    if (completion == NULL) {
        wait_until_closed(session);
        handle_release(cell);
    }
}

MI_Result session_close(MI_Session *self, void *context, MI_SessionCloseCompletion completion)
{
    struct handle_cell *cell;
    MI_Result result;

    if (self == NULL || self->reserved2 == 0) {
        if (completion != NULL) {
            completion(context);
        }
        return MI_RESULT_INVALID_PARAMETER;
    }
    cell = handle_acquire(self);
    if (cell == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = session_check_access(self);
    if (result != MI_RESULT_OK) {
        handle_release(cell);
        return result;
    }
    if (handle_shut(cell, destroy)) {
        close_first(cell->object, completion, context);
    } else {
        handle_release(cell);
    }
    return MI_RESULT_OK;
}
