/* SPDX-License-Identifier: MIT */
/*
 * A listing that is cancelled and then read to its end, as it should be. HANGS ("between"): cancelled between
 * two results, while the first of them still counts as unacknowledged; MI then never ends the connection, and
 * the session's close waits although nothing is open. LEGAL: "too-late", when the last result is there
 * already; "thread", by another thread while the reader waits.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

struct client {
    MI_Application application;
    MI_Session session;
    MI_Operation listing;
};

static struct client client;

static void client_connect(void)
{
    signal(SIGPIPE, SIG_IGN); /* OMI writes to the server when a subscription ends */
    open_application(&client.application, "cancelled_listing");
    open_session(&client.application, &client.session);
}

static void client_disconnect(void)
{
    app_print("listing", MI_Operation_Close(&client.listing));
    app_print("session", MI_Session_Close(&client.session, NULL, NULL));
    app_print("application", MI_Application_Close(&client.application));
}

static void client_list(const char *namespace_name, const char *class_name)
{
    MI_Session_EnumerateInstances(&client.session, 0, NULL, namespace_name, class_name, MI_FALSE, NULL,
                                  &client.listing);
}

static MI_Boolean client_next(void)
{
    const MI_Instance *instance;
    MI_Boolean more = MI_FALSE;
    MI_Result result;

    app_require("next", MI_Operation_GetInstance(&client.listing, &instance, &more, &result, NULL, NULL));
    return more;
}

/* The pause is for the cancel to have its effect before the next result is asked for. */
static void client_cancel(void)
{
    app_print("cancel", MI_Operation_Cancel(&client.listing, 0));
    usleep(200000);
}

static void between(void)
{
    client_connect();
    client_list("root/test", "MSFT_President");
    if (client_next()) {
        client_cancel();
        while (client_next()) {
        }
    }
    client_disconnect();
}

/* By then the only result has come, so nothing is cancelled. */
static void too_late(void)
{
    client_connect();
    client_list(app_namespace(), app_class());
    usleep(200000);
    client_cancel();
    while (client_next()) {
    }
    client_disconnect();
}

/* On the real OMI none of these ever comes. */
static void watch(void)
{
    MI_Session_Subscribe(&client.session, 0, NULL, "root/cimv2", "WQL",
                         "SELECT * FROM CIM_InstIndication WHERE SourceInstance ISA L_LifecycleC2", NULL,
                         NULL, &client.listing);
}

static void *read_indications(void *argument)
{
    const MI_Instance *indication;
    const MI_Char *bookmark, *machine;
    MI_Boolean more = MI_TRUE;
    MI_Result result;

    while (more) {
        app_require("next", MI_Operation_GetIndication(&client.listing, &indication, &bookmark, &machine,
                                                       &more, &result, NULL, NULL));
    }
    return argument;
}

static void other_thread(void)
{
    pthread_t reader;

    client_connect();
    watch();
    if (pthread_create(&reader, NULL, read_indications, NULL) == 0) {
        usleep(150000);
        client_cancel();
        pthread_join(reader, NULL);
    }
    client_disconnect();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"between", between}, {"too-late", too_late}, {"thread", other_thread}};

    return RUN_VARIANT(argc, argv, variants);
}
