/* SPDX-License-Identifier: MIT */
/* DWARF of one module: which functions, inlined ones included, and which lines a link-time address stands
 * for. */
#ifndef MITRACE_SYMBOLS_DEBUG_INFO_H
#define MITRACE_SYMBOLS_DEBUG_INFO_H

#include "symbols/search.h"

struct symbols_debug_info;

/* elf (NULL allowed) and strings must outlive the result; search finds the file dwz split off. NULL when elf
 * has no usable DWARF. symbols_debug_info_free allows NULL. */
struct symbols_debug_info *symbols_debug_info_new(Elf *elf, const struct symbols_search *search,
                                                  GStringChunk *strings);
void symbols_debug_info_free(struct symbols_debug_info *info);

/* Appends the frames of a link-time address to frames (of struct symbols_frame), innermost first, the last
 * one not inlined; sets function, file, line and inlined. Appends nothing where there is no debug
 * information. */
void symbols_debug_info_find(struct symbols_debug_info *info, uint64_t address, GArray *frames);

#endif
