/* SPDX-License-Identifier: MIT */
/* Remembers what a text trace has said of addresses. */
#include "source/text_told.h"

static guint hash_place(gconstpointer key)
{
    const struct source_frame *frame = key;
    return (guint)(frame->address ^ (frame->address >> 32)) ^ (frame->pid << 16);
}

static gboolean same_place(gconstpointer a, gconstpointer b)
{
    const struct source_frame *first = a, *second = b;
    return first->address == second->address && first->pid == second->pid;
}

static bool same_names(const struct source_frame *a, const struct source_frame *b)
{
    return a->line == b->line && a->offset == b->offset && g_strcmp0(a->function, b->function) == 0 &&
           g_strcmp0(a->file, b->file) == 0 && g_strcmp0(a->module, b->module) == 0;
}

static struct source_frame *copy_frame(const struct source_frame *frame)
{
    struct source_frame *copy = g_memdup2(frame, sizeof(*frame));

    copy->function = g_strdup(frame->function);
    copy->file = g_strdup(frame->file);
    copy->module = g_strdup(frame->module);
    return copy;
}

static void free_frame(void *data)
{
    struct source_frame *frame = data;

    g_free((char *)frame->function);
    g_free((char *)frame->file);
    g_free((char *)frame->module);
    g_free(frame);
}

GHashTable *text_told_new(void)
{
    return g_hash_table_new_full(hash_place, same_place, free_frame, NULL);
}

bool text_told_new_frame(GHashTable *told, const struct source_frame *frame)
{
    const struct source_frame *last = g_hash_table_lookup(told, frame);

    if (last != NULL && same_names(last, frame)) {
        return false;
    }
    g_hash_table_add(told, copy_frame(frame));
    return true;
}
