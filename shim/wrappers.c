/* SPDX-License-Identifier: MIT */
/*
 * One wrapper for each slot, made from mi_api.def: is the call the program's own? Record its entry, call MI's
 * function, record its exit. What is recorded depends on the row's event classes: ENTER_<class> and
 * LEAVE_<class>.
 */
#include "call.h"
#include "callbacks.h"
#include "recorder.h"
#include "tables.h"

#include <string.h>

/*
 * The rows differ in what they have, the classes ask all of them alike: a row without a parameter `self` or
 * `error` finds these constants, which a parameter of that name hides.
 */
#pragma GCC diagnostic ignored "-Wshadow"
static const void *const self = NULL;
static MI_Instance **const error = NULL;

/* Texts that name the thing for a person; for mi_api.def. */
#define NO_NAMES (NULL, NULL, NULL)

static const MI_Char *decl_name(const MI_ClassDecl *decl)
{
    return decl != NULL ? decl->name : NULL;
}

static const MI_Char *class_name_of(const MI_Instance *instance)
{
    return instance != NULL ? decl_name(instance->classDecl) : NULL;
}

/* Some write "user:password@host" as destination: what stands before the host is nobody's business. */
static const MI_Char *host_of(const MI_Char *destination)
{
    const MI_Char *at = destination != NULL ? strrchr(destination, '@') : NULL;

    return at != NULL ? at + 1 : destination;
}
#define MI_HOST_OF       host_of
#define MI_DECL_NAME     decl_name
#define MI_CLASS_NAME_OF class_name_of

void call_jumped(const void *frame)
{
    record_preload->jump((uintptr_t)frame);
}

void call_cleanup(struct shim_call *call)
{
    if (!call->returned) {
        call_leave(call);
        RECORD(call_unwound, call->thread, { event->call = call->number; });
    }
}

/* The handle that is acted on. NULL: 0. */
static void fill_words(struct mi_event *event, const struct shim_call *call, const void *handle)
{
    const MI_Serializer *words = handle; /* every such handle begins with its two words */

    event->call = call->number;
    event->handle = (uint64_t)(uintptr_t)handle;
    event->r1 = words != NULL ? words->reserved1 : 0;
    event->r2 = words != NULL ? (uint64_t)words->reserved2 : 0;
    event->table = words != NULL ? (uint8_t)(TABLES_FIRST + call->thread->table) : TABLES_NO_HANDLE;
}

static void fill_object(struct mi_event *event, const struct shim_call *call, const void *handle)
{
    event->call = call->number;
    event->handle = (uint64_t)(uintptr_t)handle;
}

static void fill_close(struct mi_event *event, const struct shim_call *call, const void *handle,
                       uint64_t *stack)
{
    record_process();
    fill_words(event, call, handle);
    record_credentials(event);
    record_stack(event, stack);
}

/* Only sessions have an owner that MI compares with later; for other handles nobody is asked, see
 * mi_fields.def. */
static void fill_create(struct mi_event *event, const struct shim_call *call, const void *handle,
                        uint64_t *stack, enum mi_kind made)
{
    record_process();
    fill_words(event, call, handle);
    event->uid = event->gid = MI_NOT_ASKED;
    if (made == MI_KIND_session) {
        record_credentials(event);
    }
    record_stack(event, stack);
}

static void fill_names(struct mi_event *event, const MI_Char *namespace, const MI_Char *name,
                       const MI_Char *detail)
{
    RECORD_TEXT(event, namespace, namespace);
    RECORD_TEXT(event, name, name);
    RECORD_TEXT(event, detail, detail);
}

static void fill_exit(struct mi_event *event, const struct shim_call *call, MI_Result result)
{
    event->call = call->number;
    event->result = (int32_t)result;
}

/* (De)serializers carry no table. */
static bool has_table(enum mi_kind kind)
{
    return kind != MI_KIND_serializer && kind != MI_KIND_deserializer;
}

