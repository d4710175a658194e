/* SPDX-License-Identifier: MIT */
/* Operations of a history, their results, and everything that waits: what the program does, and what MI does.
 */
#include "history_internal.h"

#define NAMES .namespace = "", .name = "", .detail = ""

bool history_close_operation(struct history *history)
{
    struct item *operation = history_find(history, history_is_closable);

    if (operation == NULL) {
        return false;
    }
    call(&history->story, MI_FN_operation_close, history_copy_of(history, operation->words), OK);
    operation->closed = true;
    operation->to_come = MIN(operation->to_come, 1);
    history_settle(history, operation);
    return true;
}

bool history_cancel(struct history *history)
{
    struct item *operation = history_find(history, history_is_cancellable);

    if (operation == NULL) {
        return false;
    }
    call(&history->story, MI_FN_operation_cancel, history_copy_of(history, operation->words), OK);
    operation->to_come = MIN(operation->to_come, 1);
    return true;
}

bool history_acknowledge(struct history *history)
{
    struct item *operation = history_find(history, history_is_owing);

    if (operation == NULL) {
        return false;
    }
    call(&history->story, MI_FN_acknowledge, history_copy_of(history, operation->words), OK);
    operation->owed--;
    history_release(history, operation->lent);
    operation->lent = 0;
    history_settle(history, operation);
    return true;
}

static void complete(struct history *history, struct item *session)
{
    enter_completion(&history->story, session->token);
    leave_completion(&history->story, session->token);
}

/* Operations may still be open, as long as somebody closes them later. */
bool history_close_session_asynchronously(struct history *history)
{
    struct item *session = history_find(history, history_is_open_session);

    if (session == NULL || session->busy > 0) {
        return false;
    }
    session->closed = true;
    session->token = ++history->next_token;
    enter(&history->story, MI_FN_session_close, history_copy_of(history, session->words),
          (struct mi_event){.token = session->token});
    if (!history_has_children(history, session, false) && history_chance(history, 2)) {
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
    enter_close(&history->story, history_closer_of(item->kind), history_copy_of(history, item->words));
    item->closed = true;
    item->busy++;
    history_push(history, history_closer_of(item->kind), item, 0);
    return true;
}

bool history_close_session(struct history *history)
{
    return begin_to_close(history, history_find(history, history_is_closable_session));
}

bool history_close_application(struct history *history)
{
    return begin_to_close(history, history_find(history, history_is_closable_application));
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
        &history->story, operation->start, history_copy_of(history, session->words),
        (struct mi_event){NAMES, .flags = manual ? 1 : 0, .token = token,
                          .callbacks = token == 0 ? 0 : 1u << mi_functions[operation->start].result_callback,
                          .operation = operation->words.address});
    return operation;
}

static void leave_started(struct history *history, const struct item *operation, struct words words)
{
    leave(&history->story, operation->start,
          (struct mi_event){.r1 = words.r1, .r2 = words.r2, .table = words.r2 == 0 ? 0 : 3});
}

bool history_start_synchronously(struct history *history)
{
    struct item *session = history_find(history, history_is_open_session);
    struct item *operation;

    if (session == NULL) {
        return false;
    }
    operation = history_start(history, session, 0, false);
    leave_started(history, operation, operation->words);
    return true;
}

/* The first result may be there before the call returns. */
bool history_start_asynchronously(struct history *history)
{
    struct item *session = history_find(history, history_is_open_session);
    struct item *operation;

    if (session == NULL) {
        return false;
    }
    operation = history_start(history, session, ++history->next_token, history_chance(history, 2));
    if (history->thread->depth == 0 && history_chance(history, 3)) {
        operation->starting = true;
        operation->busy++;
        session->busy++;
        history_push(history, operation->start, operation, 0);
    } else {
        leave_started(history, operation, operation->words);
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
bool history_fail_to_start(struct history *history)
{
    struct item *session = history_find(history, history_is_open_session);
    struct item *operation;
    struct words words;

    if (session == NULL) {
        return false;
    }
    operation =
        history_start(history, session, history_chance(history, 2) ? 0 : ++history->next_token, false);
    words = session->words;
    words.address = operation->words.address;
    if (operation->asynchronous) {
        history_deliver(history, operation, words, FAILED);
    }
    leave_started(history, operation, operation->asynchronous ? NOBODY : words);
    enter(&history->story, MI_FN_operation_get_instance, words, (struct mi_event){0});
    leave(&history->story, MI_FN_operation_get_instance, (struct mi_event){.final = FAILED});
    call(&history->story, MI_FN_operation_cancel, words, FAILED);
    call(&history->story, MI_FN_operation_close, words, OK);
    history_forget(history, operation);
    return true;
}

/* Nobody listens at the destination: a real operation, whose only result comes inside the starting call. */
bool history_fail_to_connect(struct history *history)
{
    struct item *session = history_find(history, history_is_open_session);
    struct item *operation;

    if (session == NULL) {
        return false;
    }
    operation = history_start(history, session, ++history->next_token, false);
    history_deliver(history, operation, operation->words, FAILED);
    leave_started(history, operation, NOBODY);
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
    bool nothing = operation->to_come == 1 && history_chance(history, 2);

    operation->to_come--;
    operation->lent = nothing && history_chance(history, 2) ? 0 : history_allocate(history);
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
bool history_read_result(struct history *history)
{
    struct item *operation = history_find(history, history_is_readable);

    if (operation == NULL || history->thread->tid == STORY_MI || history->thread->depth > 0) {
        return false;
    }
    enter(&history->story, getter_of(operation->start), history_copy_of(history, operation->words),
          (struct mi_event){0});
    history_release(history, operation->lent);
    operation->lent = 0;
    if (history_chance(history, 2)) {
        operation->busy++;
        history_push(history, getter_of(operation->start), operation, 0);
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
    history_push(history, MI_FN_none, operation, operation->manual ? 0 : object);
}

static bool is_complete(const struct history *history, const struct item *item)
{
    return item->kind == MI_KIND_session && item->closed && item->token != 0 &&
           !history_has_children(history, item, false);
}

void history_deliver_next(struct history *history)
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

/* Returns. */
bool history_may_return(const struct history *history, const struct inside *top)
{
    return top->item->closed && top->function != top->item->start
               ? !history_has_children(history, top->item, false)
               : true;
}

/* The struct is the program's, and may be gone when a callback was there first. */
static void leave_start_late(struct history *history, struct item *operation)
{
    leave_started(history, operation, operation->starting ? operation->words : NOBODY);
    operation->starting = false;
    operation->parent->busy--;
    operation->busy--;
    history_settle(history, operation);
}

void history_return_from(struct history *history, struct inside inside)
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

void history_leave_result_callback(struct history *history, struct inside inside)
{
    history->thread->depth--;
    leave_callback(&history->story, mi_functions[inside.item->start].result_callback, inside.item->token);
    history_release(history, inside.object);
    inside.item->callbacks--;
    history_settle(history, inside.item);
}

void history_use_in_callback(struct history *history, const struct inside *inside)
{
    enum mi_function function =
        inside->item->start == MI_FN_session_get_class ? MI_FN_class_get_element : MI_FN_instance_get_element;

    if (inside->object != 0) {
        call(&history->story, function, (struct words){.address = inside->object}, OK);
    }
}
