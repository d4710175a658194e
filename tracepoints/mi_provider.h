/* SPDX-License-Identifier: MIT */
/*
 * LTTng-UST events of the provider `mi`, made from mi_api.def and mi_events.def. LTTng reads this header
 * several times, with other meanings of its macros each time: it must contain nothing but event definitions.
 */
#undef LTTNG_UST_TRACEPOINT_PROVIDER
#define LTTNG_UST_TRACEPOINT_PROVIDER mi

#undef LTTNG_UST_TRACEPOINT_INCLUDE
#define LTTNG_UST_TRACEPOINT_INCLUDE "mi_provider.h"

#if !defined(MITRACE_TRACEPOINTS_MI_PROVIDER_H) || defined(LTTNG_UST_TRACEPOINT_HEADER_MULTI_READ)
#define MITRACE_TRACEPOINTS_MI_PROVIDER_H

#include <lttng/tracepoint.h>

#include "mi_events.h"

/*
 * LTTng calls its ring buffer once for each field, which is a third of an event's cost. In the reading that
 * makes the functions that write (the only one in which it has this macro) an event is put together first, as
 * its fields will lie in the trace: LTTng aligns nothing on this machine. Whatever has a fixed size, lengths
 * too, is a member of struct mi_event: for that there is always room. Should the macro disappear, LTTng
 * writes as always.
 */
#ifdef lttng_ust__get_dynamic_len
#define PACK_MANY_ROOM 512 /* some texts, a stack of the usual depth */
#define PACK(member)                                         \
    memcpy(packed + packed_size, &(member), sizeof(member)); \
    packed_size += sizeof(member);
#define PACK_WRITE lttng_ust_field_array(uint8_t, packed, packed, packed_size)
#define PACK_MANY(type, n)                                             \
    PACK(e->n##_len)                                                   \
    if (packed_size + e->n##_len * sizeof(type) <= PACK_MANY_ROOM) {   \
        memcpy(packed + packed_size, e->n, e->n##_len * sizeof(type)); \
        packed_size += e->n##_len * sizeof(type);                      \
    } else {                                                           \
        PACK_WRITE                                                     \
        packed_size = 0;                                               \
        lttng_ust_field_array(type, n, e->n, e->n##_len)               \
    }
#define F_U8(n)    PACK(e->n)
#define F_U32(n)   PACK(e->n)
#define F_I32(n)   PACK(e->n)
#define F_HEX(n)   PACK(e->n)
#define F_TEXT(n)  PACK_MANY(char, n)
#define F_STACK(n) PACK_MANY(uint64_t, n)
#define F_BYTES(n) PACK_MANY(uint8_t, n)
#define F_ALL(...)                                                \
    {                                                             \
        uint8_t packed[PACK_MANY_ROOM + sizeof(struct mi_event)]; \
        size_t packed_size = 0;                                   \
        __VA_ARGS__ PACK_WRITE                                    \
    }
#else
#define F_U8(n)    lttng_ust_field_integer(uint8_t, n, e->n)
#define F_U32(n)   lttng_ust_field_integer(uint32_t, n, e->n)
#define F_I32(n)   lttng_ust_field_integer(int32_t, n, e->n)
#define F_HEX(n)   lttng_ust_field_integer_hex(uint64_t, n, e->n)
#define F_TEXT(n)  lttng_ust_field_sequence_text(char, n, e->n, uint32_t, e->n##_len)
#define F_STACK(n) lttng_ust_field_sequence_hex(uint64_t, n, e->n, uint32_t, e->n##_len)
#define F_BYTES(n) lttng_ust_field_sequence_hex(uint8_t, n, e->n, uint32_t, e->n##_len)
#define F_ALL(...) __VA_ARGS__
#endif

#define MI_EVENT_CLASS(class, fields)                                                          \
    LTTNG_UST_TRACEPOINT_EVENT_CLASS(mi, class, LTTNG_UST_TP_ARGS(const struct mi_event *, e), \
                                     LTTNG_UST_TP_FIELDS(F_ALL(fields)))
#include "mi_events.def"

#define MI_DEFINE_EVENT(event, class, level)                                                                 \
    LTTNG_UST_TRACEPOINT_EVENT_INSTANCE(mi, class, mi, event, LTTNG_UST_TP_ARGS(const struct mi_event *, e)) \
    LTTNG_UST_TRACEPOINT_LOGLEVEL(mi, event, LTTNG_UST_TRACEPOINT_LOGLEVEL_##level)
#define MI_EVENT(event, class, level) MI_DEFINE_EVENT(event, class, level)
#include "mi_events.def"

#define MI_EXPORT(...) MI_SLOT(__VA_ARGS__)
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, ...) \
    MI_DEFINE_EVENT(object##_##slot##_entry, entry, level)                           \
    MI_DEFINE_EVENT(object##_##slot##_exit, exit, level)
#define MI_RESPONSE(response, title, entry, exit, ...) \
    MI_DEFINE_EVENT(response##_entry, entry, INFO)     \
    MI_DEFINE_EVENT(response##_exit, exit, INFO)
#define MI_CALLBACK(callback, ...)                                   \
    MI_DEFINE_EVENT(callback##_callback_entry, callback_entry, INFO) \
    MI_DEFINE_EVENT(callback##_callback_exit, callback_exit, INFO)
#include "mi_api.def"

#undef MI_DEFINE_EVENT
#undef F_U8
#undef F_U32
#undef F_I32
#undef F_HEX
#undef F_TEXT
#undef F_STACK
#undef F_BYTES
#undef F_ALL
#undef PACK_MANY_ROOM
#undef PACK
#undef PACK_WRITE
#undef PACK_MANY

#endif

#include <lttng/tracepoint-event.h>
