/* SPDX-License-Identifier: MIT */
/* A correct client that acknowledges each result itself: from another thread, which also closes everything.
 */
#include "app_support.h"

#include <stdio.h>

struct delivery {
    sem_t arrived;
    MI_Operation operation;
    MI_ResultAcknowledgement acknowledge;
    MI_Boolean more;
    MI_Result result;
};

/* Hands the result to main, which works on it for as long as it likes: nothing more comes before it answers.
 */
static void hand_over_instance(MI_Operation *operation, void *context, const MI_Instance *instance,
                               MI_Boolean more, MI_Result result, const MI_Char *message,
                               const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    struct delivery *delivery = context;

    (void)message;
    (void)details;
    print_instance(instance);
    delivery->operation = *operation;
    delivery->acknowledge = acknowledge;
    delivery->more = more;
    delivery->result = result;
    sem_post(&delivery->arrived);
}

static void acknowledge_until_the_end(struct delivery *delivery)
{
    MI_Boolean more;

    do {
        MI_Operation operation;

        wait_for(&delivery->arrived);
        more = delivery->more;
        operation = delivery->operation;
        app_require("acknowledgement", delivery->acknowledge(&operation));
    } while (more);
}

int main(void)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    struct delivery delivery = {.result = MI_RESULT_FAILED};
    MI_OperationCallbacks callbacks = {.callbackContext = &delivery, .instanceResult = hand_over_instance};

    sem_init(&delivery.arrived, 0, 0);
    open_application(&application, "clean_manual_ack");
    open_session(&application, &session);
    MI_Session_EnumerateInstances(&session, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, NULL, app_namespace(),
                                  app_class(), MI_FALSE, &callbacks, &operation);
    acknowledge_until_the_end(&delivery);
    app_print("enumeration", delivery.result);
    app_print("MI_Operation_Close", MI_Operation_Close(&operation));
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, NULL));
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return delivery.result == MI_RESULT_OK ? 0 : 1;
}
