/* SPDX-License-Identifier: MIT */
/* See declaration_copy.h. */
#include "declaration_copy.h"

#include "tables.h"
#include "value.h"

#include <string.h>

MI_Value declaration_value(MI_Uint32 type, const void *value)
{
    MI_Value copy;

    memset(&copy, 0, sizeof copy);
    if (value == NULL) {
        return copy;
    }
    if (type == MI_STRING) {
        copy.string = (MI_Char *)value;
    } else {
        memcpy(&copy, value,
               (type & VALUE_ARRAY) != 0 ? sizeof copy.array : value_element_size((MI_Type)type));
    }
    return copy;
}

/* Arrays are not copied: those that are declared are constants of the program. */
static const void *copy_value(struct arena *arena, MI_Uint32 type, const void *value)
{
    size_t size = value_element_size((MI_Type)type);
    void *copy;

    if (value == NULL || (type & VALUE_ARRAY) != 0) {
        return value;
    }
    if (type == MI_STRING) {
        return arena_text(arena, value);
    }
    copy = arena_take(arena, size);
    memcpy(copy, value, size);
    return copy;
}

static const struct declared_qualifier *const *
copy_qualifiers(struct arena *arena, const struct declared_qualifier *const *from, MI_Uint32 count)
{
    const struct declared_qualifier **copies = arena_take(arena, count * sizeof *copies);

    for (MI_Uint32 i = 0; i < count; i++) {
        struct declared_qualifier *copy = arena_take(arena, sizeof *copy);

        *copy = *from[i];
        copy->name = arena_text(arena, copy->name);
        copy->value = copy_value(arena, copy->type, copy->value);
        copies[i] = copy;
    }
    return copies;
}

static const struct declared_property *const *
copy_properties(struct arena *arena, const struct declared_property *const *from, MI_Uint32 count)
{
    const struct declared_property **copies = arena_take(arena, count * sizeof *copies);

    for (MI_Uint32 i = 0; i < count; i++) {
        struct declared_property *copy = arena_take(arena, sizeof *copy);

        *copy = *from[i];
        copy->name = arena_text(arena, copy->name);
        copy->qualifiers = copy_qualifiers(arena, copy->qualifiers, copy->qualifier_count);
        copy->class_name = arena_text(arena, copy->class_name);
        copy->origin = arena_text(arena, copy->origin);
        copy->propagator = arena_text(arena, copy->propagator);
        copy->value = copy_value(arena, copy->type, copy->value);
        copies[i] = copy;
    }
    return copies;
}

static const struct declared_parameter *const *
copy_parameters(struct arena *arena, const struct declared_parameter *const *from, MI_Uint32 count)
{
    const struct declared_parameter **copies = arena_take(arena, count * sizeof *copies);

    for (MI_Uint32 i = 0; i < count; i++) {
        struct declared_parameter *copy = arena_take(arena, sizeof *copy);

        *copy = *from[i];
        copy->name = arena_text(arena, copy->name);
        copy->qualifiers = copy_qualifiers(arena, copy->qualifiers, copy->qualifier_count);
        copy->class_name = arena_text(arena, copy->class_name);
        copies[i] = copy;
    }
    return copies;
}

static const struct declared_method *const *
copy_methods(struct arena *arena, const struct declared_method *const *from, MI_Uint32 count)
{
    const struct declared_method **copies = arena_take(arena, count * sizeof *copies);

    for (MI_Uint32 i = 0; i < count; i++) {
        struct declared_method *copy = arena_take(arena, sizeof *copy);

        *copy = *from[i];
        copy->name = arena_text(arena, copy->name);
        copy->qualifiers = copy_qualifiers(arena, copy->qualifiers, copy->qualifier_count);
        copy->parameters = copy_parameters(arena, copy->parameters, copy->parameter_count);
        copy->origin = arena_text(arena, copy->origin);
        copy->propagator = arena_text(arena, copy->propagator);
        copies[i] = copy;
    }
    return copies;
}

static const struct declared_class *copy_parent(struct arena *arena, const struct declared_class *parent)
{
    MI_Class *reference;

    if (parent == NULL) {
        return NULL;
    }
    if (parent->owner == NULL) {
        return declaration_copy(arena, parent);
    }
    parent->owner->ft->Clone(parent->owner, &reference);
    return parent;
}

struct declared_class *declaration_copy(struct arena *arena, const struct declared_class *from)
{
    struct declared_class *copy = arena_take(arena, sizeof *copy);

    *copy = *from;
    copy->name = arena_text(arena, from->name);
    copy->qualifiers = copy_qualifiers(arena, from->qualifiers, from->qualifier_count);
    copy->properties = copy_properties(arena, from->properties, from->property_count);
    copy->methods = copy_methods(arena, from->methods, from->method_count);
    copy->super_name = arena_text(arena, from->super_name);
    copy->super = copy_parent(arena, from->super);
    copy->owner = NULL;
    return copy;
}

void declaration_release_parent(const struct declared_class *declaration)
{
    const struct declared_class *parent = declaration->super;

    if (parent == NULL) {
        return;
    }
    if (parent->owner != NULL) {
        parent->owner->ft->Delete(parent->owner);
    } else {
        declaration_release_parent(parent);
    }
}
