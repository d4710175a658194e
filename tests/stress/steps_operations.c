/* SPDX-License-Identifier: MIT */
/* Random operations: synchronous ones, asynchronous ones that close themselves or are closed by others, with
 * and without acknowledgements, cancelled ones. */
#include "stress.h"

#include <stdlib.h>

enum style {
    STYLE_SYNCHRONOUS,
    STYLE_CLOSES_ITSELF, /* in its last callback */
    STYLE_LEFT_TO_OTHERS,
    STYLE_ACKNOWLEDGED,  /* each result by whoever finds it */
    STYLE_STARTER_CLOSES /* perhaps before its result has come */
};

static void drop_child(struct thing *operation)
{
    operation->parent->children--;
    thing_closed(operation);
}

void close_operation(struct thing *thing)
{
    if (do_Operation_Close(&thing->operation) != MI_RESULT_OK) {
        abort();
    }
    drop_child(thing);
}

/* Its last result has come. */
static void closes_itself(MI_Operation *operation, struct thing *thing)
{
    if (do_Operation_Close(operation) != MI_RESULT_OK) {
        abort();
    }
    drop_child(thing);
}

static void disown(struct thing *thing)
{
    if (--thing->owners == 0) {
        drop_child(thing);
    }
}

static void on_result(enum style style, MI_Operation *operation, struct thing *thing, MI_Boolean more,
                      MI_ResultAcknowledgement acknowledge)
{
    if (style == STYLE_ACKNOWLEDGED) {
        thing->state = OPERATION_OWED;
        thing->acknowledge = acknowledge;
        thing->owed = *operation;
        thing->more = more;
        shelf_put(thing);
    } else if (more) {
        return;
    } else if (style == STYLE_CLOSES_ITSELF) {
        closes_itself(operation, thing);
    } else if (style == STYLE_STARTER_CLOSES) {
        disown(thing);
    } else {
        thing->state = OPERATION_FINISHED;
        shelf_put(thing);
    }
    shelf_away(-1);
}

#define CALLBACKS(style)                                                                                 \
    static void instance_##style(MI_Operation *operation, void *context, const MI_Instance *instance,    \
                                 MI_Boolean more, MI_Result result, const MI_Char *message,              \
                                 const MI_Instance *details, MI_ResultAcknowledgement acknowledge)       \
    {                                                                                                    \
        (void)instance, (void)result, (void)message, (void)details;                                      \
        account_callback(MI_CB_instance_result);                                                         \
        on_result(style, operation, context, more, acknowledge);                                         \
    }                                                                                                    \
    static void class_##style(MI_Operation *operation, void *context, const MI_Class *object,            \
                              MI_Boolean more, MI_Result result, const MI_Char *message,                 \
                              const MI_Instance *details, MI_ResultAcknowledgement acknowledge)          \
    {                                                                                                    \
        (void)object, (void)result, (void)message, (void)details;                                        \
        account_callback(MI_CB_class_result);                                                            \
        on_result(style, operation, context, more, acknowledge);                                         \
    }                                                                                                    \
    static void indication_##style(MI_Operation *operation, void *context, const MI_Instance *instance,  \
                                   const MI_Char *bookmark, const MI_Char *machine_id, MI_Boolean more,  \
                                   MI_Result result, const MI_Char *message, const MI_Instance *details, \
                                   MI_ResultAcknowledgement acknowledge)                                 \
    {                                                                                                    \
        (void)instance, (void)bookmark, (void)machine_id, (void)result, (void)message, (void)details;    \
        account_callback(MI_CB_indication_result);                                                       \
        on_result(style, operation, context, more, acknowledge);                                         \
    }
CALLBACKS(STYLE_CLOSES_ITSELF)
CALLBACKS(STYLE_LEFT_TO_OTHERS)
CALLBACKS(STYLE_ACKNOWLEDGED)
CALLBACKS(STYLE_STARTER_CLOSES)

