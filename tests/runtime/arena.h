/* SPDX-License-Identifier: MIT */
/* Memory that is freed all at once. */
#ifndef MITRACE_RUNTIME_ARENA_H
#define MITRACE_RUNTIME_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks;
};

/* Zeroed memory; the program ends if there is none. */
void *arena_take(struct arena *arena, size_t size);

/* A copy of the text; NULL for NULL. */
char *arena_text(struct arena *arena, const char *text);

void arena_free(struct arena *arena);

#endif
