/* SPDX-License-Identifier: MIT */
/* See options.h: making, copying and deleting options, setting their values. */
#include "options.h"

#include "instance.h"
#include "slots.h"
#include "state.h"
#include "tables.h"

#include <stdlib.h>
#include <string.h>

enum { DEFAULT_CHANNELS = 3 };

/* Every kind of options has this shape. */
struct options_handle {
    MI_Uint64 reserved1;
    struct options *object;
    const void *table;
};

struct options *options_of(const void *self)
{
    return self != NULL ? ((const struct options_handle *)self)->object : NULL;
}

/* Objects without references. They are used again but never freed, so that deleting options once too often,
 * which takes a session's reference away, does not end in freed memory as it does in OMI. */
static struct options *buried;

static struct options *take_object(void)
{
    struct options *options;

    state_lock();
    options = buried;
    if (options != NULL) {
        buried = options->next;
        *options = (struct options){.references = 0};
    }
    state_unlock();
    return options != NULL ? options : calloc(1, sizeof *options);
}

static void bury(struct options *options)
{
    state_lock();
    options->next = buried;
    buried = options;
    state_unlock();
}

static MI_Result make(void *out, const void *table)
{
    struct options *options = take_object();

    if (options == NULL) {
        return MI_RESULT_SERVER_LIMITS_EXCEEDED;
    }
    options->references = 1;
    *(struct options_handle *)out = (struct options_handle){0, options, table};
    return MI_RESULT_OK;
}

MI_Result application_new_destination_options(MI_Application *self, MI_DestinationOptions *out)
{
    return self != NULL && out != NULL ? make(out, &destination_options_table) : MI_RESULT_INVALID_PARAMETER;
}

MI_Result application_new_operation_options(MI_Application *self, MI_Boolean must_understand,
                                            MI_OperationOptions *out)
{
    MI_Result result;

    (void)must_understand;
    if (self == NULL || out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = make(out, &operation_options_table);
    for (MI_Uint32 channel = 0; result == MI_RESULT_OK && channel < DEFAULT_CHANNELS; channel++) {
        result = options_set_number(out, OPTIONS_CHANNELS, channel, 0);
    }
    return result;
}

MI_Result application_new_subscription_delivery_options(MI_Application *self,
                                                        MI_SubscriptionDeliveryType type,
                                                        MI_SubscriptionDeliveryOptions *out)
{
    (void)type;
    return self != NULL && out != NULL ? make(out, &subscription_options_table) : MI_RESULT_INVALID_PARAMETER;
}

MI_Result options_delete(void *self)
{
    struct options *options = options_of(self);

    if (options == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (__atomic_load_n(&options->references, __ATOMIC_RELAXED) == 0) {
        return MI_RESULT_OK;
    }
    if (__atomic_sub_fetch(&options->references, 1, __ATOMIC_ACQ_REL) == 0) {
        if (options->values != NULL) {
            options->values->ft->Delete(options->values);
        }
        credentials_free(options);
        bury(options);
        memset(self, 0, sizeof(struct options_handle));
    }
    return MI_RESULT_OK;
}

MI_Result options_clone(const void *self, void *out)
{
    const struct options *options = options_of(self);
    struct options *copy;
    MI_Result result;

    if (options == NULL || out == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    result = make(out, ((const struct options_handle *)self)->table);
    if (result != MI_RESULT_OK) {
        return result;
    }
    copy = options_of(out);
    if (options->values != NULL) {
        result = options->values->ft->Clone(options->values, &copy->values);
    }
    if (result == MI_RESULT_OK) {
        result = credentials_copy(options, copy);
    }
    if (result != MI_RESULT_OK) {
        options_delete(out);
    }
    return result;
}

/* Sets a value, whose type must stay what it was. */
static MI_Result set(void *self, const MI_Char *name, const MI_Value *value, MI_Type type)
{
    struct options *options = options_of(self);
    MI_Result result = MI_RESULT_OK;

    if (options == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (options->values == NULL) {
        result = instance_new_dynamic("OptionSet", &options->values);
    }
    if (result == MI_RESULT_OK) {
        result = options->values->ft->AddElement(options->values, name, value, type, 0);
    }
    if (result == MI_RESULT_ALREADY_EXISTS) {
        result = options->values->ft->SetElement(options->values, name, value, type, 0);
    }
    return result;
}

MI_Result options_set_string(void *self, const MI_Char *name, const MI_Char *value, MI_Uint32 flags)
{
    MI_Value wrapped = {.string = (MI_Char *)value};

    return value == NULL || flags != 0 ? MI_RESULT_INVALID_PARAMETER : set(self, name, &wrapped, MI_STRING);
}

/* Flags 0 enables a channel, 1 disables it. */
static MI_Result set_channel(void *self, MI_Uint32 channel, MI_Uint32 flags)
{
    MI_Uint32 channels[64];
    MI_Value value = {.array = {NULL, 0}};
    MI_Type type;
    MI_Uint32 count = 0;

    options_find(self, OPTIONS_CHANNELS, &type, &value, NULL);
    for (MI_Uint32 i = 0; i < value.array.size && count < 63; i++) {
        MI_Uint32 enabled = ((const MI_Uint32 *)value.array.data)[i];

        if (enabled != channel) {
            channels[count++] = enabled;
        }
    }
    if (flags == 0) {
        channels[count++] = channel;
    }
    value.array.data = channels;
    value.array.size = count;
    return set(self, OPTIONS_CHANNELS, &value, OPTIONS_CHANNELS_TYPE);
}

/* Channels are known by the table: options with any other one get a plain number, as in OMI. */
MI_Result options_set_number(void *self, const MI_Char *name, MI_Uint32 value, MI_Uint32 flags)
{
    MI_Value wrapped = {.uint32 = value};

    if (self == NULL || name == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (((const struct options_handle *)self)->table == &operation_options_table &&
        strcmp(name, OPTIONS_CHANNELS) == 0) {
        return set_channel(self, value, flags);
    }
    return flags != 0 ? MI_RESULT_INVALID_PARAMETER : set(self, name, &wrapped, MI_UINT32);
}

MI_Result options_set_date_time(void *self, const MI_Char *name, const MI_Datetime *value, MI_Uint32 flags)
{
    MI_Value wrapped;

    if (value == NULL || flags != 0) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    wrapped.datetime = *value;
    return set(self, name, &wrapped, MI_DATETIME);
}

MI_Result options_set_interval(void *self, const MI_Char *name, const MI_Interval *value, MI_Uint32 flags)
{
    MI_Value wrapped = {.datetime = {.isTimestamp = 0}};

    if (value == NULL || flags != 0) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    wrapped.datetime.u.interval = *value;
    return set(self, name, &wrapped, MI_DATETIME);
}

MI_Result options_set_custom_option(void *self, const MI_Char *name, MI_Type type, const MI_Value *value,
                                    MI_Boolean must_comply, MI_Uint32 flags)
{
    (void)must_comply;
    return value == NULL || flags != 0 ? MI_RESULT_INVALID_PARAMETER : set(self, name, value, type);
}
