/* SPDX-License-Identifier: MIT */
/* See session.h: opening, and who may use a session. session_close.c has the end of it. */
#include "session.h"

#include "error.h"
#include "instance.h"
#include "knobs.h"
#include "options.h"
#include "slots.h"
#include "state.h"
#include "tables.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>

/* glibc caches nothing here but sets the ids of all threads; one thread alone may have changed its own. */
static uid_t thread_user(void)
{
    return (uid_t)syscall(SYS_getuid);
}

static gid_t thread_group(void)
{
    return (gid_t)syscall(SYS_getgid);
}

/* The local server always listens; a socket must exist; over the network there is nobody but this machine. */
static bool is_reachable(const MI_Char *protocol, const MI_Char *destination)
{
    if (knob_connect_fails()) {
        return false;
    }
    if (destination == NULL) {
        return true;
    }
    if (protocol != NULL && strcasecmp(protocol, "OMI_SOCKETS") == 0) {
        return access(destination, F_OK) == 0;
    }
    return strcmp(destination, "localhost") == 0 || strcmp(destination, "127.0.0.1") == 0;
}

void session_drop(struct session *session)
{
    bool last;

    state_lock();
    last = --session->keepers == 0;
    state_unlock();
    if (last) {
        free(session);
    }
}

struct session *session_keep_also(struct session *session)
{
    state_lock();
    session->keepers++;
    state_unlock();
    return session;
}

struct session *session_keep(const MI_Session *handle)
{
    struct handle_cell *cell = handle_acquire(handle);
    struct session *session;

    if (cell == NULL) {
        return NULL;
    }
    session = session_keep_also(cell->object);
    handle_release(cell);
    return session;
}

static void free_unopened(void *object)
{
    struct session *session = object;

    if (session->options.ft != NULL) {
        session->options.ft->Delete(&session->options);
    }
    free(session);
}

/* What some protocol handlers do while a session is made; OMI's own do not. */
static void greet(struct session *session)
{
    MI_SessionCallbacks *callbacks = &session->callbacks;
    MI_Instance *error;

    if (!knob_session_messages()) {
        return;
    }
    if (callbacks->writeMessage != NULL) {
        callbacks->writeMessage(&session->application, callbacks->callbackContext, 0, "a warning");
    }
    if (callbacks->writeError != NULL) {
        error = error_instance(MI_RESULT_FAILED, "MI", "not fatal");
        callbacks->writeError(&session->application, callbacks->callbackContext, error);
        instance_free_owned(error);
    }
}

static MI_Result fail_to_open(struct session *session, MI_Session *out, MI_Result reason, bool listed)
{
    if (listed) {
        children_remove(&application_of(&session->application)->sessions, &session->child);
    }
    handle_shut(session->cell, free_unopened);
    out->reserved2 = 0;
    out->ft = &session_table_failed;
    return reason;
}

static struct session *new_session(MI_Application *owner, MI_SessionCallbacks *callbacks)
{
    struct session *session = calloc(1, sizeof *session);

    if (session == NULL) {
        return NULL;
    }
    session->application = *owner;
    session->user = thread_user();
    session->group = thread_group();
    session->connections = 1;
    session->keepers = 1;
    if (callbacks != NULL) {
        session->callbacks = *callbacks;
    }
    session->cell = handle_new(&application_of(owner)->handles, session);
    if (session->cell == NULL) {
        free(session);
        return NULL;
    }
    return session;
}

MI_Result session_open(MI_Application *owner, const MI_Char *protocol, const MI_Char *destination,
                       MI_DestinationOptions *options, MI_SessionCallbacks *callbacks, MI_Session *out)
{
    struct application *application = application_of(owner);
    struct session *session;
    MI_Result result;

    if (out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *out = (MI_Session){.ft = NULL};
    session = new_session(owner, callbacks);
    if (session == NULL) {
        out->ft = &session_table_failed;
        return MI_RESULT_FAILED;
    }
    out->reserved1 = session->cell->version;
    out->reserved2 = (ptrdiff_t)session->cell;
    session->child.handle = (struct child_handle){out->reserved1, out->reserved2, &session_table};
    result = children_add(&application->sessions, &session->child);
    if (result != MI_RESULT_OK) {
        return fail_to_open(session, out, result, false);
    }
    result = application_load(application, protocol, destination);
    if (result == MI_RESULT_OK) {
        result = options_for_session(owner, &application->peer, options, &session->options);
    }
    if (result != MI_RESULT_OK) {
        return fail_to_open(session, out, result, true);
    }
    session->reachable = is_reachable(protocol, destination);
    greet(session);
    out->ft = &session_table;
    return MI_RESULT_OK;
}

MI_Result session_check_access(const MI_Session *handle)
{
    struct handle_cell *cell = handle_acquire_even_closed(handle);
    const struct session *session;
    bool same;

    if (cell == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    session = cell->object;
    same = session->user == thread_user() && session->group == thread_group();
    handle_release(cell);
    return same ? MI_RESULT_OK : MI_RESULT_ACCESS_DENIED;
}

MI_Result session_get_application(MI_Session *self, MI_Application *out)
{
    struct handle_cell *cell;

    if (out != NULL) {
        *out = (MI_Application){.ft = NULL};
    }
    cell = self != NULL && out != NULL ? handle_acquire(self) : NULL;
    if (cell == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *out = ((const struct session *)cell->object)->application;
    handle_release(cell);
    return MI_RESULT_OK;
}
