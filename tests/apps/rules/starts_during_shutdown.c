/* SPDX-License-Identifier: MIT */
/*
 * A poller starts an operation while another thread shuts down. MISUSE that HANGS ("application"):
 * MI_Application_Close is running; MI starts the operation all the same and then counts one child of the
 * session too few. LEGAL: "refused", the session is being closed, and MI refuses the start; "other", it is
 * another session that is being closed.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static MI_Application application;
static MI_Session session, archive;
static MI_Operation long_query;

static void connect_all(void)
{
    open_application(&application, "starts_during_shutdown");
    open_session(&application, &session);
    open_session(&application, &archive);
}

static void ask(MI_Session *where, MI_Operation *operation)
{
    MI_Session_EnumerateInstances(where, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL, operation);
}

static void finish(MI_Operation *operation)
{
    drain_unseen(operation);
    MI_Operation_Close(operation);
}

/* One more round, while the shutdown is under way. */
static void poll_session(void)
{
    MI_Operation operation;

    MI_Session_TestConnection(&session, 0, NULL, &operation);
    finish(&operation);
}

static void end_session(MI_Session *which)
{
    app_print("session", MI_Session_Close(which, NULL, NULL));
}

static void *close_application(void *argument)
{
    app_print("application", MI_Application_Close(&application));
    return argument;
}

static void *close_session(void *argument)
{
    end_session(argument);
    return NULL;
}

/* The shutdown waits for the long query for as long as main does not finish it. */
static void poll_during(void *(*shut_down)(void *), MI_Session *closing)
{
    pthread_t thread;

    connect_all();
    ask(closing, &long_query);
    usleep(100000);
    if (pthread_create(&thread, NULL, shut_down, closing) != 0) {
        return;
    }
    usleep(150000);
    poll_session();
    finish(&long_query);
    if (shut_down == close_application) {
        end_session(&archive);
        end_session(&session);
    }
    pthread_join(thread, NULL);
}

static void during_application(void)
{
    poll_during(close_application, &session);
}

static void refused(void)
{
    poll_during(close_session, &session);
    end_session(&archive);
    close_application(NULL);
}

static void other(void)
{
    poll_during(close_session, &archive);
    end_session(&session);
    close_application(NULL);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"application", during_application}, {"refused", refused}, {"other", other}};

    return RUN_VARIANT(argc, argv, variants);
}
