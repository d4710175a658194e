/* SPDX-License-Identifier: MIT */
/* Trampolines for the program's callbacks, and the functions that MI hands to them. */
#include "callbacks.h"

#include "call.h"
#include "tables.h"
#include "under_valgrind.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

/* May the starting call read the caller's MI_Operation? Not once a callback has begun. */
enum box_state { BOX_QUIET, BOX_READING, BOX_READ, BOX_BEGUN };

struct callbacks_box {
    struct served served;          /* of the handle that it belongs to, if owners is 0 */
    MI_OperationCallbacks program; /* what the program gave */
    MI_SessionCallbacks session;
    MI_SessionCloseCompletion completion;
    void *completion_context;
    uint64_t token;
    uint64_t r1, r2; /* words of the operation, from its first callback; valid from BOX_BEGUN on */
    uint8_t table;
    _Atomic int owners; /* 0: it belongs to a handle */
    _Atomic int state;
    struct served *closes; /* completion: what dies with the session that is being closed, may be NULL */
};

static uint64_t next_token(void)
{
    static _Atomic uint64_t last;

    return atomic_fetch_add_explicit(&last, 1, memory_order_relaxed) + 1;
}

static void disown(struct callbacks_box *box)
{
    if (box != NULL && atomic_load(&box->owners) > 0 && atomic_fetch_sub(&box->owners, 1) == 1) {
        served_closed(box->closes, true);
        free(box);
    }
}

/* The first callback of an operation, whose words `event` has: from here on the program may free its
 * MI_Operation. Waits for a few loads of the starting call at most. */
static void begin(struct callbacks_box *box, const struct mi_event *event)
{
    int state = BOX_QUIET;

    if (atomic_load(&box->owners) == 0 || atomic_load(&box->state) == BOX_BEGUN) {
        return; /* a synchronous operation, or not the first */
    }
    box->r1 = event->r1;
    box->r2 = event->r2;
    box->table = event->table;
    HELGRIND_GIVE(box);
    while (!atomic_compare_exchange_weak(&box->state, &state, BOX_BEGUN)) {
        if (state == BOX_READING) {
            sched_yield();
            state = BOX_READ;
        }
    }
}

/* A callback that is running, on its trampoline's stack. */
struct running {
    struct shim_thread *thread;
    uint32_t inside;
    uintptr_t frame;
    enum mi_callback callback;
    uint64_t token;
    struct callbacks_box *last; /* box that dies with this callback, NULL otherwise */
};

