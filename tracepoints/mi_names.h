/* SPDX-License-Identifier: MIT */
/*
 * The tables as data, for whoever looks things up at run time: functions, callbacks, kinds, events, fields,
 * results. All of it is constant and lives as long as the program; every function here may be called from any
 * thread.
 */
#ifndef MITRACE_TRACEPOINTS_MI_NAMES_H
#define MITRACE_TRACEPOINTS_MI_NAMES_H

#include "mi_events.h"

#include <stdbool.h>
#include <stddef.h>

enum mi_layout { MI_LAYOUT_WORDS_TABLE, MI_LAYOUT_WORDS, MI_LAYOUT_POINTER, MI_LAYOUT_NOTHING };

struct mi_kind_info {
    const char *word;  /* "destination_options": in event names and JSON */
    const char *title; /* "destination options": in sentences */
    enum mi_layout layout;
};

struct mi_function_info {
    const char *name;    /* "MI_Session_Close"; for responses a title */
    enum mi_kind kind;   /* of the handle it acts on; MI_KIND_none for MI_Application_Initialize */
    unsigned slot;       /* in the kind's function table */
    unsigned roles;      /* enum mi_role */
    enum mi_kind made;   /* kind of handle that it hands out, MI_KIND_none if none */
    enum mi_kind yields; /* instance or class (an indication is an instance) when it starts or gets results */
    enum mi_callback result_callback; /* of a start: the one that makes it asynchronous; of a getter: the one
                                         for the same kind of result; else MI_CB_COUNT */
    enum mi_event_class entry, exit;
    bool always; /* recorded by default, not only with --all-calls */
};

struct mi_callback_info {
    const char *word;  /* "instance_result" */
    const char *title; /* "instanceResult" */
    enum mi_kind owner;
    enum mi_kind yields; /* instance or class for a result callback, else MI_KIND_none */
};

enum mi_phase {
    MI_PHASE_ENTRY,
    MI_PHASE_EXIT,
    MI_PHASE_CALLBACK_ENTRY,
    MI_PHASE_CALLBACK_EXIT,
    MI_PHASE_OTHER
};

struct mi_event_info {
    const char *name; /* "session_close_entry", without the provider */
    enum mi_event_class class;
    enum mi_phase phase;
    enum mi_function function; /* of a call's events, else MI_FN_none */
    enum mi_callback callback; /* of a callback's events, else MI_CB_COUNT */
};

enum mi_field_type {
    MI_TYPE_U8,
    MI_TYPE_U32,
    MI_TYPE_I32,
    MI_TYPE_HEX,
    MI_TYPE_TEXT,
    MI_TYPE_STACK,
    MI_TYPE_BYTES
};

struct mi_field_info {
    const char *name;
    enum mi_field_type type;
    size_t offset;        /* of the value, or of the pointer, in struct mi_event */
    size_t length_offset; /* of the length of TEXT, STACK and BYTES */
};

struct mi_class_info {
    const char *name;
    const uint8_t *fields; /* enum mi_field, in the order of the event */
    size_t count;
};

extern const struct mi_kind_info mi_kinds[MI_KIND_COUNT];
extern const struct mi_function_info mi_functions[MI_FN_COUNT];
extern const struct mi_callback_info mi_callbacks[MI_CB_COUNT];
extern const struct mi_event_info mi_events[MI_EV_COUNT];
extern const struct mi_field_info mi_fields[MI_FIELD_COUNT];
extern const struct mi_class_info mi_classes[MI_CLASS_COUNT];

/* "ACCESS_DENIED" for 2; NULL for a number that MI does not define. */
const char *mi_result_name(int32_t result);

#endif
