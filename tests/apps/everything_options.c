/* SPDX-License-Identifier: MIT */
/* clean_everything: the three kinds of options. */
#include "everything.h"

static const MI_Interval two_minutes = {.minutes = 2};
static const MI_UserCredentials credentials = {.authenticationType = "Basic",
                                               .credentials = {"domain", "user", "not a secret"}};

void everything_of_destination_options(MI_Application *application)
{
    MI_DestinationOptions options, copy;
    MI_UserCredentials found;
    MI_Interval interval;
    MI_Value value;
    MI_Type type;
    MI_Uint32 number, flags, index;
    MI_Char password[32];
    const MI_Char *text, *name;

    SHOW(MI_Application_NewDestinationOptions, application, &options);
    SHOW(MI_DestinationOptions_SetString, &options, "__MI_DESTINATIONOPTIONS_DATA_LOCALE", "en-us", 0);
    SHOW(MI_DestinationOptions_SetNumber, &options, "__MI_DESTINATIONOPTIONS_MAX_ENVELOPE_SIZE", 500, 0);
    SHOW(MI_DestinationOptions_SetInterval, &options, "__MI_DESTINATIONOPTIONS_TIMEOUT", &two_minutes, 0);
    SHOW(MI_DestinationOptions_AddCredentials, &options, "__MI_DESTINATIONOPTIONS_DESTINATION_CREDENTIALS",
         &credentials, 0);
    SHOW(MI_DestinationOptions_GetString, &options, "__MI_DESTINATIONOPTIONS_DATA_LOCALE", &text, &index,
         &flags);
    SHOW(MI_DestinationOptions_GetNumber, &options, "__MI_DESTINATIONOPTIONS_DATA_LOCALE", &number, &index,
         &flags);
    SHOW(MI_DestinationOptions_GetInterval, &options, "__MI_DESTINATIONOPTIONS_TIMEOUT", &interval, &index,
         &flags);
    SHOW(MI_DestinationOptions_GetOptionCount, &options, &number);
    SHOW(MI_DestinationOptions_GetOptionAt, &options, 0, &name, &value, &type, &flags);
    SHOW(MI_DestinationOptions_GetOption, &options, "no such option", &value, &type, &index, &flags);
    SHOW(MI_DestinationOptions_GetCredentialsCount, &options, &number);
    SHOW(MI_DestinationOptions_GetCredentialsAt, &options, 0, &name, &found, &flags);
    SHOW(MI_DestinationOptions_GetCredentialsPasswordAt, &options, 0, &name, password, sizeof password,
         &number, &flags);
    SHOW(MI_DestinationOptions_Clone, &options, &copy);
    MI_DestinationOptions_Delete(&copy);
    MI_DestinationOptions_Delete(&options);
}

void everything_of_operation_options(MI_Application *application)
{
    MI_OperationOptions options, copy;
    MI_Interval interval;
    MI_Value value = {.uint32 = 7};
    MI_Type type;
    MI_Uint32 channels[8], number, flags, index;
    const MI_Char *text, *name;

    SHOW(MI_Application_NewOperationOptions, application, MI_FALSE, &options);
    SHOW(MI_OperationOptions_SetString, &options, "__MI_OPERATIONOPTIONS_RESOURCE_URI", "http://localhost/",
         0);
    SHOW(MI_OperationOptions_SetNumber, &options, "__MI_OPERATIONOPTIONS_WRITEERRORMODE", 1, 0);
    SHOW(MI_OperationOptions_SetCustomOption, &options, "mitrace_custom", MI_UINT32, &value, MI_FALSE, 0);
    SHOW(MI_OperationOptions_SetInterval, &options, "__MI_OPERATIONOPTIONS_TIMEOUT", &two_minutes, 0);
    SHOW(MI_OperationOptions_GetString, &options, "__MI_OPERATIONOPTIONS_RESOURCE_URI", &text, &index,
         &flags);
    SHOW(MI_OperationOptions_GetNumber, &options, "__MI_OPERATIONOPTIONS_WRITEERRORMODE", &number, &index,
         &flags);
    SHOW(MI_OperationOptions_GetInterval, &options, "__MI_OPERATIONOPTIONS_TIMEOUT", &interval, &index,
         &flags);
    SHOW(MI_OperationOptions_GetOptionCount, &options, &number);
    SHOW(MI_OperationOptions_GetOptionAt, &options, 0, &name, &value, &type, &flags);
    SHOW(MI_OperationOptions_GetOption, &options, "mitrace_custom", &value, &type, &index, &flags);
    SHOW(MI_OperationOptions_GetEnabledChannels, &options, "__MI_OPERATIONOPTIONS_CHANNEL", channels, 8,
         &number, &flags);
    SHOW(MI_OperationOptions_Clone, &options, &copy);
    MI_OperationOptions_Delete(&copy);
    MI_OperationOptions_Delete(&options);
}

