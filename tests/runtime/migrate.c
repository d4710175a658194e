/* SPDX-License-Identifier: MIT */
/* Options on their way down to the protocol handler: copied value by value through the tables, as OMI does,
 * which is why an interceptor sees so many calls that the program never made. */
#include "options.h"

struct value {
    const MI_Char *name;
    MI_Value value;
    MI_Type type;
};

/* The value with this index, through the table of the instance that holds it; false at the end. */
static int value_at(const void *options, MI_Uint32 index, struct value *value)
{
    const struct options *object = options_of(options);
    MI_Uint32 count = 0;

    if (object == NULL || object->values == NULL) {
        return 0;
    }
    object->values->ft->GetElementCount(object->values, &count);
    return index < count &&
           object->values->ft->GetElementAt(object->values, index, &value->name, &value->value, &value->type,
                                            NULL) == MI_RESULT_OK;
}

static void copy_destination(const MI_DestinationOptions *from, MI_DestinationOptions *to)
{
    struct value value;
    MI_UserCredentials credentials;
    const MI_Char *name;

    for (MI_Uint32 i = 0; value_at(from, i, &value); i++) {
        if (value.type == MI_STRING) {
            to->ft->SetString(to, value.name, value.value.string, 0);
        } else if (value.type == MI_UINT32) {
            to->ft->SetNumber(to, value.name, value.value.uint32, 0);
        } else if (value.type == MI_DATETIME) {
            to->ft->SetInterval(to, value.name, &value.value.datetime.u.interval, 0);
        }
    }
    for (MI_Uint32 i = 0; options_get_credentials_at(from, i, &name, &credentials, NULL) == MI_RESULT_OK;
         i++) {
        to->ft->AddCredentials(to, name, &credentials, 0);
    }
}

static MI_Result hand_down(MI_Application *peer, MI_DestinationOptions *options)
{
    MI_DestinationOptions below, kept;
    MI_Result result = peer->ft->NewDestinationOptions(peer, &below);

    if (result != MI_RESULT_OK) {
        return result;
    }
    copy_destination(options, &below);
    result = below.ft->Clone(&below, &kept);
    if (result == MI_RESULT_OK) {
        kept.ft->Delete(&kept);
    }
    below.ft->Delete(&below);
    return result;
}

MI_Result options_for_session(MI_Application *owner, MI_Application *peer, MI_DestinationOptions *options,
                              MI_DestinationOptions *shared)
{
    MI_DestinationOptions own = {.ft = NULL};
    MI_Result result = MI_RESULT_OK;

    if (options == NULL) {
        result = owner->ft->NewDestinationOptions(owner, &own);
        options = &own;
    }
    if (result == MI_RESULT_OK && options_of(options) != NULL) {
        __atomic_add_fetch(&options_of(options)->references, 1, __ATOMIC_RELAXED);
        *shared = *options;
        result = hand_down(peer, options);
    }
    if (own.ft != NULL) {
        own.ft->Delete(&own);
    }
    return result;
}

static void copy_operation(MI_OperationOptions *from, MI_OperationOptions *to)
{
    struct value value;

    for (MI_Uint32 i = 0; value_at(from, i, &value); i++) {
        if (value.type == MI_STRING) {
            to->ft->SetString(to, value.name, value.value.string, 0);
        } else if (value.type == MI_UINT32) {
            to->ft->SetNumber(to, value.name, value.value.uint32, 0);
        } else if (value.type == MI_DATETIME) {
            to->ft->SetInterval(to, value.name, &value.value.datetime.u.interval, 0);
        } else {
            to->ft->SetCustomOption(to, value.name, value.type, &value.value, MI_FALSE, 0);
        }
    }
}

static MI_Result hand_down_operation(MI_Application *peer, MI_OperationOptions *options,
                                     MI_Uint32 *error_mode, MI_Uint32 *prompt_mode)
{
    MI_OperationOptions below;
    MI_Result result = peer->ft->NewOperationOptions(peer, MI_FALSE, &below);

    if (result != MI_RESULT_OK) {
        return result;
    }
    copy_operation(options, &below);
    options->ft->GetNumber(options, "__MI_OPERATIONOPTIONS_WRITEERRORMODE", error_mode, NULL, NULL);
    options->ft->GetNumber(options, "__MI_OPERATIONOPTIONS_PROMPTUSERMODE", prompt_mode, NULL, NULL);
    below.ft->Delete(&below);
    return MI_RESULT_OK;
}

static MI_Result hand_down_delivery(MI_Application *peer, const MI_SubscriptionDeliveryOptions *options)
{
    MI_SubscriptionDeliveryOptions below;
    struct value value;
    MI_Result result = peer->ft->NewSubscriptionDeliveryOptions(peer, 1, &below);

    for (MI_Uint32 i = 0; result == MI_RESULT_OK && value_at(options, i, &value); i++) {
        if (value.type == MI_STRING) {
            result = below.ft->SetString(&below, value.name, value.value.string, 0);
        } else if (value.type == MI_UINT32) {
            result = below.ft->SetNumber(&below, value.name, value.value.uint32, 0);
        } else {
            result = below.ft->SetDateTime(&below, value.name, &value.value.datetime, 0);
        }
    }
    below.ft->Delete(&below);
    return result;
}

MI_Result options_for_operation(MI_Application *peer, MI_OperationOptions *options,
                                const MI_SubscriptionDeliveryOptions *delivery, MI_Uint32 *error_mode,
                                MI_Uint32 *prompt_mode)
{
    MI_Result result = MI_RESULT_OK;

    if (options != NULL) {
        result = hand_down_operation(peer, options, error_mode, prompt_mode);
    }
    if (result == MI_RESULT_OK && delivery != NULL) {
        result = hand_down_delivery(peer, delivery);
    }
    return result;
}
