/* SPDX-License-Identifier: MIT */
/* What the in-memory repository serves: its classes, which can be read, changed or subscribed to, and their
 * instances. */
#ifndef MITRACE_RUNTIME_SERVED_H
#define MITRACE_RUNTIME_SERVED_H

#include "mi_abi.h"

#include <stdbool.h>

struct served_property {
    const MI_Char *name;
    MI_Type type;
    bool key;
};

enum served_as {
    SERVED_ONCE,       /* always one instance */
    SERVED_MANY,       /* as many as MITRACE_MI_INSTANCES says */
    SERVED_STORED,     /* those that the program created */
    SERVED_INDICATIONS /* for subscriptions */
};

struct served_class {
    const MI_Char *namespace_name;
    const MI_Char *name;
    enum served_as as;
    const struct served_property *properties;
    MI_Uint32 property_count;
    void (*fill)(MI_Instance *instance,
                 MI_Uint32 index); /* sets the values of the instance with this index */
    MI_Instance *(*invoke)(const MI_Char *method, const MI_Instance *parameters); /* NULL: no such method */
};

/* All of them, ended by one without a name. */
extern const struct served_class served_classes[];

/* A new instance of a class with the values of number `index`. */
MI_Instance *served_instance(const struct served_class *class, MI_Uint32 index);

/* A new class that describes it. */
MI_Class *served_description(const struct served_class *class);

#endif
