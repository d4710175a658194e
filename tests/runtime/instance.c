/* SPDX-License-Identifier: MIT */
/* See instance.h: making, copying and deleting instances, and their names. elements.c has the rest. */
#include "instance.h"

#include "class.h"
#include "slots.h"
#include "tables.h"
#include "value.h"

#include <stdlib.h>
#include <string.h>

/* The words behind the names: which allocator, where the body is, whether the instance owns its memory. */
enum { WORD_ALLOCATOR, WORD_BODY, WORD_OWNED };

static const char allocator = 0;

struct instance_body *instance_body_of(const MI_Instance *instance)
{
    return instance != NULL ? (struct instance_body *)instance->reserved[WORD_BODY] : NULL;
}

const struct declared_class *instance_declaration(const struct instance_body *body)
{
    return (const struct declared_class *)body->head.classDecl;
}

void instance_refresh_shell(struct instance_body *body)
{
    if (body->shell != NULL) {
        *body->shell = body->head;
    }
}

static struct instance_body *new_body(void)
{
    struct instance_body *body = calloc(1, sizeof *body);

    if (body != NULL) {
        body->head.ft = &instance_table;
        body->head.reserved[WORD_ALLOCATOR] = (ptrdiff_t)&allocator;
        body->head.reserved[WORD_BODY] = (ptrdiff_t)body;
        body->head.reserved[WORD_OWNED] = 1;
    }
    return body;
}

MI_Result instance_new_dynamic(const MI_Char *class_name, MI_Instance **out)
{
    struct instance_body *body;

    if (!instance_is_cim_name(class_name)) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    body = new_body();
    if (body == NULL) {
        return MI_RESULT_FAILED;
    }
    body->own = calloc(1, sizeof *body->own);
    body->shell = calloc(1, sizeof *body->shell);
    if (body->own == NULL || body->shell == NULL) {
        abort();
    }
    body->own->flags = DECLARED_CLASS;
    body->own->name = strdup(class_name);
    body->head.classDecl = (const MI_ClassDecl *)body->own;
    instance_refresh_shell(body);
    *out = body->shell;
    return MI_RESULT_OK;
}

MI_Result instance_new_of(const struct declared_class *declaration, MI_Instance **out)
{
    struct instance_body *body = new_body();
    MI_Class *reference;

    if (body == NULL) {
        return MI_RESULT_FAILED;
    }
    if (declaration->owner != NULL) {
        declaration->owner->ft->Clone(declaration->owner, &reference);
    }
    body->head.classDecl = (const MI_ClassDecl *)declaration;
    body->fields = calloc(declaration->property_count + 1, sizeof *body->fields);
    if (body->fields == NULL) {
        abort();
    }
    *out = &body->head;
    return MI_RESULT_OK;
}

