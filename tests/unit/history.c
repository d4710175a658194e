/* SPDX-License-Identifier: MIT */
/* The program and the MI of a history: what is possible now, and what it says. */
#include "history.h"

#define NAMES .namespace = "", .name = "", .detail = ""

unsigned history_pick(struct history *history, unsigned count)
{
    return (unsigned)g_rand_int_range(history->random, 0, (gint32)count);
}

static bool chance(struct history *history, unsigned in)
{
    return history_pick(history, in) == 0;
}

/* Memory that was freed last is given out first, as malloc does. */
uint64_t history_allocate(struct history *history)
{
    if (history->free_count > 0 && !chance(history, 4)) {
        return history->free[--history->free_count];
    }
    return history->next_address += 0x40;
}

void history_release(struct history *history, uint64_t address)
{
    if (address != 0 && history->free_count < HISTORY_FREE) {
        history->free[history->free_count++] = address;
    }
}

static struct item *application_of(struct item *item)
{
    return item->kind == MI_KIND_session ? item->parent : item->parent->parent;
}

/* The cell given back last is given out first, with a new version; another application begins anew. */
static void give_cell(struct item *item)
{
    struct item *application = application_of(item);
    unsigned cell = 0;

    while ((application->cells >> cell & 1) != 0) {
        cell++;
    }
    application->cells |= UINT64_C(1) << cell;
    item->words.r1 = ++application->version;
    item->words.r2 = application->words.r2 * 0x1000 + cell * 8;
}

static void give_words(struct history *history, struct item *item)
{
    size_t index = (size_t)(item - history->items);

    item->words.address = 0x7ffc00000000 + index * 0x20;
    switch (item->kind) {
    case MI_KIND_session:
    case MI_KIND_operation:
        give_cell(item);
        break;
    case MI_KIND_instance:
    case MI_KIND_class:
        item->words = (struct words){.address = history_allocate(history)};
        break;
    case MI_KIND_serializer: /* of XML, or of MOF */
        item->words.r2 = chance(history, 2) ? 0 : history_allocate(history);
        item->words.r1 = item->words.r2 == 0 ? 0 : 0xffeeddcc;
        break;
    case MI_KIND_deserializer:
        item->words.r1 = 0xffeeddcc;
        item->words.r2 = 0x7f0000001000;
        break;
    default:
        item->words.r1 = item->kind == MI_KIND_application ? 1 : 0;
        item->words.r2 = history_allocate(history);
    }
}

struct item *history_make(struct history *history, enum mi_kind kind, struct item *parent)
{
    unsigned first = history_pick(history, HISTORY_ITEMS);

    for (unsigned i = 0; i < HISTORY_ITEMS; i++) {
        struct item *item = &history->items[(first + i) % HISTORY_ITEMS];
        if (item->kind == MI_KIND_none) {
            *item = (struct item){.kind = kind, .parent = parent, .references = 1};
            give_words(history, item);
            return item;
        }
    }
    return NULL;
}

static bool is_full(const struct history *history)
{
    unsigned used = 0;

    for (unsigned i = 0; i < HISTORY_ITEMS; i++) {
        used += history->items[i].kind == MI_KIND_none ? 0 : 1;
    }
    return used > HISTORY_ITEMS / 2;
}

void history_forget(struct history *history, struct item *item)
{
    bool object = mi_kinds[item->kind].layout == MI_LAYOUT_POINTER;

    if (item->kind == MI_KIND_session || item->kind == MI_KIND_operation) {
        application_of(item)->cells &= ~(UINT64_C(1) << (item->words.r2 & 0xfff) / 8);
    } else if (item->kind != MI_KIND_deserializer) {
        history_release(history, object ? item->words.address : item->words.r2);
    }
    if (item->kind == MI_KIND_session) {
        history->last_session = item->words;
    }
    *item = (struct item){0};
}

struct item *history_find(struct history *history, item_test test)
{
    unsigned first = history_pick(history, HISTORY_ITEMS);

