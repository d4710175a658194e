/* SPDX-License-Identifier: MIT */
/* Text put together in the caller's buffer; what does not fit is only counted. */
#ifndef MITRACE_RUNTIME_TEXT_H
#define MITRACE_RUNTIME_TEXT_H

#include "mi_abi.h"

struct text {
    MI_Uint8 *buffer; /* may be NULL when `size` is 0 */
    MI_Uint32 size;
    MI_Uint32 length; /* of the whole text, without a zero at its end */
};

void text_add(struct text *text, const char *from, size_t length);

/* At most 500 characters at once. */
__attribute__((format(printf, 2, 3))) void text_put(struct text *text, const char *format, ...);

/* MI's word for a type, such as "uint32"; arrays are called as their elements. */
const char *text_type_name(MI_Type type);

/* A scalar as MOF and XML write it, but for quotes and escapes; nothing for instances. */
void text_put_scalar(struct text *text, MI_Type type, const MI_Value *value);

#endif
