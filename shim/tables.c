/* SPDX-License-Identifier: MIT */
/* The registry of patched function tables. */
#include "tables.h"

#include "record.h"
#include "under_valgrind.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>

#define THUNK_SIZE 32 /* thunks.S */
#define MOST_SLOTS 18

#define MI_TABLE_BEGIN(object, Object, slots)          \
    void *tables_##object[TABLES_PER_KIND][slots];     \
    extern const char thunks_##object[] TABLES_HIDDEN; \
    static_assert((slots) <= MOST_SLOTS, "buffers have room for every table");
#include "mi_api.def"

/* What is known of the tables of one kind. */
struct table_set {
    const char *thunks;                  /* TABLES_PER_KIND times `width` of them */
    void **originals;                    /* the same shape */
    unsigned width;                      /* slots of a table */
    const void *tables[TABLES_PER_KIND]; /* where each was; NULL: the number is free */
    uintptr_t homes[TABLES_PER_KIND];    /* and in which object */
};

static struct table_set sets[MI_KIND_COUNT] = {
#define MI_TABLE_BEGIN(object, Object, slots) \
    [MI_KIND_##object] = {.thunks = thunks_##object, .originals = tables_##object[0], .width = (slots)},
#include "mi_api.def"
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* The number of the table that `slots` belongs to when they hold our thunks, else -1. */
static int patched_number(const struct table_set *set, void *const *slots)
{
    size_t span = (size_t)THUNK_SIZE * set->width * TABLES_PER_KIND;

    for (unsigned i = 0; i < set->width; i++) {
        const char *slot = __atomic_load_n(&slots[i], __ATOMIC_ACQUIRE);
        if (slot != NULL) {
            bool ours = slot >= set->thunks && slot < set->thunks + span;
            return ours ? (int)((unsigned)(slot - set->thunks) / THUNK_SIZE / set->width) : -1;
        }
    }
    return -1;
}

/* A number for `table`: the one it had, a free one, or that of a table whose library is gone. -1: none. */
static int choose_number(struct table_set *set, const void *table)
{
    int number = -1;

    for (int i = 0; i < TABLES_PER_KIND; i++) {
        if (set->tables[i] == table) {
            return i;
        }
        if (set->tables[i] == NULL && number < 0) {
            number = i;
        }
    }
    for (int i = 0; i < TABLES_PER_KIND && number < 0; i++) {
        if (record_preload->home(set->tables[i]) != set->homes[i]) {
            number = i;
        }
    }
    return number;
}

/* A table that is being patched. */
struct patch {
    struct table_set *set;
    void **slots;
    int number;
    unsigned written; /* slots */
};

/*
 * Put the thunks in; the originals are in place before the first of them can be called. The first slot comes
 * last: it tells other threads that the whole table is done (patched_number), and they let their program
 * call.
 */
static void write_thunks(void *context)
{
    struct patch *patch = context;
    const struct table_set *set = patch->set;
    void **slots = patch->slots;
    const char *thunks = set->thunks + (size_t)patch->number * set->width * THUNK_SIZE;
    void **originals = set->originals + (size_t)patch->number * set->width;

    HELGRIND_ATOMIC(slots, set->width * sizeof(*slots));
    HELGRIND_ATOMIC(originals, set->width * sizeof(*originals));
    for (unsigned i = 0; i < set->width; i++) {
        originals[i] = slots[i];
    }
    for (unsigned i = set->width; i-- > 0;) {
        if (originals[i] != NULL) {
            __atomic_store_n(&slots[i], (void *)(uintptr_t)(thunks + i * THUNK_SIZE), __ATOMIC_RELEASE);
            patch->written++;
        }
    }
}

/* NULL: patched, else why not. Under the lock. */
static const char *patch_table(struct patch *patch)
{
    struct table_set *set = patch->set;

    patch->number = choose_number(set, patch->slots);
    if (patch->number < 0) {
        return "more tables of this kind than mitrace can hold";
    }
    if (!record_preload->is_code(patch->slots, set->width)) {
        return "a slot does not point to code";
    }
    if (!record_preload->write_memory(patch->slots, set->width * sizeof(*patch->slots), write_thunks,
                                      patch)) {
        return "the system does not allow to write to it";
    }
    set->tables[patch->number] = patch->slots;
    set->homes[patch->number] = record_preload->home(patch->slots);
    return NULL;
}

/* Tables that were left alone, so that each is said once. */
static bool said_before(const void *table)
{
    static const void *said[512];
    static size_t count;

    for (size_t i = 0; i < count; i++) {
        if (said[i] == table) {
            return true;
        }
    }
    if (count < sizeof(said) / sizeof(said[0])) {
        said[count++] = table;
    }
    return false;
}

static void say_table(enum mi_kind kind, int number, const void *table, unsigned written, const char *problem)
{
    if (problem != NULL && said_before(table)) {
        return;
    }
    RECORD(function_table, record_thread(), {
        event->kind = (uint8_t)kind;
        event->table = problem == NULL ? (uint8_t)(TABLES_FIRST + number) : TABLES_UNKNOWN;
        event->address = (uint64_t)(uintptr_t)table;
        event->slots = written;
        RECORD_TEXT(event, problem, problem);
    });
}

static int meet_new(enum mi_kind kind, void **slots)
{
    struct patch patch = {.set = &sets[kind], .slots = slots};
    const char *problem = NULL;
    int saved_errno = errno;
    int cancel;

    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel);
    pthread_mutex_lock(&lock);
    patch.number = patched_number(patch.set, slots); /* another thread may have been faster */
    if (patch.number < 0) {
        problem = patch_table(&patch);
        say_table(kind, patch.number, slots, patch.written, problem);
    }
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(cancel, NULL);
    errno = saved_errno;
    return problem == NULL ? patch.number : -1;
}

uint8_t tables_meet(enum mi_kind kind, const void *table)
{
    void **slots = (void **)(uintptr_t)table;
    int number;

    if (slots == NULL) {
        return TABLES_NO_TABLE;
    }
    number = patched_number(&sets[kind], slots);
    if (number < 0) {
        number = meet_new(kind, slots);
    }
    return number < 0 ? TABLES_UNKNOWN : (uint8_t)(TABLES_FIRST + number);
}

void tables_unwatched(const void *function)
{
    pthread_mutex_lock(&lock);
    say_table(MI_KIND_application, -1, function, 0, "more copies of MI than mitrace can hold");
    pthread_mutex_unlock(&lock);
}

void tables_lock(void)
{
    pthread_mutex_lock(&lock);
}

void tables_unlock(void)
{
    pthread_mutex_unlock(&lock);
}
