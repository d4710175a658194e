/* SPDX-License-Identifier: MIT */
/*
 * MISUSE (warning: the close itself returns): main closes a subscription that another thread is reading:
 * "busy", it reads one indication after the other; "idle", it waits for one that does not come on the real
 * OMI, where the session's close may hang then, so this program LEAKS session and application. LEGAL
 * ("joined"): main cancels, and closes when the reader has ended.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define IDLE_QUERY "SELECT * FROM CIM_InstIndication WHERE SourceInstance ISA L_LifecycleC2"
#define BUSY_QUERY "SELECT * FROM Test_Indication"

typedef struct {
    MI_Application application;
    MI_Session session;
    MI_Operation subscription;
    pthread_t reader;
} Subscriber;

static void *Subscriber_Read(void *argument)
{
    Subscriber *self = argument;
    const MI_Instance *indication;
    const MI_Char *bookmark, *machine;
    MI_Boolean more = MI_TRUE;
    MI_Result result, call = MI_RESULT_OK;

    while (more && call == MI_RESULT_OK) {
        call = MI_Operation_GetIndication(&self->subscription, &indication, &bookmark, &machine, &more,
                                          &result, NULL, NULL);
    }
    return NULL;
}

static void Subscriber_Start(Subscriber *self, const char *query)
{
    signal(SIGPIPE, SIG_IGN); /* OMI writes to the server when a subscription ends */
    open_application(&self->application, "close_while_reading");
    open_session(&self->application, &self->session);
    MI_Session_Subscribe(&self->session, 0, NULL, "root/cimv2", "WQL", query, NULL, NULL,
                         &self->subscription);
    if (pthread_create(&self->reader, NULL, Subscriber_Read, self) != 0) {
        perror("pthread_create");
    }
    usleep(150000);
}

static void Subscriber_CloseSubscription(Subscriber *self)
{
    app_print("subscription", MI_Operation_Close(&self->subscription));
}

static void Subscriber_Stop(Subscriber *self)
{
    app_print("session", MI_Session_Close(&self->session, NULL, NULL));
    app_print("application", MI_Application_Close(&self->application));
}

static void close_and_join(Subscriber *subscriber, const char *query)
{
    Subscriber_Start(subscriber, query);
    Subscriber_CloseSubscription(subscriber);
    pthread_join(subscriber->reader, NULL);
}

static void idle(void)
{
    static Subscriber subscriber;

    close_and_join(&subscriber, IDLE_QUERY);
}

static void busy(void)
{
    static Subscriber subscriber;

    close_and_join(&subscriber, BUSY_QUERY);
    Subscriber_Stop(&subscriber);
}

static void joined(void)
{
    Subscriber subscriber;

    Subscriber_Start(&subscriber, IDLE_QUERY);
    MI_Operation_Cancel(&subscriber.subscription, 0);
    pthread_join(subscriber.reader, NULL);
    Subscriber_CloseSubscription(&subscriber);
    Subscriber_Stop(&subscriber);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"idle", idle}, {"busy", busy}, {"joined", joined}};

    return RUN_VARIANT(argc, argv, variants);
}
