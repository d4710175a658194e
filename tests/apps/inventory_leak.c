/* SPDX-License-Identifier: MIT */
/* The demo's leaks: an operation that failed is not closed, and the copy of the newest product is replaced
 * without being deleted. The process then ends without closing anything, because that would hang. */
#include "inventory.h"

#include <stdio.h>

enum { ROUNDS = 3 };

static void remember(struct inventory *inventory, const MI_Instance *product)
{
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
        return result;
    }
    return MI_Operation_Close(&operation);
}

int inventory_leak(void)
{
    struct inventory inventory;

    inventory_connect(&inventory);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (const char *const *class_name = inventory_classes(); *class_name != NULL; class_name++) {
            inventory.failures += count_class(&inventory, *class_name) != MI_RESULT_OK;
        }
    }
    inventory_report(&inventory);
    return 0;
}
