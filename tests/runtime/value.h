/* SPDX-License-Identifier: MIT */
/* Values of MI's 32 types: sizes, deep copies. Nested instances are cloned and deleted through their own
 * table. */
#ifndef MITRACE_RUNTIME_VALUE_H
#define MITRACE_RUNTIME_VALUE_H

#include "mi_abi.h"

#include <stdbool.h>

enum { VALUE_ARRAY = 16 };

/* Bytes of a scalar of this type, or of one element of an array; 0 for a number that is no type. */
size_t value_element_size(MI_Type type);

/* A deep copy, to be freed with value_free. */
MI_Result value_copy(MI_Type type, const MI_Value *from, MI_Value *to);
void value_free(MI_Type type, MI_Value *value);

#endif
