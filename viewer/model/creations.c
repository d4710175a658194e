/* SPDX-License-Identifier: MIT */
/* Calls that hand out handles: what they make, what a failure leaves, references to classes. */
#include "model/model_internal.h"

/* Applications have sessions, sessions have operations; whatever else is made belongs where its maker
 * belongs. */
static struct model_handle *parent_of(const struct model_activity *call)
{
    struct model_handle *self = call->handle;

    if (self == NULL || self->process != call->site.thread->process) {
        return NULL;
    }
    return self->kind == MI_KIND_application || self->kind == MI_KIND_session ? self : self->parent;
}

static void add_word(GString *name, const char *text, uint32_t length)
{
    if (length > 0) {
        if (name->len > 0) {
            g_string_append_c(name, ' ');
        }
        g_string_append_len(name, text, length);
    }
}

static void set_name(struct model_handle *handle, const struct mi_event *data)
{
    GString *name;

    if (data->namespace_len + data->name_len + data->detail_len == 0) {
        return;
    }
    name = g_string_sized_new(64);
    add_word(name, data->namespace, data->namespace_len);
    add_word(name, data->name, data->name_len);
    add_word(name, data->detail, data->detail_len);
    handle->name = g_string_free(name, FALSE);
}

static struct model_handle *make(struct model_activity *call, enum mi_kind kind)
{
    struct model_process *process = call->site.thread->process;
    struct model_handle *made = handles_new(process, kind, parent_of(call), &call->site);

    if (call->handle != NULL && call->handle->process != process) {
        made->inherited = model_hold(call->handle);
    }
    return made;
}

/* The activity holds what it made. */
static void set_made(struct model_activity *activity, struct model_handle *made)
{
    model_hold(made);
    model_release(activity->made);
    activity->made = made;
}

void creations_enter(const struct model_context *context, struct model_activity *call)
{
    struct model_handle *made;

    if (!model_has(context, MI_FIELD_name)) {
        return; /* the copy of an object: nothing is known of it before the call returns */
    }
    made = make(call, mi_functions[call->function].made);
    set_made(call, made);
    set_name(made, &context->event->data);
    if (made->kind == MI_KIND_operation) {
        operations_enter(context, call);
    }
}

/* In a class-needed callback the program makes the class that it gives to MI. */
static void note_class(struct model_activity *call, struct model_handle *handle)
{
    struct model_activity *needed = activities_class_needed(call->site.thread);

    if (needed != NULL) {
        needed->classes_made++;
        set_made(needed, handle);
    }
}

/* Clones of a class, its parent and the class of an instance may be one more reference to a class that is
 * known. */
static bool makes_reference(enum mi_function function)
{
    return function == MI_FN_class_clone || function == MI_FN_class_get_parent_class ||
           function == MI_FN_instance_get_class;
}

/* The handle that one more reference was made to; NULL: it is a new one. While the last reference is being
 * deleted, the address may already be another object's: nobody can make references from that one. */
static struct model_handle *referenced(const struct model_activity *call, enum mi_kind kind, uint64_t address)
{
    struct model_handle *known =
        makes_reference(call->function) ? identity_object(call->site.thread->process, kind, address) : NULL;

    return known != NULL && known->references > known->leaving ? known : NULL;
}

static void made_object(struct model_activity *call, uint64_t address)
{
    enum mi_kind kind = mi_functions[call->function].made;
    struct model_handle *made = referenced(call, kind, address);

    if (kind == MI_KIND_instance && call->function != MI_FN_application_new_instance) {
        call->site.thread->process->handed_out_ns = call->begin_ns;
    }
    if (made != NULL) {
        set_made(call, made);
    } else {
        if (call->made == NULL) {
            set_made(call, make(call, kind));
            made = call->made;
        }
        made = call->made;
        made->address = address;
        identity_bind(made);
        handles_opened(made);
    }
    if (kind == MI_KIND_class) {
        made->references++;
        note_class(call, made);
    }
}

/* The first one starts the thread that delivers MI's results. */
static void note_connected(const struct model_handle *made)
{
    bool connects = made->kind == MI_KIND_session || made->kind == MI_KIND_hosted_provider;

    if (connects && made->parent != NULL) {
        made->parent->connected = true;
    }
}

static void made_struct(struct model_activity *call, const struct mi_event *data)
{
    struct model_handle *made = call->made;

    made->address = data->out;
    made->r1 = data->r1;
    made->r2 = data->r2;
    identity_bind(made);
    if (made->bound) {
        handles_opened(made);
        note_connected(made);
    } else {
        handles_failed(made); /* without words it cannot be recognised again */
    }
}

/* Does it have a parameter for error details? */
static bool has_error(enum mi_function function)
{
    return function == MI_FN_application_initialize || function == MI_FN_application_new_session ||
           function == MI_FN_application_new_hosted_provider ||
           mi_functions[function].kind == MI_KIND_deserializer;
}

void creations_error(const struct model_context *context, struct model_activity *call)
{
    const struct mi_event *data = &context->event->data;
    struct model_handle *error;

    if (data->error == 0) { /* or one at the address that the program's variable held already */
        if (data->result != 0 && has_error(call->function)) {
            call->site.thread->process->unseen_error_ns = call->begin_ns;
        }
        return;
    }
    error = make(call, MI_KIND_instance);
    error->is_error = true;
    error->name = g_strdup("error details");
    error->address = data->error;
    identity_bind(error);
    handles_opened(error);
}

/* A session or codec that was not made may be closed all the same. */
static void refused(struct model_activity *call, uint64_t out)
{
    struct model_handle *made = call->made;

    if (made->kind == MI_KIND_session || mi_kinds[made->kind].layout == MI_LAYOUT_WORDS) {
        identity_refused(made->process, made->kind, out);
    }
    handles_failed(made);
}

void creations_leave(const struct model_context *context, struct model_activity *call)
{
    const struct mi_event *data = &context->event->data;

    if (data->result != 0 || data->out == 0) {
        if (call->made != NULL) {
            refused(call, data->out);
        }
    } else if (context->info->class == MI_CLASS_create_object_exit) {
        made_object(call, data->out);
    } else if (call->made != NULL) {
        made_struct(call, data);
    }
    creations_error(context, call);
}

void creations_abandon(struct model_activity *call)
{
    if (call->made->kind == MI_KIND_operation) {
        operations_abandon(call->made);
    } else {
        handles_failed(call->made);
    }
}

void creations_adopted(const struct model_context *context)
{
    struct model_handle *given =
        identity_object(context->thread->process, MI_KIND_instance, context->event->data.object);

    if (given != NULL) {
        given->adopted = true;
    }
}
