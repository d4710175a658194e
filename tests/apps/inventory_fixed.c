/* SPDX-License-Identifier: MIT */
/* The demo without the mistakes: every operation is read to its end and closed, also when it failed; every
 * copy is deleted; session and application are closed last, and not by a callback. */
#include "inventory.h"

#include <stdio.h>

enum { ROUNDS = 3 };

static void forget(struct inventory *inventory)
{
    if (inventory->newest != NULL) {
        MI_Instance_Delete(inventory->newest);
        inventory->newest = NULL;
    }
}

static void remember(struct inventory *inventory, const MI_Instance *product)
{
    forget(inventory);
    inventory->products++;
    MI_Instance_Clone(product, &inventory->newest);
}

static MI_Result read_products(struct inventory *inventory, MI_Operation *operation)
{
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    while (more) {
        const MI_Instance *product = NULL;

        MI_Operation_GetInstance(operation, &product, &more, &result, NULL, NULL);
        if (product != NULL) {
            remember(inventory, product);
        }
    }
    return result;
}

static MI_Result count_class(struct inventory *inventory, const char *class_name)
{
    MI_Operation operation;
    MI_Result result;

    MI_Session_EnumerateInstances(&inventory->session, 0, NULL, app_namespace(), class_name, MI_FALSE, NULL,
                                  &operation);
    result = read_products(inventory, &operation);
    if (result != MI_RESULT_OK) {
        fprintf(stderr, "%s: %s\n", class_name, app_result_name(result));
    }
    MI_Operation_Close(&operation);
    return result;
}

int inventory_fixed(void)
{
    struct inventory inventory;

    inventory_connect(&inventory);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (const char *const *class_name = inventory_classes(); *class_name != NULL; class_name++) {
            inventory.failures += count_class(&inventory, *class_name) != MI_RESULT_OK;
        }
    }
    inventory_report(&inventory);
    forget(&inventory);
    inventory_disconnect(&inventory);
    return 0;
}
