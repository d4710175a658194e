/* SPDX-License-Identifier: MIT */
/* Operations: the three getters of synchronous results, for operations that started and for those that did
 * not. */
#include "operation.h"
#include "request.h"
#include "slots.h"
#include "state.h"

/* What a getter may fill; any of them NULL. */
struct outputs {
    MI_Boolean *more;
    MI_Result *code;
    const MI_Char **message;
    const MI_Instance **details;
};

static void put(const struct outputs *outputs, const struct result *result)
{
    if (outputs->more != NULL) {
        *outputs->more = result->more;
    }
    if (outputs->code != NULL) {
        *outputs->code = result->code;
    }
    if (outputs->message != NULL) {
        *outputs->message = result->message;
    }
    if (outputs->details != NULL) {
        *outputs->details = result->details;
    }
}

static MI_Result refuse(const struct outputs *outputs, MI_Result reason)
{
    put(outputs, &(struct result){.more = MI_FALSE, .code = reason});
    return reason;
}

/* The result that was read last is done with, and with it everything it pointed to. */
static void acknowledge_consumed(struct operation *operation)
{
    enum owed owed = OWED_NONE;

    state_lock();
    if (operation->consumed) {
        owed = operation->owed;
        operation->owed = OWED_NONE;
        operation->consumed = false;
        operation->arrived = false;
    }
    state_unlock();
    if (owed == OWED_CONNECTION) {
        request_acknowledge(operation->request);
    }
}

/* Waits for the next result. True if it is the last one. */
static bool consume(struct operation *operation, struct result *result)
{
    bool final;

    state_lock();
    while (!operation->arrived) {
        state_wait();
    }
    *result = operation->result;
    operation->consumed = true;
    final = !result->more;
    if (final) {
        operation->consumed_final = true;
        state_changed();
    }
    state_unlock();
    return final;
}

static bool is_finished(struct operation *operation, struct result *result)
{
    bool finished;

    state_lock();
    finished = operation->consumed_final;
    if (finished) {
        *result = (struct result){.more = MI_FALSE, .code = operation->result.code};
    }
    state_unlock();
    return finished;
}

static void get_from(struct operation *operation, struct result *result)
{
    if (is_finished(operation, result)) {
        return;
    }
    acknowledge_consumed(operation);
    if (consume(operation, result)) {
        handle_release(operation->cell);
    }
}

static MI_Result get(MI_Operation *handle, enum result_kind kind, const struct outputs *outputs,
                     struct result *result)
{
    struct handle_cell *cell = handle != NULL ? handle_acquire(handle) : NULL;
    struct operation *operation;
    MI_Result access;

    if (cell == NULL) {
        return refuse(outputs, MI_RESULT_INVALID_PARAMETER);
    }
    operation = cell->object;
    access = session_check_access(&operation->session_handle);
    if (access == MI_RESULT_OK && (operation->kind != kind || !operation->synchronous)) {
        access = MI_RESULT_INVALID_PARAMETER;
    }
    if (access != MI_RESULT_OK) {
        handle_release(cell);
        return refuse(outputs, access);
    }
    get_from(operation, result);
    put(outputs, result);
    handle_release(cell);
    return MI_RESULT_OK;
}

MI_Result operation_get_instance(MI_Operation *self, const MI_Instance **instance, MI_Boolean *more,
                                 MI_Result *result, const MI_Char **message, const MI_Instance **details)
{
    const struct outputs outputs = {more, result, message, details};
    struct result found = {.instance = NULL};
    MI_Result got;

    if (instance == NULL) {
        return refuse(&outputs, MI_RESULT_INVALID_PARAMETER);
    }
    got = get(self, RESULT_INSTANCE, &outputs, &found);
    *instance = found.instance;
    return got;
}

MI_Result operation_get_indication(MI_Operation *self, const MI_Instance **instance, const MI_Char **bookmark,
                                   const MI_Char **machine_id, MI_Boolean *more, MI_Result *result,
                                   const MI_Char **message, const MI_Instance **details)
{
    const struct outputs outputs = {more, result, message, details};
    struct result found = {.instance = NULL};
    MI_Result got;

    if (bookmark != NULL) {
        *bookmark = NULL;
    }
    if (machine_id != NULL) {
        *machine_id = NULL;
    }
    if (instance == NULL) {
        return refuse(&outputs, MI_RESULT_INVALID_PARAMETER);
    }
    got = get(self, RESULT_INDICATION, &outputs, &found);
    *instance = found.instance;
    return got;
}

MI_Result operation_get_class(MI_Operation *self, const MI_Class **object, MI_Boolean *more,
                              MI_Result *result, const MI_Char **message, const MI_Instance **details)
{
    const struct outputs outputs = {more, result, message, details};
    struct result found = {.class = NULL};
    MI_Result got;

    if (object == NULL) {
        return refuse(&outputs, MI_RESULT_INVALID_PARAMETER);
    }
    got = get(self, RESULT_CLASS, &outputs, &found);
    *object = found.class;
    return got;
}
