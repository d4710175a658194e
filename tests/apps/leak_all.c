/* SPDX-License-Identifier: MIT */
/* Leaks handles of one kind and ends normally: leak_all KIND [COUNT]. The parents of a leaked handle stay
 * open too, because closing them would wait for it. */
#include "app_support.h"

#include "vehicle_class.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct leak {
    const char *kind;
    MI_Boolean keeps_session; /* main must not close the session either */
    void (*make)(MI_Application *application, MI_Session *session);
};

static void leak_application(MI_Application *application, MI_Session *session)
{
    MI_Application another;

    (void)application;
    (void)session;
    open_application(&another, "leaked");
}

static void leak_session(MI_Application *application, MI_Session *session)
{
    MI_Session another;

    (void)session;
    open_session(application, &another);
}

static void leak_operation(MI_Application *application, MI_Session *session)
{
    MI_Operation operation;

    (void)application;
    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL, &operation);
    app_require("enumeration", drain_unseen(&operation));
}

static void leak_instance(MI_Application *application, MI_Session *session)
{
    MI_Instance *instance = NULL;

    (void)session;
    app_require("MI_Application_NewInstance",
                MI_Application_NewInstance(application, "Garage_Vehicle", NULL, &instance));
}

static void leak_class(MI_Application *application, MI_Session *session)
{
    MI_Class *class = NULL;

    (void)session;
    app_require("MI_Application_NewClass",
                MI_Application_NewClass(application, vehicle_class, "root/test", NULL, &class));
}

static void leak_destination_options(MI_Application *application, MI_Session *session)
{
    MI_DestinationOptions options;

    (void)session;
    app_require("MI_Application_NewDestinationOptions",
                MI_Application_NewDestinationOptions(application, &options));
}

static void leak_operation_options(MI_Application *application, MI_Session *session)
{
    MI_OperationOptions options;

    (void)session;
    app_require("MI_Application_NewOperationOptions",
                MI_Application_NewOperationOptions(application, MI_FALSE, &options));
}

static void leak_subscription_options(MI_Application *application, MI_Session *session)
{
    MI_SubscriptionDeliveryOptions options;

    (void)session;
    app_require("MI_Application_NewSubscriptionDeliveryOptions",
                MI_Application_NewSubscriptionDeliveryOptions(application, 1, &options));
}

static char mof[] = "MI_MOF_CIMV2_EXTV1";

static void leak_serializer(MI_Application *application, MI_Session *session)
{
    MI_Serializer serializer;

    (void)session;
    app_require("MI_Application_NewSerializer",
                MI_Application_NewSerializer(application, 0, mof, &serializer));
}

static void leak_deserializer(MI_Application *application, MI_Session *session)
{
    MI_Deserializer deserializer;

    (void)session;
    app_require("MI_Application_NewDeserializer",
                MI_Application_NewDeserializer(application, 0, mof, &deserializer));
}

/* No protocol handler at hand hosts providers: this one cannot be leaked, and the program fails. */
static void leak_hosted_provider(MI_Application *application, MI_Session *session)
{
    MI_HostedProvider provider;

    (void)session;
    app_require("MI_Application_NewHostedProvider",
                MI_Application_NewHostedProvider(application, "root/test", "mitrace", NULL, NULL, &provider));
}

static const struct leak leaks[] = {
    {"application", MI_FALSE, leak_application},
    {"session", MI_TRUE, leak_session},
    {"operation", MI_TRUE, leak_operation},
    {"instance", MI_FALSE, leak_instance},
    {"class", MI_FALSE, leak_class},
    {"destination-options", MI_FALSE, leak_destination_options},
    {"operation-options", MI_FALSE, leak_operation_options},
    {"subscription-options", MI_FALSE, leak_subscription_options},
    {"serializer", MI_FALSE, leak_serializer},
    {"deserializer", MI_FALSE, leak_deserializer},
    {"hosted-provider", MI_FALSE, leak_hosted_provider},
};

static const struct leak *find_leak(const char *kind)
{
    for (size_t i = 0; i < sizeof leaks / sizeof leaks[0]; i++) {
        if (strcmp(leaks[i].kind, kind) == 0) {
            return &leaks[i];
        }
    }
    return NULL;
}

int main(int argc, char **argv)
{
    const struct leak *leak = argc > 1 ? find_leak(argv[1]) : NULL;
    long count = argc > 2 ? strtol(argv[2], NULL, 10) : 1;
    MI_Application application;
    MI_Session session;

    if (leak == NULL) {
        fprintf(stderr, "usage: leak_all KIND [COUNT]\n");
        return 2;
    }
    open_application(&application, "leak_all");
    open_session(&application, &session);
    for (long i = 0; i < count; i++) {
        leak->make(&application, &session);
    }
    printf("left open: %ld %s\n", count, leak->kind);
    if (!leak->keeps_session) {
        MI_Session_Close(&session, NULL, NULL);
        MI_Application_Close(&application);
    }
    return 0;
}
