/* SPDX-License-Identifier: MIT */
/* The stack of calls and callbacks that a thread is inside of. An activity holds the handles it refers to. */
#include "model/model_internal.h"

struct model_activity *activities_push(struct model_thread *thread, const struct model_activity *activity)
{
    model_hold(activity->handle);
    model_hold(activity->made);
    g_array_append_vals(thread->inside, activity, 1);
    return activities_top(thread);
}

struct model_activity *activities_top(struct model_thread *thread)
{
    guint depth = thread->inside->len;

    return depth == 0 ? NULL : &g_array_index(thread->inside, struct model_activity, depth - 1);
}

void activities_forget_last(struct model_thread *thread)
{
    struct model_activity last = thread->last;

    thread->last = (struct model_activity){0};
    model_release(last.handle);
    model_release(last.made);
}

/* The top one becomes thread->last, which takes over what it holds. */
void activities_pop(struct model_thread *thread)
{
    struct model_activity top = *activities_top(thread);

    activities_forget_last(thread);
    thread->last = top;
    g_array_set_size(thread->inside, thread->inside->len - 1);
}

static void drop_top(struct model *model, struct model_thread *thread)
{
    activities_pop(thread);
    if (thread->last.kind == MODEL_CALL) {
        calls_abandon(&thread->last);
        model_tell_call_left(model, thread, &thread->last, NULL);
    } else {
        callbacks_leave(thread, &thread->last);
        model_tell_callback_left(model, thread, &thread->last);
    }
    model_odd(model);
}

void activities_drop_to(struct model *model, struct model_thread *thread, guint depth)
{
    while (thread->inside->len > depth) {
        drop_top(model, thread);
    }
}

struct model_activity *activities_class_needed(struct model_thread *thread)
{
    for (guint depth = thread->inside->len; depth > 0; depth--) {
        struct model_activity *activity = &g_array_index(thread->inside, struct model_activity, depth - 1);
        if (activity->kind == MODEL_CALLBACK) {
            return activity->callback == MI_CB_class_needed ? activity : NULL;
        }
    }
    return NULL;
}

const struct model_activity *model_blocked_call(const struct model_thread *thread)
{
    const struct model_activity *top;

    if (thread->inside->len == 0) {
        return NULL;
    }
    top = &g_array_index(thread->inside, struct model_activity, thread->inside->len - 1);
    return top->kind == MODEL_CALL ? top : NULL;
}
