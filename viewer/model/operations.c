/* SPDX-License-Identifier: MIT */
/* Operations: their start, which may be refused or overtaken by callbacks, their results and what is owed for
 * them. */
#include "model/model_internal.h"

bool operations_is_response(enum mi_function function)
{
    return function == MI_FN_acknowledge || function == MI_FN_answer_prompt || function == MI_FN_answer_error;
}

void operations_enter(const struct model_context *context, struct model_activity *call)
{
    const struct mi_event *data = &context->event->data;
    enum mi_callback wanted = mi_functions[call->function].result_callback;
    struct model_handle *operation = call->made;

    operation->address = data->operation;
    operation->session_r1 = data->r1;
    operation->session_r2 = data->r2;
    operation->callbacks = data->callbacks;
    operation->asynchronous = (data->callbacks >> wanted & 1) != 0;
    operation->manual = (data->flags & 1) != 0;
    operation->unowned = data->operation == 0;
    operation->user = model_hold_thread(call->site.thread);
    identity_add_token(operation, data->token);
}

void operations_used(struct model_handle *operation, struct model_thread *thread)
{
    if (operation->user != thread) {
        operation->several_users = true;
        model_release_thread(operation->user);
        operation->user = model_hold_thread(thread);
    }
}

/* It carries its session's words: an operation that had them before is not meant by them any longer. */
static void refuse_start(struct model_handle *operation)
{
    const struct model_words words = {.r1 = operation->session_r1, .r2 = operation->session_r2};

    if (operation->state == MODEL_OPENING) {
        operation->failed_start = true;
        identity_forget(operation->process, MI_KIND_operation, &words);
        handles_failed(operation);
    }
}

/*
 * MI tells the operation's words, in the starting call's exit or in a callback, whichever comes first. Those
 * of its session say that it failed; so does a second word of 0 when MI had to make up an operation for the
 * callback.
 */
static void learn_words(struct model_handle *operation, uint64_t r1, uint64_t r2)
{
    bool session_words = r1 == operation->session_r1 && r2 == operation->session_r2;

    if (operation->bound || (r1 == 0 && r2 == 0)) {
        return;
    }
    if (!operation->opened && (session_words || (operation->unowned && r2 == 0))) {
        refuse_start(operation);
        return;
    }
    operation->r1 = r1;
    operation->r2 = r2;
    identity_bind(operation);
}

void operations_leave(const struct model_context *context, struct model_activity *call)
{
    const struct mi_event *data = &context->event->data;

    if (call->made == NULL) {
        return;
    }
    if (data->table != 0 && data->r1 == 0 && data->r2 == 0) {
        refuse_start(call->made); /* MI left the program's MI_Operation empty */
    }
    learn_words(call->made, data->r1, data->r2);
    handles_opened(call->made);
    operations_settle(call->made);
}

/* Without the starting call's return the program may not know that it has an operation. */
void operations_abandon(struct model_handle *operation)
{
    operation->doubtful = true;
    if (operation->bound) {
        handles_opened(operation);
    } else {
        handles_failed(operation);
    }
}

static void take_result(struct model_handle *operation, bool final, int32_t result)
{
    operation->results++;
    if (final) {
        operation->final_seen = true;
        operation->final_result = result;
    }
}

void operations_result(const struct model_context *context, struct model_activity *call)
{
    struct model_handle *operation = call->handle;
    bool own = operation != NULL && operation->process == call->site.thread->process;

    if (own) {
        loans_end(operation, MODEL_LOAN_READ, 0, &call->site);
    }
    loans_lend(call, mi_functions[call->function].yields, call->object);
    loans_lend(call, MI_KIND_instance, call->details);
    if (own) {
        take_result(operation, call->final, context->event->data.final);
    }
}

static void note_owed(struct model_handle *operation, const struct model_activity *callback)
{
    if (callback->callback == MI_CB_prompt_user || callback->callback == MI_CB_write_error) {
        operation->owed_answers++;
    } else {
        operation->owed++;
    }
    model_set_site(&operation->last_owed, &callback->site);
    operation->owed_callback = callback->callback;
}

void operations_callback(const struct model_context *context, const struct model_activity *callback)
{
    const struct mi_event *data = &context->event->data;
    struct model_handle *operation = callback->handle;

    operation->callbacks_running++;
    if (data->r1 == 0 && data->r2 == 0 && callback->final && callback->result != 0) {
        refuse_start(operation); /* MI passed no operation */
    }
    learn_words(operation, data->r1, data->r2);
    if (mi_callbacks[callback->callback].yields != MI_KIND_none) {
        take_result(operation, callback->final, callback->result);
    }
    if (callback->owed) {
        note_owed(operation, callback);
    }
}

/* A close that was accepted is done when the final result was delivered, acknowledged and its callback has
 * returned. */
void operations_settle(struct model_handle *operation)
{
    bool ending = operation->close_accepted || operation->unowned;

    if (ending && operation->opened && operation->final_seen &&
        operation->owed + operation->owed_answers == 0 && operation->callbacks_running == 0 &&
        operation->closes_running == 0) {
        handles_closed(operation);
    }
}

void operations_responding(struct model_activity *call)
{
    call->handle->responding++;
}

static unsigned *owed_by(struct model_handle *operation, enum mi_function function)
{
    return function == MI_FN_acknowledge ? &operation->owed : &operation->owed_answers;
}

void operations_responded(struct model_activity *call, int32_t result)
{
    struct model_handle *operation = call->handle;
    unsigned *owed = owed_by(operation, call->function);

    operation->responding--;
    if (result != 0) {
        model_set_site(&operation->refused, &call->site);
        operation->refused_result = result;
        return;
    }
    *owed -= *owed > 0 ? 1 : 0;
    model_set_site(&operation->responded, &call->site);
    if (operation->owed + operation->owed_answers == 0) {
        loans_end(operation, MODEL_LOAN_ACKNOWLEDGED, 0, &call->site);
        model_set_site(&operation->last_owed, NULL);
        operation->owed_callback = MI_CB_COUNT;
    }
    operations_settle(operation);
}