    for (unsigned i = 0; i < HISTORY_ITEMS; i++) {
        struct item *item = &history->items[(first + i) % HISTORY_ITEMS];
        if (item->kind != MI_KIND_none && test(history, item)) {
            return item;
        }
    }
    return NULL;
}

bool history_has_children(const struct history *history, const struct item *item, bool open_only)
{
    for (unsigned i = 0; i < HISTORY_ITEMS; i++) {
        const struct item *child = &history->items[i];
        bool counts = child->kind == MI_KIND_session || child->kind == MI_KIND_operation;
        if (counts && child->parent == item && !(open_only && child->closed)) {
            return true;
        }
    }
    return false;
}

bool history_is_idle(const struct history *history)
{
    for (unsigned i = 0; i < HISTORY_THREADS; i++) {
        if (history->threads[i].depth > 0) {
            return false;
        }
    }
    return true;
}

void history_turn(struct history *history, unsigned thread)
{
    history->thread = &history->threads[thread];
    on(&history->story, history->thread->tid);
    at(&history->story, 0x401000 + history_pick(history, 64) * 0x10);
}

static void push(struct history *history, enum mi_function function, struct item *item, uint64_t object)
{
    history->thread->stack[history->thread->depth++] = (struct inside){function, item, object};
}

static struct words copy_of(struct history *history, struct words words)
{
    words.address += chance(history, 2) ? 0x1000000 : 0;
    return words;
}

/* What the program has, for finding. */
static bool is_open_application(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_application && !item->closed && !item->kept;
}

static bool is_open_session(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_session && !item->closed && !item->kept;
}

static bool is_open_operation(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_operation && !item->closed && !item->kept && !item->starting;
}

static bool is_open_object(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind != MI_KIND_application && item->kind != MI_KIND_session &&
           item->kind != MI_KIND_operation && item->busy == 0;
}

static bool is_readable(const struct history *history, const struct item *item)
{
    return is_open_operation(history, item) && !item->asynchronous && item->to_come > 0 && item->busy == 0;
}

bool history_is_closable(const struct history *history, const struct item *item)
{
    bool quiet = item->to_come == 0 || item->owed == 0; /* else OMI's defect with early cancels */

    return is_open_operation(history, item) && item->busy == 0 &&
           (item->asynchronous ? quiet : item->to_come == 0);
}

static bool is_cancellable(const struct history *history, const struct item *item)
{
    return is_open_operation(history, item) && item->owed == 0;
}

static bool is_owing(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_operation && item->owed > 0;
}

static bool is_lending(const struct history *history, const struct item *item)
{
    return is_open_operation(history, item) && item->lent != 0 && item->busy == 0;
}

/* Whoever waits for its end does nothing else for it. */
static bool needs_nobody(const struct history *history, const struct item *session)
{
    for (unsigned i = 0; i < HISTORY_ITEMS; i++) {
        const struct item *operation = &history->items[i];
        if (operation->kind == MI_KIND_operation && operation->parent == session &&
            (!operation->closed || operation->owed > 0 || (operation->manual && operation->to_come > 0))) {
            return false;
        }
    }
    return true;
}

static bool is_closable_session(const struct history *history, const struct item *item)
{
    return is_open_session(history, item) && item->busy == 0 && needs_nobody(history, item);
}

static bool is_closable_application(const struct history *history, const struct item *item)
{
    for (unsigned i = 0; i < HISTORY_ITEMS; i++) {
        const struct item *session = &history->items[i];
        if (session->kind == MI_KIND_session && session->parent == item &&
            (!session->closed || !needs_nobody(history, session))) {
            return false;
        }
    }
    return is_open_application(history, item);
}

static bool is_closing_application(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_application && item->closed;
}

/* An operation that was closed is over when MI has nothing left to deliver. */
static void settle(struct history *history, struct item *operation)
{
    if (operation->closed && operation->to_come == 0 && operation->owed == 0 && operation->callbacks == 0 &&
        operation->busy == 0) {
        history_release(history, operation->lent);
        history_forget(history, operation);
    }
}

