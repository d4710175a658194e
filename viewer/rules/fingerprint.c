/* SPDX-License-Identifier: MIT */
/*
 * A finding's fingerprint: what stays equal when the same program is run again, at other addresses or with
 * lines moved. It is made of the rule, the kind of handle and the names of the functions in its stacks.
 */
#include "rules/rules_internal.h"

#include <string.h>

enum { DIGITS = 16 };

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* The C library's start-up code is not the program's and differs between machines. */
static bool is_start(const struct symbols_frame *frame)
{
    const char *module = frame->module == NULL ? "" : base_name(frame->module);

    return g_str_has_prefix(module, "libc.so.") || g_str_has_prefix(module, "ld-linux") ||
           g_strcmp0(frame->function, "_start") == 0;
}

static void append_frame(GString *text, const struct symbols_frame *frame)
{
    if (is_start(frame)) {
        return;
    }
    if (frame->function != NULL) {
        g_string_append_printf(text, " %s", frame->function);
    } else if (frame->module != NULL) {
        g_string_append_printf(text, " %s+%" G_GINT64_MODIFIER "x", base_name(frame->module), frame->offset);
    } else {
        g_string_append(text, " ?");
    }
}

static void append_site(GString *text, const struct rules *rules, const struct model_site *site)
{
    g_string_append_printf(text, "|%s", mi_functions[site->function].name);
    for (uint32_t i = 0; site->stack != NULL && i < site->stack->depth; i++) {
        size_t count;
        const struct symbols_frame *frames =
            rules_frames(rules, site->thread->process, site->stack->addresses[i], &count);
        for (size_t j = 0; j < count; j++) {
            append_frame(text, &frames[j]);
        }
    }
}

static char *make(const struct rules *rules, const struct finding *finding)
{
    g_autoptr(GString) text = g_string_new(finding->rule->id);

    g_string_append_printf(text, "|%s", mi_kinds[finding->handle.kind].word);
    append_site(text, rules, &finding->created);
    append_site(text, rules, &finding->at);
    return g_compute_checksum_for_string(G_CHECKSUM_SHA256, text->str, -1);
}

/* Places that only lines tell apart get different numbers, so that a second one is not taken for the first.
 */
static void set(struct finding *finding, char *base, GHashTable *seen)
{
    unsigned number = GPOINTER_TO_UINT(g_hash_table_lookup(seen, base));
    g_autofree char *numbered = g_strdup_printf("%s#%u", base, number);

    g_free(finding->fingerprint);
    finding->fingerprint =
        number == 0 ? g_strdup(base) : g_compute_checksum_for_string(G_CHECKSUM_SHA256, numbered, -1);
    finding->fingerprint[DIGITS] = '\0';
    g_hash_table_insert(seen, base, GUINT_TO_POINTER(number + 1));
}

static void set_all(const struct rules *rules, GPtrArray *findings)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < findings->len; i++) {
        struct finding *finding = findings->pdata[i];
        set(finding, make(rules, finding), seen);
        set_all(rules, finding->consequences);
    }
}

void rules_fingerprint(struct rules *rules)
{
    set_all(rules, rules->findings);
}
