/* SPDX-License-Identifier: MIT */
/* See options.h: reading the values of options. */
#include "options.h"

#include <string.h>

MI_Result options_find(const void *self, const MI_Char *name, MI_Type *type, MI_Value *value,
                       MI_Uint32 *index)
{
    const struct options *options = options_of(self);

    if (options == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (options->values == NULL) {
        return MI_RESULT_NO_SUCH_PROPERTY;
    }
    return options->values->ft->GetElement(options->values, name, value, type, NULL, index);
}

/* Reads a value that must have this type. */
static MI_Result get(const void *self, const MI_Char *name, MI_Type wanted, MI_Value *value, MI_Uint32 *index,
                     MI_Uint32 *flags)
{
    MI_Type type;
    MI_Result result = options_find(self, name, &type, value, index);

    if (result == MI_RESULT_OK && type != wanted) {
        return MI_RESULT_TYPE_MISMATCH;
    }
    if (result == MI_RESULT_OK && flags != NULL) {
        *flags = 0;
    }
    return result;
}

MI_Result options_get_string(const void *self, const MI_Char *name, const MI_Char **value, MI_Uint32 *index,
                             MI_Uint32 *flags)
{
    MI_Value found;
    MI_Result result =
        value == NULL ? MI_RESULT_INVALID_PARAMETER : get(self, name, MI_STRING, &found, index, flags);

    if (result == MI_RESULT_OK) {
        *value = found.string;
    }
    return result;
}

MI_Result options_get_number(const void *self, const MI_Char *name, MI_Uint32 *value, MI_Uint32 *index,
                             MI_Uint32 *flags)
{
    MI_Value found;
    MI_Result result =
        value == NULL ? MI_RESULT_INVALID_PARAMETER : get(self, name, MI_UINT32, &found, index, flags);

    if (result == MI_RESULT_OK) {
        *value = found.uint32;
    }
    return result;
}

MI_Result options_get_date_time(const void *self, const MI_Char *name, MI_Datetime *value, MI_Uint32 *index,
                                MI_Uint32 *flags)
{
    MI_Value found;
    MI_Result result =
        value == NULL ? MI_RESULT_INVALID_PARAMETER : get(self, name, MI_DATETIME, &found, index, flags);

    if (result == MI_RESULT_OK) {
        *value = found.datetime;
    }
    return result;
}

MI_Result options_get_interval(const void *self, const MI_Char *name, MI_Interval *value, MI_Uint32 *index,
                               MI_Uint32 *flags)
{
    MI_Datetime found;
    MI_Result result =
        value == NULL ? MI_RESULT_INVALID_PARAMETER : options_get_date_time(self, name, &found, index, flags);

    if (result == MI_RESULT_OK && found.isTimestamp) {
        return MI_RESULT_TYPE_MISMATCH;
    }
    if (result == MI_RESULT_OK) {
        *value = found.u.interval;
    }
    return result;
}

MI_Result options_get_option_count(const void *self, MI_Uint32 *count)
{
    const struct options *options = options_of(self);

    if (options == NULL || count == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    *count = 0;
    return options->values != NULL ? options->values->ft->GetElementCount(options->values, count)
                                   : MI_RESULT_OK;
}

MI_Result options_get_option_at(const void *self, MI_Uint32 index, const MI_Char **name, MI_Value *value,
                                MI_Type *type, MI_Uint32 *flags)
{
    const struct options *options = options_of(self);

    if (options == NULL || name == NULL || value == NULL || type == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (flags != NULL) {
        *flags = 0;
    }
    return options->values != NULL
               ? options->values->ft->GetElementAt(options->values, index, name, value, type, NULL)
               : MI_RESULT_NO_SUCH_PROPERTY;
}

MI_Result options_get_option(const void *self, const MI_Char *name, MI_Value *value, MI_Type *type,
                             MI_Uint32 *index, MI_Uint32 *flags)
{
    if (value == NULL || type == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (flags != NULL) {
        *flags = 0;
    }
    return options_find(self, name, type, value, index);
}

MI_Result options_get_enabled_channels(const void *self, const MI_Char *name, MI_Uint32 *channels,
                                       MI_Uint32 length, MI_Uint32 *count, MI_Uint32 *flags)
{
    MI_Value found = {.array = {NULL, 0}};
    MI_Result result;

    if (count == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = get(self, name, OPTIONS_CHANNELS_TYPE, &found, NULL, flags);
    *count = result == MI_RESULT_OK ? found.array.size : 0;
    if (result == MI_RESULT_NO_SUCH_PROPERTY) {
        return MI_RESULT_OK;
    }
    if (result != MI_RESULT_OK) {
        return result;
    }
    if (length < found.array.size) {
        return MI_RESULT_FAILED;
    }
    if (channels == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    memcpy(channels, found.array.data, found.array.size * sizeof *channels);
    return MI_RESULT_OK;
}
