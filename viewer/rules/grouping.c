/* SPDX-License-Identifier: MIT */
/* Makes one finding of equal ones, also across processes of one program, and puts findings in the order of
 * reports. */
#include "rules/rules_internal.h"

#include <string.h>

static const struct model_module *find_module(const struct model_process *process, uint64_t address)
{
    for (guint i = process->modules->len; i > 0; i--) {
        const struct model_module *module = process->modules->pdata[i - 1];
        if (address >= module->start && address < module->end) {
            return module;
        }
    }
    return process->forked_from == NULL ? NULL : find_module(process->forked_from, address);
}

/* The same place in another process of the program has another address, but the same offset in its module. */
static void append_address(GString *key, const struct model_process *process, uint64_t address)
{
    const struct model_module *module = find_module(process, address);

    if (module != NULL) {
        g_string_append_printf(key, " %s+%" G_GINT64_MODIFIER "x", module->path, address - module->base);
    } else {
        g_string_append_printf(key, " %" G_GINT64_MODIFIER "x", address);
    }
}

static void append_site(GString *key, const struct model_site *site)
{
    g_string_append_printf(key, "|%d", (int)site->function);
    for (uint32_t i = 0; site->stack != NULL && i < site->stack->depth; i++) {
        append_address(key, site->thread->process, site->stack->addresses[i]);
    }
}

static bool has_stack(const struct finding *finding)
{
    return finding->created.stack != NULL || finding->at.stack != NULL;
}

/* What findings must share to be one. Without stacks nothing shows that two are alike. */
static char *key_of(const struct finding *finding, guint number)
{
    GString *key = g_string_new(finding->rule->id);

    g_string_append_printf(key, "|%d|%d|%s", (int)finding->severity, (int)finding->handle.kind,
                           finding->process == NULL ? "" : finding->process->path);
    append_site(key, &finding->created);
    append_site(key, &finding->at);
    if (!has_stack(finding)) {
        g_string_append_printf(key, "|%u", number);
    }
    return g_string_free(key, FALSE);
}

static bool has_consequence(const struct finding *finding, const struct finding *wanted)
{
    for (guint i = 0; i < finding->consequences->len; i++) {
        const struct finding *known = finding->consequences->pdata[i];
        if (known->at.thread == wanted->at.thread && known->at.time_ns == wanted->at.time_ns) {
            return true;
        }
    }
    return false;
}

/* One call may be stuck behind several of them. */
static void move_consequences(struct finding *into, struct finding *from)
{
    while (from->consequences->len > 0) {
        struct finding *consequence = g_ptr_array_steal_index(from->consequences, 0);
        if (has_consequence(into, consequence)) {
            finding_free(consequence);
        } else {
            g_ptr_array_add(into->consequences, consequence);
        }
    }
}

static void merge(struct finding *into, struct finding *from)
{
    into->count += from->count;
    into->first_ns = MIN(into->first_ns, from->first_ns);
    into->last_ns = MAX(into->last_ns, from->last_ns);
    into->certainty = MIN(into->certainty, from->certainty);
    move_consequences(into, from);
}

static void tell_merged(struct finding *finding, unsigned others)
{
    g_autofree char *message = g_strdup(finding->message);

    finding_set_message(finding, "%s (and the same %u more time%s)", message, others, others == 1 ? "" : "s");
}

static int compare_numbers(uint64_t left, uint64_t right)
{
    return (left > right) - (left < right);
}

static gint compare(gconstpointer left, gconstpointer right)
{
    static const int places[] = {
        [FINDING_DEADLOCK] = 0, [FINDING_MISUSE] = 1, [FINDING_LEAK] = 2, [FINDING_TRACE] = 3};
    const struct finding *a = *(const struct finding *const *)left,
                         *b = *(const struct finding *const *)right;
    const int orders[] = {
        places[a->rule->kind] - places[b->rule->kind],
        (int)b->severity - (int)a->severity,
        (int)a->certainty - (int)b->certainty,
        compare_numbers(a->chain->len, b->chain->len),
        compare_numbers(b->count, a->count),
        (a->first_ns > b->first_ns) - (a->first_ns < b->first_ns),
        strcmp(a->rule->id, b->rule->id),
        compare_numbers(a->handle.id, b->handle.id),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
        if (orders[i] != 0) {
            return orders[i];
        }
    }
    return 0;
}

/* The finding that `finding` is equal to; NULL when it is the first of its kind. */
static struct finding *find_equal(GHashTable *by_key, struct finding *finding, guint number)
{
    g_autofree char *key = key_of(finding, number);
    struct finding *known = g_hash_table_lookup(by_key, key);

    if (known == NULL) {
        g_hash_table_insert(by_key, g_steal_pointer(&key), finding);
    }
    return known;
}

static void count_other(GHashTable *others, struct finding *finding)
{
    unsigned count = GPOINTER_TO_UINT(g_hash_table_lookup(others, finding));

    g_hash_table_insert(others, finding, GUINT_TO_POINTER(count + 1));
}

static void tell_others(GHashTable *others)
{
    GHashTableIter iterator;
    gpointer finding, count;

    g_hash_table_iter_init(&iterator, others);
    while (g_hash_table_iter_next(&iterator, &finding, &count)) {
        tell_merged(finding, GPOINTER_TO_UINT(count));
    }
}

void rules_group(struct rules *rules)
{
    g_autoptr(GHashTable) by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) others = g_hash_table_new(NULL, NULL);
    GPtrArray *findings = rules->findings;
    guint kept = 0;

    for (guint i = 0; i < findings->len; i++) {
        struct finding *finding = findings->pdata[i];
        struct finding *known = find_equal(by_key, finding, i);
        findings->pdata[i] = NULL;
        if (known == NULL) {
            findings->pdata[kept++] = finding;
        } else {
            merge(known, finding);
            count_other(others, known);
            finding_free(finding);
        }
    }
    g_ptr_array_set_size(findings, (gint)kept);
    tell_others(others);
    g_ptr_array_sort(findings, compare);
}
