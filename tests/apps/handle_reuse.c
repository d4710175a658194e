/* SPDX-License-Identifier: MIT */
/* Correct: one MI_Operation struct serves several operations; its owner closes it and starts the next one in
 * the callback of the one before, and the last callback frees the memory that holds it. */
#include "app_support.h"

#include <stdlib.h>

struct poll {
    MI_Operation operation;
    MI_Session *session;
    sem_t *finished;
    unsigned rounds_left;
};

static void on_instance(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge);

static void start_round(struct poll *poll)
{
    MI_OperationCallbacks callbacks = {.callbackContext = poll, .instanceResult = on_instance};

    MI_Session_EnumerateInstances(poll->session, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  &poll->operation);
}

static void finish_polling(struct poll *poll)
{
    sem_t *finished = poll->finished;

    free(poll);
    sem_post(finished);
}

static void on_instance(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge)
{
    struct poll *poll = context;

    (void)operation;
    (void)message;
    (void)details;
    (void)acknowledge;
    print_instance(instance);
    if (more) {
        return;
    }
    app_print("round", result);
    MI_Operation_Close(&poll->operation);
    if (--poll->rounds_left > 0) {
        start_round(poll);
    } else {
        finish_polling(poll);
    }
}

int main(void)
{
    MI_Application application;
    MI_Session session;
    sem_t finished;
    struct poll *poll = malloc(sizeof *poll);

    if (poll == NULL) {
        return 1;
    }
    sem_init(&finished, 0, 0);
    open_application(&application, "handle_reuse");
    open_session(&application, &session);
    *poll = (struct poll){.session = &session, .finished = &finished, .rounds_left = 4};
    start_round(poll);
    wait_for(&finished);
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, NULL));
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return 0;
}