/* What a handle in the caller's memory says after it was handed out, `given` if it was. */
static void fill_out(struct mi_event *event, enum mi_kind kind, const void *out, bool given)
{
    const MI_Serializer *words = out;

    event->out = (uint64_t)(uintptr_t)out;
    event->r1 = event->r2 = 0;
    event->table = TABLES_NO_HANDLE;
    if (given && out != NULL) {
        event->r1 = words->reserved1;
        event->r2 = (uint64_t)words->reserved2;
        event->table =
            has_table(kind) ? tables_meet(kind, ((const MI_Application *)out)->ft) : TABLES_NO_TABLE;
    }
}

/* An object that was handed out: instances and classes begin with their table. */
static uint64_t meet_object(enum mi_kind kind, const void *object)
{
    if (object != NULL) {
        tables_meet(kind, *(const void *const *)object);
    }
    return (uint64_t)(uintptr_t)object;
}

/* MI leaves `*error` alone in some failures, and then it may be garbage: only what has changed was handed
 * out. */
static uint64_t meet_error(MI_Instance *const *slot, const MI_Instance *before)
{
    return slot != NULL && *slot != before ? meet_object(MI_KIND_instance, *slot) : 0;
}

static void say_adopted(struct shim_thread *thread, const MI_Instance *owner, const MI_Instance *given)
{
    RECORD(instance_adopted, thread, {
        event->handle = (uint64_t)(uintptr_t)owner;
        event->object = (uint64_t)(uintptr_t)given;
    });
}

/* With MI_FLAG_ADOPT an instance in an element's value belongs to the element's instance: nobody has to
 * delete it. */
static void meet_adopted(struct shim_thread *thread, const MI_Instance *owner, const MI_Value *value,
                         MI_Type type, MI_Uint32 flags)
{
    bool instances =
        (type | MI_ARRAY) == (MI_INSTANCE | MI_ARRAY) || (type | MI_ARRAY) == (MI_REFERENCE | MI_ARRAY);

    if ((flags & MI_FLAG_ADOPT) == 0 || !instances || value == NULL) {
        return;
    }
    if ((type & MI_ARRAY) == 0) {
        say_adopted(thread, owner, value->instance);
        return;
    }
    for (MI_Uint32 i = 0; i < value->array.size; i++) {
        say_adopted(thread, owner, ((MI_Instance *const *)value->array.data)[i]);
    }
}

static void meet_qualifiers(const MI_QualifierSet *set)
{
    if (set != NULL) {
        tables_meet(MI_KIND_qualifier_set, set->ft);
    }
}

static void meet_parameters(const MI_ParameterSet *set)
{
    if (set != NULL) {
        tables_meet(MI_KIND_parameter_set, set->ft);
    }
}

/* Thunks add no frame: this is the program's own call, and it costs nothing. */
#define CALLER ((uint64_t)(uintptr_t)__builtin_return_address(0))

/* Statements before MI's function is called. Available: thread, call, stack, and the row's parameters. */
#define ENTER_plain_entry(id, made, yields, names) RECORD(id##_entry, thread, { event->call = call.number; });
#define ENTER_call_entry(id, made, yields, names) \
    RECORD(id##_entry, thread, {                  \
        fill_words(event, &call, self);           \
        event->caller = CALLER;                   \
    });
#define ENTER_wait_entry(id, made, yields, names) \
    RECORD(id##_entry, thread, { fill_close(event, &call, self, stack); });
#define ENTER_close_entry(id, made, yields, names) ENTER_wait_entry(id, made, yields, names)
#define ENTER_session_close_entry(id, made, yields, names)                           \
    struct callbacks_close closing __attribute__((cleanup(callbacks_closed)));       \
    uint64_t token = callbacks_session_close(&closing, self, &completion, &context); \
    RECORD(id##_entry, thread, {                                                     \
        fill_close(event, &call, self, stack);                                       \
        event->token = token;                                                        \
    });
#define ENTER_create_entry(id, made, yields, names)                \
    RECORD(id##_entry, thread, {                                   \
        fill_create(event, &call, self, stack, MI_KIND_##made);    \
        fill_names(event, FIRST names, SECOND names, THIRD names); \
    });
