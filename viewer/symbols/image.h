/* SPDX-License-Identifier: MIT */
/* Everything that is known about the code of one module file: its debug information and its symbol tables. */
#ifndef MITRACE_SYMBOLS_IMAGE_H
#define MITRACE_SYMBOLS_IMAGE_H

#include "symbols/search.h"

struct symbols_image;

/* Opens the files of a module. build_id as recorded, or NULL. search and strings must outlive the result.
 * Never returns NULL: an image for which no file was found knows nothing. */
struct symbols_image *symbols_image_new(const struct symbols_search *search, GStringChunk *strings,
                                        const char *path, GBytes *build_id);
void symbols_image_free(struct symbols_image *image);

/* Appends the frames of a link-time address to frames (of struct symbols_frame), at least one, innermost
 * first; sets function, file, line and inlined. */
void symbols_image_find(struct symbols_image *image, uint64_t address, GArray *frames);

#endif
