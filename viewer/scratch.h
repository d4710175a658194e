/* SPDX-License-Identifier: MIT */
/* A directory for a trace that is only kept when somebody will want to read it. */
#ifndef MITRACE_VIEWER_SCRATCH_H
#define MITRACE_VIEWER_SCRATCH_H

#include <glib.h>

/* A new directory for us alone below TMPDIR (else /tmp); the caller frees the path. NULL with one line in
 * `error`. */
char *scratch_create(GError **error);

/* Remove it and what is in it; symbolic links are removed, not followed. */
void scratch_remove(const char *directory);

#endif
