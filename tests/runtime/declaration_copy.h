/* SPDX-License-Identifier: MIT */
/* Deep copies of class declarations, and the values that stand in them. */
#ifndef MITRACE_RUNTIME_DECLARATION_COPY_H
#define MITRACE_RUNTIME_DECLARATION_COPY_H

#include "arena.h"
#include "declarations.h"

/* A deep copy of a declaration in the arena. A parent that belongs to a class gets one more reference, which
 * declaration_release_parent gives back. */
struct declared_class *declaration_copy(struct arena *arena, const struct declared_class *from);
void declaration_release_parent(const struct declared_class *declaration);

/* What a declaration holds at `value` as an MI_Value; strings stand there themselves. */
MI_Value declaration_value(MI_Uint32 type, const void *value);

#endif
