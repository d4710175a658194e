/* SPDX-License-Identifier: MIT */
/* Correct: starting calls that fail at once. Their callback runs inside the call; such an operation owns
 * nothing, can be read again and again, and neither closing nor leaving it open disturbs the session. */
#include "app_support.h"

#include <pthread.h>
#include <stdio.h>

static pthread_t starter;

static void on_failure(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                       MI_Result result, const MI_Char *message, const MI_Instance *details,
                       MI_ResultAcknowledgement acknowledge)
{
    const char **where = context;

    (void)operation;
    (void)message;
    (void)details;
    printf("callback of %s: %s, instance %s, more %d, acknowledgement %s, %s thread\n", *where,
           app_result_name(result), instance != NULL ? "given" : "none", more,
           acknowledge != NULL ? "owed" : "none", pthread_equal(pthread_self(), starter) ? "same" : "other");
}

static void start_asynchronously(MI_Session *session)
{
    const char *where = "MI_Session_GetInstance";
    MI_Operation operation;
    MI_OperationCallbacks callbacks = {.callbackContext = &where, .instanceResult = on_failure};

    MI_Session_GetInstance(session, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, NULL, app_namespace(), NULL,
                           &callbacks, &operation);
    printf("words %s the session's\n",
           operation.reserved1 == session->reserved1 && operation.reserved2 == session->reserved2
               ? "are"
               : "are not");
    app_print("MI_Operation_Cancel", MI_Operation_Cancel(&operation, 0));
    app_print("MI_Operation_Close", MI_Operation_Close(&operation));
    app_print("MI_Operation_Close again", MI_Operation_Close(&operation));
}

/* Never closed: the session does not know of it. */
static void start_synchronously(MI_Session *session)
{
    MI_Operation operation;
    MI_Session alias;

    MI_Session_Invoke(session, 0, NULL, app_namespace(), app_class(), NULL, NULL, NULL, NULL, &operation);
    app_print("first reading", drain_instances(&operation, NULL));
    app_print("second reading", drain_instances(&operation, NULL));
    app_print("MI_Operation_GetSession", MI_Operation_GetSession(&operation, &alias));
}

static void start_on_an_empty_handle(void)
{
    MI_Session nowhere = {.reserved1 = 0};
    MI_Operation operation;
    const char *where = "MI_Session_EnumerateInstances on an empty handle";
    MI_OperationCallbacks callbacks = {.callbackContext = &where, .instanceResult = on_failure};

    MI_Session_EnumerateInstances(&nowhere, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  &operation);
}

int main(void)
{
    MI_Application application;
    MI_Session session;

    starter = pthread_self();
    open_application(&application, "failed_start");
    open_session(&application, &session);
    start_asynchronously(&session);
    start_synchronously(&session);
    start_on_an_empty_handle();
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, NULL));
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return 0;
}
