/* SPDX-License-Identifier: MIT */
/*
 * stress THREADS CALLS SEED ACCOUNT [leave] [gentle]: random legal use of MI from many threads, with an exact
 * account of it in file ACCOUNT. "leave" leaves a random set of handles open, and says so in the account;
 * "gentle" does without what OMI itself does not survive: early cancels and closes, operations that are
 * closed in their callback, and connections that are made and ended by several threads at once.
 */
#include "stress.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_THREADS = 64 };

unsigned worker_random(struct worker *worker, unsigned below)
{
    worker->random ^= worker->random << 13;
    worker->random ^= worker->random >> 7;
    worker->random ^= worker->random << 17;
    return (unsigned)(worker->random >> 33) % below;
}

struct thing *thing_new(enum mi_kind kind, enum mi_function creator)
{
    struct thing *thing = calloc(1, sizeof *thing);

    if (thing == NULL) {
        abort();
    }
    thing->kind = kind;
    thing->creator = creator;
    return thing;
}

struct thing *thing_keep(struct thing *thing, MI_Result result)
{
    if (result != MI_RESULT_OK) {
        free(thing);
        return NULL;
    }
    account_made(thing->kind);
    shelf_put(thing);
    return thing;
}

void thing_closed(struct thing *thing)
{
    account_closed(thing->kind);
    free(thing);
}

struct thread {
    pthread_t thread;
    unsigned long calls;
    struct worker worker;
};

static void (*const steps[])(struct worker *) = {
    step_application, step_session, step_session,  step_operation, step_operation, step_operation,
    step_operation,   step_options, step_instance, step_instance,  step_class,     step_codec};
enum { STEPS = sizeof steps / sizeof steps[0], CONNECTED = 8 /* those that deal with MI's connections */ };

static void step(struct worker *worker)
{
    static pthread_mutex_t one = PTHREAD_MUTEX_INITIALIZER;
    unsigned number = worker_random(worker, STEPS);
    bool alone = worker->gentle && number < CONNECTED;

    if (alone) {
        pthread_mutex_lock(&one);
    }
    steps[number](worker);
    if (alone) {
        pthread_mutex_unlock(&one);
    }
}

static void *run(void *argument)
{
    struct thread *thread = argument;

    while (account_calls() < thread->calls) {
        step(&thread->worker);
    }
    return NULL;
}

static void run_threads(unsigned count, unsigned long calls, uint64_t seed, bool gentle, struct thing *anchor)
{
    static struct thread threads[MOST_THREADS];

    for (unsigned i = 0; i < count; i++) {
        threads[i].calls = calls / count;
        threads[i].worker = (struct worker){(seed + i) * 0x9e3779b97f4a7c15u | 1u, gentle, anchor};
        if (pthread_create(&threads[i].thread, NULL, run, &threads[i]) != 0) {
            abort();
        }
    }
    for (unsigned i = 0; i < count; i++) {
        pthread_join(threads[i].thread, NULL);
    }
    shelf_wait();
}

/* Acknowledges what the threads have left: no result is owed any more, all operations are on the shelf. */
static void acknowledge_all(struct worker *worker)
{
    struct thing *others = NULL, *thing;

    while ((thing = shelf_take(MI_KIND_operation, 0)) != NULL) {
        if (thing->state == OPERATION_OWED) {
            finish_operation(worker, thing);
            shelf_wait();
        } else {
            thing->next = others;
            others = thing;
        }
    }
    while ((thing = others) != NULL) {
        others = thing->next;
        shelf_put(thing);
    }
}

/* Leaves it open, and with it those that it came from. */
static void leave(struct thing *thing)
{
    if (thing->kind != MI_KIND_class) {
        account_left(thing->creator);
    }
    if (thing->parent != NULL) {
        thing->parent->children += 1 << 16;
    }
}

static bool stays(struct worker *worker, const struct thing *thing, bool leaving)
{
    return thing->children > 0 || (leaving && worker_random(worker, 4) == 0);
}

static void end_kind(struct worker *worker, enum mi_kind kind, bool leaving)
{
    struct thing *thing;

    while ((thing = shelf_take(kind, 0)) != NULL) {
        if (stays(worker, thing, leaving)) {
            leave(thing);
        } else if (kind == MI_KIND_operation && thing->state == OPERATION_UNREAD) {
            finish_operation(worker, thing);
        } else if (kind == MI_KIND_operation) {
            close_operation(thing);
        } else if (kind == MI_KIND_session) {
            close_session(thing, true); /* when main returns, no callback may be running */
        } else {
            close_object(thing);
        }
    }
    shelf_wait();
}

static void end_all(struct worker *worker, bool leaving)
{
    static const enum mi_kind kinds[] = {MI_KIND_operation,
                                         MI_KIND_session,
                                         MI_KIND_instance,
                                         MI_KIND_class,
                                         MI_KIND_destination_options,
                                         MI_KIND_operation_options,
                                         MI_KIND_subscription_options,
                                         MI_KIND_serializer,
                                         MI_KIND_deserializer,
                                         MI_KIND_application};

    acknowledge_all(worker);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        end_kind(worker, kinds[i], leaving);
    }
    leave_classes();
}

/* An application with a session that lives all the while: MI's delivery thread is started and ended once. */
static struct thing *drop_anchor(void)
{
    struct thing *anchor = thing_new(MI_KIND_application, MI_FN_application_initialize);
    struct thing *session = thing_new(MI_KIND_session, MI_FN_application_new_session);

    if (do_Application_Initialize("anchor", &anchor->application) != MI_RESULT_OK ||
        do_Application_NewSession(&anchor->application, NULL, NULL, NULL, NULL, NULL, &session->session) !=
            MI_RESULT_OK) {
        abort();
    }
    session->parent = anchor;
    anchor->children++;
    account_made(MI_KIND_application);
    account_made(MI_KIND_session);
    return session;
}

static void weigh_anchor(struct worker *worker, struct thing *session)
{
    close_session(deliver_once_more(worker, session), true);
    close_object(worker->anchor);
}

static bool has_word(int argc, char **argv, const char *word)
{
    for (int i = 5; i < argc; i++) {
        if (strcmp(argv[i], word) == 0) {
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    struct worker worker = {.random = 1};
    struct thing *session;

    if (argc < 5 || atoi(argv[1]) < 1 || atoi(argv[1]) > MOST_THREADS) {
        fprintf(stderr, "usage: stress THREADS CALLS SEED ACCOUNT [leave] [gentle]\n");
        return 2;
    }
    worker.gentle = has_word(argc, argv, "gentle");
    worker.random = strtoul(argv[3], NULL, 10) * 2 + 1;
    session = drop_anchor();
    worker.anchor = session->parent;
    run_threads((unsigned)atoi(argv[1]), strtoul(argv[2], NULL, 10), worker.random, worker.gentle,
                worker.anchor);
    end_all(&worker, has_word(argc, argv, "leave"));
    weigh_anchor(&worker, session);
    return account_write(argv[4]) ? 0 : 1;
}
