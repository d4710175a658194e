/* SPDX-License-Identifier: MIT */
/* The demo: what its variants share. See inventory.h. */
#include "inventory.h"

#include <stdio.h>

void inventory_connect(struct inventory *inventory)
{
    *inventory = (struct inventory){.products = 0};
    open_application(&inventory->application, "inventory");
    open_session(&inventory->application, &inventory->session);
}

void inventory_disconnect(struct inventory *inventory)
{
    MI_Session_Close(&inventory->session, NULL, NULL);
    MI_Application_Close(&inventory->application);
}

const char *const *inventory_classes(void)
{
    static const char *classes[] = {NULL, "OMI_Warehouse", "OMI_Shelf", NULL};

    classes[0] = app_class();
    return classes;
}

void inventory_report(const struct inventory *inventory)
{
    printf("%u products, %u classes could not be read\n", inventory->products, inventory->failures);
    if (inventory->newest != NULL) {
        printf("newest:\n");
        print_instance(inventory->newest);
    }
    fflush(stdout);
}
