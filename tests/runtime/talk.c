/* SPDX-License-Identifier: MIT */
/* See talk.h. These callbacks get the operation's own handle, not a copy, as in OMI. */
#include "talk.h"

#include "error.h"
#include "instance.h"
#include "request.h"

#include <stdint.h>

enum { MODE_REPORT, MODE_INQUIRE }; /* MI's callback modes */

/* The program has answered: once for the reference that waited for it, once for this call's. */
static MI_Result take_answer(MI_Operation *handle)
{
    struct handle_cell *cell = handle != NULL ? handle_acquire_even_closed(handle) : NULL;
    struct operation *operation;
    MI_Result access;

    if (cell == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    operation = cell->object;
    access = session_check_access(&operation->session_handle);
    if (access != MI_RESULT_OK) {
        handle_release(cell);
        return access;
    }
    request_acknowledge(operation->request);
    handle_release(cell);
    handle_release(cell);
    return MI_RESULT_OK;
}

static MI_Result answer(MI_Operation *handle, MI_OperationCallback_ResponseType response)
{
    (void)response;
    return take_answer(handle);
}

static bool say_message(struct operation *operation, MI_Operation *handle)
{
    operation->callbacks.writeMessage(handle, operation->callbacks.callbackContext, 0, "a warning");
    return true;
}

static bool say_progress(struct operation *operation, MI_Operation *handle)
{
    operation->callbacks.writeProgress(handle, operation->callbacks.callbackContext, "counting", "one",
                                       "busy", 50, 1);
    return true;
}

static bool say_error(struct operation *operation, MI_Operation *handle)
{
    MI_Instance *error = error_instance(MI_RESULT_FAILED, "MI", "not fatal");
    bool report = operation->error_mode == MODE_REPORT;

    operation->callbacks.writeError(handle, operation->callbacks.callbackContext, error,
                                    report ? NULL : answer);
    instance_free_owned(error);
    return report;
}

static bool say_question(struct operation *operation, MI_Operation *handle)
{
    bool report = operation->prompt_mode == MODE_REPORT;

    operation->callbacks.promptUser(handle, operation->callbacks.callbackContext, "Go on?", 0,
                                    report ? NULL : answer);
    return report;
}

static bool say_parameter(struct operation *operation, MI_Operation *handle)
{
    MI_Value value = {.uint32 = 1};
    bool manual = operation->manual;

    operation->callbacks.streamedParameterResult(handle, operation->callbacks.callbackContext, "count",
                                                 MI_UINT32, &value, manual ? take_answer : NULL);
    return !manual;
}

/* The steps, each with the place of the callback that it needs. */
static const struct {
    size_t callback;
    bool (*say)(struct operation *operation, MI_Operation *handle);
} steps[TALK_STEPS] = {
    {offsetof(MI_OperationCallbacks, writeMessage), say_message},
    {offsetof(MI_OperationCallbacks, writeProgress), say_progress},
    {offsetof(MI_OperationCallbacks, writeError), say_error},
    {offsetof(MI_OperationCallbacks, promptUser), say_question},
    {offsetof(MI_OperationCallbacks, streamedParameterResult), say_parameter},
};

/* The reference to the cell stays with the answer that is owed. */
bool talk_say(struct operation *operation, unsigned step)
{
    MI_Operation *handle = (MI_Operation *)(void *)&operation->child.handle;
    const char *callbacks = (const char *)&operation->callbacks;
    struct handle_cell *cell;
    bool goes_on;

    if (*(const uintptr_t *)(const void *)(callbacks + steps[step].callback) == 0) {
        return true;
    }
    cell = handle_acquire(handle);
    if (cell == NULL) {
        return false;
    }
    goes_on = steps[step].say(operation, handle);
    if (goes_on) {
        handle_release(cell);
    }
    return goes_on;
}
