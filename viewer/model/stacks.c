/* SPDX-License-Identifier: MIT */
/* Stacks, interned, and what was made at them. */
#include "model/model_internal.h"

#include <string.h>

static guint mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return (guint)(hash ^ hash >> 32);
}

static guint hash_stack(gconstpointer data)
{
    const struct model_stack *stack = data;
    guint hash = stack->depth;

    for (uint32_t i = 0; i < stack->depth; i++) {
        hash = mix(hash, stack->addresses[i]);
    }
    return hash;
}

static gboolean equal_stacks(gconstpointer left, gconstpointer right)
{
    const struct model_stack *a = left, *b = right;

    return a->depth == b->depth && memcmp(a->addresses, b->addresses, a->depth * sizeof(uint64_t)) == 0;
}

GHashTable *stacks_new(void)
{
    return g_hash_table_new_full(hash_stack, equal_stacks, g_free, NULL);
}

const struct model_stack *stacks_intern(struct model_process *process, const uint64_t *addresses,
                                        uint32_t depth)
{
    GHashTable *stacks = process->own->stacks;
    uint64_t room[1 + MI_STACK_MAX] = {0};
    struct model_stack *wanted = (struct model_stack *)room;
    struct model_stack *stack;

    G_STATIC_ASSERT(sizeof(struct model_stack) == sizeof(uint64_t));
    depth = MIN(depth, MI_STACK_MAX);
    if (depth == 0) {
        return NULL;
    }
    wanted->depth = depth;
    memcpy(wanted->addresses, addresses, depth * sizeof(uint64_t));
    stack = g_hash_table_lookup(stacks, wanted);
    if (stack == NULL) {
        stack = g_memdup2(wanted, sizeof(*stack) + depth * sizeof(uint64_t));
        stack->id = g_hash_table_size(stacks) + 1;
        g_hash_table_add(stacks, stack);
    }
    return stack;
}

static guint hash_origin(gconstpointer data)
{
    const struct model_origin *origin = data;

    return mix((uint64_t)origin->kind << 32 | origin->function, (uint64_t)(uintptr_t)origin->stack);
}

static gboolean equal_origins(gconstpointer left, gconstpointer right)
{
    const struct model_origin *a = left, *b = right;

    return a->kind == b->kind && a->function == b->function && a->stack == b->stack;
}

static void free_origin(gpointer data)
{
    struct model_origin *origin = data;

    model_set_site(&origin->closed_at, NULL);
    g_free(origin);
}

GHashTable *stacks_new_origins(void)
{
    return g_hash_table_new_full(hash_origin, equal_origins, free_origin, NULL);
}

struct model_origin *stacks_origin(struct model_process *process, const struct model_handle *handle)
{
    const struct model_origin wanted = {
        .kind = handle->kind, .function = handle->created.function, .stack = handle->created.stack};
    struct model_origin *origin = g_hash_table_lookup(process->own->origins, &wanted);

    if (origin == NULL) {
        origin = g_memdup2(&wanted, sizeof(wanted));
        g_hash_table_add(process->own->origins, origin);
    }
    return origin;
}