#define ENTER_start_entry(id, made, yields, names)                              \
    struct callbacks_start start __attribute__((cleanup(callbacks_abandoned))); \
    callbacks = callbacks_start(&start, callbacks, RESULT_CALLBACK_##yields);   \
    RECORD(id##_entry, thread, {                                                \
        fill_close(event, &call, self, stack);                                  \
        event->flags = flags;                                                   \
        event->callbacks = start.which;                                         \
        event->token = start.token;                                             \
        event->operation = (uint64_t)(uintptr_t)operation;                      \
        fill_names(event, FIRST names, SECOND names, THIRD names);              \
    });
#define ENTER_object_entry(id, made, yields, names) \
    RECORD(id##_entry, thread, {                    \
        fill_object(event, &call, self);            \
        event->caller = CALLER;                     \
    });
#define ENTER_object_close_entry(id, made, yields, names) \
    RECORD(id##_entry, thread, {                          \
        fill_object(event, &call, self);                  \
        record_stack(event, stack);                       \
    });
#define ENTER_object_create_entry(id, made, yields, names) ENTER_object_close_entry(id, made, yields, names)

#define RESULT_CALLBACK_instance   MI_CB_instance_result
#define RESULT_CALLBACK_class      MI_CB_class_result
#define RESULT_CALLBACK_indication MI_CB_indication_result
#define FIRST(a, b, c)             a
#define SECOND(a, b, c)            b
#define THIRD(a, b, c)             c

/* What some functions need besides, as `, statements`. */
#define PREPARE_application_new_session \
    , MI_SessionCallbacks given = {0};  \
    callbacks = callbacks_session(&given, callbacks);
#define PREPARE_operation_close                                                  \
    , struct callbacks_close closing __attribute__((cleanup(callbacks_closed))); \
    callbacks_operation_close(&closing, self);
#define PREPARE_CLASS_NEEDED             \
    , struct callbacks_class_needed box; \
    callbacks_class_needed(&box, &class_needed, &context);
#define PREPARE_deserializer_deserialize_class    PREPARE_CLASS_NEEDED
#define PREPARE_deserializer_deserialize_instance PREPARE_CLASS_NEEDED
/* The program may leave out what tells a final result from others; we must know. */
#define PREPARE_RESULT                      \
    , MI_Boolean own_more;                  \
    MI_Result own_result;                   \
    more = more != NULL ? more : &own_more; \
    result = result != NULL ? result : &own_result;
#define PREPARE_operation_get_instance   PREPARE_RESULT
#define PREPARE_operation_get_indication PREPARE_RESULT
#define PREPARE_operation_get_class      PREPARE_RESULT

/* PREPARE(id): the statements of PREPARE_<id> if that is defined, nothing otherwise. */
#define PREPARE(id)            PICK(PREPARE_##id, )
#define FINISH(id)             PICK(FINISH_##id, )
#define PICK(...)              PICK_SECOND(__VA_ARGS__, )
#define PICK_SECOND(a, b, ...) b

/* What some functions need afterwards, likewise. */
#define FINISH_application_new_session \
    , callbacks_session_made(&given, returned == MI_RESULT_OK ? out : NULL);
#define FINISH_operation_close , closing.accepted = returned == MI_RESULT_OK;
#define FINISH_session_close   FINISH_operation_close

/* Statements after MI's function has returned. `returned` is MI_RESULT_OK for functions that return nothing.
 */
#define LEAVE_call_exit(id, made) RECORD(id##_exit, thread, { fill_exit(event, &call, returned); });
#define LEAVE_qualifiers_exit(id, made)                               \
    meet_qualifiers(returned == MI_RESULT_OK ? qualifier_set : NULL); \
    LEAVE_call_exit(id, made)
#define LEAVE_method_exit(id, made)                                   \
    meet_parameters(returned == MI_RESULT_OK ? parameter_set : NULL); \
    LEAVE_qualifiers_exit(id, made)
