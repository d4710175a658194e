/* SPDX-License-Identifier: MIT */
/* What the program of a history does with applications, sessions and objects. */
#include "history_internal.h"

#define NAMES .namespace = "", .name = "", .detail = ""

/* Calls that hand out handles. */
bool history_initialize_application(struct history *history)
{
    struct item *application = history_make(history, MI_KIND_application, NULL);

    create(&history->story, MI_FN_application_initialize, NOBODY, application->words);
    return true;
}

/* The first session of an application and the close of the last one must not meet. */
static bool may_connect(struct history *history, const struct item *application)
{
    return application != NULL &&
           (application->connected || history_find(history, history_is_closing_application) == NULL);
}

bool history_open_session(struct history *history)
{
    struct item *application = history_find(history, history_is_open_application);
    struct item *session;

    if (!may_connect(history, application)) {
        return false;
    }
    application->connected = true;
    session = history_make(history, MI_KIND_session, application);
    create(&history->story, MI_FN_application_new_session, history_copy_of(history, application->words),
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
bool history_fail_to_open_session(struct history *history)
{
    struct item *application = history_find(history, history_is_open_application);
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

bool history_make_object(struct history *history)
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
    struct item *application = history_find(history, history_is_open_application);
    struct item *made;

    if (application == NULL) {
        return false;
    }
    if (history_chance(history, 8)) {
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

bool history_clone_instance(struct history *history)
{
    struct item *lender = history_find(history, history_is_lending);
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
bool history_refer_to_class(struct history *history)
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
    struct item *application = history_find(history, history_is_open_application);
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
bool history_deserialize(struct history *history)
{
    bool class = history_chance(history, 2), good = history_chance(history, 2);
    enum mi_function function =
        class ? MI_FN_deserializer_deserialize_class : MI_FN_deserializer_deserialize_instance;
    struct item *reader = history_find(history, is_deserializer);
    struct item *made;

    if (reader == NULL) {
        return false;
    }
    enter(&history->story, function, reader->words, (struct mi_event){NAMES});
    if (history_chance(history, 4)) {
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

bool history_use_object(struct history *history)
{
    struct item *item = history_find(history, history_is_open_object);

    if (item == NULL) {
        return false;
    }
    if (history_chance(history, 4) && history->thread->depth == 0) { /* it takes a while */
        enter(&history->story, user_of(item->kind), item->words, (struct mi_event){0});
        item->busy++;
        history_push(history, user_of(item->kind), item, 0);
    } else {
        call(&history->story, user_of(item->kind), item->words, history_chance(history, 3) ? FAILED : OK);
    }
    return true;
}

bool history_use_result(struct history *history)
{
    struct item *lender = history_find(history, history_is_lending);
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
    enter(&history->story, function, history_copy_of(history, self), (struct mi_event){0});
    leave(&history->story, function, (struct mi_event){.out = 0x7ffd00000000, .r1 = of.r1, .r2 = of.r2});
}

bool history_ask_for_parent(struct history *history)
{
    struct item *operation = history_find(history, history_is_open_operation);
    struct item *session = history_find(history, history_is_open_session);

    if (operation != NULL) {
        alias(history, MI_FN_operation_get_session, operation->words, operation->parent->words);
    }
    if (session != NULL) {
        alias(history, MI_FN_session_get_application, session->words, session->parent->words);
    }
    return operation != NULL || session != NULL;
}

/* Calls that end something. */
enum mi_function history_closer_of(enum mi_kind kind)
{
    enum mi_function closer = MI_FN_none;

    for (enum mi_function function = 0; function < MI_FN_COUNT; function++) {
        if (mi_functions[function].kind == kind && (mi_functions[function].roles & MI_ROLE_CLOSES) != 0) {
            closer = function;
        }
    }
    return closer;
}

bool history_delete_object(struct history *history)
{
    struct item *item = history_find(history, history_is_open_object);

    if (item == NULL) {
        return false;
    }
    call(&history->story, history_closer_of(item->kind), item->words, OK);
    if (--item->references == 0) {
        history_forget(history, item);
    }
    return true;
}

/* A child that has a copy of everything, deletes some of it, and goes its own way. */
bool history_fork_child(struct history *history)
{
    struct story *story = &history->story;
    struct item *instance = history_find(history, is_instance);
    uint32_t pid = story->pid, tid = story->tid;

    if (history->next_pid > 900 || !history_chance(history, 8)) {
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