static void on_message(MI_Operation *operation, void *context, MI_Uint32 channel, const MI_Char *message)
{
    (void)operation, (void)context, (void)channel, (void)message;
    account_callback(MI_CB_write_message);
}

/* What to hand to a start; a synchronous operation gets none, or one that does not make it asynchronous. */
static MI_OperationCallbacks *callbacks_of(struct worker *worker, enum style style, struct thing *thing,
                                           MI_OperationCallbacks *callbacks)
{
    static const MI_OperationCallbacks choice[] = {
#define CHOICE(style)                              \
    [style] = {.instanceResult = instance_##style, \
               .classResult = class_##style,       \
               .indicationResult = indication_##style}
        CHOICE(STYLE_CLOSES_ITSELF), CHOICE(STYLE_LEFT_TO_OTHERS), CHOICE(STYLE_ACKNOWLEDGED),
        CHOICE(STYLE_STARTER_CLOSES), [STYLE_SYNCHRONOUS] = {.writeMessage = on_message}};

    if (style == STYLE_SYNCHRONOUS && worker_random(worker, 2) == 0) {
        return NULL;
    }
    *callbacks = choice[style];
    callbacks->callbackContext = style == STYLE_SYNCHRONOUS ? NULL : thing;
    return callbacks;
}

/* What to ask. */
struct question {
    enum mi_function function;
    bool has_one, classes;
};
static const struct question questions[] = {
    {MI_FN_session_enumerate_instances, false, false},
    {MI_FN_session_query_instances, false, false},
    {MI_FN_session_associator_instances, true, false},
    {MI_FN_session_reference_instances, true, false},
    {MI_FN_session_get_instance, true, false},
    {MI_FN_session_create_instance, true, false},
    {MI_FN_session_modify_instance, true, false},
    {MI_FN_session_delete_instance, true, false},
    {MI_FN_session_invoke, true, false},
    {MI_FN_session_get_class, true, true},
    {MI_FN_session_test_connection, true, false},
};

/* Everything that a start is called with. */
struct start {
    struct thing *session, *operation;
    MI_Uint32 flags;
    MI_OperationOptions *options;
    MI_OperationCallbacks *callbacks;
    MI_Instance *instance;
};

static void start_by_instance(enum mi_function function, const struct start *s)
{
    MI_Session *session = &s->session->session;
    MI_Operation *out = &s->operation->operation;

    if (function == MI_FN_session_get_instance) {
        do_Session_GetInstance(session, s->flags, s->options, "root/test", s->instance, s->callbacks, out);
    } else if (function == MI_FN_session_create_instance) {
        do_Session_CreateInstance(session, s->flags, s->options, "root/test", s->instance, s->callbacks, out);
    } else if (function == MI_FN_session_modify_instance) {
        do_Session_ModifyInstance(session, s->flags, s->options, "root/test", s->instance, s->callbacks, out);
    } else if (function == MI_FN_session_delete_instance) {
        do_Session_DeleteInstance(session, s->flags, s->options, "root/test", s->instance, s->callbacks, out);
    } else if (function == MI_FN_session_associator_instances) {
        do_Session_AssociatorInstances(session, s->flags, s->options, "root/test", s->instance, NULL, NULL,
                                       NULL, NULL, MI_FALSE, s->callbacks, out);
    } else {
        do_Session_ReferenceInstances(session, s->flags, s->options, "root/test", s->instance, NULL, NULL,
                                      MI_FALSE, s->callbacks, out);
    }
}

static void start_by_name(enum mi_function function, const struct start *s)
{
    MI_Session *session = &s->session->session;
    MI_Operation *out = &s->operation->operation;

    if (function == MI_FN_session_enumerate_instances) {
        do_Session_EnumerateInstances(session, s->flags, s->options, "root/test", "MSFT_President", MI_FALSE,
                                      s->callbacks, out);
    } else if (function == MI_FN_session_query_instances) {
        do_Session_QueryInstances(session, s->flags, s->options, "root/test", "WQL",
                                  "select * from MSFT_President", s->callbacks, out);
    } else if (function == MI_FN_session_get_class) {
        do_Session_GetClass(session, s->flags, s->options, "root/test", "MSFT_President", s->callbacks, out);
    } else if (function == MI_FN_session_invoke) {
        do_Session_Invoke(session, s->flags, s->options, "root/cimv2", "X_SmallNumber", "SpellNumber", NULL,
                          NULL, s->callbacks, out);
    } else {
        do_Session_TestConnection(session, s->flags, s->callbacks, out);
    }
}

static bool needs_instance(enum mi_function function)
{
    return (function >= MI_FN_session_get_instance && function <= MI_FN_session_delete_instance) ||
           function == MI_FN_session_associator_instances || function == MI_FN_session_reference_instances;
}

/* An instance that names what is meant. */
static MI_Instance *key_instance(struct worker *worker)
{
    MI_Value key = {.uint32 = worker_random(worker, 50)};
    MI_Instance *instance = NULL;

    if (do_Application_NewInstance(&worker->anchor->application, "MSFT_Person", NULL, &instance) !=
        MI_RESULT_OK) {
        abort();
    }
    account_made(MI_KIND_instance);
    do_Instance_AddElement(instance, "Key", &key, MI_UINT32, MI_FLAG_KEY);
    return instance;
}

/* After this an asynchronous operation may be gone already, and with it what `start` points to. */
static void call_start(struct worker *worker, enum mi_function function, struct start *start)
{
    struct thing *options = worker_random(worker, 4) == 0
                                ? shelf_take(MI_KIND_operation_options, worker_random(worker, 1000))
                                : NULL;

    start->options = options != NULL ? &options->operation_options : NULL;
    if (needs_instance(function)) {
        start->instance = key_instance(worker);
        start_by_instance(function, start);
        if (do_Instance_Delete(start->instance) == MI_RESULT_OK) {
            account_closed(MI_KIND_instance);
        }
    } else {
        start_by_name(function, start);
    }
    if (options != NULL) {
        shelf_put(options);
    }
}

static void look_at_session(struct thing *operation)
{
    MI_Session session;

    do_Operation_GetSession(&operation->operation, &session);
}

/* The starter has it still: cancel it or not, and close it, whether its result has come or not. */
static void finish_started(struct worker *worker, struct thing *operation)
{
    look_at_session(operation);
    if (worker_random(worker, 2) == 0) {
        do_Operation_Cancel(&operation->operation, 0);
    }
    if (do_Operation_Close(&operation->operation) != MI_RESULT_OK) {
        abort();
    }
    disown(operation);
}

static enum style choose_style(struct worker *worker, bool has_one)
{
    static const enum style gentle[] = {STYLE_SYNCHRONOUS, STYLE_LEFT_TO_OTHERS, STYLE_ACKNOWLEDGED};

    if (worker->gentle) {
        return gentle[worker_random(worker, 3)];
    }
    return (enum style)worker_random(worker, has_one ? STYLE_STARTER_CLOSES + 1 : STYLE_STARTER_CLOSES);
}

static void ask(struct worker *worker, struct thing *session, const struct question *question,
                enum style style)
{
    struct thing *operation = thing_new(MI_KIND_operation, question->function);
    MI_OperationCallbacks callbacks;
    struct start start = {.session = session, .operation = operation};

    operation->parent = session;
    operation->classes = question->classes;
    operation->has_one = question->has_one;
    operation->owners = 2;
    session->children++;
    account_made(MI_KIND_operation);
    start.flags = style == STYLE_ACKNOWLEDGED ? MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS : 0;
    start.callbacks = callbacks_of(worker, style, operation, &callbacks);
    shelf_away(style == STYLE_SYNCHRONOUS ? 0 : 1);
    call_start(worker, question->function, &start);
    shelf_put(session);
    if (style == STYLE_SYNCHRONOUS) {
        shelf_put(operation);
    } else if (style == STYLE_STARTER_CLOSES) {
        finish_started(worker, operation);
    }
}

static void start_operation(struct worker *worker, struct thing *session)
{
    const struct question *question =
        &questions[worker_random(worker, sizeof questions / sizeof questions[0])];

    ask(worker, session, question, choose_style(worker, question->has_one));
}

struct thing *deliver_once_more(struct worker *worker, struct thing *session)
{
    ask(worker, session, &questions[0], STYLE_LEFT_TO_OTHERS);
    shelf_wait();
    close_operation(shelf_take(MI_KIND_operation, 0));
    return shelf_take(MI_KIND_session, 0);
}

/* Reads one result; true if it was the last. */
static bool read_one(struct thing *operation)
{
    const MI_Instance *instance = NULL;
    const MI_Class *class = NULL;
    MI_Boolean more = MI_FALSE;
    MI_Result result;

    if ((operation->classes ? do_Operation_GetClass(&operation->operation, &class, &more, &result, NULL, NULL)
                            : do_Operation_GetInstance(&operation->operation, &instance, &more, &result, NULL,
                                                       NULL)) != MI_RESULT_OK) {
        abort();
    }
    if (instance != NULL) {
        MI_Uint32 elements;

        do_Instance_GetElementCount(instance, &elements);
    }
    return !more;
}

/* Some results, perhaps to the end; others go on where this thread stops. */
static void read_some(struct worker *worker, struct thing *operation)
{
    bool last = false;

    if (operation->has_one && !worker->gentle && worker_random(worker, 8) == 0) {
        do_Operation_Cancel(&operation->operation, 0);
    }
    for (unsigned i = worker_random(worker, 6); i > 0 && !last; i--) {
        last = read_one(operation);
    }
    if (last) {
        operation->state = OPERATION_FINISHED;
    }
    shelf_put(operation);
}

/* Acknowledges a result. When it was not the last one, the next may come at once, and `operation` is no
 * longer this thread's; before the last one's, it may be closed already. */
static void acknowledge(struct worker *worker, struct thing *operation)
{
    MI_Operation owed = operation->owed;
    bool more = operation->more;

    shelf_away(more ? 1 : 0);
    if (!more && !worker->gentle && worker_random(worker, 2) == 0) {
        if (do_Operation_Close(&operation->operation) != MI_RESULT_OK ||
            do_acknowledge(operation->acknowledge, &owed) != MI_RESULT_OK) {
            abort();
        }
        drop_child(operation);
        return;
    }
    if (do_acknowledge(operation->acknowledge, &owed) != MI_RESULT_OK) {
        abort();
    }
    if (!more) {
        operation->state = OPERATION_FINISHED;
        shelf_put(operation);
    }
}

void finish_operation(struct worker *worker, struct thing *operation)
{
    if (operation->state == OPERATION_OWED) {
        acknowledge(worker, operation);
        return;
    }
    while (operation->state == OPERATION_UNREAD) {
        operation->state = read_one(operation) ? OPERATION_FINISHED : OPERATION_UNREAD;
    }
    shelf_put(operation);
}

void step_operation(struct worker *worker)
{
    struct thing *operation = shelf_take(MI_KIND_operation, worker_random(worker, 1000));
    struct thing *session;

    if (operation == NULL ||
        (shelf_count(MI_KIND_operation) < (worker->gentle ? 6 : 40) && worker_random(worker, 3) == 0)) {
        if (operation != NULL) {
            shelf_put(operation);
        }
        session = shelf_take(MI_KIND_session, worker_random(worker, 1000));
        if (session != NULL) {
            start_operation(worker, session);
        }
    } else if (operation->state == OPERATION_UNREAD) {
        read_some(worker, operation);
    } else if (operation->state == OPERATION_OWED) {
        acknowledge(worker, operation);
    } else {
        close_operation(operation);
    }
}
