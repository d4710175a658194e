/* SPDX-License-Identifier: MIT */
/* Finds the files that belong to a module, and only those that provably do. */
#ifndef MITRACE_SYMBOLS_SEARCH_H
#define MITRACE_SYMBOLS_SEARCH_H

#include "symbols/symbols.h"

#include <gelf.h>

struct symbols_search;

/* options may be NULL. Never returns NULL. */
struct symbols_search *symbols_search_new(const struct symbols_options *options);
void symbols_search_free(struct symbols_search *search);

/* All results: NULL when not found, to be released with elf_end. Paths are those the traced process used. */

/* The module itself; with a build-id (may be NULL) only if the file still has that one. */
Elf *symbols_search_module(const struct symbols_search *search, const char *path, GBytes *build_id);

/* A separate debug file by build-id, in .build-id/ of each debug directory. */
Elf *symbols_search_build_id(const struct symbols_search *search, GBytes *build_id);

/* The separate debug file that .gnu_debuglink of a module names; proven by build_id, or by its checksum when
 * build_id is NULL. */
Elf *symbols_search_debug_link(const struct symbols_search *search, const char *path, Elf *module,
                               GBytes *build_id);

/* The file that holds what dwz moved out of several debug files: by build-id, then by the name given. */
Elf *symbols_search_alternate(const struct symbols_search *search, const char *name, GBytes *build_id);

#endif
