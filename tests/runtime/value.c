/* SPDX-License-Identifier: MIT */
/* See value.h. */
#include "value.h"

#include <stdlib.h>
#include <string.h>

static const unsigned char sizes[VALUE_ARRAY] = {1, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8, 2, sizeof(MI_Datetime),
                                                 8, 8, 8};

static bool is_array(MI_Type type)
{
    return (type & VALUE_ARRAY) != 0;
}

size_t value_element_size(MI_Type type)
{
    return type >= 0 && type < 2 * VALUE_ARRAY ? sizes[type % VALUE_ARRAY] : 0;
}

/* Copies one element whose bytes are at `from`; strings and instances are pointers there. */
static MI_Result copy_element(MI_Type scalar, const void *from, void *to)
{
    MI_Instance *instance;

    if (scalar == MI_STRING) {
        const MI_Char *text = *(MI_Char *const *)from;

        *(MI_Char **)to = text != NULL ? strdup(text) : NULL;
        return text == NULL || *(MI_Char **)to != NULL ? MI_RESULT_OK : MI_RESULT_SERVER_LIMITS_EXCEEDED;
    }
    if (scalar == MI_INSTANCE || scalar == MI_REFERENCE) {
        instance = *(MI_Instance *const *)from;
        return instance != NULL ? instance->ft->Clone(instance, to) : MI_RESULT_INVALID_PARAMETER;
    }
    memcpy(to, from, value_element_size(scalar));
    return MI_RESULT_OK;
}

static void free_element(MI_Type scalar, void *element)
{
    if (scalar == MI_STRING) {
        free(*(MI_Char **)element);
    } else if (scalar == MI_INSTANCE || scalar == MI_REFERENCE) {
        MI_Instance *instance = *(MI_Instance **)element;

        if (instance != NULL) {
            instance->ft->Delete(instance);
        }
    }
}

static MI_Result copy_array(MI_Type scalar, const MI_Value *from, MI_Value *to)
{
    size_t size = value_element_size(scalar);
    MI_Result result = MI_RESULT_OK;

    to->array.size = from->array.size;
    to->array.data = calloc(from->array.size > 0 ? from->array.size : 1, size);
    if (to->array.data == NULL) {
        return MI_RESULT_SERVER_LIMITS_EXCEEDED;
    }
    for (MI_Uint32 i = 0; i < from->array.size && result == MI_RESULT_OK; i++) {
        result = copy_element(scalar, (const char *)from->array.data + i * size,
                              (char *)to->array.data + i * size);
    }
    return result;
}

MI_Result value_copy(MI_Type type, const MI_Value *from, MI_Value *to)
{
    memset(to, 0, sizeof *to);
    return is_array(type) ? copy_array(type % VALUE_ARRAY, from, to) : copy_element(type, from, to);
}

void value_free(MI_Type type, MI_Value *value)
{
    size_t size = value_element_size(type);

    if (!is_array(type)) {
        free_element(type, value);
        return;
    }
    for (MI_Uint32 i = 0; i < value->array.size; i++) {
        free_element(type % VALUE_ARRAY, (char *)value->array.data + i * size);
    }
    free(value->array.data);
}
