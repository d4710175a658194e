/* SPDX-License-Identifier: MIT */
/* What lives as long as a handle of MI's, found by the handle's words. */
#include "served.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#define BUCKETS_SHIFT 10

static struct served *buckets[1 << BUCKETS_SHIFT];
static _Atomic unsigned count; /* most programs have none: then nobody takes the lock */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void served_lock(void)
{
    pthread_mutex_lock(&lock);
}

void served_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

/* Where the handle's entry is linked, or where a new one would be. */
static struct served **place_of(enum mi_kind kind, uint64_t r1, uint64_t r2)
{
    uint64_t hash = (r1 * 0x9e3779b97f4a7c15u ^ r2 ^ kind) * 0x9e3779b97f4a7c15u;
    struct served **place = &buckets[hash >> (64 - BUCKETS_SHIFT)];

    while (*place != NULL && ((*place)->kind != kind || (*place)->r1 != r1 || (*place)->r2 != r2)) {
        place = &(*place)->next;
    }
    return place;
}

/* With the lock held. Returns what is to be freed: the entry, unless a close of it is not done. */
static struct served *end(struct served *served)
{
    if (served->listed) {
        struct served **place = place_of(served->kind, served->r1, served->r2);
        *place = served->next;
        served->listed = false;
        atomic_fetch_sub_explicit(&count, 1, memory_order_relaxed);
    }
    served->closed = true;
    return served->closing == 0 ? served : NULL;
}

void served_begin(struct served *served, enum mi_kind kind, uint64_t r1, uint64_t r2)
{
    struct served **place, *older = NULL;

    served->kind = kind;
    served->r1 = r1;
    served->r2 = r2;
    served->listed = true;
    served_lock();
    place = place_of(kind, r1, r2);
    if (*place != NULL) {
        older = end(*place);
        place = place_of(kind, r1, r2);
    }
    *place = served;
    atomic_fetch_add_explicit(&count, 1, memory_order_relaxed);
    served_unlock();
    free(older);
}

struct served *served_closing(enum mi_kind kind, uint64_t r1, uint64_t r2)
{
    struct served *served;

    if (atomic_load_explicit(&count, memory_order_relaxed) == 0) {
        return NULL;
    }
    served_lock();
    served = *place_of(kind, r1, r2);
    if (served != NULL) {
        served->closing++;
    }
    served_unlock();
    return served;
}

void served_closed(struct served *served, bool accepted)
{
    struct served *dead = NULL;

    if (served == NULL) {
        return;
    }
    served_lock();
    served->closing--;
    served->closed = served->closed || accepted;
    if (served->closed && served->closing == 0) {
        dead = end(served);
    }
    served_unlock();
    free(dead);
}
