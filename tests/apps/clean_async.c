/* SPDX-License-Identifier: MIT */
/* A correct asynchronous client: the operation is closed in its last callback, the session with a completion
 * function that wakes main, the application by main. */
#include "app_support.h"

struct listing {
    sem_t finished;
    sem_t session_closed;
    MI_Result result;
};

static void on_instance(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge)
{
    struct listing *listing = context;

    (void)message;
    (void)details;
    (void)acknowledge;
    print_instance(instance);
    if (!more) {
        listing->result = result;
        app_print("MI_Operation_Close", MI_Operation_Close(operation));
        sem_post(&listing->finished);
    }
}

static void on_session_closed(void *context)
{
    struct listing *listing = context;

    sem_post(&listing->session_closed);
}

static void start_listing(MI_Session *session, struct listing *listing, MI_Operation *operation)
{
    MI_OperationCallbacks callbacks = {.callbackContext = listing, .instanceResult = on_instance};

    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  operation);
}

int main(void)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    struct listing listing = {.result = MI_RESULT_FAILED};

    sem_init(&listing.finished, 0, 0);
    sem_init(&listing.session_closed, 0, 0);
    open_application(&application, "clean_async");
    open_session(&application, &session);
    start_listing(&session, &listing, &operation);
    wait_for(&listing.finished);
    app_print("enumeration", listing.result);
    app_print("MI_Session_Close", MI_Session_Close(&session, &listing, on_session_closed));
    wait_for(&listing.session_closed);
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return listing.result == MI_RESULT_OK ? 0 : 1;
}
