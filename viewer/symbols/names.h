/* SPDX-License-Identifier: MIT */
/* Turns the strings of foreign files into strings that can be printed and compared. */
#ifndef MITRACE_SYMBOLS_NAMES_H
#define MITRACE_SYMBOLS_NAMES_H

#include <glib.h>

/* All results are interned in strings (equal texts are equal pointers), valid UTF-8, without control
 * characters. NULL gives NULL. */

/* A name as it is. */
const char *symbols_name_text(GStringChunk *strings, const char *text);

/* A function's name from a symbol table or a linkage name: demangled, without version and clone suffix. */
const char *symbols_name_function(GStringChunk *strings, const char *symbol);

/* A source file's path with ".", ".." and doubled slashes resolved in the text; relative ones stay relative.
 */
const char *symbols_name_file(GStringChunk *strings, const char *path);

#endif
