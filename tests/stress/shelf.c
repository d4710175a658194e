/* SPDX-License-Identifier: MIT */
/* Things that belong to no thread just now. */
#include "stress.h"

#include <pthread.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static struct thing *first[MI_KIND_COUNT];
static unsigned count[MI_KIND_COUNT];
static int away;

void shelf_put(struct thing *thing)
{
    pthread_mutex_lock(&lock);
    thing->next = first[thing->kind];
    first[thing->kind] = thing;
    count[thing->kind]++;
    pthread_mutex_unlock(&lock);
}

struct thing *shelf_take(enum mi_kind kind, unsigned random)
{
    struct thing **link = &first[kind], *taken;

    pthread_mutex_lock(&lock);
    for (unsigned i = count[kind] > 0 ? random % count[kind] : 0; i > 0; i--) {
        link = &(*link)->next;
    }
    taken = *link;
    if (taken != NULL) {
        *link = taken->next;
        count[kind]--;
    }
    pthread_mutex_unlock(&lock);
    return taken;
}

unsigned shelf_count(enum mi_kind kind)
{
    unsigned found;

    pthread_mutex_lock(&lock);
    found = count[kind];
    pthread_mutex_unlock(&lock);
    return found;
}

void shelf_away(int change)
{
    pthread_mutex_lock(&lock);
    away += change;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void shelf_wait(void)
{
    pthread_mutex_lock(&lock);
    while (away > 0) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}
