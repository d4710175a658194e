/* SPDX-License-Identifier: MIT */
/* A program that shows several variants of one behaviour; its argument names the one to run. */
#ifndef MITRACE_APPS_RULES_VARIANTS_H
#define MITRACE_APPS_RULES_VARIANTS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

struct variant {
    const char *name;
    void (*run)(void);
};

/* Runs the variant that argv[1] names and returns 0, or tells which there are and returns 2: the exit code of
 * main. */
int run_variant(int argc, char **argv, const struct variant *variants, size_t count);

#define RUN_VARIANT(argc, argv, variants) \
    run_variant((argc), (argv), (variants), sizeof(variants) / sizeof((variants)[0]))

#ifdef __cplusplus
}
#endif

#endif
