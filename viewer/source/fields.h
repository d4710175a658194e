/* SPDX-License-Identifier: MIT */
/* Access to the fields of an event by their description. */
#ifndef MITRACE_SOURCE_FIELDS_H
#define MITRACE_SOURCE_FIELDS_H

#include "mi_names.h"

/* The value of a field of a scalar type, in a word. */
static inline uint64_t field_load(const struct mi_event *data, const struct mi_field_info *field)
{
    const void *value = (const char *)data + field->offset;

    switch (field->type) {
    case MI_TYPE_U8:
        return *(const uint8_t *)value;
    case MI_TYPE_HEX:
        return *(const uint64_t *)value;
    default:
        return *(const uint32_t *)value;
    }
}

/* Set a field of a scalar type; what does not fit is cut off. */
static inline void field_store(struct mi_event *data, const struct mi_field_info *field, uint64_t word)
{
    void *value = (char *)data + field->offset;

    switch (field->type) {
    case MI_TYPE_U8:
        *(uint8_t *)value = (uint8_t)word;
        break;
    case MI_TYPE_HEX:
        *(uint64_t *)value = word;
        break;
    default:
        *(uint32_t *)value = (uint32_t)word;
        break;
    }
}

/* What a TEXT, STACK or BYTES field points to, and how many elements there are. */
static inline const void *field_elements(const struct mi_event *data, const struct mi_field_info *field,
                                         uint32_t *count)
{
    *count = *(const uint32_t *)(const void *)((const char *)data + field->length_offset);
    return *(const void *const *)(const void *)((const char *)data + field->offset);
}

static inline void field_set_elements(struct mi_event *data, const struct mi_field_info *field,
                                      const void *elements, uint32_t count)
{
    *(const void **)(void *)((char *)data + field->offset) = elements;
    *(uint32_t *)(void *)((char *)data + field->length_offset) = count;
}

/* The field of that name in events of this id; NULL when they have none. */
const struct mi_field_info *field_find(enum mi_event_id id, const char *name);

#endif
