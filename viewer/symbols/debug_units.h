/* SPDX-License-Identifier: MIT */
/* An index of DWARF units and of the functions in them, by link-time address. */
#ifndef MITRACE_SYMBOLS_DEBUG_UNITS_H
#define MITRACE_SYMBOLS_DEBUG_UNITS_H

#include <elfutils/libdw.h>
#include <stdbool.h>
#include <stdint.h>

/* libdw's own look-up by address needs .debug_aranges, which clang does not write, and its scopes do not look
 * into namespaces; hence this index. Units are indexed at once, the functions of a unit when first asked for.
 */
struct symbols_debug_units;

/* dwarf must outlive the result. Never returns NULL; symbols_debug_units_free allows NULL. */
struct symbols_debug_units *symbols_debug_units_new(Dwarf *dwarf);
void symbols_debug_units_free(struct symbols_debug_units *units);

/* Finds the unit that holds address. function becomes the DIE of the function there; its addr is NULL when
 * the unit has none. Returns false when there is no unit. */
bool symbols_debug_units_find(struct symbols_debug_units *units, uint64_t address, Dwarf_Die *unit,
                              Dwarf_Die *function);

#endif
