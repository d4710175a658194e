/* SPDX-License-Identifier: MIT */
/* The world of a history: memory, words, what the program has; and whose turn it is. */
#include "history_internal.h"

unsigned history_pick(struct history *history, unsigned count)
{
    return (unsigned)g_rand_int_range(history->random, 0, (gint32)count);
}

bool history_chance(struct history *history, unsigned in)
{
    return history_pick(history, in) == 0;
}

/* Memory that was freed last is given out first, as malloc does. */
uint64_t history_allocate(struct history *history)
{
    if (history->free_count > 0 && !history_chance(history, 4)) {
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
        item->words.r2 = history_chance(history, 2) ? 0 : history_allocate(history);
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

void history_push(struct history *history, enum mi_function function, struct item *item, uint64_t object)
{
    history->thread->stack[history->thread->depth++] = (struct inside){function, item, object};
}

struct words history_copy_of(struct history *history, struct words words)
{
    words.address += history_chance(history, 2) ? 0x1000000 : 0;
    return words;
}

/* What the program has, for finding. */
bool history_is_open_application(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_application && !item->closed && !item->kept;
}

bool history_is_open_session(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_session && !item->closed && !item->kept;
}

bool history_is_open_operation(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_operation && !item->closed && !item->kept && !item->starting;
}

bool history_is_open_object(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind != MI_KIND_application && item->kind != MI_KIND_session &&
           item->kind != MI_KIND_operation && item->busy == 0;
}

bool history_is_readable(const struct history *history, const struct item *item)
{
    return history_is_open_operation(history, item) && !item->asynchronous && item->to_come > 0 &&
           item->busy == 0;
}

bool history_is_closable(const struct history *history, const struct item *item)
{
    bool quiet = item->to_come == 0 || item->owed == 0; /* else OMI's defect with early cancels */

    return history_is_open_operation(history, item) && item->busy == 0 &&
           (item->asynchronous ? quiet : item->to_come == 0);
}

bool history_is_cancellable(const struct history *history, const struct item *item)
{
    return history_is_open_operation(history, item) && item->owed == 0;
}

bool history_is_owing(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_operation && item->owed > 0;
}

bool history_is_lending(const struct history *history, const struct item *item)
{
    return history_is_open_operation(history, item) && item->lent != 0 && item->busy == 0;
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

bool history_is_closable_session(const struct history *history, const struct item *item)
{
    return history_is_open_session(history, item) && item->busy == 0 && needs_nobody(history, item);
}

bool history_is_closable_application(const struct history *history, const struct item *item)
{
    for (unsigned i = 0; i < HISTORY_ITEMS; i++) {
        const struct item *session = &history->items[i];
        if (session->kind == MI_KIND_session && session->parent == item &&
            (!session->closed || !needs_nobody(history, session))) {
            return false;
        }
    }
    return history_is_open_application(history, item);
}

bool history_is_closing_application(const struct history *history, const struct item *item)
{
    (void)history;
    return item->kind == MI_KIND_application && item->closed;
}

/* An operation that was closed is over when MI has nothing left to deliver. */
void history_settle(struct history *history, struct item *operation)
{
    if (operation->closed && operation->to_come == 0 && operation->owed == 0 && operation->callbacks == 0 &&
        operation->busy == 0) {
        history_release(history, operation->lent);
        history_forget(history, operation);
    }
}

/* Steps. */
typedef bool (*action)(struct history *history);

static const action openings[] = {history_initialize_application,
                                  history_open_session,
                                  history_fail_to_open_session,
                                  history_make_object,
                                  history_make_object,
                                  history_clone_instance,
                                  history_refer_to_class,
                                  history_deserialize,
                                  history_start_synchronously,
                                  history_start_synchronously,
                                  history_start_asynchronously,
                                  history_start_asynchronously,
                                  history_fail_to_start,
                                  history_fail_to_connect,
                                  history_fork_child};

static const action others[] = {
    history_use_object,       history_use_result,    history_ask_for_parent,
    history_delete_object,    history_read_result,   history_read_result,
    history_close_operation,  history_cancel,        history_acknowledge,
    history_acknowledge,      history_close_session, history_close_session_asynchronously,
    history_close_application};

static void act(struct history *history)
{
    if (!history->ends && !is_full(history) && history_chance(history, 2)) {
        openings[history_pick(history, G_N_ELEMENTS(openings))](history);
    } else {
        others[history_pick(history, G_N_ELEMENTS(others))](history);
    }
}

static void act_in_callback(struct history *history, const struct inside *top)
{
    switch (history_pick(history, 3)) {
    case 0:
        history_leave_result_callback(history, *top);
        break;
    case 1:
        history_use_in_callback(history, top);
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
        } else if (history_may_return(history, top)) {
            history_return_from(history, *top);
        }
    } else if (thread->tid == STORY_MI) {
        history_deliver_next(history);
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
