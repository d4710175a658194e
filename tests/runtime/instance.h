/* SPDX-License-Identifier: MIT */
/*
 * Instances. One that was made by name can grow and is a shell in front of a body, both beginning with the
 * same eight words; one that was made from a class is the body itself and keeps its class alive. Those that
 * belong to a result are lent: the program's Delete has no effect on them. Facts: OMI's base/instance.c.
 */
#ifndef MITRACE_RUNTIME_INSTANCE_H
#define MITRACE_RUNTIME_INSTANCE_H

#include "declarations.h"

#include <stdbool.h>

struct field {
    MI_Value value;
    bool set;
    bool borrowed; /* the value is the program's */
    bool modified;
};

struct instance_body {
    MI_Instance head;
    MI_Instance *shell;         /* NULL when made from a class */
    struct declared_class *own; /* the growing declaration of an instance that was made by name */
    struct declared_property **own_properties;
    struct field *fields;
};

/* An instance without elements, made by name. MI_RESULT_INVALID_PARAMETER if the name is no CIM name. */
MI_Result instance_new_dynamic(const MI_Char *class_name, MI_Instance **out);

/* An instance of a declared class, all of whose elements are NULL. */
MI_Result instance_new_of(const struct declared_class *declaration, MI_Instance **out);

/* From now on the program cannot delete it; instance_free_owned can. */
void instance_lend(MI_Instance *instance);
void instance_free_owned(MI_Instance *instance);

/* The body behind an instance of this runtime; NULL for one that was never made. */
struct instance_body *instance_body_of(const MI_Instance *instance);
const struct declared_class *instance_declaration(const struct instance_body *body);

/* Whether a class or an element may be called this. */
bool instance_is_cim_name(const MI_Char *name);

/* Copies what the head says to the shell, after a change of either's names or declaration. */
void instance_refresh_shell(struct instance_body *body);

#endif
