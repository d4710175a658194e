/* SPDX-License-Identifier: MIT */
/* Processes: which one an event is of, how it began and ended, what is loaded in it. */
#include "model/model_internal.h"

#include <string.h>

static void free_module(gpointer data)
{
    struct model_module *module = data;

    g_free(module->path);
    g_free(module->build_id);
    g_free(module);
}

/* A text that an event carries; "" when the event leaves it out. */
static char *copy_text(const char *text, uint32_t length)
{
    return length == 0 ? g_strdup("") : g_strndup(text, length);
}

static struct model_process_own *new_own(struct model *model)
{
    struct model_process_own *own = g_new0(struct model_process_own, 1);

    own->model = model;
    own->by_key = identity_new();
    own->by_token = identity_new_tokens();
    own->loans = loans_new();
    own->stacks = stacks_new();
    own->origins = stacks_new_origins();
    return own;
}

static unsigned next_generation(struct model *model, uint32_t pid)
{
    unsigned generation = GPOINTER_TO_UINT(g_hash_table_lookup(model->generations, GUINT_TO_POINTER(pid)));

    g_hash_table_insert(model->generations, GUINT_TO_POINTER(pid), GUINT_TO_POINTER(generation + 1));
    return generation;
}

guint model_index_of(const struct model_process *process)
{
    return process->own != NULL ? process->own->index : G_MAXUINT;
}

static struct model_process *add_process(struct model *model, const struct source_event *event)
{
    struct model_process *process = g_new0(struct model_process, 1);

    process->pid = event->data.pid;
    process->generation = next_generation(model, process->pid);
    process->path = g_strdup("");
    process->run = g_strdup("");
    process->begin_ns = event->time_ns;
    process->threads = g_hash_table_new_full(NULL, NULL, NULL, threads_end);
    process->modules = g_ptr_array_new_with_free_func(free_module);
    process->own = new_own(model);
    process->own->index = model->processes->len;
    g_ptr_array_add(model->processes, process);
    g_hash_table_insert(model->by_pid, GUINT_TO_POINTER(process->pid), process);
    return process;
}

/* Its threads go first: they refer to handles. */
void processes_free(struct model_process *process)
{
    g_hash_table_unref(process->threads);
    model_release(process->delivery_left);
    loans_free_all(process);
    handles_free_all(process);
    g_hash_table_unref(process->own->by_key);
    g_hash_table_unref(process->own->by_token);
    g_hash_table_unref(process->own->origins);
    g_hash_table_unref(process->own->stacks);
    g_free(process->own->refused);
    g_free(process->own);
    g_ptr_array_unref(process->modules);
    g_free(process->path);
    g_free(process->run);
    g_free(process);
}

/* Everything of this pid is passed over until a process that is wanted begins. */
static struct model_process *refuse(struct model *model, uint32_t pid)
{
    g_hash_table_insert(model->by_pid, GUINT_TO_POINTER(pid), NULL);
    return NULL;
}

static bool is_wanted_run(const struct model *model, const struct mi_event *data)
{
    size_t length = strlen(model->run);

    return length == 0 || (data->run_len == length && memcmp(data->run, model->run, length) == 0);
}

/* Known only by what came before its own process_start. */
static bool is_nascent(const struct model_process *process)
{
    return process != NULL && process->calls == 0 && !process->started_in_trace &&
           process->forked_from == NULL && process->end == MODEL_RUNNING;
}

static struct model_process *begin_process(struct model *model, const struct source_event *event)
{
    const struct mi_event *data = &event->data;
    struct model_process *process = g_hash_table_lookup(model->by_pid, GUINT_TO_POINTER(data->pid));

    if (!is_wanted_run(model, data)) {
        return refuse(model, data->pid);
    }
    if (!is_nascent(process)) {
        process = add_process(model, event);
    }
    process->started_in_trace = data->late == 0;
    process->parent_pid = data->parent;
    g_free(process->path);
    process->path = copy_text(data->path, data->path_len);
    g_free(process->run);
    process->run = copy_text(data->run, data->run_len);
    return process;
}

/* A fork in a callback on MI's own thread takes that thread to the child. */
static bool may_fork_deliverer(const struct model_process *parent)
{
    GHashTableIter iterator;
    gpointer thread;

    g_hash_table_iter_init(&iterator, parent->threads);
    while (g_hash_table_iter_next(&iterator, NULL, &thread)) {
        const struct model_thread *candidate = thread;
        if (candidate->delivers && candidate->inside->len > 0) {
            return true;
        }
    }
    return false;
}