/* Calls that hand out handles. */
static bool initialize_application(struct history *history)
{
    struct item *application = history_make(history, MI_KIND_application, NULL);

    create(&history->story, MI_FN_application_initialize, NOBODY, application->words);
    return true;
}

/* The first session of an application and the close of the last one must not meet. */
static bool may_connect(struct history *history, const struct item *application)
{
    return application != NULL &&
           (application->connected || history_find(history, is_closing_application) == NULL);
}

static bool open_session(struct history *history)
{
    struct item *application = history_find(history, is_open_application);
    struct item *session;

    if (!may_connect(history, application)) {
        return false;
    }
    application->connected = true;
    session = history_make(history, MI_KIND_session, application);
    create(&history->story, MI_FN_application_new_session, copy_of(history, application->words),
           session->words);
    return true;
}

/* Its struct, or its words in a later application, are used again. */
static bool is_like_last_session(const struct history *history, const struct item *item)
{
    const struct words *last = &history->last_session;

    return item->words.address == last->address ||
           (item->kind == MI_KIND_session && item->words.r1 == last->r1 && item->words.r2 == last->r2);
}

/* MI leaves the old words in the struct, and the program closes it all the same. */
static bool fail_to_open_session(struct history *history)
{
    struct item *application = history_find(history, is_open_application);
    struct words words = history->last_session;

    if (!may_connect(history, application) || words.r2 == 0 ||
        history_find(history, is_like_last_session) != NULL) {
        return false;
    }
    enter(&history->story, MI_FN_application_new_session, application->words, (struct mi_event){NAMES});
    leave(&history->story, MI_FN_application_new_session,
          (struct mi_event){.result = FAILED, .out = words.address});
    call(&history->story, MI_FN_session_close, words, INVALID_PARAMETER);
    return true;
}

static bool make_object(struct history *history)
{
    static const enum mi_function creators[] = {MI_FN_application_new_instance,
                                                MI_FN_application_new_instance,
                                                MI_FN_application_new_class,
                                                MI_FN_application_new_destination_options,
                                                MI_FN_application_new_operation_options,
                                                MI_FN_application_new_subscription_delivery_options,
                                                MI_FN_application_new_serializer,
                                                MI_FN_application_new_deserializer};
    enum mi_function creator = creators[history_pick(history, G_N_ELEMENTS(creators))];
    struct item *application = history_find(history, is_open_application);
    struct item *made;

    if (application == NULL) {
        return false;
    }
    if (chance(history, 8)) {
        create_fails(&history->story, creator, application->words, NOBODY);
        return true;
    }
    made = history_make(history, mi_functions[creator].made, NULL);
    create(&history->story, creator, application->words, made->words);
    return true;
}

static bool is_instance(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_instance;
}

static bool is_class(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_class;
}

static bool clone_instance(struct history *history)
{
    struct item *lender = history_find(history, is_lending);
    struct item *instance = history_find(history, is_instance);
    uint64_t address = lender != NULL && lender->start != MI_FN_session_get_class ? lender->lent
                       : instance != NULL                                         ? instance->words.address
                                                                                  : 0;

    if (address == 0) {
        return false;
    }
    create(&history->story, MI_FN_instance_clone, (struct words){.address = address},
           history_make(history, MI_KIND_instance, NULL)->words);
    return true;
}

/* A class that the program has gets one more reference. */
static bool refer_to_class(struct history *history)
{
    static const enum mi_function creators[] = {MI_FN_class_clone, MI_FN_class_get_parent_class,
                                                MI_FN_instance_get_class};
    enum mi_function creator = creators[history_pick(history, G_N_ELEMENTS(creators))];
    struct item *class = history_find(history, is_class);
    struct item *instance = history_find(history, is_instance);
    struct item *from = creator == MI_FN_instance_get_class ? instance : class;

    if (class == NULL || from == NULL) {
        return false;
    }
    create(&history->story, creator, from->words, class->words);
    class->references++;
    return true;
}

