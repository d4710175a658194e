/* SPDX-License-Identifier: MIT */
/* Addresses of a traced process to function, file and line, from the modules the trace recorded. */
#ifndef MITRACE_SYMBOLS_SYMBOLS_H
#define MITRACE_SYMBOLS_SYMBOLS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One logical frame. An address yields several when functions were inlined there, innermost first.
 * function and file come from foreign files; they are made valid UTF-8 without control characters. */
struct symbols_frame {
    const char *function; /* C++ names demangled; NULL when unknown */
    const char *file;     /* as DWARF has it, compilation directory joined, "." and ".." resolved; or NULL */
    unsigned line;        /* 0 when unknown */
    const char *module;   /* path as recorded, NULL when the address is in none */
    uint64_t address;     /* what was looked up */
    uint64_t offset; /* address minus the bias of the module (addr2line's address); address if no module */
    bool inlined;    /* into the next frame of the same address */
};

/* Where to look for files. Both members may be NULL. Copied, the caller keeps its own. */
struct symbols_options {
    const char *sysroot;         /* every file is looked for below this directory, links included */
    const GPtrArray *debug_dirs; /* of char *, absolute: searched like, and before, /usr/lib/debug */
};

/* The symbols of one traced process. Not safe for use by two threads at once; two objects are independent.
 * Never uses the network. */
struct symbols;

/* options may be NULL. Never returns NULL. */
struct symbols *symbols_new(const struct symbols_options *options);

/* Frees everything lookups returned, too. NULL is allowed. */
void symbols_free(struct symbols *symbols);

/* Tells that [start, end) holds the ELF file path, whose link-time addresses are moved by bias (dlpi_addr of
 * dl_iterate_phdr: 0 for an executable that is not PIE, which is why start is given as well). path must not
 * be NULL. build_id: build_id_len bytes, copied; length 0 when the module has none or it is not known, then
 * the file is taken as it is. Modules that overlap are replaced: dlclose leaves ranges to other modules.
 * Files are opened by the first lookup that needs them. */
void symbols_add_module(struct symbols *symbols, uint64_t bias, uint64_t start, uint64_t end,
                        const char *path, const uint8_t *build_id, size_t build_id_len);

/* States what is at an address, for traces that carry names. Wins over modules; the last call for an address
 * counts. function, file and module may be NULL; strings are copied. */
void symbols_add_known(struct symbols *symbols, uint64_t address, const char *function, const char *file,
                       unsigned line, const char *module, uint64_t offset);

/* What a return address belongs to: function and line are those of the call, at address - 1. Returns *count
 * frames, at least one; owned by symbols and valid until symbols_free, whatever is added later. */
const struct symbols_frame *symbols_lookup(struct symbols *symbols, uint64_t address, size_t *count);

#endif
