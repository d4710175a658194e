/* SPDX-License-Identifier: MIT */
/* Bytes of a packet -> events of ours. */
#ifndef MITRACE_SOURCE_DIRECT_DECODE_H
#define MITRACE_SOURCE_DIRECT_DECODE_H

#include "source/direct_cursor.h"
#include "source/direct_layout.h"
#include "source/source.h"

/* Holds what an event points to: as much as the largest of ours has. */
struct direct_arena {
    uint64_t words[2 * MI_STACK_MAX + MI_TEXT_MAX / 2];
    size_t used;
};

enum direct_result {
    DIRECT_OURS,
    DIRECT_FOREIGN,
    DIRECT_BROKEN /* an event that is not described, or that does not end before the packet's content */
};

/*
 * Take the next event of a packet whose content is not over. `clock` holds the packet's time so far and is
 * brought up to date. When it is one of ours, `event` is set but for its time, and points into `arena`.
 */
enum direct_result direct_decode(struct direct_cursor *cursor, const struct direct_class *class,
                                 uint64_t *clock, struct source_event *event, struct direct_arena *arena);

#endif
