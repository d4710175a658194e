/* SPDX-License-Identifier: MIT */
/* The tables of this room turned into arrays. */
#include "mi_names.h"

/* An indication is an instance. */
/* What an indication carries is an instance. */
#define MI_KIND_indication MI_KIND_instance

/* Columns that are words in the tables. */
enum {
    CREATES = MI_ROLE_CREATES,
    CLOSES = MI_ROLE_CLOSES,
    USES = MI_ROLE_USES,
    BLOCKS = MI_ROLE_BLOCKS,
    CALLBACKS = MI_ROLE_CALLBACKS,
    RESULTS = MI_ROLE_RESULTS,
    ALIAS = MI_ROLE_ALIAS,
    INFO = true,
    DEBUG = false
};

#define RESULT_CALLBACK_none       MI_CB_COUNT
#define RESULT_CALLBACK_instance   MI_CB_instance_result
#define RESULT_CALLBACK_class      MI_CB_class_result
#define RESULT_CALLBACK_indication MI_CB_indication_result

const struct mi_kind_info mi_kinds[MI_KIND_COUNT] = {
    [MI_KIND_none] = {"none", "none", MI_LAYOUT_NOTHING},
#define MI_KIND(kind, Object, title, layout) [MI_KIND_##kind] = {#kind, title, MI_LAYOUT_##layout},
#include "mi_kinds.def"
};

#define FUNCTION(id, name, kind, index, entry, exit, level, roles, made, yields) \
    [MI_FN_##id] = {name,                                                        \
                    MI_KIND_##kind,                                              \
                    index,                                                       \
                    (roles),                                                     \
                    MI_KIND_##made,                                              \
                    MI_KIND_##yields,                                            \
                    RESULT_CALLBACK_##yields,                                    \
                    MI_CLASS_##entry,                                            \
                    MI_CLASS_##exit,                                             \
                    level},

const struct mi_function_info mi_functions[MI_FN_COUNT] = {
    [MI_FN_none] = {"none", MI_KIND_none, 0, 0, MI_KIND_none, MI_KIND_none, MI_CB_COUNT, MI_CLASS_COUNT,
                    MI_CLASS_COUNT, false},
#define MI_EXPORT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, ...) \
    FUNCTION(object##_##slot, "MI_" #Object "_" #Slot, none, index, entry, exit, level, roles, made, yields)
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, ...) \
    FUNCTION(object##_##slot, "MI_" #Object "_" #Slot, object, index, entry, exit, level, roles, made, yields)
#define MI_RESPONSE(response, title, entry, exit, roles, answer) \
    FUNCTION(response, title, operation, 0, entry, exit, INFO, roles, none, none)
#include "mi_api.def"
};

const struct mi_callback_info mi_callbacks[MI_CB_COUNT] = {
#define MI_CALLBACK(callback, title, owner, yields) \
    [MI_CB_##callback] = {#callback, title, MI_KIND_##owner, MI_KIND_##yields},
#include "mi_api.def"
};

#define CALL_EVENTS(id, entry, exit)                                                                  \
    [MI_EV_##id##_entry] = {#id "_entry", MI_CLASS_##entry, MI_PHASE_ENTRY, MI_FN_##id, MI_CB_COUNT}, \
    [MI_EV_##id##_exit] = {#id "_exit", MI_CLASS_##exit, MI_PHASE_EXIT, MI_FN_##id, MI_CB_COUNT},

const struct mi_event_info mi_events[MI_EV_COUNT] = {
#define MI_EXPORT(object, Object, index, slot, Slot, returns, entry, exit, ...) \
    CALL_EVENTS(object##_##slot, entry, exit)
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, ...) \
    CALL_EVENTS(object##_##slot, entry, exit)
#define MI_RESPONSE(response, title, entry, exit, ...) CALL_EVENTS(response, entry, exit)
#define MI_CALLBACK(callback, ...)                                                                 \
    [MI_EV_##callback##_callback_entry] = {#callback "_callback_entry", MI_CLASS_callback_entry,   \
                                           MI_PHASE_CALLBACK_ENTRY, MI_FN_none, MI_CB_##callback}, \
    [MI_EV_##callback##_callback_exit] = {#callback "_callback_exit", MI_CLASS_callback_exit,      \
                                          MI_PHASE_CALLBACK_EXIT, MI_FN_none, MI_CB_##callback},
#include "mi_api.def"
#define MI_EVENT(event, class, level) \
    [MI_EV_##event] = {#event, MI_CLASS_##class, MI_PHASE_OTHER, MI_FN_none, MI_CB_COUNT},
#include "mi_events.def"
};

#define SCALAR(name, type) {#name, MI_TYPE_##type, offsetof(struct mi_event, name), 0},
#define COUNTED(name, type) \
    {#name, MI_TYPE_##type, offsetof(struct mi_event, name), offsetof(struct mi_event, name##_len)},
#define FIELD_U8(name)    SCALAR(name, U8)
#define FIELD_U32(name)   SCALAR(name, U32)
#define FIELD_I32(name)   SCALAR(name, I32)
#define FIELD_HEX(name)   SCALAR(name, HEX)
#define FIELD_TEXT(name)  COUNTED(name, TEXT)
#define FIELD_STACK(name) COUNTED(name, STACK)
#define FIELD_BYTES(name) COUNTED(name, BYTES)

const struct mi_field_info mi_fields[MI_FIELD_COUNT] = {
#define MI_FIELD(type, name) [MI_FIELD_##name] = FIELD_##type(name)
#include "mi_fields.def"
};

#define F_U8(name)    MI_FIELD_##name,
#define F_U32(name)   MI_FIELD_##name,
#define F_I32(name)   MI_FIELD_##name,
#define F_HEX(name)   MI_FIELD_##name,
#define F_TEXT(name)  MI_FIELD_##name,
#define F_STACK(name) MI_FIELD_##name,
#define F_BYTES(name) MI_FIELD_##name,

#define MI_EVENT_CLASS(class, fields) static const uint8_t fields_of_##class[] = {fields};
#include "mi_events.def"

const struct mi_class_info mi_classes[MI_CLASS_COUNT] = {
#define MI_EVENT_CLASS(class, fields) \
    [MI_CLASS_##class] = {#class, fields_of_##class, sizeof(fields_of_##class)},
#include "mi_events.def"
};

const char *mi_result_name(int32_t result)
{
    static const struct {
        const char *name;
        int32_t number;
    } results[] = {
#define MI_RESULT(name, number) {#name, number},
#include "mi_results.def"
    };

    for (size_t i = 0; i < sizeof(results) / sizeof(results[0]); i++) {
        if (results[i].number == result) {
            return results[i].name;
        }
    }
    return NULL;
}
