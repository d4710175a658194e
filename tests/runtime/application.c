/* SPDX-License-Identifier: MIT */
/* See application.h. */
#include "application.h"

#include "delivery.h"
#include "knobs.h"
#include "session.h"
#include "slots.h"
#include "state.h"
#include "tables.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const MI_Char *const protocol_names[PROTOCOL_COUNT] = {"OMI_SOCKETS", "MI_REMOTE_WSMAN"};

static struct application *open_applications;

struct application *application_of(const MI_Application *handle)
{
    struct application *application;

    if (handle == NULL || handle->ft == NULL || handle->reserved1 != 1) {
        return NULL;
    }
    state_lock();
    application = open_applications;
    while (application != NULL && application != (struct application *)handle->reserved2) {
        application = application->next;
    }
    state_unlock();
    return application;
}

static void add_open(struct application *application)
{
    state_lock();
    application->next = open_applications;
    open_applications = application;
    state_unlock();
}

static void remove_open(struct application *application)
{
    struct application **link = &open_applications;

    state_lock();
    while (*link != application) {
        link = &(*link)->next;
    }
    *link = application->next;
    state_unlock();
}

__attribute__((visibility("default"))) MI_Result
MI_Application_InitializeV1(MI_Uint32 flags, const MI_Char *id, MI_Instance **error, MI_Application *out)
{
    struct application *application;

    (void)id;
    if (error != NULL) {
        *error = NULL;
    }
    if (out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *out = (MI_Application){.ft = &application_table_failed};
    if (flags != 0) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    knobs_open();
    application = knob_fails("Application_Initialize") ? NULL : calloc(1, sizeof *application);
    if (application == NULL) {
        knobs_close();
        return MI_RESULT_FAILED;
    }
    add_open(application);
    application->peer = (MI_Application){.reserved2 = (ptrdiff_t)application, .ft = &application_table_peer};
    *out = (MI_Application){.reserved1 = 1, .reserved2 = (ptrdiff_t)application, .ft = &application_table};
    return MI_RESULT_OK;
}

static MI_Result load(struct application *application, enum protocol protocol)
{
    MI_Result result = MI_RESULT_OK;
    bool first;

    state_lock();
    first = !application->loaded[protocol];
    application->loaded[protocol] = true;
    state_unlock();
    if (first) {
        result = delivery_start();
        if (result != MI_RESULT_OK) {
            application->loaded[protocol] = false;
        }
    }
    return result;
}

MI_Result application_load(struct application *application, const MI_Char *protocol,
                           const MI_Char *destination)
{
    if (protocol == NULL) {
        return load(application, destination == NULL ? PROTOCOL_SOCKETS : PROTOCOL_WSMAN);
    }
    for (enum protocol i = 0; i < PROTOCOL_COUNT; i++) {
        if (strcasecmp(protocol, protocol_names[i]) == 0) {
            return load(application, i);
        }
    }
    return MI_RESULT_NOT_FOUND;
}

void application_enter(struct application *application)
{
    state_lock();
    application->calls++;
    state_unlock();
}

void application_leave(struct application *application)
{
    state_lock();
    application->calls--;
    state_changed();
    state_unlock();
}

MI_Result application_new_session(MI_Application *self, const MI_Char *protocol, const MI_Char *destination,
                                  MI_DestinationOptions *options, MI_SessionCallbacks *callbacks,
                                  MI_Instance **error, MI_Session *out)
{
    struct application *application = application_of(self);
    MI_Result result;
    bool closing;

    if (application == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (error != NULL) {
        *error = NULL;
    }
    state_lock();
    closing = application->closing;
    application->callers += !closing;
    state_unlock();
    if (closing) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = session_open(self, protocol, destination, options, callbacks, out);
    state_lock();
    application->callers--;
    state_changed();
    state_unlock();
    return result;
}

/* No new sessions from here on; waits for those that are being made. False if another close was first. */
static bool begin_close(struct application *application)
{
    bool first;

    state_lock();
    first = !application->closing;
    application->closing = true;
    while (first && application->callers != 0) {
        state_wait();
    }
    state_unlock();
    return first;
}

/* Asks every operation to end. That is all: nothing is closed on behalf of the program. */
static void cancel_sessions(struct application *application)
{
    struct child_handle sessions[CHILDREN_COPIED];
    size_t count;

    children_shut(&application->sessions);
    count = children_copy(&application->sessions, sessions);
    while (count > 0) {
        session_cancel_operations(&sessions[--count]);
    }
}

static void unload(struct application *application)
{
    state_lock();
    while (application->calls != 0) {
        state_wait();
    }
    state_unlock();
    for (enum protocol i = 0; i < PROTOCOL_COUNT; i++) {
        if (application->loaded[i]) {
            delivery_stop();
        }
    }
}

/* OMI waits for callers to leave by a count that it reads from freed memory; it was never seen to end. */
static void wait_if_dangling(const MI_Application *handle)
{
    if (handle == NULL || handle->ft != &application_table || handle->reserved1 != 1 ||
        handle->reserved2 == 0) {
        return;
    }
    state_lock();
    for (;;) {
        state_wait();
    }
}

MI_Result application_close(MI_Application *self)
{
    struct application *application = application_of(self);

    if (application == NULL) {
        wait_if_dangling(self);
    }
    if (application == NULL || !begin_close(application)) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    memset(self, 0, sizeof *self);
    cancel_sessions(application);
    children_wait(&application->sessions);
    children_wait(&application->hosted_providers);
    handle_bury(&application->handles);
    unload(application);
    remove_open(application);
    free(application);
    knobs_close();
    return MI_RESULT_OK;
}
