/* SPDX-License-Identifier: MIT */
/*
 * Gives MI passwords in every way that there is, and lets it give them back: as credentials, as options, in
 * the destination. They stand in MITRACE_APP_SECRET, not in this program, whose file a trace names. Exits
 * with 0 when the password came back from where MI keeps it.
 */
#include "app_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *secret;

static MI_UserCredentials credentials(void)
{
    MI_UserCredentials given = {.authenticationType = "Basic"};

    given.credentials[0] = "domain";
    given.credentials[1] = "user";
    given.credentials[2] = secret;
    return given;
}

static int destination_options(MI_Application *application, MI_DestinationOptions *options)
{
    const MI_UserCredentials given = credentials();
    MI_UserCredentials found;
    const MI_Char *name;
    MI_Char password[256] = "";
    MI_Uint32 length, flags;

    app_require("NewDestinationOptions", MI_Application_NewDestinationOptions(application, options));
    MI_DestinationOptions_AddCredentials(options, "__MI_DESTINATIONOPTIONS_DESTINATION_CREDENTIALS", &given,
                                         0);
    MI_DestinationOptions_AddCredentials(options, "__MI_DESTINATIONOPTIONS_PROXY_CREDENTIALS", &given, 0);
    MI_DestinationOptions_SetString(options, "password", secret, 0);
    MI_DestinationOptions_GetCredentialsAt(options, 0, &name, &found, &flags);
    MI_DestinationOptions_GetCredentialsPasswordAt(options, 0, &name, password, sizeof password, &length,
                                                   &flags);
    return strcmp(password, secret);
}

static void subscription_options(MI_Application *application)
{
    const MI_UserCredentials given = credentials();
    MI_SubscriptionDeliveryOptions options;

    if (MI_Application_NewSubscriptionDeliveryOptions(application, 1, &options) == MI_RESULT_OK) {
        MI_SubscriptionDeliveryOptions_AddCredentials(
            &options, "__MI_SUBSCRIPTIONDELIVERYOPTIONS_ADD_DELIVERY_CREDENTIALS", &given, 0);
        MI_SubscriptionDeliveryOptions_SetString(&options, "password", secret, 0);
        MI_SubscriptionDeliveryOptions_Delete(&options);
    }
}

static void operation_options(MI_Application *application, MI_OperationOptions *options)
{
    MI_Value value = {.string = (MI_Char *)(size_t)secret};

    app_require("NewOperationOptions", MI_Application_NewOperationOptions(application, MI_FALSE, options));
    MI_OperationOptions_SetCustomOption(options, "password", MI_STRING, &value, MI_FALSE, 0);
    MI_OperationOptions_SetString(options, "password", secret, 0);
}

/* A session that names the password in its destination; whether it can be opened does not matter. */
static void destination(MI_Application *application, MI_DestinationOptions *options)
{
    MI_Session session;
    char text[512];

    snprintf(text, sizeof text, "http://user:%s@localhost:5985/wsman", secret);
    if (MI_Application_NewSession(application, NULL, text, options, NULL, NULL, &session) == MI_RESULT_OK) {
        MI_Session_Close(&session, NULL, NULL);
    }
}

static void enumerate(MI_Application *application, MI_OperationOptions *options)
{
    MI_Session session;
    MI_Operation operation;

    open_session(application, &session);
    MI_Session_EnumerateInstances(&session, 0, options, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    drain_unseen(&operation);
    MI_Operation_Close(&operation);
    MI_Session_Close(&session, NULL, NULL);
}

int main(void)
{
    MI_Application application;
    MI_DestinationOptions to;
    MI_OperationOptions how;
    int lost;

    secret = getenv("MITRACE_APP_SECRET");
    if (secret == NULL) {
        return 2;
    }
    open_application(&application, "secrets");
    lost = destination_options(&application, &to);
    subscription_options(&application);
    operation_options(&application, &how);
    destination(&application, &to);
    enumerate(&application, &how);
    MI_OperationOptions_Delete(&how);
    MI_DestinationOptions_Delete(&to);
    MI_Application_Close(&application);
    return lost != 0;
}
