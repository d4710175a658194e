/* SPDX-License-Identifier: MIT */
/*
 * Polls a server that is away at first: tries again with growing pauses, with a new session each time. LEGAL
 * ("good"): the old session is closed before the next try. HANGS ("careless"): it is dropped, and the
 * application's close waits for all of them.
 */
#include "app_support.h"
#include "variants.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

enum { AWAY = 3, ROUNDS = 6 };

typedef struct {
    MI_Application application;
    MI_Session session;
    bool connected;
    bool careless;
    int attempts;
} poller_t;

/* The first attempts find nobody at home. */
static MI_Result poller_connect(poller_t *poller)
{
    const char *where = poller->attempts++ < AWAY ? "/nonexistent/away.sock" : NULL;
    MI_Result result = MI_Application_NewSession(&poller->application, "OMI_SOCKETS", where, NULL, NULL, NULL,
                                                 &poller->session);

    poller->connected = result == MI_RESULT_OK;
    return result;
}

static void poller_drop(poller_t *poller)
{
    if (poller->connected && !poller->careless) {
        MI_Session_Close(&poller->session, NULL, NULL);
    }
    poller->connected = false;
}

static MI_Result poller_ask(poller_t *poller)
{
    MI_Operation operation;
    MI_Result result;

    if (!poller->connected && poller_connect(poller) != MI_RESULT_OK) {
        return MI_RESULT_FAILED;
    }
    MI_Session_EnumerateInstances(&poller->session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    result = drain_unseen(&operation);
    MI_Operation_Close(&operation);
    return result;
}

static void poller_run(poller_t *poller)
{
    useconds_t pause = 1000;

    for (int round = 0; round < ROUNDS; round++) {
        MI_Result result = poller_ask(poller);

        printf("round %d: %s\n", round, result == MI_RESULT_OK ? "ok" : "away");
        fflush(stdout);
        if (result != MI_RESULT_OK) {
            poller_drop(poller);
            usleep(pause);
            pause *= 2;
        }
    }
}

static void poller_stop(poller_t *poller)
{
    if (poller->connected) {
        app_print("session", MI_Session_Close(&poller->session, NULL, NULL));
    }
    app_print("application", MI_Application_Close(&poller->application));
}

static void poll_with(bool careless)
{
    poller_t poller = {.careless = careless};

    open_application(&poller.application, "polling_retry");
    poller_run(&poller);
    poller_stop(&poller);
}

static void good(void)
{
    poll_with(false);
}

static void careless(void)
{
    poll_with(true);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"good", good}, {"careless", careless}};

    return RUN_VARIANT(argc, argv, variants);
}
