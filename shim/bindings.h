/* SPDX-License-Identifier: MIT */
/* The bindings of a loaded object: what its global offset table leads to, and leading it elsewhere. */
#ifndef MITRACE_SHIM_BINDINGS_H
#define MITRACE_SHIM_BINDINGS_H

#include <link.h>
#include <stdbool.h>
#include <stddef.h>

/* The parts of an object's dynamic section that name its bindings. */
struct bindings {
    const ElfW(Sym) * symbols;
    const char *strings;
    size_t strings_size;
    const ElfW(Rela) * tables[2];
    size_t sizes[2];
};

/* False: the object has none. Reads the loader's memory: `entry` is a dynamic section that is mapped. */
bool bindings_read(const ElfW(Dyn) * entry, struct bindings *bindings);

/* Is `name` the DT_SONAME of `object`? */
bool bindings_has_soname(const struct link_map *object, const char *name);

/* What a binding leads to that passes us by, and where it is to lead. */
struct detour {
    const char *name;
    void *passes_by; /* NULL: whatever is there */
    void *ours;
};

/*
 * Mend the bindings of one name in `object`, which stays loaded meanwhile. What leads to a third party's
 * function stays: it stands before us. Any number of threads may do it at once.
 */
void bindings_mend(const struct link_map *object, const struct detour *detour);

/* libc's own function, whoever stands before it; NULL: it has none of this name. */
void *bindings_find_in_libc(const char *name);

#endif