static void record_entry(enum mi_callback callback, struct shim_thread *thread, struct mi_event *filled)
{
    switch (callback) {
#define MI_CALLBACK(name, ...)                                \
    case MI_CB_##name:                                        \
        RECORD_FILLED(name##_callback_entry, thread, filled); \
        break;
#include "mi_api.def"
    case MI_CB_COUNT:
        break;
    }
}

static void record_exit(enum mi_callback callback, struct shim_thread *thread, uint64_t number)
{
    switch (callback) {
#define MI_CALLBACK(name, ...)                                            \
    case MI_CB_##name:                                                    \
        RECORD(name##_callback_exit, thread, { event->token = number; }); \
        break;
#include "mi_api.def"
    case MI_CB_COUNT:
        break;
    }
}

/* Also when an exception or the end of the thread leaves the callback. */
static void leave(struct running *running)
{
    record_exit(running->callback, running->thread, running->token);
    running->thread->inside = running->inside;
    running->thread->frame = running->frame;
    disown(running->last);
}

#define RUNNING(name) struct running name __attribute__((cleanup(leave)))

static void enter(struct running *running, enum mi_callback callback, uint64_t token,
                  struct callbacks_box *last, struct mi_event *event)
{
    struct shim_thread *thread = record_thread();

    *running = (struct running){thread, thread->inside, thread->frame, callback, token, last};
    thread->inside = 0;
    thread->frame = 0;
    event->token = token;
    record_entry(callback, thread, event);
}

/* The operation that a callback is told of. `operation` may be NULL. Of the event, nothing is set but what
 * callbacks have: the whole of it is large. */
static void fill_operation(struct mi_event *event, const MI_Operation *operation)
{
    event->handle = (uint64_t)(uintptr_t)operation;
    event->r1 = event->r2 = 0;
    event->table = TABLES_NO_HANDLE;
    event->object = event->details = 0;
    if (operation != NULL) {
        event->r1 = operation->reserved1;
        event->r2 = (uint64_t)operation->reserved2;
        event->table = tables_meet(MI_KIND_operation, operation->ft);
    }
}

static void fill_instance(uint64_t *field, const MI_Instance *instance)
{
    *field = (uint64_t)(uintptr_t)instance;
    if (instance != NULL) {
        tables_meet(MI_KIND_instance, instance->ft);
    }
}

static void fill_result(struct mi_event *event, const MI_Operation *operation, MI_Boolean more,
                        MI_Result result, const MI_Instance *details, bool owed)
{
    fill_operation(event, operation);
    event->more = more;
    event->result = (int32_t)result;
    event->owed = owed;
    fill_instance(&event->details, details);
}

/*
 * What MI hands to callbacks for acknowledging and answering: one static function for each distinct one of
 * MI's (OMI has one of each), since the program calls it with nothing but the operation.
 */
#define GIVEN_FUNCTIONS 4

static void fill_response(struct mi_event *event, struct shim_call *call, const MI_Operation *operation,
                          uint64_t *stack)
{
    event->call = call->number;
    event->handle = (uint64_t)(uintptr_t)operation;
    event->r1 = operation != NULL ? operation->reserved1 : 0;
    event->r2 = operation != NULL ? (uint64_t)operation->reserved2 : 0;
    event->table = operation != NULL ? tables_meet(MI_KIND_operation, operation->ft) : TABLES_NO_HANDLE;
    record_credentials(event);
    record_stack(event, stack);
}

/* A function `respond(type name, ...)` that records the response and forwards it. */
#define RESPONSE(response, function_type, parameters, arguments)                                      \
    static _Atomic(function_type) real_##response[GIVEN_FUNCTIONS];                                   \
    static MI_Result record_##response(function_type real, MI_Operation *operation parameters)        \
    {                                                                                                 \
        struct shim_thread *thread = record_thread();                                                 \
        uint64_t stack[RECORD_STACK_ROOM];                                                            \
        SHIM_CALL(call);                                                                              \
        MI_Result returned;                                                                           \
        if (call_is_internal(thread, __builtin_frame_address(0))) {                                   \
            call.returned = true;                                                                     \
            return real(operation arguments);                                                         \
        }                                                                                             \
        call_enter(&call, thread);                                                                    \
        RECORD(response##_entry, thread, { fill_response(event, &call, operation, stack); });         \
        returned = real(operation arguments);                                                         \
        call_leave(&call);                                                                            \
        RECORD(response##_exit, thread, {                                                             \
            event->call = call.number;                                                                \
            event->result = (int32_t)returned;                                                        \
        });                                                                                           \
        return returned;                                                                              \
    }                                                                                                 \
    static MI_Result response##_0(MI_Operation *operation parameters)                                 \
    {                                                                                                 \
        return record_##response(atomic_load(&real_##response[0]), operation arguments);              \
    }                                                                                                 \
    static MI_Result response##_1(MI_Operation *operation parameters)                                 \
    {                                                                                                 \
        return record_##response(atomic_load(&real_##response[1]), operation arguments);              \
    }                                                                                                 \
    static MI_Result response##_2(MI_Operation *operation parameters)                                 \
    {                                                                                                 \
        return record_##response(atomic_load(&real_##response[2]), operation arguments);              \
    }                                                                                                 \
    static MI_Result response##_3(MI_Operation *operation parameters)                                 \
    {                                                                                                 \
        return record_##response(atomic_load(&real_##response[3]), operation arguments);              \
    }                                                                                                 \
    static function_type give_##response(function_type real)                                          \
    {                                                                                                 \
        static const function_type ours[GIVEN_FUNCTIONS] = {response##_0, response##_1, response##_2, \
                                                            response##_3};                            \
        for (size_t i = 0; i < GIVEN_FUNCTIONS && real != NULL; i++) {                                \
            function_type seen = NULL;                                                                \
            if (atomic_compare_exchange_strong(&real_##response[i], &seen, real) || seen == real) {   \
                return ours[i];                                                                       \
            }                                                                                         \
        }                                                                                             \
        return real;                                                                                  \
    }

#define NOTHING_MORE
#define WITH_ANSWER , MI_OperationCallback_ResponseType answer
#define PASS_ANSWER , answer
RESPONSE(acknowledge, MI_ResultAcknowledgement, NOTHING_MORE, NOTHING_MORE)
RESPONSE(answer_prompt, MI_Answer, WITH_ANSWER, PASS_ANSWER)
RESPONSE(answer_error, MI_Answer, WITH_ANSWER, PASS_ANSWER)

static void on_instance_result(MI_Operation *operation, void *context, const MI_Instance *instance,
                               MI_Boolean more, MI_Result result, const MI_Char *message,
                               const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_result(&event, operation, more, result, details, acknowledge != NULL);
    begin(box, &event);
    fill_instance(&event.object, instance);
    enter(&running, MI_CB_instance_result, box->token, more ? NULL : box, &event);
    box->program.instanceResult(operation, box->program.callbackContext, instance, more, result, message,
                                details, give_acknowledge(acknowledge));
}

static void on_indication_result(MI_Operation *operation, void *context, const MI_Instance *instance,
                                 const MI_Char *bookmark, const MI_Char *machine_id, MI_Boolean more,
                                 MI_Result result, const MI_Char *message, const MI_Instance *details,
                                 MI_ResultAcknowledgement acknowledge)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_result(&event, operation, more, result, details, acknowledge != NULL);
    begin(box, &event);
    fill_instance(&event.object, instance);
    enter(&running, MI_CB_indication_result, box->token, more ? NULL : box, &event);
    box->program.indicationResult(operation, box->program.callbackContext, instance, bookmark, machine_id,
                                  more, result, message, details, give_acknowledge(acknowledge));
}

static void on_class_result(MI_Operation *operation, void *context, const MI_Class *object, MI_Boolean more,
                            MI_Result result, const MI_Char *message, const MI_Instance *details,
                            MI_ResultAcknowledgement acknowledge)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_result(&event, operation, more, result, details, acknowledge != NULL);
    begin(box, &event);
    event.object = (uint64_t)(uintptr_t)object;
    if (object != NULL) {
        tables_meet(MI_KIND_class, object->ft);
    }
    enter(&running, MI_CB_class_result, box->token, more ? NULL : box, &event);
    box->program.classResult(operation, box->program.callbackContext, object, more, result, message, details,
                             give_acknowledge(acknowledge));
}

static void on_streamed_parameter(MI_Operation *operation, void *context, const MI_Char *name, MI_Type type,
                                  const MI_Value *value, MI_ResultAcknowledgement acknowledge)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_result(&event, operation, MI_TRUE, MI_RESULT_OK, NULL, acknowledge != NULL);
    begin(box, &event);
    enter(&running, MI_CB_streamed_parameter, box->token, NULL, &event);
    box->program.streamedParameterResult(operation, box->program.callbackContext, name, type, value,
                                         give_acknowledge(acknowledge));
}

static void on_prompt_user(MI_Operation *operation, void *context, const MI_Char *message, MI_PromptType type,
                           MI_Answer answer)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_result(&event, operation, MI_TRUE, MI_RESULT_OK, NULL, answer != NULL);
    begin(box, &event);
    enter(&running, MI_CB_prompt_user, box->token, NULL, &event);
    box->program.promptUser(operation, box->program.callbackContext, message, type,
                            give_answer_prompt(answer));
}