static bool is_deserializer(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_deserializer;
}

/* The class that is made in there is given to MI, which deletes it. */
static void give_class(struct history *history)
{
    struct item *application = history_find(history, is_open_application);
    struct item *class;

    if (application != NULL) {
        enter_callback(&history->story, MI_CB_class_needed, (struct mi_event){0});
        class = history_make(history, MI_KIND_class, NULL);
        create(&history->story, MI_FN_application_new_class, application->words, class->words);
        history_forget(history, class);
        leave_callback(&history->story, MI_CB_class_needed, 0);
    }
}

/* A failure hands out an error instance. */
static bool deserialize(struct history *history)
{
    bool class = chance(history, 2), good = chance(history, 2);
    enum mi_function function =
        class ? MI_FN_deserializer_deserialize_class : MI_FN_deserializer_deserialize_instance;
    struct item *reader = history_find(history, is_deserializer);
    struct item *made;

    if (reader == NULL) {
        return false;
    }
    enter(&history->story, function, reader->words, (struct mi_event){NAMES});
    if (chance(history, 4)) {
        give_class(history);
    }
    made = history_make(history, class && good ? MI_KIND_class : MI_KIND_instance, NULL);
    leave(&history->story, function,
          good ? (struct mi_event){.out = made->words.address}
               : (struct mi_event){.result = FAILED, .error = made->words.address});
    return true;
}

/* Calls that use what is there. */
static enum mi_function user_of(enum mi_kind kind)
{
    static const enum mi_function users[MI_KIND_COUNT] = {
        [MI_KIND_instance] = MI_FN_instance_get_element,
        [MI_KIND_class] = MI_FN_class_get_element,
        [MI_KIND_destination_options] = MI_FN_destination_options_set_string,
        [MI_KIND_operation_options] = MI_FN_operation_options_get_number,
        [MI_KIND_subscription_options] = MI_FN_subscription_options_set_interval,
        [MI_KIND_serializer] = MI_FN_serializer_serialize_instance,
        [MI_KIND_deserializer] = MI_FN_deserializer_class_get_class_name,
    };

    return users[kind];
}

static bool use_object(struct history *history)
{
    struct item *item = history_find(history, is_open_object);

    if (item == NULL) {
        return false;
    }
    if (chance(history, 4) && history->thread->depth == 0) { /* it takes a while */
        enter(&history->story, user_of(item->kind), item->words, (struct mi_event){0});
        item->busy++;
        push(history, user_of(item->kind), item, 0);
    } else {
        call(&history->story, user_of(item->kind), item->words, chance(history, 3) ? FAILED : OK);
    }
    return true;
}

static bool use_result(struct history *history)
{
    struct item *lender = history_find(history, is_lending);
    enum mi_function function;

    if (lender == NULL) {
        return false;
    }
    function =
        lender->start == MI_FN_session_get_class ? MI_FN_class_get_element : MI_FN_instance_get_element;
    call(&history->story, function, (struct words){.address = lender->lent}, OK);
    return true;
}

static void alias(struct history *history, enum mi_function function, struct words self, struct words of)
{
    enter(&history->story, function, copy_of(history, self), (struct mi_event){0});
    leave(&history->story, function, (struct mi_event){.out = 0x7ffd00000000, .r1 = of.r1, .r2 = of.r2});
}

static bool ask_for_parent(struct history *history)
{
    struct item *operation = history_find(history, is_open_operation);
    struct item *session = history_find(history, is_open_session);

    if (operation != NULL) {
        alias(history, MI_FN_operation_get_session, operation->words, operation->parent->words);
    }
    if (session != NULL) {
        alias(history, MI_FN_session_get_application, session->words, session->parent->words);
    }
    return operation != NULL || session != NULL;
}

/* Calls that end something. */
static enum mi_function closer_of(enum mi_kind kind)
{
    enum mi_function closer = MI_FN_none;

