/* SPDX-License-Identifier: MIT */
/*
 * Classes. A class of the program's own counts its references, and Clone gives the same pointer once more;
 * one that belongs to an operation counts none, its Delete does nothing and its Clone makes a new class.
 * Facts: mi-facts 2.2,
 * 47. Class tables have four slots behind MI's public ones, which the runtime itself uses.
 */
#ifndef MITRACE_RUNTIME_CLASS_H
#define MITRACE_RUNTIME_CLASS_H

#include "declarations.h"

/* A new class with one reference and a copy of the declaration. The names may be NULL. */
MI_Result class_new(const struct declared_class *declaration, const MI_Char *namespace_name,
                    const MI_Char *server_name, MI_Class **out);

#endif
