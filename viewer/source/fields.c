/* SPDX-License-Identifier: MIT */
/* Finds fields by their names. */
#include "source/fields.h"

#include <string.h>

const struct mi_field_info *field_find(enum mi_event_id id, const char *name)
{
    const struct mi_class_info *class = &mi_classes[mi_events[id].class];

    for (size_t i = 0; i < class->count; i++) {
        const struct mi_field_info *field = &mi_fields[class->fields[i]];
        if (strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}
