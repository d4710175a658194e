/* SPDX-License-Identifier: MIT */
/*
 * The cells behind session, operation and hosted provider handles. A handle's words are the version of a cell
 * and its address; cells of one application are used again, last freed first, and get a new version each
 * time, so that a stale handle is recognised as long as its application lives. Facts: OMI's
 * miapi/SafeHandle.c. All functions take the state lock themselves and may be called from any thread.
 */
#ifndef MITRACE_RUNTIME_HANDLES_H
#define MITRACE_RUNTIME_HANDLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct handle_cell;

struct handle_pool {
    struct handle_cell *free;
};

struct handle_cell {
    void *object;
    uint64_t version;
    unsigned references;
    bool active; /* not closed yet; holds one of the references */
    void (*destroy)(void *object);
    struct handle_pool *pool;
    struct handle_cell *next_free;
};

/* The first words of every handle that stands in the program's memory. */
struct handle_words {
    uint64_t version;
    struct handle_cell *cell;
};

/* A cell for `object` with one reference, active; NULL without memory. */
struct handle_cell *handle_new(struct handle_pool *pool, void *object);

/* The cell of a handle with one more reference; NULL if the handle is empty or stale, or closed already. */
struct handle_cell *handle_acquire(const void *handle);

/* The same, but a closed handle is good as long as its object lives. */
struct handle_cell *handle_acquire_even_closed(const void *handle);

void handle_hold(struct handle_cell *cell);

/* Gives a reference back. The last one frees the cell for the next handle, then calls `destroy` with the
 * object. */
void handle_release(struct handle_cell *cell);

/* Closes: no handle_acquire succeeds any more. False if somebody was first; else the active reference is
 * given back. */
bool handle_shut(struct handle_cell *cell, void (*destroy)(void *object));

/* The application is closed: its cells are there for the next one, which can make the very same handles
 * again. */
void handle_bury(struct handle_pool *pool);

#endif