static void on_write_error(MI_Operation *operation, void *context, MI_Instance *error, MI_Answer answer)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_result(&event, operation, MI_TRUE, MI_RESULT_OK, error, answer != NULL);
    begin(box, &event);
    enter(&running, MI_CB_write_error, box->token, NULL, &event);
    box->program.writeError(operation, box->program.callbackContext, error, give_answer_error(answer));
}

static void on_write_message(MI_Operation *operation, void *context, MI_Uint32 channel,
                             const MI_Char *message)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_result(&event, operation, MI_TRUE, MI_RESULT_OK, NULL, false);
    begin(box, &event);
    enter(&running, MI_CB_write_message, box->token, NULL, &event);
    box->program.writeMessage(operation, box->program.callbackContext, channel, message);
}

static void on_write_progress(MI_Operation *operation, void *context, const MI_Char *activity,
                              const MI_Char *current, const MI_Char *status, MI_Uint32 percent,
                              MI_Uint32 seconds_left)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_result(&event, operation, MI_TRUE, MI_RESULT_OK, NULL, false);
    begin(box, &event);
    enter(&running, MI_CB_write_progress, box->token, NULL, &event);
    box->program.writeProgress(operation, box->program.callbackContext, activity, current, status, percent,
                               seconds_left);
}

/* Session callbacks are told of an application, not of an operation. */
static void fill_application(struct mi_event *event, const MI_Application *application)
{
    *event = (struct mi_event){.handle = (uint64_t)(uintptr_t)application, .more = MI_TRUE};
    if (application != NULL) {
        event->r1 = application->reserved1;
        event->r2 = (uint64_t)application->reserved2;
        event->table = tables_meet(MI_KIND_application, application->ft);
    }
}

