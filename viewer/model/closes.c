/* SPDX-License-Identifier: MIT */
/* Calls that close handles: begun, accepted or refused, and finished, which may come later. */
#include "model/model_internal.h"

enum { RESULT_OK = 0, RESULT_FAILED = 1, RESULT_INVALID_PARAMETER = 4 };

/* May the handle live on after a close that returned `result`? Any other is gone, whatever that was. */
static bool can_refuse(enum mi_kind kind, int32_t result)
{
    return kind == MI_KIND_application || kind == MI_KIND_session || kind == MI_KIND_operation ||
           (kind == MI_KIND_instance && result == RESULT_FAILED);
}

static bool is_closing(const struct model_handle *handle)
{
    while (handle != NULL && handle->closes_running == 0) {
        handle = handle->parent;
    }
    return handle != NULL;
}

enum model_ending closes_ending(const struct model_handle *handle)
{
    bool ended = handle->kind == MI_KIND_class
                     ? handle->state == MODEL_CLOSED && handle->closing.thread != NULL && !handle->given
                     : handle->close_accepted;

    if (ended) {
        return MODEL_ENDED;
    }
    return is_closing(handle) ? MODEL_ENDING : MODEL_NOT_ENDING;
}

/* When a parent is gone, children whose close was accepted are gone, too. */
static void end_children(struct model_handle *parent)
{
    enum mi_kind kind = parent->kind == MI_KIND_application ? MI_KIND_session
                        : parent->kind == MI_KIND_session   ? MI_KIND_operation
                                                            : MI_KIND_none;
    struct model_handle *child = parent->open_children > 0 ? parent->process->own->open[kind] : NULL;

    while (child != NULL) {
        struct model_handle *next = child->next;
        if (child->parent == parent && child->close_accepted && child->closes_running == 0) {
            end_children(child);
            handles_closed(child);
        }
        child = next;
    }
}

static void finish(struct model_handle *handle)
{
    model_hold(handle);
    handles_closed(handle);
    end_children(handle);
    model_release(handle);
}

void closes_unreference(struct model_handle *handle, const struct model_site *site)
{
    if (handle->state == MODEL_CLOSED || handle->references == 0) {
        return;
    }
    handle->references--;
    if (site != NULL) {
        model_set_site(&handle->closing, site);
    }
    handle->given = handle->given || site == NULL;
    if (handle->references == 0) {
        handles_closed(handle);
    }
}

void closes_enter(struct model_activity *call)
{
    struct model_handle *handle = call->handle;

    if (handle->kind == MI_KIND_class) {
        handle->leaving++;
        if (handle->leaving == handle->references) {
            model_set_site(&handle->closing, &call->site);
        }
        return;
    }
    handle->closes_running++;
    identity_add_token(handle, call->token);
    if (handle->state == MODEL_OPENING || handle->state == MODEL_LIVE) {
        handle->state = MODEL_CLOSING;
        model_set_site(&handle->closing, &call->site);
        handle->close_returned = false;
    }
}

static void accept_close(struct model_activity *call, int32_t result)
{
    struct model_handle *handle = call->handle;

    if (handle->close_accepted || handle->state == MODEL_CLOSED) {
        return;
    }
    handle->close_accepted = true;
    model_set_site(&handle->closing, &call->site);
    handle->close_returned = true;
    handle->close_result = result;
    handle->close_asynchronous = handle->kind == MI_KIND_session && call->token != 0;
    loans_end(handle, MODEL_LOAN_READ, 0, &call->site);
    if (handle->kind == MI_KIND_operation && handle->asynchronous) {
        operations_settle(handle);
    } else if (!handle->close_asynchronous || handle->completion_left) {
        finish(handle);
    }
}

/* The handle goes on living, unless another close was accepted or may still be. */
static void refuse_close(struct model_activity *call, int32_t result)
{
    struct model_handle *handle = call->handle;

    if (handle->close_accepted || handle->state != MODEL_CLOSING) {
        return;
    }
    identity_drop_token(handle, call->token);
    handle->close_returned = true;
    handle->close_result = result;
    model_set_site(&handle->closing, &call->site);
    if (handle->closes_running == 0) {
        handle->state = handle->opened ? MODEL_LIVE : MODEL_OPENING;
    }
}

static void leave_class(struct model_activity *call, int32_t result)
{
    struct model_activity *needed = activities_class_needed(call->site.thread);

    call->handle->leaving--;
    if (needed != NULL) {
        needed->classes_deleted++;
    }
    if (result == RESULT_OK) {
        closes_unreference(call->handle, &call->site);
    }
}

void closes_leave(struct model_activity *call, int32_t result)
{
    struct model_handle *handle = call->handle;

    if (handle->kind == MI_KIND_class) {
        leave_class(call, result);
        return;
    }
    handle->closes_running--;
    if (result == RESULT_OK || !can_refuse(handle->kind, result)) {
        accept_close(call, result);
    } else if (result == RESULT_INVALID_PARAMETER && handle->closes_running == 0 && !handle->close_accepted) {
        finish(handle); /* MI does not know it any more */
    } else {
        refuse_close(call, result);
    }
}

void closes_abandon(struct model_activity *call)
{
    if (call->handle->kind == MI_KIND_class) {
        call->handle->doubtful = true;
        leave_class(call, RESULT_OK);
        return;
    }
    call->handle->closes_running--;
    finish(call->handle);
}

void closes_completion_entered(struct model_handle *session)
{
    session->completion_entered = true;
}

void closes_completion_left(struct model_handle *session)
{
    session->completion_left = true;
    if (session->close_accepted) {
        finish(session);
    }
}
