/* SPDX-License-Identifier: MIT */
/* Which packets of LTTng stream files are complete, found out from their headers alone. */
#ifndef MITRACE_SOURCE_CTF_PACKETS_H
#define MITRACE_SOURCE_CTF_PACKETS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A file in a trace directory, not the metadata. */
struct ctf_file {
    char *name;
    uint64_t size;
    uint64_t whole;   /* bytes from the beginning that are complete packets */
    bool is_stream;   /* begins as a stream of LTTng's, or is empty */
    const char *flaw; /* why the rest cannot be read; NULL: nothing wrong */
};

enum ctf_files_state {
    CTF_FILES_WHOLE,
    CTF_FILES_FLAWED, /* some file has a flaw */
    CTF_FILES_OTHER   /* no file looks like LTTng's: another tracer's trace, of which nothing is known here */
};

/* The files of a trace directory, struct ctf_file *, sorted by name; the caller unrefs. */
GPtrArray *ctf_check_files(const char *directory, enum ctf_files_state *state);

#endif
