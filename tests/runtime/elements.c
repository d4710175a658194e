/* SPDX-License-Identifier: MIT */
/* Instances: their elements. Values are copied in, unless borrowed; what comes out belongs to the instance.
 * MI_FLAG_ADOPT copies as well, as in OMI, which thereby leaks what was to be adopted. */
#include "instance.h"
#include "slots.h"
#include "tables.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define FLAG_NOT_MODIFIED (1u << 25)

bool instance_is_cim_name(const MI_Char *name)
{
    static const char digits[] = "0123456789";
    static const char legal[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

    return name != NULL && *name != '\0' && strchr(digits, *name) == NULL &&
           name[strspn(name, legal)] == '\0';
}

/* The index of an element; property_count if there is none of this name. */
static MI_Uint32 find(const struct instance_body *body, const MI_Char *name)
{
    const struct declared_class *declaration = instance_declaration(body);
    MI_Uint32 i = 0;

    while (i < declaration->property_count && strcasecmp(declaration->properties[i]->name, name) != 0) {
        i++;
    }
    return i;
}

static bool has(const struct instance_body *body, MI_Uint32 index)
{
    return index < instance_declaration(body)->property_count;
}

static void clear(struct instance_body *body, MI_Uint32 index)
{
    struct field *field = &body->fields[index];

    if (field->set && !field->borrowed) {
        value_free((MI_Type)instance_declaration(body)->properties[index]->type, &field->value);
    }
    *field = (struct field){.modified = true};
}

static MI_Result set(struct instance_body *body, MI_Uint32 index, const MI_Value *value, MI_Uint32 flags)
{
    MI_Type type = (MI_Type)instance_declaration(body)->properties[index]->type;
    struct field fresh = {.set = true, .modified = true};
    MI_Result result = MI_RESULT_OK;

    if (value == NULL || (flags & MI_FLAG_NULL) != 0) {
        clear(body, index);
        return MI_RESULT_OK;
    }
    if ((flags & MI_FLAG_BORROW) != 0) {
        fresh.borrowed = true;
        fresh.value = *value;
    } else {
        result = value_copy(type, value, &fresh.value);
    }
    if (result == MI_RESULT_OK) {
        clear(body, index);
        body->fields[index] = fresh;
    }
    return result;
}

static MI_Uint32 name_code(const MI_Char *name)
{
    MI_Uint32 length = (MI_Uint32)strlen(name);

    return DECLARED_CODE((unsigned char)(name[0] | 0x20), (unsigned char)(name[length - 1] | 0x20), length);
}

/* Declares one more property and makes room for its value. */
static void grow(struct instance_body *body, const MI_Char *name, MI_Type type, MI_Uint32 flags)
{
    MI_Uint32 count = body->own->property_count;
    struct declared_property *property = calloc(1, sizeof *property);

    body->own_properties = realloc(body->own_properties, (count + 1) * sizeof *body->own_properties);
    body->fields = realloc(body->fields, (count + 1) * sizeof *body->fields);
    if (property == NULL || body->own_properties == NULL || body->fields == NULL) {
        abort();
    }
    property->flags = flags;
    property->code = name_code(name);
    property->name = strdup(name);
    property->type = (MI_Uint32)type;
    body->own_properties[count] = property;
    body->own->properties = (const struct declared_property *const *)body->own_properties;
    body->fields[count] = (struct field){.set = false};
    body->own->property_count = count + 1;
}

MI_Result instance_get_element_count(const MI_Instance *self, MI_Uint32 *count)
{
    const struct instance_body *body = instance_body_of(self);

    if (body != NULL && count != NULL) {
        *count = instance_declaration(body)->property_count;
    }
    return body == NULL ? MI_RESULT_INVALID_PARAMETER : MI_RESULT_OK;
}

MI_Result instance_add_element(MI_Instance *self, const MI_Char *name, const MI_Value *value, MI_Type type,
                               MI_Uint32 flags)
{
    struct instance_body *body = instance_body_of(self);

    if (body == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (body->own == NULL) {
        return MI_RESULT_FAILED;
    }
    if (!instance_is_cim_name(name) || value_element_size(type) == 0) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (has(body, find(body, name))) {
        return MI_RESULT_ALREADY_EXISTS;
    }
    grow(body, name, type, flags);
    instance_refresh_shell(body);
    return set(body, body->own->property_count - 1, value, flags);
}

MI_Result instance_set_element_at(MI_Instance *self, MI_Uint32 index, const MI_Value *value, MI_Type type,
                                  MI_Uint32 flags)
{
    struct instance_body *body = instance_body_of(self);

    if (body == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (!has(body, index)) {
        return MI_RESULT_FAILED;
    }
    if (instance_declaration(body)->properties[index]->type != (MI_Uint32)type) {
        return MI_RESULT_TYPE_MISMATCH;
    }
    return set(body, index, value, flags);
}

MI_Result instance_set_element(MI_Instance *self, const MI_Char *name, const MI_Value *value, MI_Type type,
                               MI_Uint32 flags)
{
    const struct instance_body *body = instance_body_of(self);
    MI_Uint32 index;

    if (body == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    index = find(body, name);
    return has(body, index) ? instance_set_element_at(self, index, value, type, flags)
                            : MI_RESULT_NO_SUCH_PROPERTY;
}

MI_Result instance_get_element_at(const MI_Instance *self, MI_Uint32 index, const MI_Char **name,
                                  MI_Value *value, MI_Type *type, MI_Uint32 *flags)
{
    const struct instance_body *body = instance_body_of(self);
    const struct declared_property *property;
    const struct field *field;

    if (body == NULL || !has(body, index)) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    property = instance_declaration(body)->properties[index];
    field = &body->fields[index];
    if (name != NULL) {
        *name = property->name;
    }
    if (value != NULL) {
        *value = field->value;
    }
    if (type != NULL) {
        *type = (MI_Type)property->type;
    }
    if (flags != NULL) {
        *flags = property->flags & ~(MI_FLAG_NULL | FLAG_NOT_MODIFIED);
        *flags |= field->set ? 0 : MI_FLAG_NULL;
        *flags |= field->modified ? 0 : FLAG_NOT_MODIFIED;
    }
    return MI_RESULT_OK;
}

MI_Result instance_get_element(const MI_Instance *self, const MI_Char *name, MI_Value *value, MI_Type *type,
                               MI_Uint32 *flags, MI_Uint32 *index)
{
    const struct instance_body *body = instance_body_of(self);
    MI_Uint32 found;

    if (body == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    found = find(body, name);
    if (!has(body, found)) {
        return MI_RESULT_NO_SUCH_PROPERTY;
    }
    if (index != NULL) {
        *index = found;
    }
    return instance_get_element_at(self, found, NULL, value, type, flags);
}

MI_Result instance_clear_element_at(MI_Instance *self, MI_Uint32 index)
{
    struct instance_body *body = instance_body_of(self);

    if (body == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (!has(body, index)) {
        return MI_RESULT_FAILED;
    }
    clear(body, index);
    return MI_RESULT_OK;
}

MI_Result instance_clear_element(MI_Instance *self, const MI_Char *name)
{
    const struct instance_body *body = instance_body_of(self);
    MI_Uint32 index;

    if (body == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    index = find(body, name);
    return has(body, index) ? instance_clear_element_at(self, index) : MI_RESULT_NO_SUCH_PROPERTY;
}
