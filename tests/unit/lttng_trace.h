/* SPDX-License-Identifier: MIT */
/* Writes traces as LTTng-UST 2.13 does, with events of any content. */
#ifndef MITRACE_TESTS_LTTNG_TRACE_H
#define MITRACE_TESTS_LTTNG_TRACE_H

#include "mi_names.h"

#include <glib.h>
#include <stdbool.h>

/* What a trace is like: bits. */
enum lttng_form {
    LTTNG_LARGE = 0,
    LTTNG_COMPACT = 1, /* the shorter of LTTng's event headers */
    LTTNG_ODD = 2      /* fields are integers of other sizes and signs than ours */
};

/* The metadata of a trace with every event of ours, whose id is its enum mi_event_id, and one of another
 * provider. g_string_free. */
GString *lttng_metadata(unsigned form);

/* Id of the event of another provider, whose only field is a sequence of numbers of 16 bits. */
#define LTTNG_FOREIGN ((uint32_t)MI_EV_COUNT)

/* How far the clock of that metadata is from the epoch. */
#define LTTNG_OFFSET 1700000000000000000

/* Nanoseconds in which LTTng's short header forgets, for the two kinds of header. */
#define LTTNG_SPAN(form) ((uint64_t)1 << ((form)&LTTNG_COMPACT ? 27 : 32))

/* A packet that is being written at the end of `bytes`. */
struct lttng_packet {
    GByteArray *bytes;
    guint start;
    unsigned form;
    uint64_t clock; /* of the last event */
};

struct lttng_packet lttng_packet_begin(GByteArray *bytes, unsigned form, uint64_t instance, uint64_t number,
                                       uint64_t discarded, uint64_t begin);
void lttng_packet_end(struct lttng_packet *packet, uint64_t end);

/* Where in a packet, from its beginning, these stand. */
enum {
    LTTNG_AT_STREAM_ID = 20,
    LTTNG_AT_BEGIN = 32,
    LTTNG_AT_END = 40,
    LTTNG_AT_CONTENT = 48,
    LTTNG_AT_SIZE = 56,
    LTTNG_HEADER = 84
};

/* The header of an event: the short one where id and time allow it and `extended` does not ask for the other.
 */
void lttng_event(struct lttng_packet *packet, uint32_t id, uint64_t clock, bool extended);

void lttng_put(GByteArray *bytes, uint64_t value, guint size);

/* The fields of an event of ours, at random; texts and stacks may be longer than an event may have. The
 * schema is the one that is known. */
void lttng_random_fields(struct lttng_packet *packet, enum mi_event_id id, GRand *random);

#endif
