/* SPDX-License-Identifier: MIT */
/* C++ names as their authors wrote them. */
#ifndef MITRACE_SYMBOLS_DEMANGLE_H
#define MITRACE_SYMBOLS_DEMANGLE_H

/* The readable form of a mangled C++ name, to be released with free(). NULL when the name is not mangled, is
 * invalid or too large, or when this machine has no libstdc++.so.6. */
char *symbols_demangle(const char *name);

#endif
