/* SPDX-License-Identifier: MIT */
/*
 * Every creator once, any of which may fail, with a ladder of labels behind them. LEGAL: "good", nothing
 * fails; "each", one after the other fails and what was made before it is closed. LEAKS ("gap"): the ladder
 * has lost two rungs.
 */
#include "app_support.h"
#include "variants.h"

#include <stdbool.h>
#include <stdio.h>

enum step {
    INITIALIZE,
    OPTIONS,
    SESSION,
    REQUEST_OPTIONS,
    DELIVERY,
    INSTANCE,
    SERIALIZER,
    DESERIALIZER,
    STEPS
};

static MI_Char mof[] = "MI_MOF_CIMV2_EXTV1";
static MI_Char klingon[] = "MI_KLINGON";

static MI_Result use_deserializer(MI_Application *application, enum step failing)
{
    MI_Deserializer deserializer;
    MI_Result r = MI_Application_NewDeserializer(application, 0, failing == DESERIALIZER ? klingon : mof,
                                                 &deserializer);

    if (r == MI_RESULT_OK)
        MI_Deserializer_Close(&deserializer);
    return r;
}

/* All handles; `failing` is the step that is made to fail, STEPS for none. */
static MI_Result use_everything(enum step failing, bool gap)
{
    MI_Application application;
    MI_DestinationOptions options;
    MI_Session session;
    MI_OperationOptions request_options;
    MI_SubscriptionDeliveryOptions delivery;
    MI_Instance *instance = NULL;
    MI_Serializer serializer;
    MI_Result r;

    if ((r = MI_Application_Initialize(failing == INITIALIZE, NULL, NULL, &application)) != MI_RESULT_OK)
        goto out;
    if ((r = MI_Application_NewDestinationOptions(&application, failing == OPTIONS ? NULL : &options)) !=
        MI_RESULT_OK)
        goto close_application;
    if ((r = MI_Application_NewSession(&application, failing == SESSION ? "PIGEON" : NULL, NULL, &options,
                                       NULL, NULL, &session)) != MI_RESULT_OK)
        goto delete_options;
    if ((r = MI_Application_NewOperationOptions(
             &application, MI_FALSE, failing == REQUEST_OPTIONS ? NULL : &request_options)) != MI_RESULT_OK)
        goto close_session;
    if ((r = MI_Application_NewSubscriptionDeliveryOptions(
             &application, 1, failing == DELIVERY ? NULL : &delivery)) != MI_RESULT_OK)
        goto delete_request_options;
    if ((r = MI_Application_NewInstance(&application, failing == INSTANCE ? NULL : "Garage_Thing", NULL,
                                        &instance)) != MI_RESULT_OK)
        goto delete_delivery;
    if ((r = MI_Application_NewSerializer(&application, 0, failing == SERIALIZER ? klingon : mof,
                                          &serializer)) != MI_RESULT_OK)
        goto delete_instance;
    r = use_deserializer(&application, failing);
    MI_Serializer_Close(&serializer);
delete_instance:
    if (!gap)
        MI_Instance_Delete(instance);
delete_delivery:
    MI_SubscriptionDeliveryOptions_Delete(&delivery);
delete_request_options:
    if (!gap)
        MI_OperationOptions_Delete(&request_options);
close_session:
    MI_Session_Close(&session, NULL, NULL);
delete_options:
    MI_DestinationOptions_Delete(&options);
close_application:
    MI_Application_Close(&application);
out:
    return r;
}

static void report(int step, MI_Result result)
{
    printf("step %d: %s\n", step, result == MI_RESULT_OK ? "ok" : "failed");
}

static void good(void)
{
    report(STEPS, use_everything(STEPS, false));
}

static void each(void)
{
    for (int step = INITIALIZE; step < STEPS; step++) {
        report(step, use_everything((enum step)step, false));
    }
}

static void gap(void)
{
    report(SERIALIZER, use_everything(SERIALIZER, true));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"good", good}, {"each", each}, {"gap", gap}};

    return RUN_VARIANT(argc, argv, variants);
}
