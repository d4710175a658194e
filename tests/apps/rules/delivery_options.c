/* SPDX-License-Identifier: MIT */
/*
 * A subscription with delivery options. LEAKS ("kept"): the options, and a copy of them for the bookmark.
 * LEGAL: "deleted" after the subscription's end, "early" right after its start.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>

enum { PUSH = 1 };

struct listener {
    MI_Application application;
    MI_Session session;
    MI_Operation subscription;
};

static void listener_open(struct listener *listener)
{
    open_application(&listener->application, "delivery_options");
    open_session(&listener->application, &listener->session);
}

static void listener_close(struct listener *listener)
{
    MI_Session_Close(&listener->session, NULL, NULL);
    MI_Application_Close(&listener->application);
}

static void make_delivery(struct listener *listener, MI_SubscriptionDeliveryOptions *options)
{
    static const MI_Interval latency = {.seconds = 1};

    app_require("options",
                MI_Application_NewSubscriptionDeliveryOptions(&listener->application, PUSH, options));
    MI_SubscriptionDeliveryOptions_SetInterval(
        options, "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_MAXIMUM_LATENCY", &latency, 0);
}

static void resume_from(MI_SubscriptionDeliveryOptions *options, const char *bookmark,
                        MI_SubscriptionDeliveryOptions *resumed)
{
    app_require("clone", MI_SubscriptionDeliveryOptions_Clone(options, resumed));
    MI_SubscriptionDeliveryOptions_SetString(resumed, "__MI_SUBSCRIPTIONDELIVERYOPTIONS_SET_BOOKMARK",
                                             bookmark, 0);
}

static void subscribe(struct listener *listener, const MI_SubscriptionDeliveryOptions *options)
{
    MI_Session_Subscribe(&listener->session, 0, NULL, "root/cimv2", "WQL", "SELECT * FROM No_Such_Alarm",
                         options, NULL, &listener->subscription);
}

/* There is no such class, so the first answer is the last one. */
static void listen(struct listener *listener)
{
    const MI_Instance *indication;
    const MI_Char *bookmark, *machine;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    while (more) {
        app_require("indication", MI_Operation_GetIndication(&listener->subscription, &indication, &bookmark,
                                                             &machine, &more, &result, NULL, NULL));
    }
    MI_Operation_Close(&listener->subscription);
    printf("listened\n");
}

static void kept(void)
{
    struct listener listener;
    MI_SubscriptionDeliveryOptions options, resumed;

    listener_open(&listener);
    make_delivery(&listener, &options);
    resume_from(&options, "one", &resumed);
    subscribe(&listener, &resumed);
    listen(&listener);
    listener_close(&listener);
}

static void deleted(void)
{
    struct listener listener;
    MI_SubscriptionDeliveryOptions options, resumed;

    listener_open(&listener);
    make_delivery(&listener, &options);
    resume_from(&options, "one", &resumed);
    app_print("delete", MI_SubscriptionDeliveryOptions_Delete(&options));
    subscribe(&listener, &resumed);
    listen(&listener);
    app_print("delete", MI_SubscriptionDeliveryOptions_Delete(&resumed));
    listener_close(&listener);
}

static void early(void)
{
    struct listener listener;
    MI_SubscriptionDeliveryOptions options;

    listener_open(&listener);
    make_delivery(&listener, &options);
    subscribe(&listener, &options);
    app_print("delete", MI_SubscriptionDeliveryOptions_Delete(&options));
    listen(&listener);
    listener_close(&listener);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"kept", kept}, {"deleted", deleted}, {"early", early}};

    return RUN_VARIANT(argc, argv, variants);
}