static void set_subscription_options(MI_SubscriptionDeliveryOptions *options)
{
    MI_Datetime expires = {.isTimestamp = 1, .u.timestamp = {.year = 2040, .month = 1, .day = 1}};

    SHOW(MI_SubscriptionDeliveryOptions_SetString, options, "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_BOOKMARK",
         "first", 0);
    SHOW(MI_SubscriptionDeliveryOptions_SetNumber, options,
         "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_DELIVERY_RETRY_ATTEMPTS", 3, 0);
    SHOW(MI_SubscriptionDeliveryOptions_SetDateTime, options,
         "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_EXPIRATION_TIME", &expires, 0);
    SHOW(MI_SubscriptionDeliveryOptions_SetInterval, options,
         "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_MAXIMUM_LATENCY", &two_minutes, 0);
    SHOW(MI_SubscriptionDeliveryOptions_AddCredentials, options,
         "__MI_SUBSCRIPTIONDELIVERYOPTIONS_ADD_DELIVERY_CREDENTIALS", &credentials, 0);
}

void everything_of_subscription_options(MI_Application *application)
{
    MI_SubscriptionDeliveryOptions options, copy;
    MI_UserCredentials found;
    MI_Datetime expires;
    MI_Interval interval;
    MI_Value value;
    MI_Type type;
    MI_Uint32 number, flags, index;
    MI_Char password[32];
    const MI_Char *text, *name;

    SHOW(MI_Application_NewSubscriptionDeliveryOptions, application, 1, &options);
    set_subscription_options(&options);
    SHOW(MI_SubscriptionDeliveryOptions_GetString, &options, "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_BOOKMARK",
         &text, &index, &flags);
    SHOW(MI_SubscriptionDeliveryOptions_GetNumber, &options,
         "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_DELIVERY_RETRY_ATTEMPTS", &number, &index, &flags);
    SHOW(MI_SubscriptionDeliveryOptions_GetDateTime, &options,
         "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_EXPIRATION_TIME", &expires, &index, &flags);
    SHOW(MI_SubscriptionDeliveryOptions_GetInterval, &options,
         "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_EXPIRATION_TIME", &interval, &index, &flags);
    SHOW(MI_SubscriptionDeliveryOptions_GetOptionCount, &options, &number);
    SHOW(MI_SubscriptionDeliveryOptions_GetOptionAt, &options, 0, &name, &value, &type, &flags);
    SHOW(MI_SubscriptionDeliveryOptions_GetOption, &options, "no such option", &value, &type, &index, &flags);
    SHOW(MI_SubscriptionDeliveryOptions_GetCredentialsCount, &options, &number);
    SHOW(MI_SubscriptionDeliveryOptions_GetCredentialsAt, &options, 0, &name, &found, &flags);
    SHOW(MI_SubscriptionDeliveryOptions_GetCredentialsPasswordAt, &options, 0, &name, password,
         sizeof password, &number, &flags);
    SHOW(MI_SubscriptionDeliveryOptions_Clone, &options, &copy);
    SHOW(MI_SubscriptionDeliveryOptions_Delete, &copy);
    SHOW(MI_SubscriptionDeliveryOptions_Delete, &options);
}
