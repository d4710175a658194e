/* SPDX-License-Identifier: MIT */
/* Directories for a while, which no end of this process leaves behind: a trace that is only kept when
 * somebody will want to read it, copies to read. */
#ifndef MITRACE_VIEWER_SCRATCH_H
#define MITRACE_VIEWER_SCRATCH_H

#include <glib.h>

struct scratch;

/*
 * A new directory for us alone below TMPDIR (else /tmp). A process of its own removes it when this one ends
 * without having decided, be it by SIGKILL. NULL with one line in `error`, which names what it is wanted for
 * and gives an advice.
 */
struct scratch *scratch_create(const char *wanted_for, const char *advice, GError **error);

char *scratch_path(const struct scratch *scratch); /* owned by scratch */

/* Decide, and free: remove it with what is in it (symbolic links are removed, not followed), or leave it to
 * the user. NULL is allowed. */
void scratch_remove(struct scratch *scratch);
void scratch_keep(struct scratch *scratch);

/* A directory with what is in it, of one file system; symbolic links are removed, not followed. It is no
 * fault if it is gone already. */
void scratch_remove_tree(const char *directory);

#endif
