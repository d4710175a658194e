/* SPDX-License-Identifier: MIT */
/* Random applications and sessions. */
#include "stress.h"

#include <stdlib.h>

enum { MOST_APPLICATIONS = 4, MOST_SESSIONS = 12 };

static void new_application(void)
{
    struct thing *thing = thing_new(MI_KIND_application, MI_FN_application_initialize);

    thing_keep(thing, do_Application_Initialize("stress", &thing->application));
}

/* Of a random application, with destination options or without. */
static void new_session(struct worker *worker, struct thing *application)
{
    struct thing *thing = thing_new(MI_KIND_session, MI_FN_application_new_session);
    struct thing *options = worker_random(worker, 4) == 0
                                ? shelf_take(MI_KIND_destination_options, worker_random(worker, 1000))
                                : NULL;
    MI_Result result = do_Application_NewSession(&application->application, NULL, NULL,
                                                 options != NULL ? &options->destination_options : NULL, NULL,
                                                 NULL, &thing->session);

    if (options != NULL) {
        shelf_put(options);
    }
    if (result != MI_RESULT_OK) {
        abort();
    }
    thing->parent = application;
    application->children++;
    thing_keep(thing, result);
}

void step_application(struct worker *worker)
{
    struct thing *application = shelf_take(MI_KIND_application, worker_random(worker, 1000));

    if (application == NULL) {
        new_application();
        return;
    }
    if (worker_random(worker, 4) > 0 && shelf_count(MI_KIND_session) < MOST_SESSIONS) {
        new_session(worker, application);
    } else if (application->children == 0) {
        close_object(application);
        return;
    } else if (shelf_count(MI_KIND_application) < MOST_APPLICATIONS) {
        new_application();
    }
    shelf_put(application);
}

static void on_closed(void *context)
{
    struct thing *session = context;
    struct thing *application = session->parent;

    account_callback(MI_CB_session_closed);
    thing_closed(session);
    application->children--;
    shelf_away(-1);
}

void close_session(struct thing *thing, bool wait)
{
    struct thing *application = thing->parent;

    if (!wait) {
        shelf_away(1);
        if (do_Session_Close(&thing->session, thing, on_closed) != MI_RESULT_OK) {
            abort();
        }
        return;
    }
    if (do_Session_Close(&thing->session, NULL, NULL) != MI_RESULT_OK) {
        abort();
    }
    thing_closed(thing);
    application->children--;
}

void step_session(struct worker *worker)
{
    struct thing *session = shelf_take(MI_KIND_session, worker_random(worker, 1000));
    MI_Application application;

    if (session == NULL) {
        step_application(worker);
        return;
    }
    do_Session_GetApplication(&session->session, &application);
    if (session->children == 0 && worker_random(worker, 3) == 0) {
        close_session(session, worker_random(worker, 2) == 0);
        return;
    }
    shelf_put(session);
}
