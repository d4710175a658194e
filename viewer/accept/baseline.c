/* SPDX-License-Identifier: MIT */
/* Compares the findings that are present with those of a baseline. */
#include "accept/baseline.h"

void accept_known_free(struct accept_known *known)
{
    g_free(known->fingerprint);
    g_free(known->rule);
    g_free(known->message);
    g_free(known->function);
    g_free(known);
}

static void free_known(gpointer known)
{
    accept_known_free(known);
}

struct accept_baseline *accept_baseline_new(const char *path, bool update)
{
    struct accept_baseline *baseline = g_new0(struct accept_baseline, 1);

    baseline->path = g_strdup(path);
    baseline->known = g_ptr_array_new_with_free_func(free_known);
    baseline->by_fingerprint = g_hash_table_new(g_str_hash, g_str_equal);
    baseline->next = update ? g_ptr_array_new_with_free_func(free_known) : NULL;
    return baseline;
}

void accept_baseline_free(struct accept_baseline *baseline)
{
    if (baseline != NULL) {
        g_hash_table_unref(baseline->by_fingerprint);
        g_ptr_array_unref(baseline->known);
        g_clear_pointer(&baseline->next, g_ptr_array_unref);
        g_free(baseline->path);
        g_free(baseline);
    }
}

bool accept_baseline_add(struct accept_baseline *baseline, struct accept_known *known)
{
    g_ptr_array_add(baseline->known, known);
    return g_hash_table_insert(baseline->by_fingerprint, known->fingerprint, known);
}

/* What the update writes. An entry that stays as it is keeps its message, which may name lines that moved. */
static void add_next(struct accept_baseline *baseline, const struct accept_known *known, uint64_t count)
{
    struct accept_known *copy = g_new0(struct accept_known, 1);

    copy->fingerprint = g_strdup(known->fingerprint);
    copy->rule = g_strdup(known->rule);
    copy->message = g_utf8_make_valid(known->message, -1);
    copy->function = g_utf8_make_valid(known->function == NULL ? "" : known->function, -1);
    copy->count = count;
    g_ptr_array_add(baseline->next, copy);
}

uint64_t accept_baseline_take(struct accept_baseline *baseline, const struct accept_known *present)
{
    struct accept_known *known = g_hash_table_lookup(baseline->by_fingerprint, present->fingerprint);
    uint64_t count = known == NULL ? 0 : known->count;

    if (known != NULL) {
        known->left = present->count;
    }
    baseline->fresh += count == 0;
    baseline->grown += count > 0 && count < present->count;
    baseline->found += count >= present->count;
    if (baseline->next != NULL) {
        add_next(baseline, count == present->count ? known : present,
                 baseline->whole ? present->count : MAX(count, present->count));
    }
    return count;
}

void accept_baseline_pass(struct accept_baseline *baseline, const char *fingerprint)
{
    struct accept_known *known = g_hash_table_lookup(baseline->by_fingerprint, fingerprint);

    if (known != NULL) {
        known->left = known->count;
    }
}

void accept_baseline_finish(struct accept_baseline *baseline)
{
    for (guint i = 0; i < baseline->known->len; i++) {
        const struct accept_known *known = baseline->known->pdata[i];
        if (baseline->whole) {
            baseline->gone += known->left == 0;
            baseline->shrunk += known->left > 0 && known->left < known->count;
        } else if (known->left == 0 && baseline->next != NULL) {
            baseline->kept++;
            add_next(baseline, known, known->count);
        }
    }
}
