/* SPDX-License-Identifier: MIT */
/* Where the parts of mitrace are, in the build tree and installed. */
#ifndef MITRACE_VIEWER_PATHS_H
#define MITRACE_VIEWER_PATHS_H

#include <glib.h>

/*
 * Absolute path of libmitrace.so: what MITRACE_PRELOAD names, else the one beside this program in the build
 * tree or below its prefix, else the one of the configured library directory. NULL with one line in `error`.
 * The caller frees it.
 */
char *paths_preload(GError **error);

#endif
