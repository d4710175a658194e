/* SPDX-License-Identifier: MIT */
/* The model as a whole: takes events and hands them to the file that knows what they mean; tells observers.
 */
#include "model/model_internal.h"

static void learn_fields(struct model *model)
{
    for (size_t class = 0; class < MI_CLASS_COUNT; class ++) {
        for (size_t i = 0; i < mi_classes[class].count; i++) {
            model->fields[class] |= UINT64_C(1) << mi_classes[class].fields[i];
        }
    }
}

struct model *model_new(void)
{
    struct model *model = g_new0(struct model, 1);

    G_STATIC_ASSERT(MI_FIELD_COUNT <= 64);
    model->processes = g_ptr_array_new();
    model->by_pid = g_hash_table_new(NULL, NULL);
    model->generations = g_hash_table_new(NULL, NULL);
    model->observers = g_array_new(FALSE, FALSE, sizeof(struct model_observer));
    model->run = g_strdup("");
    learn_fields(model);
    return model;
}

void model_free(struct model *model)
{
    if (model == NULL) {
        return;
    }
    /* A forked child may refer to handles of its parent, which came before it. */
    for (guint i = model->processes->len; i > 0; i--) {
        processes_free(model->processes->pdata[i - 1]);
    }
    g_ptr_array_unref(model->processes);
    g_hash_table_unref(model->by_pid);
    g_hash_table_unref(model->generations);
    g_array_unref(model->observers);
    g_free(model->run);
    g_free(model);
}

void model_add_observer(struct model *model, const struct model_observer *observer)
{
    g_array_append_vals(model->observers, observer, 1);
}

void model_begin_trace(struct model *model, const char *run)
{
    g_hash_table_remove_all(model->by_pid);
    g_hash_table_remove_all(model->generations);
    model->recent = NULL;
    g_free(model->run);
    model->run = g_strdup(run == NULL ? "" : run);
}

void model_odd(struct model *model)
{
    model->odd++;
}

#define TELL(what, ...)                                                                                     \
    for (guint i = 0; i < model->observers->len; i++) {                                                     \
        const struct model_observer *observer = &g_array_index(model->observers, struct model_observer, i); \
        if (observer->what != NULL) {                                                                       \
            observer->what(observer->context, __VA_ARGS__);                                                 \
        }                                                                                                   \
    }

void model_tell_call_entered(struct model *model, struct model_thread *thread,
                             const struct model_activity *call)
{
    TELL(call_entered, thread, call)
}

void model_tell_call_left(struct model *model, struct model_thread *thread, const struct model_activity *call,
                          const struct source_event *event)
{
    TELL(call_left, thread, call, event)
}

void model_tell_callback_entered(struct model *model, struct model_thread *thread,
                                 const struct model_activity *callback)
{
    TELL(callback_entered, thread, callback)
}

void model_tell_callback_left(struct model *model, struct model_thread *thread,
                              const struct model_activity *callback)
{
    TELL(callback_left, thread, callback)
}

static void take_other(const struct model_context *context)
{
    switch ((int)context->event->id) {
    case MI_EV_call_unwound:
        calls_take(context);
        break;
    case MI_EV_instance_adopted:
        creations_adopted(context);
        break;
    case MI_EV_thread_start:
    case MI_EV_thread_end:
        threads_take(context);
        break;
    default:
        processes_take(context);
    }
}

void model_take(struct model *model, const struct source_event *event)
{
    static void (*const takers[])(const struct model_context *) = {
        [MI_PHASE_ENTRY] = calls_take,
        [MI_PHASE_EXIT] = calls_take,
        [MI_PHASE_CALLBACK_ENTRY] = callbacks_take,
        [MI_PHASE_CALLBACK_EXIT] = callbacks_take,
        [MI_PHASE_OTHER] = take_other,
    };
    struct model_context context = {.model = model, .event = event};
    struct model_process *process;

    if ((unsigned)event->id >= MI_EV_COUNT) {
        model_odd(model);
        return;
    }
    model->now = MAX(model->now, event->time_ns);
    process = processes_of(model, event);
    if (process != NULL) {
        process->last_ns = event->time_ns;
        context.info = &mi_events[event->id];
        context.thread = threads_of(process, event);
        takers[context.info->phase](&context);
    }
}

void model_set_end(struct model *model, uint32_t pid, enum model_end end, int32_t status)
{
    struct model_process *process = g_hash_table_lookup(model->by_pid, GUINT_TO_POINTER(pid));

    if (process == NULL || process->end == MODEL_EXEC) {
        return; /* what ended was the program that it became */
    }
    /* The process itself knows better how it exited, unless a signal came between. */
    if (end == MODEL_SIGNAL || process->end == MODEL_RUNNING) {
        process->end = end;
    }
    process->end_status = status;
}

void model_set_watched(struct model *model, int64_t time_ns)
{
    for (guint i = 0; i < model->processes->len; i++) {
        struct model_process *process = model->processes->pdata[i];
        if (process->watched_ns == 0) {
            process->watched_ns = time_ns;
        }
    }
}

int64_t model_end_of(const struct model *model, const struct model_process *process)
{
    if (process->end != MODEL_RUNNING && process->end != MODEL_SIGNAL) {
        return process->last_ns;
    }
    return process->watched_ns == 0 ? model->now : MAX(process->watched_ns, process->last_ns);
}

void model_finish(struct model *model)
{
    for (guint i = 0; i < model->processes->len; i++) {
        handles_forget_closed(model->processes->pdata[i]);
    }
}

int64_t model_now(const struct model *model)
{
    return model->now;
}

uint64_t model_odd_events(const struct model *model)
{
    return model->odd;
}

const GPtrArray *model_processes(const struct model *model)
{
    return model->processes;
}
