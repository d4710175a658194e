/* SPDX-License-Identifier: MIT */
/* See handles.h. */
#include "handles.h"

#include "state.h"

#include <stdlib.h>

/* The cells of applications that are closed. OMI frees them, and malloc hands them out again. */
static struct handle_pool buried;

static struct handle_cell *pop(struct handle_pool *pool)
{
    struct handle_cell *cell = pool->free;

    if (cell != NULL) {
        pool->free = cell->next_free;
    }
    return cell;
}

static void push(struct handle_pool *pool, struct handle_cell *cell)
{
    cell->next_free = pool->free;
    pool->free = cell;
}

/* A cell that was used before, if there is one: from this application with its next version, else from
 * another one, where versions begin again. */
static struct handle_cell *take_used_cell(struct handle_pool *pool)
{
    struct handle_cell *cell;

    state_lock();
    cell = pop(pool);
    if (cell == NULL) {
        cell = pop(&buried);
        if (cell != NULL) {
            cell->version = 1;
        }
    }
    state_unlock();
    return cell;
}

struct handle_cell *handle_new(struct handle_pool *pool, void *object)
{
    struct handle_cell *cell = take_used_cell(pool);

    if (cell == NULL) {
        cell = calloc(1, sizeof *cell);
        if (cell == NULL) {
            return NULL;
        }
        cell->version = 1;
    }
    state_lock();
    cell->object = object;
    cell->references = 1;
    cell->active = true;
    cell->destroy = NULL;
    cell->pool = pool;
    cell->next_free = NULL;
    state_unlock();
    return cell;
}

static struct handle_cell *acquire(const void *handle, bool even_closed)
{
    const struct handle_words *words = handle;
    struct handle_cell *cell = words->cell;

    if (cell == NULL) {
        return NULL;
    }
    state_lock();
    if (cell->version != words->version || cell->references == 0 || (!cell->active && !even_closed)) {
        cell = NULL;
    } else {
        cell->references++;
    }
    state_unlock();
    return cell;
}

struct handle_cell *handle_acquire(const void *handle)
{
    return acquire(handle, false);
}

struct handle_cell *handle_acquire_even_closed(const void *handle)
{
    return acquire(handle, true);
}

void handle_hold(struct handle_cell *cell)
{
    state_lock();
    cell->references++;
    state_unlock();
}

/* As in OMI the cell is free for others before the object is taken apart. */
void handle_release(struct handle_cell *cell)
{
    void (*destroy)(void *object) = NULL;
    void *object = NULL;

    state_lock();
    if (--cell->references == 0) {
        destroy = cell->destroy;
        object = cell->object;
        cell->object = NULL;
        cell->version++;
        push(cell->pool, cell);
    }
    state_unlock();
    if (destroy != NULL) {
        destroy(object);
    }
}

bool handle_shut(struct handle_cell *cell, void (*destroy)(void *object))
{
    bool first;

    state_lock();
    first = cell->active;
    if (first) {
        cell->active = false;
        cell->destroy = destroy;
    }
    state_unlock();
    if (first) {
        handle_release(cell);
    }
    return first;
}

void handle_bury(struct handle_pool *pool)
{
    struct handle_cell *cell;

    state_lock();
    while ((cell = pop(pool)) != NULL) {
        push(&buried, cell);
    }
    state_unlock();
}
