/* SPDX-License-Identifier: MIT */
/* Entries for a suppression file: one for each finding that nothing accepts yet. */
#include "report/prose.h"
#include "report/report.h"
#include "report/safe.h"

static GPtrArray *find_stack(void *context, const struct model_site *site)
{
    return analysis_stack(context, site);
}

/* The findings that one entry describes. */
struct group {
    char *entry;
    const struct finding *first;
    unsigned count;
};

static void free_group(gpointer data)
{
    struct group *group = data;

    g_free(group->entry);
    g_free(group);
}

static void add(GPtrArray *groups, GHashTable *by_entry, char *entry, const struct finding *finding)
{
    struct group *group = g_hash_table_lookup(by_entry, entry);

    if (group != NULL) {
        group->count++;
        g_free(entry);
        return;
    }
    group = g_new0(struct group, 1);
    *group = (struct group){.entry = entry, .first = finding, .count = 1};
    g_ptr_array_add(groups, group);
    g_hash_table_insert(by_entry, entry, group);
}

static GPtrArray *group_all(const struct analysis *analysis)
{
    const struct accept_stacks stacks = {.find = find_stack, .context = (void *)analysis};
    g_autoptr(GHashTable) by_entry = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *groups = g_ptr_array_new_with_free_func(free_group);

    for (guint i = 0; i < analysis->findings->len; i++) {
        const struct finding *finding = analysis->findings->pdata[i];
        if (finding->suppressed_by == NULL && finding->rule->kind != FINDING_TRACE) {
            add(groups, by_entry, accept_entry_for(finding, &stacks), finding);
        }
    }
    return groups;
}

static void append_group(GString *out, const struct group *group)
{
    g_string_append(out, "# ");
    report_append_safe(out, group->first->message);
    if (group->count > 1) {
        g_string_append(out, " (and ");
        report_append_count(out, group->count - 1, "other finding", "other findings");
        g_string_append(out, " there)");
    }
    g_string_append_printf(out, "\n%s\n    # reason: not examined yet\n", group->entry);
}

static bool write_suppressions(FILE *out, const struct analysis *analysis, const struct report_style *style,
                               GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GPtrArray) groups = group_all(analysis);

    (void)style;
    (void)error;
    for (guint i = 0; i < groups->len; i++) {
        g_string_append(text, i == 0 ? "" : "\n");
        append_group(text, groups->pdata[i]);
    }
    if (groups->len == 0) {
        g_string_append(text, "# There is nothing to suppress.\n");
    }
    fwrite(text->str, 1, text->len, out);
    return true;
}

const struct report_format report_suppressions = {
    .name = "suppressions",
    .description = "entries for a suppression file",
    .write = write_suppressions,
};
