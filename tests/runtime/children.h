/* SPDX-License-Identifier: MIT */
/*
 * The open children of a session (operations) or an application (sessions, hosted providers), and who is to
 * be told when the last one is gone. Two weaknesses of OMI's lists are kept, because programs hang on them: a
 * child that came too late is not listed, yet counts when it goes; and a list of a hundred or more is never
 * cancelled. Facts: OMI's miapi/ChildList.h. All functions take the state lock themselves.
 */
#ifndef MITRACE_RUNTIME_CHILDREN_H
#define MITRACE_RUNTIME_CHILDREN_H

#include "mi_abi.h"

#include <stdbool.h>

enum { CHILDREN_COPIED = 99 };

/* Any handle with a table, by value. */
struct child_handle {
    MI_Uint64 reserved1;
    ptrdiff_t reserved2;
    const void *table;
};

struct child {
    struct child *previous, *next;
    struct child_handle handle;
};

struct children {
    struct child *first;
    long count; /* below zero when a child that was never listed has gone */
    bool shut;
    void (*on_empty)(void *context);
    void *context;
};

/* Lists a child; MI_RESULT_SERVER_IS_SHUTTING_DOWN once the list is shut. */
MI_Result children_add(struct children *children, struct child *child);

/* Takes a child off and counts it as gone. The last one of a shut list calls on_empty on this thread. */
void children_remove(struct children *children, struct child *child);

/* Lists no more; false if that was so before. */
bool children_shut(struct children *children);

/* Copies the handles, newest first, and returns how many; 0 if there are more than CHILDREN_COPIED. */
size_t children_copy(struct children *children, struct child_handle handles[CHILDREN_COPIED]);

/* Calls on_empty at once if a shut list has no children, else when the last one goes. */
void children_when_empty(struct children *children, void (*on_empty)(void *context), void *context);

/* Waits until the count is zero, which may be never. */
void children_wait(struct children *children);

#endif
