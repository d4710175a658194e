/* SPDX-License-Identifier: MIT */
/* The LTTng traces in a directory. */
#ifndef MITRACE_SOURCE_CTF_FIND_H
#define MITRACE_SOURCE_CTF_FIND_H

#include <glib.h>

/* Directories that are parts of one trace: LTTng rotates into a new directory but goes on counting. */
struct ctf_trace {
    char *uuid;       /* as hex digits; NULL when the metadata does not tell */
    GPtrArray *paths; /* char *, absolute, at least one, sorted */
};

void ctf_trace_free(void *trace);

/* Every trace in `path` or below, struct ctf_trace *, sorted; symbolic links are not followed. Caller unrefs.
 */
GPtrArray *ctf_find(const char *path);

#endif