#define LEAVE_FILLED(id, statements)   \
    struct mi_event left;              \
    fill_exit(&left, &call, returned); \
    statements RECORD_FILLED(id##_exit, thread, &left);
#define LEAVE_error_exit(id, made) LEAVE_FILLED(id, left.error = meet_error(error, error_before);)
#define LEAVE_alias_exit(id, made) \
    LEAVE_FILLED(id, fill_out(&left, MI_KIND_##made, out, returned == MI_RESULT_OK);)
#define LEAVE_create_exit(id, made)                                     \
    LEAVE_FILLED(id, {                                                  \
        fill_out(&left, MI_KIND_##made, out, returned == MI_RESULT_OK); \
        left.error = meet_error(error, error_before);                   \
    })
#define LEAVE_create_object_exit(id, made)                                                             \
    LEAVE_FILLED(id, {                                                                                 \
        left.out = meet_object(MI_KIND_##made, returned == MI_RESULT_OK && out != NULL ? *out : NULL); \
        left.error = meet_error(error, error_before);                                                  \
    })
#define LEAVE_start_exit(id, made) LEAVE_FILLED(id, callbacks_started(&start, self, operation, &left);)
#define LEAVE_result_exit(id, made)                                                           \
    LEAVE_FILLED(id, {                                                                        \
        bool good = returned == MI_RESULT_OK;                                                 \
        left.more = good && *more;                                                            \
        left.final = good ? (int32_t)*result : 0;                                             \
        left.object = good && object != NULL ? meet_object(RESULT_KIND_##id, *object) : 0;    \
        left.details = good && details != NULL ? meet_object(MI_KIND_instance, *details) : 0; \
    })
/* call_exit of a function that gives something away. */
#define LEAVE_element_exit(id, made)                    \
    if (returned == MI_RESULT_OK) {                     \
        meet_adopted(thread, self, value, type, flags); \
    }                                                   \
    LEAVE_call_exit(id, made)
#define RESULT_KIND_operation_get_instance   MI_KIND_instance
#define RESULT_KIND_operation_get_indication MI_KIND_instance
#define RESULT_KIND_operation_get_class      MI_KIND_class

#define CALL_void(expression)             expression
#define CALL_MI_Result(expression)        returned = expression
#define CALL_MI_ErrorCategory(expression) returned = (MI_Result)(expression)
#define RETURN_void                       return
#define RETURN_MI_Result                  return returned
#define RETURN_MI_ErrorCategory           return (MI_ErrorCategory)returned

/* The body of a wrapper; `real` and `thread` are known. */
#define FORWARD(id, returns, entry, exit, made, yields, names, n, params)                    \
    uint64_t stack[RECORD_STACK_ROOM] __attribute__((unused));                               \
    const MI_Instance *error_before __attribute__((unused)) = error != NULL ? *error : NULL; \
    MI_Result returned = MI_RESULT_OK;                                                       \
    SHIM_CALL(call);                                                                         \
    call_enter(&call, thread);                                                               \
    PREPARE(id)                                                                              \
    ENTER_##entry(id, made, yields, names) CALL_##returns(real(MI_PASS(n, params)));         \
    call_leave(&call);                                                                       \
    FINISH(id)                                                                               \
    LEAVE_##exit(id, made) RETURN_##returns;

#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    returns wrap_##object##_##slot(MI_DECLARE(n, params)) RECORD_HIDDEN;                                    \
    returns wrap_##object##_##slot(MI_DECLARE(n, params))                                                   \
    {                                                                                                       \
        typedef returns (*function)(MI_DECLARE(n, params));                                                 \
        struct shim_thread *thread = record_thread();                                                       \
        uint32_t table = thread->table;                                                                     \
        function real = (function)tables_##object[table][index];                                            \
        if (call_is_internal(thread, __builtin_frame_address(0))) {                                         \
            return real(MI_PASS(n, params));                                                                \
        }                                                                                                   \
        FORWARD(object##_##slot, returns, entry, exit, made, yields, names, n, params)                      \
    }
#include "mi_api.def"

MI_Result wrap_application_initialize(shim_initialize_fn real, MI_Uint32 flags, const MI_Char *application_id,
                                      MI_Instance **error, MI_Application *out)
{
    struct shim_thread *thread = record_thread();

    if (call_is_internal(thread, __builtin_frame_address(0))) {
        return real(flags, application_id, error, out);
    }
    FORWARD(application_initialize, MI_Result, create_entry, create_exit, application, none,
            (NULL, application_id, NULL), 4,
            (MI_Uint32, flags, const MI_Char *, application_id, MI_Instance **, error, MI_Application *, out))
}
