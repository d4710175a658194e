/* SPDX-License-Identifier: MIT */
/* Calls of the program: entered, left, left by an exception, or never seen to end. */
#include "model/model_internal.h"

/*
 * Calls nest only through callbacks and are numbered in their thread. What contradicts that lost its end, by
 * longjmp or because the event was lost: everything above the returned depth.
 */
static guint plausible_depth(const struct model_thread *thread, uint32_t number)
{
    const GArray *inside = thread->inside;
    guint depth = model_blocked_call(thread) != NULL ? inside->len - 1 : inside->len;

    for (guint i = 0; i < depth; i++) {
        const struct model_activity *activity = &g_array_index(inside, struct model_activity, i);
        if (activity->kind == MODEL_CALL && activity->number >= number) {
            return i;
        }
    }
    return depth;
}

static struct model_site make_site(const struct model_context *context)
{
    const struct mi_event *data = &context->event->data;
    struct model_site site = {
        .thread = context->thread, .time_ns = context->event->time_ns, .function = context->info->function};

    if (model_has(context, MI_FIELD_stack)) {
        site.stack = stacks_intern(context->thread->process, data->stack, data->stack_len);
    } else if (model_has(context, MI_FIELD_caller) && data->caller != 0) {
        site.stack = stacks_intern(context->thread->process, &data->caller, 1);
    }
    if (model_has(context, MI_FIELD_uid)) {
        site.uid = data->uid;
        site.gid = data->gid;
    }
    return site;
}

static void find_handle(const struct model_context *context, struct model_activity *call)
{
    const struct mi_event *data = &context->event->data;

    if (!model_has(context, MI_FIELD_handle)) {
        return;
    }
    call->words.address = data->handle;
    if (model_has(context, MI_FIELD_r1)) {
        call->words.r1 = data->r1;
        call->words.r2 = data->r2;
    }
    call->handle = identity_find(context->thread->process, mi_functions[call->function].kind, &call->words);
}

/* A forked child changes nothing of its parent's handles. */
static bool is_own(const struct model_activity *call)
{
    return call->handle != NULL && call->handle->process == call->site.thread->process;
}

/* An instance may have become a part of another one. */
static bool adds_element(enum mi_function function)
{
    return function == MI_FN_instance_add_element || function == MI_FN_instance_set_element ||
           function == MI_FN_instance_set_element_at;
}

/* What follows from the call having begun. */
static void begin_effects(struct model_activity *call)
{
    const struct mi_function_info *function = &mi_functions[call->function];

    if (adds_element(call->function)) {
        call->site.thread->process->handed_out_ns = call->begin_ns;
    }
    if (!is_own(call)) {
        return;
    }
    call->handle->uses_running += (function->roles & MI_ROLE_CLOSES) ? 0 : 1;
    if (call->handle->kind == MI_KIND_operation) {
        operations_used(call->handle, call->site.thread);
    }
    if (call->function == MI_FN_operation_cancel) {
        call->handle->cancelled = true;
    }
    if (function->roles & MI_ROLE_CLOSES) {
        closes_enter(call);
    }
    if (operations_is_response(call->function)) {
        operations_responding(call);
    }
}

static void enter(const struct model_context *context)
{
    struct model_thread *thread = context->thread;
    struct model_activity call = {.kind = MODEL_CALL,
                                  .begin_ns = context->event->time_ns,
                                  .function = context->info->function,
                                  .number = context->event->data.call,
                                  .callback = MI_CB_COUNT};
    struct model_activity *top;

    activities_drop_to(context->model, thread, plausible_depth(thread, call.number));
    call.site = make_site(context);
    find_handle(context, &call);
    call.ending = is_own(&call) ? closes_ending(call.handle) : MODEL_NOT_ENDING;
    if (model_has(context, MI_FIELD_token)) {
        call.token = context->event->data.token;
    }
    thread->process->calls++;
    top = activities_push(thread, &call);
    if (mi_functions[call.function].roles & MI_ROLE_CREATES) {
        creations_enter(context, top);
    }
    model_tell_call_entered(context->model, thread, top);
    begin_effects(activities_top(thread));
}

