/* SPDX-License-Identifier: MIT */
/*
 * The files of a directory in one input: before each a line "@ KIND NAME SIZE", behind it SIZE bytes and a
 * line feed. KIND is f for a file, p for a named pipe, l for a symbolic link, whose target the bytes are.
 * What is no such line ends the bundle; too large a SIZE means the rest.
 */
#ifndef MITRACE_FUZZ_BUNDLE_H
#define MITRACE_FUZZ_BUNDLE_H

#include "fuzz.h"

struct bundle_entry {
    char kind;
    char *name;
    GByteArray *bytes;
};

/* struct bundle_entry *, owned by the array. */
GPtrArray *bundle_read(const uint8_t *data, size_t size);

/* Write as many entries as fit into `limit` bytes; returns how many bytes that are. */
size_t bundle_write(const GPtrArray *entries, uint8_t *data, size_t limit);

/* Make the files below fuzz_directory(), which is emptied first. */
void bundle_unpack(const GPtrArray *entries);

#endif