    for (enum mi_function function = 0; function < MI_FN_COUNT; function++) {
        if (mi_functions[function].kind == kind && (mi_functions[function].roles & MI_ROLE_CLOSES) != 0) {
            closer = function;
        }
    }
    return closer;
}

static bool delete_object(struct history *history)
{
    struct item *item = history_find(history, is_open_object);

    if (item == NULL) {
        return false;
    }
    call(&history->story, closer_of(item->kind), item->words, OK);
    if (--item->references == 0) {
        history_forget(history, item);
    }
    return true;
}

static bool close_operation(struct history *history)
{
    struct item *operation = history_find(history, history_is_closable);

    if (operation == NULL) {
        return false;
    }
    call(&history->story, MI_FN_operation_close, copy_of(history, operation->words), OK);
    operation->closed = true;
    operation->to_come = MIN(operation->to_come, 1);
    settle(history, operation);
    return true;
}

static bool cancel(struct history *history)
{
    struct item *operation = history_find(history, is_cancellable);

    if (operation == NULL) {
        return false;
    }
    call(&history->story, MI_FN_operation_cancel, copy_of(history, operation->words), OK);
    operation->to_come = MIN(operation->to_come, 1);
    return true;
}

static bool acknowledge(struct history *history)
{
    struct item *operation = history_find(history, is_owing);

    if (operation == NULL) {
        return false;
    }
    call(&history->story, MI_FN_acknowledge, copy_of(history, operation->words), OK);
    operation->owed--;
    history_release(history, operation->lent);
    operation->lent = 0;
    settle(history, operation);
    return true;
}

static void complete(struct history *history, struct item *session)
{
    enter_completion(&history->story, session->token);
    leave_completion(&history->story, session->token);
}

/* Operations may still be open, as long as somebody closes them later. */
static bool close_session_asynchronously(struct history *history)
{
    struct item *session = history_find(history, is_open_session);

    if (session == NULL || session->busy > 0) {
        return false;
    }
    session->closed = true;
    session->token = ++history->next_token;
    enter(&history->story, MI_FN_session_close, copy_of(history, session->words),
          (struct mi_event){.token = session->token});
    if (!history_has_children(history, session, false) && chance(history, 2)) {
        complete(history, session);
        leave(&history->story, MI_FN_session_close, (struct mi_event){0});
        history_forget(history, session);
        return true;
    }
    leave(&history->story, MI_FN_session_close, (struct mi_event){0});
    return true;
}

/* Closes that wait are begun, and return when nothing is left below. */
static bool begin_to_close(struct history *history, struct item *item)
{
    if (item == NULL || history->thread->depth > 0 || history->thread->tid == STORY_MI) {
        return false;
    }
    enter_close(&history->story, closer_of(item->kind), copy_of(history, item->words));
    item->closed = true;
    item->busy++;
    push(history, closer_of(item->kind), item, 0);
    return true;
}

static bool close_session(struct history *history)
{
    return begin_to_close(history, history_find(history, is_closable_session));
}

static bool close_application(struct history *history)
{
    return begin_to_close(history, history_find(history, is_closable_application));
}

/* Starts. */
struct item *history_start(struct history *history, struct item *session, uint64_t token, bool manual)
{
    static const enum mi_function starts[] = {MI_FN_session_enumerate_instances, MI_FN_session_invoke,
                                              MI_FN_session_get_class, MI_FN_session_subscribe};
    struct item *operation = history_make(history, MI_KIND_operation, session);

    operation->start = starts[history_pick(history, G_N_ELEMENTS(starts))];
    operation->asynchronous = token != 0;
    operation->manual = manual;
    operation->token = token;
    operation->to_come = 1 + history_pick(history, 3);
    enter(
        &history->story, operation->start, copy_of(history, session->words),
        (struct mi_event){NAMES, .flags = manual ? 1 : 0, .token = token,
                          .callbacks = token == 0 ? 0 : 1u << mi_functions[operation->start].result_callback,
                          .operation = operation->words.address});
    return operation;
}

