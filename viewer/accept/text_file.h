/* SPDX-License-Identifier: MIT */
/* Files that people keep beside their program: read whole, but never more than they can sensibly be. */
#ifndef MITRACE_ACCEPT_TEXT_FILE_H
#define MITRACE_ACCEPT_TEXT_FILE_H

#include <glib.h>

#define ACCEPT_FILE_MAX (8u << 20) /* bytes */

/* What every error of this room belongs to; the codes say nothing. */
GQuark accept_error_quark(void);

/* The text of the file at `path`, which the caller frees; NULL with one line in `error` when it cannot be
 * read, is longer than ACCEPT_FILE_MAX, or holds a NUL byte. */
char *accept_read_text(const char *path, GError **error);

#endif
