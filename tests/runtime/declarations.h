/* SPDX-License-Identifier: MIT */
/*
 * MI's layout of class declarations, in our own words: what MI_ClassDecl points to and goes on with, as a
 * generator of client or provider code writes it. The runtime reads and builds these; test programs declare
 * classes with them. Source of the facts: MI.h of the Management Infrastructure, API version 1, 64-bit.
 */
#ifndef MITRACE_RUNTIME_DECLARATIONS_H
#define MITRACE_RUNTIME_DECLARATIONS_H

#include "mi_abi.h"

enum {
    DECLARED_CLASS = 1u << 0,
    DECLARED_METHOD = 1u << 1,
    DECLARED_PROPERTY = 1u << 2,
    DECLARED_PARAMETER = 1u << 3,
    DECLARED_ASSOCIATION = 1u << 4,
    DECLARED_INDICATION = 1u << 5,
    DECLARED_IN = 1u << 13,
    DECLARED_STATIC = 1u << 16
};

/* What `code` holds for a name: its first and last letter in lower case and its length. */
#define DECLARED_CODE(first, last, length) ((MI_Uint32)(first) << 16 | (MI_Uint32)(last) << 8 | (length))

struct declared_qualifier {
    const MI_Char *name;
    MI_Uint32 type;
    MI_Uint32 flavor;
    const void *value;
};

/* What every declaration begins with. */
#define DECLARED_FEATURE                                \
    MI_Uint32 flags;                                    \
    MI_Uint32 code;                                     \
    const MI_Char *name;                                \
    const struct declared_qualifier *const *qualifiers; \
    MI_Uint32 qualifier_count

/* A property or, without the last three fields, a parameter. */
#define DECLARED_FIELD         \
    DECLARED_FEATURE;          \
    MI_Uint32 type;            \
    const MI_Char *class_name; \
    MI_Uint32 subscript;       \
    MI_Uint32 offset

struct declared_parameter {
    DECLARED_FIELD;
};

struct declared_property {
    DECLARED_FIELD;
    const MI_Char *origin;
    const MI_Char *propagator;
    const void *value; /* the default, in the form of `type` */
};

/* parameters[0] is the return value. */
struct declared_method {
    DECLARED_FEATURE;
    const struct declared_parameter *const *parameters;
    MI_Uint32 parameter_count;
    MI_Uint32 size;
    MI_Uint32 return_type;
    const MI_Char *origin;
    const MI_Char *propagator;
    const void *schema;
    void (*function)(void);
};

struct declared_class {
    DECLARED_FEATURE;
    const struct declared_property *const *properties;
    MI_Uint32 property_count;
    MI_Uint32 size;
    const MI_Char *super_name;
    const struct declared_class *super;
    const struct declared_method *const *methods;
    MI_Uint32 method_count;
    const void *schema;
    const void *provider_table;
    MI_Class *owner; /* the counted class that this declaration is part of; NULL if none */
};

static_assert(offsetof(struct declared_class, name) == offsetof(MI_ClassDecl, name),
              "a class begins as in MI");
static_assert(offsetof(struct declared_class, provider_table) == 88, "MI_ClassDecl.providerFT");
static_assert(offsetof(struct declared_class, owner) == 96, "MI_ClassDecl.owningClass");
static_assert(offsetof(struct declared_method, function) == 80, "MI_MethodDecl.function");

#endif
