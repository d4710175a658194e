/* SPDX-License-Identifier: MIT */
/* Remembers what a text trace has said of addresses, so that each thing is passed on once. */
#ifndef MITRACE_SOURCE_TEXT_TOLD_H
#define MITRACE_SOURCE_TEXT_TOLD_H

#include "source/source.h"

/* A table of what has been told, to be released with g_hash_table_unref. */
GHashTable *text_told_new(void);

/* Whether `frame` says something else than was told of its address in its process last; remembers it. */
bool text_told_new_frame(GHashTable *told, const struct source_frame *frame);

#endif
