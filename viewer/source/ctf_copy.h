/* SPDX-License-Identifier: MIT */
/*
 * A private copy of a damaged trace that libbabeltrace2 can read: complete packets only, no index. What is
 * whole is linked, not copied. The copy disappears even when this process is killed.
 */
#ifndef MITRACE_SOURCE_CTF_COPY_H
#define MITRACE_SOURCE_CTF_COPY_H

#include <glib.h>
#include <stdbool.h>

struct ctf_copy;

/* A place for copies in the directory for temporary files, with one reference. NULL and `error`: none can be
 * made. */
struct ctf_copy *ctf_copy_new(GError **error);
struct ctf_copy *ctf_copy_ref(struct ctf_copy *copy); /* NULL is allowed, here and below */
void ctf_copy_unref(struct ctf_copy *copy);           /* the last one removes the copies */

/*
 * Copy those files (struct ctf_file *) of a trace directory. `metadata` is its metadata as text, NULL: it is
 * in order. Returns the path of the copy, to be freed; NULL and `error`: not possible.
 */
char *ctf_copy_add(struct ctf_copy *copy, const char *directory, const GPtrArray *files, const char *metadata,
                   GError **error);

#endif
