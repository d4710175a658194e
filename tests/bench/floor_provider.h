/* SPDX-License-Identifier: MIT */
/*
 * The floor: events of the same classes as those of a recorded call, made by LTTng's own macros alone. They
 * are named mi:floor_*, so that they go into the same session; no reader knows them.
 */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER mi

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "floor_provider.h"

#if !defined(MITRACE_BENCH_FLOOR_PROVIDER_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define MITRACE_BENCH_FLOOR_PROVIDER_H

#include <lttng/tracepoint.h>

#include "mi_events.h"

#define F_U8(n)    lttng_ust_field_integer(uint8_t, n, e->n)
#define F_U32(n)   lttng_ust_field_integer(uint32_t, n, e->n)
#define F_I32(n)   lttng_ust_field_integer(int32_t, n, e->n)
#define F_HEX(n)   lttng_ust_field_integer_hex(uint64_t, n, e->n)
#define F_TEXT(n)  lttng_ust_field_sequence_text(char, n, e->n, uint32_t, e->n##_len)
#define F_STACK(n) lttng_ust_field_sequence_hex(uint64_t, n, e->n, uint32_t, e->n##_len)
#define F_BYTES(n) lttng_ust_field_sequence_hex(uint8_t, n, e->n, uint32_t, e->n##_len)

#define MI_EVENT_CLASS(class, fields)                                                          \
    LTTNG_UST_TRACEPOINT_EVENT_CLASS(mi, class, LTTNG_UST_TP_ARGS(const struct mi_event *, e), \
                                     LTTNG_UST_TP_FIELDS(fields))
#include "mi_events.def"

#define MI_EVENT_CLASS(class, fields)                                 \
    LTTNG_UST_TRACEPOINT_EVENT_INSTANCE(mi, class, mi, floor_##class, \
                                        LTTNG_UST_TP_ARGS(const struct mi_event *, e))
#include "mi_events.def"

#undef F_U8
#undef F_U32
#undef F_I32
#undef F_HEX
#undef F_TEXT
#undef F_STACK
#undef F_BYTES

#endif

#include <lttng/tracepoint-event.h>