static void leave_history_start(struct history *history, const struct item *operation, struct words words)
{
    leave(&history->story, operation->start,
          (struct mi_event){.r1 = words.r1, .r2 = words.r2, .table = words.r2 == 0 ? 0 : 3});
}

static bool start_synchronously(struct history *history)
{
    struct item *session = history_find(history, is_open_session);
    struct item *operation;

    if (session == NULL) {
        return false;
    }
    operation = history_start(history, session, 0, false);
    leave_history_start(history, operation, operation->words);
    return true;
}

/* The first result may be there before the call returns. */
static bool start_asynchronously(struct history *history)
{
    struct item *session = history_find(history, is_open_session);
    struct item *operation;

    if (session == NULL) {
        return false;
    }
    operation = history_start(history, session, ++history->next_token, chance(history, 2));
    if (history->thread->depth == 0 && chance(history, 3)) {
        operation->starting = true;
        operation->busy++;
        session->busy++;
        push(history, operation->start, operation, 0);
    } else {
        leave_history_start(history, operation, operation->words);
    }
    return true;
}

void history_deliver(struct history *history, const struct item *operation, struct words words,
                     int32_t result)
{
    enum mi_callback callback = mi_functions[operation->start].result_callback;

    enter_callback(&history->story, callback,
                   (struct mi_event){.token = operation->token,
                                     .handle = 0x7f0000000000,
                                     .r1 = words.r1,
                                     .r2 = words.r2,
                                     .table = 3,
                                     .result = result});
    leave_callback(&history->story, callback, operation->token);
}

/* MI refuses, and the program asks and closes all the same. */
static bool fail_to_start(struct history *history)
{
    struct item *session = history_find(history, is_open_session);
    struct item *operation;
    struct words words;

    if (session == NULL) {
        return false;
    }
    operation = history_start(history, session, chance(history, 2) ? 0 : ++history->next_token, false);
    words = session->words;
    words.address = operation->words.address;
    if (operation->asynchronous) {
        history_deliver(history, operation, words, FAILED);
    }
    leave_history_start(history, operation, operation->asynchronous ? NOBODY : words);
    enter(&history->story, MI_FN_operation_get_instance, words, (struct mi_event){0});
    leave(&history->story, MI_FN_operation_get_instance, (struct mi_event){.final = FAILED});
    call(&history->story, MI_FN_operation_cancel, words, FAILED);
    call(&history->story, MI_FN_operation_close, words, OK);
    history_forget(history, operation);
    return true;
}

/* Nobody listens at the destination: a real operation, whose only result comes inside the starting call. */
static bool fail_to_connect(struct history *history)
{
    struct item *session = history_find(history, is_open_session);
    struct item *operation;

    if (session == NULL) {
        return false;
    }
    operation = history_start(history, session, ++history->next_token, false);
    history_deliver(history, operation, operation->words, FAILED);
    leave_history_start(history, operation, NOBODY);
    operation->to_come = 0;
    return true;
}

/* Results. */
static enum mi_function getter_of(enum mi_function start)
{
    for (enum mi_function function = 0; function < MI_FN_COUNT; function++) {
        if ((mi_functions[function].roles & MI_ROLE_RESULTS) != 0 &&
            mi_functions[function].result_callback == mi_functions[start].result_callback) {
            return function;
        }
    }
    return MI_FN_none;
}

/* The last result may be without an instance, and have details. */
static void leave_getter(struct history *history, struct item *operation)
{
    bool nothing = operation->to_come == 1 && chance(history, 2);

    operation->to_come--;
    operation->lent = nothing && chance(history, 2) ? 0 : history_allocate(history);
    leave(&history->story, getter_of(operation->start),
          (struct mi_event){.more = operation->to_come > 0,
                            .final = nothing ? FAILED : OK,
                            .object = nothing ? 0 : operation->lent,
                            .details = nothing ? operation->lent : 0});
    if (nothing) { /* details are instances, whatever was asked for */
        history_release(history, operation->lent);
        operation->lent = 0;
    }
}

