/* SPDX-License-Identifier: MIT */
/*
 * Classes. A class of the program's own counts its references, and Clone gives the same pointer once more;
 * one that belongs to an operation counts none, its Delete does nothing and its Clone makes a new class.
 * Facts: OMI's base/class.c. Class tables have four slots behind MI's public ones, which the runtime itself
 * uses.
 */
#ifndef MITRACE_RUNTIME_CLASS_H
#define MITRACE_RUNTIME_CLASS_H

#include "declarations.h"

/* A new class with one reference and a copy of the declaration. The names may be NULL. */
MI_Result class_new(const struct declared_class *declaration, const MI_Char *namespace_name,
                    const MI_Char *server_name, MI_Class **out);

/* What stands behind the public slots of classes and parameter sets, see tables.h. get_parent_view makes a
 * view that is valid as long as the class lives, and has nothing to delete. */
MI_Result class_get_flags(const MI_Class *self, MI_Uint32 *flags);
MI_Result class_get_parent_view(const MI_Class *self, MI_Class *parent);
MI_Result class_get_property(const MI_Class *self, MI_Uint32 index,
                             const struct declared_property **property);
MI_Result class_get_declared_method(const MI_Class *self, MI_Uint32 index,
                                    const struct declared_method **method);
MI_Result parameter_set_get_declared(const MI_ParameterSet *self, MI_Uint32 index,
                                     const struct declared_parameter **parameter);

#endif