static void on_session_message(MI_Application *application, void *context, MI_Uint32 channel,
                               const MI_Char *message)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_application(&event, application);
    enter(&running, MI_CB_session_message, 0, NULL, &event);
    box->session.writeMessage(application, box->session.callbackContext, channel, message);
}

static void on_session_error(MI_Application *application, void *context, MI_Instance *error)
{
    struct callbacks_box *box = context;
    struct mi_event event;
    RUNNING(running);

    fill_application(&event, application);
    fill_instance(&event.details, error);
    enter(&running, MI_CB_session_error, 0, NULL, &event);
    box->session.writeError(application, box->session.callbackContext, error);
}

static void on_session_closed(void *context)
{
    struct callbacks_box *box = context;
    struct mi_event event = {0};
    RUNNING(running);

    enter(&running, MI_CB_session_closed, box->token, box, &event);
    box->completion(box->completion_context);
}

static MI_Result on_class_needed(void *context, const MI_Char *server_name, const MI_Char *namespace_name,
                                 const MI_Char *class_name, MI_Class **object)
{
    struct callbacks_class_needed *box = context;
    struct mi_event event = {0};
    RUNNING(running);

    enter(&running, MI_CB_class_needed, 0, NULL, &event);
    return box->function(box->context, server_name, namespace_name, class_name, object);
}

static struct callbacks_box *copy(const struct callbacks_box *wanted)
{
    struct callbacks_box *box = malloc(sizeof(*box));

    if (box != NULL) {
        *box = *wanted;
    }
    return box;
}

static struct callbacks_box *own(const struct callbacks_box *wanted)
{
    struct callbacks_box *box = copy(wanted);

    if (box != NULL) {
        box->token = next_token();
        atomic_init(&box->owners, 2);
        atomic_init(&box->state, BOX_QUIET);
    }
    return box;
}

/* Trampolines for the callbacks that the program gave; what it left out stays out, MI looks at that. */
static uint32_t put_trampolines(MI_OperationCallbacks *given, const MI_OperationCallbacks *program)
{
    uint32_t which = 0;

#define PUT(field, callback)             \
    if (program->field != NULL) {        \
        given->field = on_##callback;    \
        which |= 1u << MI_CB_##callback; \
    }
    PUT(promptUser, prompt_user)
    PUT(writeError, write_error)
    PUT(writeMessage, write_message)
    PUT(writeProgress, write_progress)
    PUT(instanceResult, instance_result)
    PUT(indicationResult, indication_result)
    PUT(classResult, class_result)
    PUT(streamedParameterResult, streamed_parameter)
#undef PUT
    return which;
}

MI_OperationCallbacks *callbacks_start(struct callbacks_start *start, MI_OperationCallbacks *callbacks,
                                       enum mi_callback result)
{
    struct callbacks_box wanted = {0};

    *start = (struct callbacks_start){0};
    if (callbacks == NULL) {
        return NULL;
    }
    start->which = put_trampolines(&start->given, callbacks);
    start->asynchronous = (start->which & (1u << result)) != 0;
    if (start->which == 0) {
        return callbacks;
    }
    wanted.program = *callbacks;
    start->box = start->asynchronous ? own(&wanted) : copy(&wanted);
    if (start->box == NULL) {
        return callbacks;
    }
    start->token = start->box->token;
    start->given.callbackContext = start->box;
    return &start->given;
}