/* MI takes the last result back at once. */
static bool read_result(struct history *history)
{
    struct item *operation = history_find(history, is_readable);

    if (operation == NULL || history->thread->tid == STORY_MI || history->thread->depth > 0) {
        return false;
    }
    enter(&history->story, getter_of(operation->start), copy_of(history, operation->words),
          (struct mi_event){0});
    history_release(history, operation->lent);
    operation->lent = 0;
    if (chance(history, 2)) {
        operation->busy++;
        push(history, getter_of(operation->start), operation, 0);
    } else {
        leave_getter(history, operation);
    }
    return true;
}

static bool is_delivering(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_operation && item->asynchronous && item->to_come > 0 && item->owed == 0 &&
           item->callbacks == 0;
}

static void deliver_result(struct history *history, struct item *operation)
{
    uint64_t object = history_allocate(history);

    operation->starting = false;
    operation->to_come--;
    operation->callbacks++;
    operation->owed += operation->manual ? 1 : 0;
    operation->lent = operation->manual ? object : 0;
    enter_callback(&history->story, mi_functions[operation->start].result_callback,
                   (struct mi_event){.token = operation->token,
                                     .handle = 0x7f0000000000,
                                     .r1 = operation->words.r1,
                                     .r2 = operation->words.r2,
                                     .table = 3,
                                     .more = operation->to_come > 0,
                                     .object = object,
                                     .owed = operation->manual ? 1 : 0});
    push(history, MI_FN_none, operation, operation->manual ? 0 : object);
}

static bool is_complete(const struct history *history, const struct item *item)
{
    return item->kind == MI_KIND_session && item->closed && item->token != 0 &&
           !history_has_children(history, item, false);
}

static void deliver(struct history *history)
{
    struct item *session = history_find(history, is_complete);
    struct item *operation = history_find(history, is_delivering);

    if (session != NULL) {
        complete(history, session);
        history_forget(history, session);
    } else if (operation != NULL) {
        deliver_result(history, operation);
    }
}

/* A child that has a copy of everything, deletes some of it, and goes its own way. */
static bool fork_child(struct history *history)
{
    struct story *story = &history->story;
    struct item *instance = history_find(history, is_instance);
    uint32_t pid = story->pid, tid = story->tid;

    if (history->next_pid > 900 || !chance(history, 8)) {
        return false;
    }
    story->pid = story->tid = history->next_pid++;
    tell(story, MI_EV_process_fork, (struct mi_event){.parent = pid});
    if (instance != NULL) {
        call(story, MI_FN_instance_delete, instance->words, OK);
    }
    tell(story, MI_EV_process_end,
         (struct mi_event){.how = (uint8_t)(1 + history_pick(history, 2)), .path = ""});
    story->pid = pid;
    story->tid = tid;
    return true;
}

/* Returns. */
static bool may_return(const struct history *history, const struct inside *top)
{
    return top->item->closed && top->function != top->item->start
               ? !history_has_children(history, top->item, false)
               : true;
}

/* The struct is the program's, and may be gone when a callback was there first. */
static void leave_start_late(struct history *history, struct item *operation)
{
    leave_history_start(history, operation, operation->starting ? operation->words : NOBODY);
    operation->starting = false;
    operation->parent->busy--;
    operation->busy--;
    settle(history, operation);
}

static void return_from(struct history *history, struct inside inside)
{
    struct item *item = inside.item;

    history->thread->depth--;
    if (item->kind == MI_KIND_operation && inside.function == item->start) {
        leave_start_late(history, item);
    } else if (item->kind == MI_KIND_operation) {
        item->busy--;
        leave_getter(history, item);
    } else {
        leave(&history->story, inside.function, (struct mi_event){0});
        item->busy--;
        if (item->closed) {
            history_forget(history, item);
        }
    }
}

