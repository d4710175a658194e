/* SPDX-License-Identifier: MIT */
/* Callbacks: whose they are, on which thread they run, what they deliver. */
#include "model/model_internal.h"

static struct model_handle *find_by_words(const struct model_context *context, enum mi_kind owner)
{
    const struct mi_event *data = &context->event->data;
    const struct model_words words = {.address = data->handle, .r1 = data->r1, .r2 = data->r2};

    return identity_find(context->thread->process, owner, &words);
}

/* A class-needed callback runs inside the deserializer's call and is told of nothing else. */
static struct model_handle *find_caller(const struct model_thread *thread, enum mi_kind owner)
{
    const struct model_activity *call = model_blocked_call(thread);

    return call != NULL && call->handle != NULL && call->handle->kind == owner ? call->handle : NULL;
}

static struct model_handle *find_owner(const struct model_context *context)
{
    enum mi_kind owner = mi_callbacks[context->info->callback].owner;
    struct model_handle *handle = identity_by_token(context->thread->process, context->event->data.token);

    if (handle != NULL && handle->kind == owner) {
        return handle;
    }
    return owner == MI_KIND_deserializer ? find_caller(context->thread, owner)
                                         : find_by_words(context, owner);
}

static struct model_activity describe(const struct model_context *context)
{
    const struct mi_event *data = &context->event->data;
    bool carries_result = mi_callbacks[context->info->callback].yields != MI_KIND_none;

    return (struct model_activity){
        .kind = MODEL_CALLBACK,
        .begin_ns = context->event->time_ns,
        .handle = find_owner(context),
        .site = {.thread = context->thread, .time_ns = context->event->time_ns},
        .callback = context->info->callback,
        .token = data->token,
        .final = carries_result && data->more == 0,
        .owed = data->owed != 0,
        .result = data->result,
        .object = data->object,
        .details = data->details,
    };
}

static bool is_own(const struct model_activity *callback)
{
    return callback->handle != NULL && callback->handle->process == callback->site.thread->process;
}

static void begin_effects(const struct model_context *context, const struct model_activity *callback)
{
    enum mi_kind yields = mi_callbacks[callback->callback].yields;

    if (yields != MI_KIND_none) {
        loans_lend(callback, yields, callback->object);
    }
    loans_lend(callback, MI_KIND_instance, callback->details);
    if (!is_own(callback)) {
        return;
    }
    if (callback->handle->kind == MI_KIND_operation) {
        operations_callback(context, callback);
    } else if (callback->callback == MI_CB_session_closed) {
        closes_completion_entered(callback->handle);
    }
}

/* Callbacks of an operation or a close that run in no call of the thread's own were brought there by MI. */
static bool is_delivery(const struct model_thread *thread, enum mi_callback callback)
{
    enum mi_kind owner = mi_callbacks[callback].owner;

    return thread->inside->len == 0 && (owner == MI_KIND_operation || owner == MI_KIND_session);
}

static void enter(const struct model_context *context)
{
    struct model_thread *thread = context->thread;
    const struct model_activity *top = activities_top(thread);
    struct model_activity callback;

    if (top != NULL && top->kind == MODEL_CALLBACK) {
        activities_drop_to(context->model, thread, thread->inside->len - 1);
    }
    callback = describe(context);
    thread->delivers = thread->delivers || is_delivery(thread, callback.callback);
    activities_push(thread, &callback);
    begin_effects(context, &callback);
    model_tell_callback_entered(context->model, thread, activities_top(thread));
}

/* The one class made inside is the one given to MI, which deletes it. Otherwise it may be any that the
 * program has. */
static void end_class_needed(struct model_thread *thread, const struct model_activity *callback)
{
    if (callback->classes_made == 1 && callback->classes_deleted == 0) {
        closes_unreference(callback->made, NULL);
    } else {
        thread->process->classes_given_ns = thread->last_ns;
    }
}

void callbacks_leave(struct model_thread *thread, struct model_activity *callback)
{
    const struct model_site site = {.thread = thread, .time_ns = thread->last_ns};

    if (callback->callback == MI_CB_class_needed) {
        end_class_needed(thread, callback);
    }
    if (!is_own(callback)) {
        return;
    }
    loans_end(callback->handle, MODEL_LOAN_CALLBACK, callback->begin_ns, &site);
    if (callback->handle->kind == MI_KIND_operation) {
        callback->handle->callbacks_running--;
        operations_settle(callback->handle);
    } else if (callback->callback == MI_CB_session_closed) {
        closes_completion_left(callback->handle);
    }
}

static bool is_meant(const struct model_activity *activity, const struct model_context *context)
{
    return activity->kind == MODEL_CALLBACK && activity->callback == context->info->callback &&
           activity->token == context->event->data.token;
}

static void leave(const struct model_context *context)
{
    struct model_thread *thread = context->thread;

    for (guint depth = thread->inside->len; depth > 0; depth--) {
        if (is_meant(&g_array_index(thread->inside, struct model_activity, depth - 1), context)) {
            activities_drop_to(context->model, thread, depth);
            activities_pop(thread);
            callbacks_leave(thread, &thread->last);
            model_tell_callback_left(context->model, thread, &thread->last);
            return;
        }
    }
    model_odd(context->model);
}

void callbacks_take(const struct model_context *context)
{
    if (context->info->phase == MI_PHASE_CALLBACK_ENTRY) {
        enter(context);
    } else {
        leave(context);
    }
}