/* The application of `parent` whose delivering thread runs now and will be missing in a child. */
static struct model_handle *find_delivering(const struct model_process *parent)
{
    struct model_handle *application = parent->own->open[MI_KIND_application];

    if (parent->delivery_left != NULL || may_fork_deliverer(parent)) {
        return parent->delivery_left;
    }
    while (application != NULL && !(application->connected && application->state == MODEL_LIVE)) {
        application = application->next;
    }
    return application;
}

static void inherit(struct model_process *process, struct model_process *parent)
{
    process->forked_from = parent;
    process->started_in_trace = parent->started_in_trace;
    g_free(process->path);
    process->path = g_strdup(parent->path);
    g_free(process->run);
    process->run = g_strdup(parent->run);
    process->delivery_left = model_hold(find_delivering(parent));
}

static struct model_process *fork_process(struct model *model, const struct source_event *event)
{
    uint32_t parent_pid = event->data.parent;
    struct model_process *parent = g_hash_table_lookup(model->by_pid, GUINT_TO_POINTER(parent_pid));
    struct model_process *process = g_hash_table_lookup(model->by_pid, GUINT_TO_POINTER(event->data.pid));

    if (parent == NULL && model->run[0] != '\0') {
        return refuse(model, event->data.pid);
    }
    /* Its thread may be announced before the fork. A child comes after its parent in the list. */
    if (!is_nascent(process) || (parent != NULL && process->own->index <= parent->own->index)) {
        process = add_process(model, event);
    }
    process->begin_ns = event->time_ns;
    process->parent_pid = parent_pid;
    if (parent != NULL) {
        inherit(process, parent);
    }
    return process;
}

static struct model_process *known_process(struct model *model, const struct source_event *event)
{
    gpointer process;

    if (g_hash_table_lookup_extended(model->by_pid, GUINT_TO_POINTER(event->data.pid), NULL, &process)) {
        return process;
    }
    return model->run[0] != '\0' ? refuse(model, event->data.pid) : add_process(model, event);
}

struct model_process *processes_of(struct model *model, const struct source_event *event)
{
    if (event->id == MI_EV_process_start) {
        model->recent = begin_process(model, event);
    } else if (event->id == MI_EV_process_fork) {
        model->recent = fork_process(model, event);
    } else if (model->recent == NULL || model->recent->pid != event->data.pid) {
        model->recent = known_process(model, event);
    }
    return model->recent;
}

/* What runs while a process ends, and a child that it leaves behind, may still name handles that were closed.
 */
static void remember_ended(struct model *model, struct model_process *process)
{
    struct model_process **place = &model->ended[model->ended_count++ % ENDED_REMEMBERED];

    if (*place != NULL && *place != process) {
        handles_forget_closed(*place);
    }
    *place = process;
}

static void end_process(struct model *model, struct model_process *process, const struct mi_event *data)
{
    static const enum model_end ends[] = {MODEL_EXIT, MODEL_UNDERSCORE_EXIT, MODEL_EXEC};

    if (data->how < G_N_ELEMENTS(ends)) {
        process->end = ends[data->how];
        process->end_status = data->status;
    }
    remember_ended(model, process);
}

static void load_module(struct model_process *process, const struct source_event *event)
{
    const struct mi_event *data = &event->data;
    struct model_module *module = g_new0(struct model_module, 1);

    module->base = data->base;
    module->start = data->start;
    module->end = data->end;
    module->path = copy_text(data->path, data->path_len);
    module->build_id = g_memdup2(data->build_id, data->build_id_len);
    module->build_id_len = data->build_id_len;
    module->loaded_ns = event->time_ns;
    g_ptr_array_add(process->modules, module);
}

static void note_table(struct model_process *process, const struct mi_event *data)
{
    if (data->problem_len > 0) {
        process->unpatched++;
        process->unwatched[data->kind < MI_KIND_COUNT ? data->kind : MI_KIND_none] = true;
    } else if (data->kind < MI_KIND_COUNT) {
        uint64_t *known = &process->tables[data->kind];
        bool another = *known != 0 && *known != data->address;
        process->several_tables[data->kind] = process->several_tables[data->kind] || another;
        *known = data->address;
    }
}

void processes_take(const struct model_context *context)
{
    struct model_process *process = context->thread->process;
    const struct mi_event *data = &context->event->data;

    switch ((int)context->event->id) {
    case MI_EV_process_end:
        end_process(context->model, process, data);
        break;
    case MI_EV_exec_failed:
        process->end = process->end == MODEL_EXEC ? MODEL_RUNNING : process->end;
        break;
    case MI_EV_module_load:
        load_module(process, context->event);
        break;
    case MI_EV_function_table:
        note_table(process, data);
        break;
    default:
        break;
    }
}
