/* SPDX-License-Identifier: MIT */
/* The demo's deadlock: the callback that sees the last product shuts the client down. The session may be
 * closed there, for it is given a completion function; closing the application waits for this very callback
 * to return. */
#include "inventory.h"

struct stocktaking {
    struct inventory inventory;
    sem_t started;
    sem_t finished;
};

static void on_session_closed(void *context)
{
    (void)context;
}

static void shut_down(struct inventory *inventory)
{
    inventory_report(inventory);
    MI_Session_Close(&inventory->session, NULL, on_session_closed);
    MI_Application_Close(&inventory->application);
}

static void on_product(MI_Operation *operation, void *context, const MI_Instance *product, MI_Boolean more,
                       MI_Result result, const MI_Char *message, const MI_Instance *details,
                       MI_ResultAcknowledgement acknowledge)
{
    struct stocktaking *stocktaking = context;

    (void)message;
    (void)details;
    (void)acknowledge;
    stocktaking->inventory.products += product != NULL;
    stocktaking->inventory.failures += !more && result != MI_RESULT_OK;
    if (!more) {
        wait_for(&stocktaking->started);
        MI_Operation_Close(operation);
        shut_down(&stocktaking->inventory);
        sem_post(&stocktaking->finished);
    }
}

static void start_stocktaking(struct stocktaking *stocktaking)
{
    MI_Operation operation;
    MI_OperationCallbacks callbacks = {.callbackContext = stocktaking, .instanceResult = on_product};

    MI_Session_EnumerateInstances(&stocktaking->inventory.session, 0, NULL, app_namespace(), app_class(),
                                  MI_FALSE, &callbacks, &operation);
    sem_post(&stocktaking->started);
}

int inventory_deadlock(void)
{
    static struct stocktaking stocktaking;

    sem_init(&stocktaking.started, 0, 0);
    sem_init(&stocktaking.finished, 0, 0);
    inventory_connect(&stocktaking.inventory);
    start_stocktaking(&stocktaking);
    wait_for(&stocktaking.finished);
    return 0;
}
