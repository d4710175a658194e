/* SPDX-License-Identifier: MIT */
/* See children.h. */
#include "children.h"

#include "state.h"

MI_Result children_add(struct children *children, struct child *child)
{
    MI_Result result = MI_RESULT_SERVER_IS_SHUTTING_DOWN;

    state_lock();
    if (!children->shut) {
        child->previous = NULL;
        child->next = children->first;
        if (children->first != NULL) {
            children->first->previous = child;
        }
        children->first = child;
        children->count++;
        result = MI_RESULT_OK;
    }
    state_unlock();
    return result;
}

static void unlink_child(struct children *children, struct child *child)
{
    if (children->first == child) {
        children->first = child->next;
    }
    if (child->previous != NULL) {
        child->previous->next = child->next;
    }
    if (child->next != NULL) {
        child->next->previous = child->previous;
    }
}

void children_remove(struct children *children, struct child *child)
{
    void (*on_empty)(void *context) = NULL;
    void *context = NULL;

    state_lock();
    unlink_child(children, child);
    if (--children->count == 0 && children->shut) {
        on_empty = children->on_empty;
        context = children->context;
    }
    state_changed();
    state_unlock();
    if (on_empty != NULL) {
        on_empty(context);
    }
}

bool children_shut(struct children *children)
{
    bool first;

    state_lock();
    first = !children->shut;
    children->shut = true;
    state_unlock();
    return first;
}

size_t children_copy(struct children *children, struct child_handle handles[CHILDREN_COPIED])
{
    size_t copied = 0;

    state_lock();
    if (children->count <= CHILDREN_COPIED) {
        for (const struct child *child = children->first; child != NULL; child = child->next) {
            handles[copied++] = child->handle;
        }
    }
    state_unlock();
    return copied;
}

void children_when_empty(struct children *children, void (*on_empty)(void *context), void *context)
{
    bool empty;

    state_lock();
    empty = children->shut && children->count == 0;
    if (!empty) {
        children->on_empty = on_empty;
        children->context = context;
    }
    state_unlock();
    if (empty) {
        on_empty(context);
    }
}

void children_wait(struct children *children)
{
    state_lock();
    while (children->count != 0) {
        state_wait();
    }
    state_unlock();
}
