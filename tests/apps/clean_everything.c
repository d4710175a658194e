/* SPDX-License-Identifier: MIT */
/* A correct program that calls every MI function a client can reach; the measure of what an interceptor sees.
 */
#include "everything.h"

#include "vehicle_class.h"

/* No protocol handler at hand hosts providers, so the handle's functions are reached through mi_clientFT_V1.
 */
static void everything_of_hosted_providers(MI_Application *application)
{
    MI_HostedProvider provider;
    MI_Application owner;

    SHOW(MI_Application_NewHostedProvider, application, "root/test", "mitrace", NULL, NULL, &provider);
    provider.ft = mi_clientFT_V1->hostedProviderFT;
    SHOW(MI_HostedProvider_GetApplication, &provider, &owner);
    SHOW(MI_HostedProvider_Close, &provider);
}

void everything_of_applications(MI_Application *application)
{
    MI_Instance *instance = NULL;
    MI_Class *class = NULL;

    SHOW(MI_Application_NewClass, application, vehicle_class, "root/test", NULL, &class);
    SHOW(MI_Application_NewInstanceFromClass, application, "Garage_Vehicle", class, &instance);
    SHOW(MI_Instance_Delete, instance);
    SHOW(MI_Class_Delete, class);
    SHOW(MI_Application_NewInstance, application, "Garage_Vehicle", NULL, &instance);
    SHOW(MI_Instance_Delete, instance);
    everything_of_hosted_providers(application);
}

int main(void)
{
    MI_Application application;

    SHOW(MI_Application_Initialize, 0, "clean_everything", NULL, &application);
    everything_of_applications(&application);
    everything_of_sessions(&application);
    everything_of_destination_options(&application);
    everything_of_operation_options(&application);
    everything_of_subscription_options(&application);
    everything_of_instances(&application);
    everything_of_classes(&application);
    everything_of_codecs(&application);
    SHOW(MI_Application_Close, &application);
    return 0;
}