static void leave_result_callback(struct history *history, struct inside inside)
{
    history->thread->depth--;
    leave_callback(&history->story, mi_functions[inside.item->start].result_callback, inside.item->token);
    history_release(history, inside.object);
    inside.item->callbacks--;
    settle(history, inside.item);
}

static void use_in_callback(struct history *history, const struct inside *inside)
{
    enum mi_function function =
        inside->item->start == MI_FN_session_get_class ? MI_FN_class_get_element : MI_FN_instance_get_element;

    if (inside->object != 0) {
        call(&history->story, function, (struct words){.address = inside->object}, OK);
    }
}

/* Steps. */
typedef bool (*action)(struct history *history);

static const action openings[] = {initialize_application,
                                  open_session,
                                  fail_to_open_session,
                                  make_object,
                                  make_object,
                                  clone_instance,
                                  refer_to_class,
                                  deserialize,
                                  start_synchronously,
                                  start_synchronously,
                                  start_asynchronously,
                                  start_asynchronously,
                                  fail_to_start,
                                  fail_to_connect,
                                  fork_child};

static const action others[] = {use_object,       use_result,  ask_for_parent,  delete_object,
                                read_result,      read_result, close_operation, cancel,
                                acknowledge,      acknowledge, close_session,   close_session_asynchronously,
                                close_application};

static void act(struct history *history)
{
    if (!history->ends && !is_full(history) && chance(history, 2)) {
        openings[history_pick(history, G_N_ELEMENTS(openings))](history);
    } else {
        others[history_pick(history, G_N_ELEMENTS(others))](history);
    }
}

static void act_in_callback(struct history *history, const struct inside *top)
{
    switch (history_pick(history, 3)) {
    case 0:
        leave_result_callback(history, *top);
        break;
    case 1:
        use_in_callback(history, top);
        break;
    default:
        act(history);
    }
}

static void step(struct history *history)
{
    struct thread *thread;

    history_turn(history, history_pick(history, HISTORY_THREADS));
    thread = history->thread;
    if (thread->depth > 0) {
        const struct inside *top = &thread->stack[thread->depth - 1];
        if (top->function == MI_FN_none) {
            act_in_callback(history, top);
        } else if (may_return(history, top)) {
            return_from(history, *top);
        }
    } else if (thread->tid == STORY_MI) {
        deliver(history);
    } else {
        act(history);
    }
}

static bool is_left(const struct history *history, const struct item *item)
{
    (void)history;
    return !item->kept;
}

static void close_everything(struct history *history)
{
    history->ends = true;
    for (unsigned i = 0; i < 100000 && history_find(history, is_left) != NULL; i++) {
        step(history);
    }
    assert_null(history_find(history, is_left));
    for (unsigned i = 0; i < 100000 && !history_is_idle(history); i++) {
        step(history);
    }
    assert_true(history_is_idle(history));
    exits(&history->story);
}

void history_begin(struct history *history, guint32 seed)
{
    static const uint32_t tids[HISTORY_THREADS] = {STORY_MAIN, 101, 102, STORY_MI};

    memset(history, 0, sizeof(*history));
    history->random = g_rand_new_with_seed(seed);
    history->next_address = 0x600000;
    history->next_pid = 200;
    begin(&history->story);
    start_delivery_thread(&history->story);
    for (unsigned i = 0; i < HISTORY_THREADS; i++) {
        history->threads[i].tid = tids[i];
    }
}

bool history_go_on(struct history *history, unsigned steps, const struct fault *fault)
{
    bool committed = false;

    for (unsigned i = 0; i < steps || (fault != NULL && !committed && i < 20 * steps); i++) {
        step(history);
        committed = committed || (fault != NULL && i > steps / 4 && fault->commit(history));
        if (committed && fault->hangs) {
            history->story.timed_out = true;
            return true;
        }
    }
    close_everything(history);
    return committed;
}

void history_end(struct history *history)
{
    end(&history->story);
    g_rand_free(history->random);
}
