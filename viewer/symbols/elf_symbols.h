/* SPDX-License-Identifier: MIT */
/* Function names from ELF symbol tables, for code without debug information. */
#ifndef MITRACE_SYMBOLS_ELF_SYMBOLS_H
#define MITRACE_SYMBOLS_ELF_SYMBOLS_H

#include <gelf.h>
#include <stdint.h>

struct symbols_elf_symbols;

/* Reads a symbol table of elf, which must outlive the result: ".symtab" or ".dynsym". NULL when elf is NULL
 * or has no such table. */
struct symbols_elf_symbols *symbols_elf_symbols_new(Elf *elf, const char *table);
void symbols_elf_symbols_free(struct symbols_elf_symbols *symbols);

/* The function whose [value, value + size) holds a link-time address, as the table spells it; NULL if none.
 */
const char *symbols_elf_symbols_find(const struct symbols_elf_symbols *symbols, uint64_t address);

#endif