static bool has_number(const struct model_activity *activity, const struct model_context *context)
{
    return activity->kind == MODEL_CALL && activity->number == context->event->data.call &&
           (context->info->function == MI_FN_none || activity->function == context->info->function);
}

/* Make the call that an exit belongs to the top one. False: it is not known. */
static bool reach(const struct model_context *context)
{
    struct model_thread *thread = context->thread;

    for (guint depth = thread->inside->len; depth > 0; depth--) {
        if (has_number(&g_array_index(thread->inside, struct model_activity, depth - 1), context)) {
            activities_drop_to(context->model, thread, depth);
            return true;
        }
    }
    activities_drop_to(context->model, thread, plausible_depth(thread, context->event->data.call));
    model_odd(context->model);
    return false;
}

static void leave_any(const struct model_context *context, struct model_activity *call)
{
    if (!is_own(call)) {
        return;
    }
    if (mi_functions[call->function].roles & MI_ROLE_CLOSES) {
        closes_leave(call, context->event->data.result);
    }
    if (operations_is_response(call->function)) {
        operations_responded(call, context->event->data.result);
    }
}

static void leave_getter(const struct model_context *context, struct model_activity *call)
{
    const struct mi_event *data = &context->event->data;

    call->final = data->result == 0 && data->more == 0;
    call->object = data->object;
    call->details = data->details;
    if (data->result == 0) {
        operations_result(context, call);
    }
}

static void end_use(struct model_activity *call)
{
    if (is_own(call) && (mi_functions[call->function].roles & MI_ROLE_CLOSES) == 0) {
        call->handle->uses_running--;
    }
}

/* What follows from the call's return, by the class of its exit. */
static void (*const leavers[MI_CLASS_COUNT])(const struct model_context *, struct model_activity *) = {
    [MI_CLASS_call_exit] = leave_any,         [MI_CLASS_error_exit] = creations_error,
    [MI_CLASS_create_exit] = creations_leave, [MI_CLASS_create_object_exit] = creations_leave,
    [MI_CLASS_start_exit] = operations_leave, [MI_CLASS_result_exit] = leave_getter,
};

static void leave(const struct model_context *context)
{
    struct model_thread *thread = context->thread;

    if (!reach(context)) {
        return;
    }
    activities_pop(thread);
    if (model_has(context, MI_FIELD_result)) {
        thread->last.result = context->event->data.result;
    }
    end_use(&thread->last);
    if (leavers[context->info->class] != NULL) {
        leavers[context->info->class](context, &thread->last);
    }
    model_tell_call_left(context->model, thread, &thread->last, context->event);
}

/* The call has ended, but nobody knows how: what it would have closed counts as closed, what it would have
 * made not. */
void calls_abandon(struct model_activity *call)
{
    struct model_thread *thread = call->site.thread;

    end_use(call);
    if (mi_functions[call->function].roles & MI_ROLE_CREATES) {
        thread->process->missed_ns = thread->last_ns;
    }
    if (call->made != NULL) {
        creations_abandon(call);
    }
    if (!is_own(call)) {
        return;
    }
    if (mi_functions[call->function].roles & MI_ROLE_CLOSES) {
        closes_abandon(call);
    }
    if (operations_is_response(call->function)) {
        operations_responded(call, 0);
    }
    if (mi_functions[call->function].roles & MI_ROLE_RESULTS) {
        call->handle->doubtful = true;
    }
}

static void unwind(const struct model_context *context)
{
    struct model_thread *thread = context->thread;

    if (reach(context)) {
        activities_pop(thread);
        calls_abandon(&thread->last);
        model_tell_call_left(context->model, thread, &thread->last, context->event);
    }
}

void calls_take(const struct model_context *context)
{
    if (context->info->phase == MI_PHASE_ENTRY) {
        enter(context);
    } else if (context->info->phase == MI_PHASE_EXIT) {
        leave(context);
    } else {
        unwind(context);
    }
}