static void read_words(const MI_Operation *operation, struct mi_event *event)
{
    event->r1 = operation->reserved1;
    event->r2 = (uint64_t)operation->reserved2;
    event->table = tables_meet(MI_KIND_operation, operation->ft);
}

/*
 * The side callbacks of a synchronous operation belong to it. A start that failed left its session's words:
 * all of its callbacks have returned.
 */
static void give_to_operation(struct callbacks_box *box, const MI_Session *session,
                              const struct mi_event *words)
{
    if (session != NULL && words->r1 == session->reserved1 && words->r2 == (uint64_t)session->reserved2) {
        free(box);
    } else {
        served_begin(&box->served, MI_KIND_operation, words->r1, words->r2);
    }
}

void callbacks_started(struct callbacks_start *start, const MI_Session *session,
                       const MI_Operation *operation, struct mi_event *event)
{
    int quiet = BOX_QUIET;

    event->r1 = event->r2 = 0;
    event->table = TABLES_NO_HANDLE;
    if (!start->asynchronous || start->box == NULL) {
        if (operation != NULL) {
            read_words(operation, event);
            if (start->box != NULL) {
                give_to_operation(start->box, session, event);
            }
        }
        start->box = NULL;
        return;
    }
    if (operation != NULL && atomic_compare_exchange_strong(&start->box->state, &quiet, BOX_READING)) {
        read_words(operation, event);
        atomic_store(&start->box->state, BOX_READ);
    } else if (operation != NULL) {
        HELGRIND_TAKE(start->box);
        event->r1 = start->box->r1;
        event->r2 = start->box->r2;
        event->table = start->box->table;
    }
    callbacks_abandoned(start);
}

void callbacks_abandoned(struct callbacks_start *start)
{
    disown(start->box);
    start->box = NULL;
}

MI_SessionCallbacks *callbacks_session(MI_SessionCallbacks *given, MI_SessionCallbacks *callbacks)
{
    struct callbacks_box wanted = {0};

    if (callbacks == NULL || (callbacks->writeMessage == NULL && callbacks->writeError == NULL)) {
        return callbacks;
    }
    wanted.session = *callbacks;
    given->callbackContext = copy(&wanted);
    given->writeMessage = callbacks->writeMessage != NULL ? on_session_message : NULL;
    given->writeError = callbacks->writeError != NULL ? on_session_error : NULL;
    return given->callbackContext != NULL ? given : callbacks;
}

/* A session that was not made calls nothing any more. */
void callbacks_session_made(const MI_SessionCallbacks *given, const MI_Session *session)
{
    struct callbacks_box *box = given->callbackContext;

    if (box != NULL && session != NULL) {
        served_begin(&box->served, MI_KIND_session, session->reserved1, (uint64_t)session->reserved2);
    } else {
        free(box);
    }
}

void callbacks_operation_close(struct callbacks_close *close, const MI_Operation *operation)
{
    *close = (struct callbacks_close){0};
    if (operation != NULL) {
        close->served =
            served_closing(MI_KIND_operation, operation->reserved1, (uint64_t)operation->reserved2);
    }
}

uint64_t callbacks_session_close(struct callbacks_close *close, const MI_Session *session,
                                 MI_SessionCloseCompletion *completion, void **context)
{
    struct callbacks_box wanted = {.completion = *completion, .completion_context = *context};

    *close = (struct callbacks_close){0};
    if (session != NULL) {
        close->served = served_closing(MI_KIND_session, session->reserved1, (uint64_t)session->reserved2);
    }
    wanted.closes = close->served;
    if (*completion == NULL || (close->box = own(&wanted)) == NULL) {
        return 0;
    }
    close->served = NULL;
    *completion = on_session_closed;
    *context = close->box;
    return close->box->token;
}

/* MI does not promise that it never calls the completion of a close that it refused: such a box stays. */
void callbacks_closed(struct callbacks_close *close)
{
    disown(close->box);
    served_closed(close->served, close->accepted);
}

void callbacks_class_needed(struct callbacks_class_needed *box, MI_Deserializer_ClassObjectNeeded *function,
                            void **context)
{
    box->function = *function;
    box->context = *context;
    if (*function != NULL) {
        *function = on_class_needed;
        *context = box;
    }
}
