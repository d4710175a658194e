/* SPDX-License-Identifier: MIT */
/*
 * The contract between recorder and reader, made from the tables: struct mi_event, which the shim fills and
 * the viewer reads, and the numbers of kinds, functions, callbacks and events.
 */
#ifndef MITRACE_TRACEPOINTS_MI_EVENTS_H
#define MITRACE_TRACEPOINTS_MI_EVENTS_H

#include <stdint.h>

/* Version of the schema. The viewer refuses a newer major number; a minor one only adds events or fields. */
#define MI_SCHEMA_MAJOR 1u
#define MI_SCHEMA_MINOR 1u

#define MI_TEXT_MAX  1024u /* longest text in an event, in bytes; longer ones are cut */
#define MI_STACK_MAX 64u   /* most frames in an event */

#define MI_NOT_ASKED \
    UINT32_MAX /* uid and gid of a creation, but for sessions: no user can have this number */

/* In the run's folder (LTTNG_HOME, where MITRACE_RUN is set): why a process is not recorded, one line. */
#define MI_PROBLEM_FILE "not-recorded"

enum mi_kind {
    MI_KIND_none,
#define MI_KIND(kind, Object, title, layout) MI_KIND_##kind,
#include "mi_kinds.def"
    MI_KIND_COUNT
};

/* Every function that a program can call: MI's export, the slots of its tables, the functions callbacks are
 * given. */
enum mi_function {
    MI_FN_none,
#define MI_EXPORT(object, Object, index, slot, ...) MI_FN_##object##_##slot,
#define MI_SLOT(object, Object, index, slot, ...)   MI_FN_##object##_##slot,
#define MI_RESPONSE(response, ...)                  MI_FN_##response,
#include "mi_api.def"
    MI_FN_COUNT
};

enum mi_callback {
#define MI_CALLBACK(callback, title, owner, yields) MI_CB_##callback,
#include "mi_api.def"
    MI_CB_COUNT
};

/* Roles of a function, the columns `roles` of mi_api.def. */
enum mi_role {
    MI_ROLE_CREATES = 1,
    MI_ROLE_CLOSES = 2,
    MI_ROLE_USES = 4,
    MI_ROLE_BLOCKS = 8,
    MI_ROLE_CALLBACKS = 16,
    MI_ROLE_RESULTS = 32,
    MI_ROLE_ALIAS = 64
};

enum mi_event_class {
#define MI_EVENT_CLASS(class, fields) MI_CLASS_##class,
#include "mi_events.def"
    MI_CLASS_COUNT
};

enum mi_event_id {
#define MI_EXPORT(object, Object, index, slot, ...) \
    MI_EV_##object##_##slot##_entry, MI_EV_##object##_##slot##_exit,
#define MI_SLOT(object, Object, index, slot, ...) \
    MI_EV_##object##_##slot##_entry, MI_EV_##object##_##slot##_exit,
#define MI_RESPONSE(response, ...) MI_EV_##response##_entry, MI_EV_##response##_exit,
#define MI_CALLBACK(callback, ...) MI_EV_##callback##_callback_entry, MI_EV_##callback##_callback_exit,
#include "mi_api.def"
#define MI_EVENT(event, class, level) MI_EV_##event,
#include "mi_events.def"
    MI_EV_COUNT
};

enum mi_field {
#define MI_FIELD(type, name) MI_FIELD_##name,
#include "mi_fields.def"
    MI_FIELD_COUNT
};

/* An event's fields. Only those of the event's class are meaningful; pointers are borrowed by whoever is
 * handed one. */
struct mi_event {
#define MI_FIELD(type, name)  MI_FIELD_AS_##type(name)
#define MI_FIELD_AS_U8(name)  uint8_t name;
#define MI_FIELD_AS_U32(name) uint32_t name;
#define MI_FIELD_AS_I32(name) int32_t name;
#define MI_FIELD_AS_HEX(name) uint64_t name;
#define MI_FIELD_AS_TEXT(name) \
    const char *name;          \
    uint32_t name##_len; /* not NUL-terminated */
#define MI_FIELD_AS_STACK(name) \
    const uint64_t *name;       \
    uint32_t name##_len;
#define MI_FIELD_AS_BYTES(name) \
    const uint8_t *name;        \
    uint32_t name##_len;
#include "mi_fields.def"
};

#endif