MI_Result application_new_instance(MI_Application *self, const MI_Char *class_name,
                                   const MI_ClassDecl *class_decl, MI_Instance **out)
{
    if (self == NULL || out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    return class_decl != NULL ? instance_new_of((const struct declared_class *)class_decl, out)
                              : instance_new_dynamic(class_name, out);
}

MI_Result application_new_instance_from_class(MI_Application *self, const MI_Char *class_name,
                                              const MI_Class *object, MI_Instance **out)
{
    return application_new_instance(self, class_name, object != NULL ? object->classDecl : NULL, out);
}

void instance_lend(MI_Instance *instance)
{
    instance_body_of(instance)->head.reserved[WORD_OWNED] = 0;
    instance_refresh_shell(instance_body_of(instance));
}

static void free_names(struct instance_body *body)
{
    free((void *)body->head.nameSpace);
    free((void *)body->head.serverName);
}

static void free_fields(struct instance_body *body)
{
    const struct declared_class *declaration = instance_declaration(body);

    for (MI_Uint32 i = 0; i < declaration->property_count; i++) {
        if (body->fields[i].set && !body->fields[i].borrowed) {
            value_free((MI_Type)declaration->properties[i]->type, &body->fields[i].value);
        }
    }
    free(body->fields);
}

static void free_declaration(struct instance_body *body)
{
    const struct declared_class *declaration = instance_declaration(body);

    if (body->own == NULL) {
        if (declaration->owner != NULL) {
            declaration->owner->ft->Delete(declaration->owner);
        }
        return;
    }
    for (MI_Uint32 i = 0; i < body->own->property_count; i++) {
        free((void *)body->own_properties[i]->name);
        free(body->own_properties[i]);
    }
    free(body->own_properties);
    free((void *)body->own->name);
    free(body->own);
}

void instance_free_owned(MI_Instance *instance)
{
    struct instance_body *body = instance_body_of(instance);

    if (body == NULL) {
        return;
    }
    free_names(body);
    free_fields(body);
    free_declaration(body);
    free(body->shell);
    free(body);
}

/* An instance on the heap is one block with its contents, so to destruct it is to delete it, as in OMI. */
MI_Result instance_destruct(MI_Instance *self)
{
    const struct instance_body *body = instance_body_of(self);

    if (self == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (body == NULL || body->head.reserved[WORD_ALLOCATOR] == 0) {
        return MI_RESULT_FAILED;
    }
    if (body->head.reserved[WORD_OWNED] != 0) {
        instance_free_owned(self);
    }
    return MI_RESULT_OK;
}

MI_Result instance_delete(MI_Instance *self)
{
    return instance_destruct(self);
}

/* An instance with another table is foreign: whoever made it has to copy it. */
MI_Result instance_clone(const MI_Instance *self, MI_Instance **out)
{
    const struct instance_body *body = instance_body_of(self);
    const struct declared_class *declaration;
    MI_Result result;

    if (self != NULL && self->ft != NULL && self->ft != &instance_table) {
        return self->ft->Clone(self, out);
    }
    if (body == NULL || out == NULL) {
        return MI_RESULT_FAILED;
    }
    declaration = instance_declaration(body);
    result = instance_new_dynamic(declaration->name, out);
    for (MI_Uint32 i = 0; i < declaration->property_count && result == MI_RESULT_OK; i++) {
        const struct field *field = &body->fields[i];

        result =
            (*out)->ft->AddElement(*out, declaration->properties[i]->name, field->set ? &field->value : NULL,
                                   (MI_Type)declaration->properties[i]->type,
                                   declaration->properties[i]->flags & (DECLARED_PROPERTY | MI_FLAG_KEY));
    }
    if (result == MI_RESULT_OK) {
        result = (*out)->ft->SetNameSpace(*out, body->head.nameSpace);
    }
    return result == MI_RESULT_OK ? (*out)->ft->SetServerName(*out, body->head.serverName) : result;
}

MI_Result instance_is_a(const MI_Instance *self, const MI_ClassDecl *class_decl, MI_Boolean *flag)
{
    const struct instance_body *body = instance_body_of(self);
    MI_Boolean found = MI_FALSE;

    if (body == NULL || class_decl == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    for (const struct declared_class *declaration = instance_declaration(body); declaration != NULL;
         declaration = declaration->super) {
        found = found || (const MI_ClassDecl *)declaration == class_decl;
    }
    if (flag != NULL) {
        *flag = found;
    }
    return MI_RESULT_OK;
}

MI_Result instance_get_class_name(const MI_Instance *self, const MI_Char **class_name)
{
    const struct instance_body *body = instance_body_of(self);

    if (body == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (class_name != NULL) {
        *class_name = instance_declaration(body)->name;
    }
    return MI_RESULT_OK;
}

/* Replaces one of the head's names by a copy of `name`, which may be NULL. */
static MI_Result set_name(struct instance_body *body, const MI_Char **place, const MI_Char *name)
{
    MI_Char *copy = name != NULL ? strdup(name) : NULL;

    free((void *)*place);
    *place = copy;
    instance_refresh_shell(body);
    return MI_RESULT_OK;
}

MI_Result instance_set_namespace(MI_Instance *self, const MI_Char *namespace_name)
{
    struct instance_body *body = instance_body_of(self);

    return body == NULL ? MI_RESULT_INVALID_PARAMETER : set_name(body, &body->head.nameSpace, namespace_name);
}

MI_Result instance_set_server_name(MI_Instance *self, const MI_Char *name)
{
    struct instance_body *body = instance_body_of(self);

    return body == NULL ? MI_RESULT_INVALID_PARAMETER : set_name(body, &body->head.serverName, name);
}

MI_Result instance_get_namespace(const MI_Instance *self, const MI_Char **namespace_name)
{
    const struct instance_body *body = instance_body_of(self);

    if (body != NULL && namespace_name != NULL) {
        *namespace_name = body->head.nameSpace;
    }
    return body == NULL ? MI_RESULT_INVALID_PARAMETER : MI_RESULT_OK;
}

MI_Result instance_get_server_name(const MI_Instance *self, const MI_Char **name)
{
    const struct instance_body *body = instance_body_of(self);

    if (body != NULL && name != NULL) {
        *name = body->head.serverName;
    }
    return body == NULL ? MI_RESULT_INVALID_PARAMETER : MI_RESULT_OK;
}

MI_Result instance_get_class(const MI_Instance *self, MI_Class **out)
{
    const struct instance_body *body = instance_body_of(self);

    if (body == NULL || out == NULL) {
        return MI_RESULT_FAILED;
    }
    return class_new(instance_declaration(body), body->head.nameSpace, body->head.serverName, out);
}
