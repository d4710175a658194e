/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share: bytes as files, and what must hold of everything that mitrace prints. A check
 * that fails aborts, which libFuzzer takes for a crash.
 */
#ifndef MITRACE_FUZZ_FUZZ_H
#define MITRACE_FUZZ_FUZZ_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Each target defines it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* libFuzzer's: change up to `limit` bytes at `data`, of which `size` are used; returns the new size. */
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t limit);

/* A file in memory with these bytes, until the next call with this `slot` (0 or 1). Returns its path. */
const char *fuzz_file(unsigned slot, const uint8_t *data, size_t size);

/* An empty directory of this process's own below TMPDIR, the same at every call, removed at the end. */
const char *fuzz_directory(void);

/* Write or replace a file in it; `name` may have folders. False: that is no name that can be made. */
bool fuzz_put(const char *name, const uint8_t *data, size_t size);

/* Cut the last byte off a file in it. False: there is no such file, or nothing in it. */
bool fuzz_cut(const char *name);

/* Remove what is in it. */
void fuzz_empty_directory(void);

/* Text for people: UTF-8 without control characters but line feeds, nothing that turns the direction of
 * writing. `what` names the output in the message. */
void fuzz_check_text(const char *what, const char *text, size_t length);

/* JSON that parses, and says the same when it is printed and parsed again. */
void fuzz_check_json(const char *what, const char *text);

/* An error that was returned: there is one, with one line of text. */
void fuzz_check_error(const GError *error);

#endif
