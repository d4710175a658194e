/* SPDX-License-Identifier: MIT */
/* What a program may do wrong in a history, once. Each is committed by a thread that is inside of nothing. */
#include "history.h"

static bool is_free_session(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_session && !item->closed && item->busy == 0;
}

static bool is_free_object(const struct item *item, enum mi_kind kind)
{
    return item->kind == kind && item->busy == 0;
}

#define IS_FREE(kind)                                                                  \
    static bool is_free_##kind(const struct history *history, const struct item *item) \
    {                                                                                  \
        (void)history;                                                                 \
        return is_free_object(item, MI_KIND_##kind);                                   \
    }
IS_FREE(instance)
IS_FREE(class)
IS_FREE(operation_options)
IS_FREE(destination_options)
IS_FREE(subscription_options)
IS_FREE(serializer)
IS_FREE(deserializer)

static bool is_open_application(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_application && !item->closed;
}

static bool main_is_free(struct history *history)
{
    history_turn(history, 0);
    return history->thread->depth == 0;
}

/* Forgotten: nobody closes it any more, nor what it belongs to. */
static bool forget(struct history *history, item_test test)
{
    struct item *item = history_find(history, test);

    if (item == NULL) {
        return false;
    }
    item->kept = true;
    item->busy = 1;
    return true;
}

#define FORGET(kind)                                   \
    static bool forget_##kind(struct history *history) \
    {                                                  \
        return forget(history, is_free_##kind);        \
    }
FORGET(instance)
FORGET(class)
FORGET(operation_options)
FORGET(destination_options)
FORGET(subscription_options)
FORGET(serializer)
FORGET(deserializer)

static bool forget_operation(struct history *history)
{
    struct item *operation = history_find(history, history_is_closable);

    if (operation == NULL || operation->parent->closed || operation->parent->parent->closed ||
        operation->to_come > 0 || operation->owed > 0) {
        return false;
    }
    operation->kept = operation->parent->kept = operation->parent->parent->kept = true;
    return true;
}

/* Closed twice. */
static bool end_twice(struct history *history, item_test test, enum mi_function closer)
{
    struct item *item = history_find(history, test);

    if (item == NULL || !main_is_free(history)) {
        return false;
    }
    while (item->references-- > 0) {
        call(&history->story, closer, item->words, OK);
    }
    call(&history->story, closer, item->words, OK);
    history_forget(history, item);
    return true;
}

#define END_TWICE(kind, closer)                                             \
    static bool end_##kind##_twice(struct history *history)                 \
    {                                                                       \
        return end_twice(history, is_free_##kind, MI_FN_##kind##_##closer); \
    }
END_TWICE(instance, delete)
END_TWICE(class, delete)
END_TWICE(operation_options, delete)
END_TWICE(destination_options, delete)
END_TWICE(subscription_options, delete)

static unsigned count(const struct history *history, enum mi_kind kind)
{
    unsigned number = 0;

    for (unsigned i = 0; i < HISTORY_ITEMS; i++) {
        number += history->items[i].kind == kind ? 1 : 0;
    }
    return number;
}

/* A second one might be meant by a copy. */
static bool end_serializer_twice(struct history *history)
{
    return count(history, MI_KIND_serializer) == 1 &&
           end_twice(history, is_free_serializer, MI_FN_serializer_close);
}

static bool close_operation_twice(struct history *history)
{
    struct item *operation = history_find(history, history_is_closable);

    if (operation == NULL || !main_is_free(history) || operation->to_come > 0 || operation->callbacks > 0 ||
        operation->owed > 0) {
        return false;
    }
    call(&history->story, MI_FN_operation_close, operation->words, OK);
    call(&history->story, MI_FN_operation_close, operation->words, INVALID_PARAMETER);
    history_release(history, operation->lent);
    history_forget(history, operation);
    return true;
}

static struct item *find_empty_session(struct history *history)
{
    struct item *session = history_find(history, is_free_session);

    return session == NULL || history_has_children(history, session, false) || !main_is_free(history)
               ? NULL
               : session;
}

static bool close_session_twice(struct history *history)
{
    struct item *session = find_empty_session(history);

    if (session == NULL) {
        return false;
    }
    call(&history->story, MI_FN_session_close, session->words, OK);
    call(&history->story, MI_FN_session_close, session->words, INVALID_PARAMETER);
    history_forget(history, session);
    return true;
}

static bool is_empty_application(const struct history *history, const struct item *item)
{
    return is_open_application(history, item) && !history_has_children(history, item, false);
}

static bool close_application_twice(struct history *history)
{
    struct item *application = history_find(history, is_empty_application);

    if (application == NULL || !main_is_free(history)) {
        return false;
    }
    call(&history->story, MI_FN_application_close, application->words, OK);
    application->words.address += 0x1000000; /* a copy */
    call(&history->story, MI_FN_application_close, application->words, OK);
    history_forget(history, application);
    return true;
}

/* Used after the end. */
static bool use_deleted_instance(struct history *history)
{
    struct item *instance = history_find(history, is_free_instance);

    if (instance == NULL || !main_is_free(history)) {
        return false;
    }
    call(&history->story, MI_FN_instance_delete, instance->words, OK);
    call(&history->story, MI_FN_instance_get_element, instance->words, OK);
    history_forget(history, instance);
    return true;
}

static bool start_on_closed_session(struct history *history)
{
    struct item *session = find_empty_session(history);
    struct item *operation;

    if (session == NULL) {
        return false;
    }
    call(&history->story, MI_FN_session_close, session->words, OK);
    operation = history_start(history, session, 0, false);
    leave(&history->story, operation->start,
          (struct mi_event){.r1 = session->words.r1, .r2 = session->words.r2, .table = 4});
    history_forget(history, operation);
    history_forget(history, session);
    return true;
}

static bool is_read(const struct history *history, const struct item *item)
{
    return history_is_closable(history, item) && !item->asynchronous && item->lent != 0;
}

static enum mi_function reader_of(const struct item *operation)
{
    return operation->start == MI_FN_session_get_class ? MI_FN_class_get_element : MI_FN_instance_get_element;
}

static bool use_result_of_closed_operation(struct history *history)
{
    struct item *operation = history_find(history, is_read);

    if (operation == NULL || !main_is_free(history)) {
        return false;
    }
    call(&history->story, MI_FN_operation_close, operation->words, OK);
    call(&history->story, reader_of(operation), (struct words){.address = operation->lent}, OK);
    history_release(history, operation->lent);
    history_forget(history, operation);
    return true;
}

static bool is_owed(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_operation && item->owed == 1 && !item->closed && item->busy == 0;
}

static bool acknowledge_twice(struct history *history)
{
    struct item *operation = history_find(history, is_owed);

    if (operation == NULL || !main_is_free(history)) {
        return false;
    }
    call(&history->story, MI_FN_acknowledge, operation->words, OK);
    call(&history->story, MI_FN_acknowledge, operation->words, OK);
    operation->owed = 0;
    history_release(history, operation->lent);
    operation->lent = 0;
    return true;
}

/* Not the program's. */
static bool is_lent(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_operation && item->lent != 0 && item->busy == 0 &&
           item->start != MI_FN_session_get_class;
}

static bool delete_result(struct history *history)
{
    struct item *operation = history_find(history, is_lent);

    if (operation == NULL || !main_is_free(history)) {
        return false;
    }
    call(&history->story, MI_FN_instance_delete, (struct words){.address = operation->lent}, OK);
    return true;
}

static bool delete_part(struct history *history)
{
    if (main_is_free(history)) {
        call(&history->story, MI_FN_instance_delete, (struct words){.address = 0x123456780}, OK);
    }
    return history->thread->depth == 0;
}

static bool close_local_session(struct history *history)
{
    if (main_is_free(history)) {
        call(&history->story, MI_FN_session_close, (struct words){0x7ffe00000000, 3, 0x123456780}, OK);
    }
    return history->thread->depth == 0;
}

/* Refused. */
static bool close_as_another_user(struct history *history)
{
    struct item *operation = history_find(history, history_is_closable);

    if (operation == NULL || !main_is_free(history)) {
        return false;
    }
    enter(&history->story, MI_FN_operation_close, operation->words, (struct mi_event){.uid = 1000});
    leave(&history->story, MI_FN_operation_close, (struct mi_event){.result = ACCESS_DENIED});
    return true;
}

static bool fail_to_close(struct history *history)
{
    struct item *session = find_empty_session(history);

    if (session != NULL) {
        call(&history->story, MI_FN_session_close, session->words, FAILED);
    }
    return session != NULL;
}

static bool is_asynchronous(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_operation && item->asynchronous && !item->closed && item->busy == 0;
}

static bool read_asynchronous_operation(struct history *history)
{
    struct item *operation = history_find(history, is_asynchronous);

    if (operation == NULL || !main_is_free(history)) {
        return false;
    }
    enter(&history->story, MI_FN_operation_get_instance, operation->words, (struct mi_event){0});
    leave(&history->story, MI_FN_operation_get_instance, (struct mi_event){.result = INVALID_PARAMETER});
    return true;
}

/* At the same time. */
static bool is_unread(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_operation && !item->asynchronous && !item->closed && item->to_come > 0 &&
           item->busy == 0 && item->start != MI_FN_session_get_class &&
           item->start != MI_FN_session_subscribe;
}

static bool two_are_free(const struct history *history)
{
    return history->threads[0].depth == 0 && history->threads[1].depth == 0;
}

static bool close_while_reading(struct history *history)
{
    struct item *operation = history_find(history, is_unread);

    if (operation == NULL || !two_are_free(history)) {
        return false;
    }
    history_turn(history, 1);
    enter(&history->story, MI_FN_operation_get_instance, operation->words, (struct mi_event){0});
    history_turn(history, 0);
    enter_close(&history->story, MI_FN_operation_close, operation->words);
    history_turn(history, 1);
    leave(&history->story, MI_FN_operation_get_instance, (struct mi_event){.final = FAILED});
    history_turn(history, 0);
    leave(&history->story, MI_FN_operation_close, (struct mi_event){0});
    history_release(history, operation->lent);
    history_forget(history, operation);
    return true;
}

static bool read_together(struct history *history)
{
    struct item *operation = history_find(history, is_unread);

    if (operation == NULL || !two_are_free(history)) {
        return false;
    }
    for (unsigned thread = 0; thread < 2; thread++) {
        history_turn(history, thread);
        enter(&history->story, MI_FN_operation_get_instance, operation->words, (struct mi_event){0});
    }
    for (unsigned thread = 0; thread < 2; thread++) {
        history_turn(history, thread);
        leave(&history->story, MI_FN_operation_get_instance, (struct mi_event){.final = FAILED});
    }
    history_release(history, operation->lent);
    operation->lent = 0;
    operation->to_come = 0;
    return true;
}

static bool start_while_closing(struct history *history)
{
    struct item *session = history_is_idle(history) ? find_empty_session(history) : NULL;
    struct item *operation;

    if (session == NULL) {
        return false;
    }
    enter_close(&history->story, MI_FN_session_close, session->words);
    history_turn(history, 1);
    operation = history_start(history, session, ++history->next_token, false);
    leave(&history->story, operation->start,
          (struct mi_event){.r1 = operation->words.r1, .r2 = operation->words.r2, .table = 3});
    history_turn(history, HISTORY_THREADS - 1);
    history_deliver(history, operation, operation->words, OK);
    history_turn(history, 1);
    call(&history->story, MI_FN_operation_close, operation->words, OK);
    history_forget(history, operation);
    history_turn(history, 0);
    leave(&history->story, MI_FN_session_close, (struct mi_event){0});
    history_forget(history, session);
    return true;
}

static bool is_connected(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_application && item->connected;
}

static bool churn(struct history *history)
{
    struct item *old = history_find(history, is_connected);
    struct item *young, *session;

    if (old == NULL || !is_empty_application(history, old) || count(history, MI_KIND_application) > 1 ||
        !two_are_free(history)) {
        return false;
    }
    history_turn(history, 0);
    young = history_make(history, MI_KIND_application, NULL);
    create(&history->story, MI_FN_application_initialize, NOBODY, young->words);
    enter_close(&history->story, MI_FN_application_close, old->words);
    history_turn(history, 1);
    session = history_make(history, MI_KIND_session, young);
    young->connected = true;
    create(&history->story, MI_FN_application_new_session, young->words, session->words);
    history_turn(history, 0);
    leave(&history->story, MI_FN_application_close, (struct mi_event){0});
    history_forget(history, old);
    return true;
}

/* For ever. Nothing else must be on its way to an end then. */
static bool is_ending(const struct history *history, const struct item *item)
{
    (void)history;
    return item->closed;
}

static bool is_calm(struct history *history)
{
    return history_is_idle(history) && history_find(history, is_ending) == NULL;
}

static bool close_unread(struct history *history)
{
    struct item *operation = history_find(history, is_unread);

    if (operation == NULL || !is_calm(history)) {
        return false;
    }
    history_turn(history, 0);
    operation->busy++;
    enter_close(&history->story, MI_FN_operation_close, operation->words);
    return true;
}

static unsigned count_children(const struct history *history, const struct item *parent)
{
    unsigned number = 0;

    for (unsigned i = 0; i < HISTORY_ITEMS; i++) {
        number += history->items[i].parent == parent ? 1 : 0;
    }
    return number;
}

/* A session with one operation, and MI has nothing to do for it. */
static struct item *find_only_child(struct history *history, item_test test)
{
    struct item *operation = is_calm(history) ? history_find(history, test) : NULL;

    history_turn(history, 0);
    return operation == NULL || count_children(history, operation->parent) != 1 ? NULL : operation;
}

static bool is_delivered(const struct history *history, const struct item *item)
{
    return history_is_closable(history, item) && item->to_come == 0 && item->owed == 0;
}

static bool close_session_over_operation(struct history *history)
{
    struct item *operation = find_only_child(history, is_delivered);

    if (operation != NULL) {
        enter_close(&history->story, MI_FN_session_close, operation->parent->words);
    }
    return operation != NULL;
}

static bool close_application_over_session(struct history *history)
{
    struct item *session = is_calm(history) ? find_empty_session(history) : NULL;

    if (session == NULL || count_children(history, session->parent) != 1) {
        return false;
    }
    enter_close(&history->story, MI_FN_application_close, session->parent->words);
    return true;
}

static bool wait_for_completion(struct history *history)
{
    struct item *operation = find_only_child(history, is_delivered);

    if (operation != NULL) {
        enter(&history->story, MI_FN_session_close, operation->parent->words,
              (struct mi_event){.token = ++history->next_token});
        leave(&history->story, MI_FN_session_close, (struct mi_event){0});
    }
    return operation != NULL;
}

static bool close_without_acknowledgement(struct history *history)
{
    struct item *application = is_calm(history) ? history_find(history, is_open_application) : NULL;
    struct item *session, *operation;
    enum mi_callback callback;

    if (application == NULL) {
        return false;
    }
    history_turn(history, 0);
    session = history_make(history, MI_KIND_session, application);
    create(&history->story, MI_FN_application_new_session, application->words, session->words);
    operation = history_start(history, session, ++history->next_token, true);
    leave(&history->story, operation->start,
          (struct mi_event){.r1 = operation->words.r1, .r2 = operation->words.r2, .table = 3});
    callback = mi_functions[operation->start].result_callback;
    history_turn(history, HISTORY_THREADS - 1);
    enter_callback(&history->story, callback,
                   (struct mi_event){.token = operation->token,
                                     .r1 = operation->words.r1,
                                     .r2 = operation->words.r2,
                                     .table = 3,
                                     .owed = 1});
    leave_callback(&history->story, callback, operation->token);
    history_turn(history, 0);
    call(&history->story, MI_FN_operation_close, operation->words, OK);
    enter_close(&history->story, MI_FN_session_close, session->words);
    return true;
}

/* MI's thread is in a callback, and nothing else happens. */
static struct item *find_running(struct history *history)
{
    struct thread *deliverer = &history->threads[HISTORY_THREADS - 1];

    for (unsigned i = 0; i + 1 < HISTORY_THREADS; i++) {
        if (history->threads[i].depth > 0) {
            return NULL;
        }
    }
    history_turn(history, HISTORY_THREADS - 1);
    return history_find(history, is_ending) == NULL && deliverer->depth == 1 &&
                   deliverer->stack[0].function == MI_FN_none && !deliverer->stack[0].item->parent->closed
               ? deliverer->stack[0].item
               : NULL;
}

static bool close_session_in_callback(struct history *history)
{
    struct item *operation = find_running(history);

    if (operation != NULL) {
        enter_close(&history->story, MI_FN_session_close, operation->parent->words);
    }
    return operation != NULL;
}

static bool close_application_in_callback(struct history *history)
{
    struct item *operation = find_running(history);

    if (operation != NULL) {
        enter_close(&history->story, MI_FN_application_close, operation->parent->parent->words);
    }
    return operation != NULL;
}

static bool read_in_callback(struct history *history)
{
    struct item *running = find_running(history);
    struct item *operation = running == NULL ? NULL : history_find(history, is_unread);

    if (operation != NULL) {
        enter(&history->story, MI_FN_operation_get_instance, operation->words, (struct mi_event){0});
    }
    return operation != NULL;
}

const struct fault history_faults[] = {
    {"instance forgotten", forget_instance, "leak-instance", false},
    {"class forgotten", forget_class, "leak-class", false},
    {"operation options forgotten", forget_operation_options, "leak-operation-options", false},
    {"destination options forgotten", forget_destination_options, "leak-destination-options", false},
    {"delivery options forgotten", forget_subscription_options, "leak-subscription-options", false},
    {"serializer forgotten", forget_serializer, "leak-serializer", false},
    {"deserializer forgotten", forget_deserializer, "leak-deserializer", false},
    {"operation forgotten", forget_operation, "leak-application leak-session leak-operation", false},
    {"instance deleted twice", end_instance_twice, "double-close", false},
    {"class deleted twice", end_class_twice, "double-close", false},
    {"operation options deleted twice", end_operation_options_twice, "double-close", false},
    {"destination options deleted twice", end_destination_options_twice, "double-close", false},
    {"delivery options deleted twice", end_subscription_options_twice, "double-close", false},
    {"serializer closed twice", end_serializer_twice, "double-close", false},
    {"operation closed twice", close_operation_twice, "double-close", false},
    {"session closed twice", close_session_twice, "double-close", false},
    {"application closed twice", close_application_twice, "double-close", false},
    {"instance used when deleted", use_deleted_instance, "use-after-close", false},
    {"start on a closed session", start_on_closed_session, "use-after-close", false},
    {"result used after the close", use_result_of_closed_operation, "use-after-close", false},
    {"acknowledged twice", acknowledge_twice, "use-after-close", false},
    {"result deleted", delete_result, "delete-borrowed", false},
    {"part of an instance deleted", delete_part, "delete-borrowed", false},
    {"local session closed", close_local_session, "close-borrowed", false},
    {"closed as another user", close_as_another_user, "close-other-user", false},
    {"close that fails", fail_to_close, "close-failed", false},
    {"asynchronous operation read", read_asynchronous_operation, "get-on-async-operation", false},
    {"closed while it is read", close_while_reading, "close-during-use", false},
    {"two readers", read_together, "close-during-use", false},
    {"start during the close", start_while_closing, "start-during-close", false},
    {"applications change places", churn, "application-churn", false},
    {"operation closed unread", close_unread, "operation-close-undrained", true},
    {"session closed over an operation", close_session_over_operation, "session-close-operation-open", true},
    {"application closed over a session", close_application_over_session, "app-close-session-open", true},
    {"completion that cannot come", wait_for_completion, "async-close-never-completes", true},
    {"no acknowledgement", close_without_acknowledgement, "ack-never-given", true},
    {"session closed in its callback", close_session_in_callback, "session-close-in-callback", true},
    {"application closed in its callback", close_application_in_callback, "app-close-in-callback", true},
    {"getter in a callback", read_in_callback, "blocking-call-in-callback", true},
};

const size_t history_fault_count = G_N_ELEMENTS(history_faults);
