/* SPDX-License-Identifier: MIT */
/* The demo program: demo_inventory deadlock|leak|fixed. See inventory.h. */
#include "inventory.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(void);
} variants[] = {
    {"deadlock", inventory_deadlock},
    {"leak", inventory_leak},
    {"fixed", inventory_fixed},
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof variants / sizeof variants[0]; i++) {
        if (strcmp(argv[1], variants[i].name) == 0) {
            return variants[i].run();
        }
    }
    fprintf(stderr, "usage: demo_inventory deadlock|leak|fixed\n");
    return 2;
}
