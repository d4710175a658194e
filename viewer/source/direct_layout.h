/* SPDX-License-Identifier: MIT */
/*
 * How the events of a trace lie in its files, for the one form of trace that is read without libbabeltrace2:
 * LTTng-UST 2.13's on a 64-bit machine, with events of integers and sequences of integers alone.
 */
#ifndef MITRACE_SOURCE_DIRECT_LAYOUT_H
#define MITRACE_SOURCE_DIRECT_LAYOUT_H

#include "mi_names.h"

#include <glib.h>
#include <stdbool.h>

/* What is done with a field. */
enum direct_kind {
    DIRECT_SKIP,     /* passed over */
    DIRECT_COPY,     /* an integer of the size of ours */
    DIRECT_CONVERT,  /* an integer of another size */
    DIRECT_SKIP_ALL, /* a sequence, as those below: a length of four bytes, then so many elements */
    DIRECT_WORDS,
    DIRECT_BYTES,
    DIRECT_TEXT /* ends at its first NUL */
};

struct direct_field {
    enum direct_kind kind;
    uint8_t size; /* of the integer or of an element, in bytes: 1, 2, 4 or 8 */
    bool is_signed;
    const struct mi_field_info *info; /* NULL: passed over */
};

struct direct_event {
    bool ours;
    enum mi_event_id id;
    GArray *fields; /* struct direct_field */
};

struct direct_class {
    bool compact;      /* which of LTTng's two event headers */
    GPtrArray *events; /* by their id, struct direct_event *; NULL: not described */
};

struct direct_layout {
    int64_t offset_ns;  /* of the clock, which counts nanoseconds */
    GPtrArray *classes; /* by their id, struct direct_class *; NULL: not described */
};

/* NULL: the metadata `text` describes something else. */
struct direct_layout *direct_layout_new(const char *text);
void direct_layout_free(struct direct_layout *layout); /* NULL is allowed */

/* NULL: not described. */
const struct direct_class *direct_layout_class(const struct direct_layout *layout, uint32_t id);

static inline const struct direct_event *direct_layout_event(const struct direct_class *class, uint32_t id)
{
    return id < class->events->len ? (const struct direct_event *)class->events->pdata[id] : NULL;
}

#endif
