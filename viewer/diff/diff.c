/* SPDX-License-Identifier: MIT */
/* Compares two runs: findings by fingerprint, functions and handles by their numbers. */
#include "diff/diff.h"

#include <string.h>

const char *diff_word(enum diff_kind kind)
{
    static const char *const words[DIFF_KINDS] = {"new", "grown", "shrunk", "gone", "unchanged"};

    return words[kind];
}

static enum diff_kind kind_of(const struct diff_finding *before, const struct diff_finding *after)
{
    if (before == NULL) {
        return DIFF_NEW;
    }
    if (after == NULL) {
        return DIFF_GONE;
    }
    if (before->count != after->count) {
        return before->count < after->count ? DIFF_GROWN : DIFF_SHRUNK;
    }
    return DIFF_UNCHANGED;
}

static const struct diff_finding *shown(const struct diff_change *change)
{
    return change->after != NULL ? change->after : change->before;
}

static void add_change(struct diff *diff, const struct diff_finding *before, const struct diff_finding *after)
{
    struct diff_change change = {.kind = kind_of(before, after), .before = before, .after = after};

    g_array_append_val(diff->changes, change);
    diff->counts[change.kind]++;
    if (change.kind <= DIFF_GROWN && after->severity == FINDING_ERROR) {
        diff->worse = true;
    }
}

static gint compare_changes(gconstpointer left, gconstpointer right)
{
    const struct diff_change *a = left, *b = right;
    const struct diff_finding *first = shown(a), *second = shown(b);
    int rules = strcmp(first->rule, second->rule);

    if (a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    if (first->severity != second->severity) {
        return first->severity > second->severity ? -1 : 1;
    }
    return rules != 0 ? rules : strcmp(first->fingerprint, second->fingerprint);
}

static void compare_findings(struct diff *diff)
{
    GHashTableIter iterator;
    gpointer fingerprint, finding;

    g_hash_table_iter_init(&iterator, diff->after->findings);
    while (g_hash_table_iter_next(&iterator, &fingerprint, &finding)) {
        add_change(diff, g_hash_table_lookup(diff->before->findings, fingerprint), finding);
    }
    g_hash_table_iter_init(&iterator, diff->before->findings);
    while (g_hash_table_iter_next(&iterator, &fingerprint, &finding)) {
        if (!g_hash_table_contains(diff->after->findings, fingerprint)) {
            add_change(diff, finding, NULL);
        }
    }
    g_array_sort(diff->changes, compare_changes);
}

static bool has_changed(const struct diff_function *row)
{
    return row->calls.changed || row->failed.changed || row->unreturned.changed || row->p50.changed ||
           row->p99.changed;
}

static void compare_function(struct diff *diff, enum mi_function function)
{
    static const struct stats_function never;
    const struct stats_function *before = diff->before->stats->functions[function];
    const struct stats_function *after = diff->after->stats->functions[function];
    struct diff_function row = {.function = function};

    if (before == NULL && after == NULL) {
        return;
    }
    before = before == NULL ? &never : before;
    after = after == NULL ? &never : after;
    row.calls = diff_counts(before->calls, after->calls);
    row.failed = diff_counts(before->failures.count, after->failures.count);
    row.unreturned = diff_exact(before->calls - before->ended, after->calls - after->ended);
    row.p50 = diff_percentiles(&before->times, &after->times, 500);
    row.p99 = diff_percentiles(&before->times, &after->times, 990);
    if (has_changed(&row)) {
        g_array_append_val(diff->functions, row);
    }
}

static void compare_functions(struct diff *diff)
{
    if (diff->before->stats == NULL || diff->after->stats == NULL) {
        return;
    }
    diff->functions = g_array_new(FALSE, FALSE, sizeof(struct diff_function));
    for (unsigned i = 0; i < MI_FN_COUNT; i++) {
        compare_function(diff, (enum mi_function)i);
    }
}

static void compare_handles(struct diff *diff)
{
    for (unsigned kind = 0; kind < MI_KIND_COUNT; kind++) {
        const struct diff_handles *before = &diff->before->handles[kind];
        const struct diff_handles *after = &diff->after->handles[kind];
        struct diff_handle row = {.kind = (enum mi_kind)kind,
                                  .created = diff_counts(before->created, after->created),
                                  .open = diff_exact(before->open, after->open)};
        if (row.created.changed || row.open.changed) {
            g_array_append_val(diff->handles, row);
        }
    }
}

struct diff *diff_new(const struct diff_side *before, const struct diff_side *after)
{
    struct diff *diff = g_new0(struct diff, 1);

    diff->before = before;
    diff->after = after;
    diff->changes = g_array_new(FALSE, FALSE, sizeof(struct diff_change));
    diff->handles = g_array_new(FALSE, FALSE, sizeof(struct diff_handle));
    compare_findings(diff);
    compare_functions(diff);
    compare_handles(diff);
    return diff;
}

void diff_free(struct diff *diff)
{
    if (diff != NULL) {
        g_array_unref(diff->changes);
        g_array_unref(diff->handles);
        g_clear_pointer(&diff->functions, g_array_unref);
        g_free(diff);
    }
}
