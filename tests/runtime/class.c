/* SPDX-License-Identifier: MIT */
/* See class.h. */
#include "class.h"

#include "declaration_copy.h"
#include "slots.h"
#include "tables.h"

#include <stdlib.h>
#include <strings.h>

struct class_object {
    MI_Class head;
    struct arena arena;
};

/* reserved[1] of a class is its count of references. */
static ptrdiff_t *references_of(const MI_Class *class)
{
    return (ptrdiff_t *)&class->reserved[1];
}

static const struct declared_class *declaration_of(const MI_Class *class)
{
    return (const struct declared_class *)class->classDecl;
}

MI_Result class_new(const struct declared_class *declaration, const MI_Char *namespace_name,
                    const MI_Char *server_name, MI_Class **out)
{
    struct class_object *object = calloc(1, sizeof *object);
    struct declared_class *copy;

    if (object == NULL) {
        return MI_RESULT_SERVER_LIMITS_EXCEEDED;
    }
    copy = declaration_copy(&object->arena, declaration);
    copy->owner = &object->head;
    object->head = (MI_Class){
        .ft = &class_table.open,
        .classDecl = (const MI_ClassDecl *)copy,
        .namespaceName = arena_text(&object->arena, namespace_name),
        .serverName = arena_text(&object->arena, server_name),
        .reserved = {(ptrdiff_t)&object->arena, 1},
    };
    *out = &object->head;
    return MI_RESULT_OK;
}

MI_Result application_new_class(MI_Application *self, const MI_ClassDecl *class_decl,
                                const MI_Char *namespace_name, const MI_Char *server_name, MI_Class **out)
{
    (void)self;
    if (class_decl == NULL || out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *out = NULL;
    return class_new((const struct declared_class *)class_decl, namespace_name, server_name, out);
}

MI_Result class_clone(const MI_Class *self, MI_Class **out)
{
    if (self == NULL || out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (__atomic_load_n(references_of(self), __ATOMIC_RELAXED) == 0) {
        return class_new(declaration_of(self), self->namespaceName, self->serverName, out);
    }
    __atomic_add_fetch(references_of(self), 1, __ATOMIC_RELAXED);
    *out = (MI_Class *)self;
    return MI_RESULT_OK;
}

MI_Result class_delete(MI_Class *self)
{
    struct class_object *object = (struct class_object *)self;

    if (self == NULL || __atomic_load_n(references_of(self), __ATOMIC_RELAXED) == 0) {
        return MI_RESULT_OK;
    }
    if (__atomic_sub_fetch(references_of(self), 1, __ATOMIC_ACQ_REL) == 0) {
        declaration_release_parent(declaration_of(self));
        arena_free(&object->arena);
        free(object);
    }
    return MI_RESULT_OK;
}

MI_Result class_get_class_name(const MI_Class *self, const MI_Char **class_name)
{
    if (self == NULL || class_name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *class_name = self->classDecl->name;
    return MI_RESULT_OK;
}

MI_Result class_get_namespace(const MI_Class *self, const MI_Char **namespace_name)
{
    if (self == NULL || namespace_name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *namespace_name = self->namespaceName;
    return MI_RESULT_OK;
}

MI_Result class_get_server_name(const MI_Class *self, const MI_Char **server_name)
{
    if (self == NULL || server_name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *server_name = self->serverName;
    return MI_RESULT_OK;
}

MI_Result class_get_element_count(const MI_Class *self, MI_Uint32 *count)
{
    if (self == NULL || count == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *count = declaration_of(self)->property_count;
    return MI_RESULT_OK;
}

MI_Result class_get_element_at(const MI_Class *self, MI_Uint32 index, const MI_Char **name, MI_Value *value,
                               MI_Boolean *value_exists, MI_Type *type, MI_Char **reference_class,
                               MI_QualifierSet *qualifier_set, MI_Uint32 *flags)
{
    const struct declared_property *property;
    MI_Result result;

    if (self == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = ((const struct class_table *)self->ft)->get_property_at(self, index, &property);
    if (result != MI_RESULT_OK) {
        return result;
    }
    if (name != NULL) {
        *name = property->name;
    }
    if (value != NULL) {
        *value = declaration_value(property->type, property->value);
    }
    if (value_exists != NULL) {
        *value_exists = property->value != NULL;
    }
    if (type != NULL) {
        *type = (MI_Type)property->type;
    }
    if (reference_class != NULL) {
        *reference_class = (MI_Char *)property->class_name;
    }
    if (qualifier_set != NULL) {
        *qualifier_set = (MI_QualifierSet){property->qualifier_count, (ptrdiff_t)property->qualifiers,
                                           &qualifier_set_table};
    }
    if (flags != NULL) {
        *flags = property->flags;
    }
    return MI_RESULT_OK;
}

MI_Result class_get_element(const MI_Class *self, const MI_Char *name, MI_Value *value,
                            MI_Boolean *value_exists, MI_Type *type, MI_Char **reference_class,
                            MI_QualifierSet *qualifier_set, MI_Uint32 *flags, MI_Uint32 *index)
{
    if (self == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    for (MI_Uint32 i = 0; i < declaration_of(self)->property_count; i++) {
        if (strcasecmp(declaration_of(self)->properties[i]->name, name) == 0) {
            if (index != NULL) {
                *index = i;
            }
            return self->ft->GetElementAt(self, i, NULL, value, value_exists, type, reference_class,
                                          qualifier_set, flags);
        }
    }
    return MI_RESULT_NO_SUCH_PROPERTY;
}

MI_Result class_get_class_qualifier_set(const MI_Class *self, MI_QualifierSet *qualifier_set)
{
    if (self == NULL || qualifier_set == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *qualifier_set = (MI_QualifierSet){declaration_of(self)->qualifier_count,
                                       (ptrdiff_t)declaration_of(self)->qualifiers, &qualifier_set_table};
    return MI_RESULT_OK;
}

MI_Result class_get_parent_class_name(const MI_Class *self, const MI_Char **name)
{
    if (self == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *name = declaration_of(self)->super_name;
    return *name != NULL ? MI_RESULT_OK : MI_RESULT_INVALID_SUPERCLASS;
}

MI_Result class_get_parent_class(const MI_Class *self, MI_Class **out)
{
    const struct declared_class *parent;

    if (self == NULL || out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    parent = declaration_of(self)->super;
    if (parent == NULL) {
        return MI_RESULT_INVALID_SUPERCLASS;
    }
    if (parent->owner != NULL) {
        return parent->owner->ft->Clone(parent->owner, out);
    }
    return class_new(parent, self->namespaceName, self->serverName, out);
}

MI_Result class_get_flags(const MI_Class *self, MI_Uint32 *flags)
{
    *flags = declaration_of(self)->flags;
    return MI_RESULT_OK;
}

MI_Result class_get_parent_view(const MI_Class *self, MI_Class *parent)
{
    const struct declared_class *declaration = declaration_of(self)->super;

    if (declaration == NULL) {
        return MI_RESULT_INVALID_SUPERCLASS;
    }
    *parent = (MI_Class){.ft = self->ft, .classDecl = (const MI_ClassDecl *)declaration};
    return MI_RESULT_OK;
}

MI_Result class_get_property(const MI_Class *self, MI_Uint32 index, const struct declared_property **property)
{
    if (index >= declaration_of(self)->property_count) {
        return MI_RESULT_NO_SUCH_PROPERTY;
    }
    *property = declaration_of(self)->properties[index];
    return MI_RESULT_OK;
}
