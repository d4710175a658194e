/* SPDX-License-Identifier: MIT */
/* See variants.h. */
#include "variants.h"

#include <stdio.h>
#include <string.h>

static int show_usage(const char *program, const struct variant *variants, size_t count)
{
    fprintf(stderr, "usage: %s VARIANT, one of:\n", program);
    for (size_t i = 0; i < count; i++) {
        fprintf(stderr, "  %s\n", variants[i].name);
    }
    return 2;
}

int run_variant(int argc, char **argv, const struct variant *variants, size_t count)
{
    for (size_t i = 0; argc == 2 && i < count; i++) {
        if (strcmp(variants[i].name, argv[1]) == 0) {
            variants[i].run();
            return 0;
        }
    }
    return show_usage(argv[0], variants, count);
}
