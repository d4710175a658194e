/* SPDX-License-Identifier: MIT */
/* How handles, places and results are called in messages and advice. */
#include "rules/rules_internal.h"

#include "symbols/format.h"

char *rules_handle_title(const struct model_handle *handle)
{
    return g_strdup_printf("%s %u", mi_kinds[handle->kind].title, handle->id);
}

char *rules_handle_titles(const GPtrArray *handles)
{
    g_autofree char *first = rules_handle_title(handles->pdata[0]);

    return handles->len == 1 ? g_steal_pointer(&first)
                             : g_strdup_printf("%s and %u more", first, handles->len - 1);
}

char *rules_kind_title(enum mi_kind kind, uint64_t count)
{
    const char *title = mi_kinds[kind].title;

    if (count == 1 || g_str_has_suffix(title, "options")) {
        return g_strdup(title);
    }
    return g_strconcat(title, g_str_has_suffix(title, "s") ? "es" : "s", NULL);
}

const struct symbols_frame *rules_frames(const struct rules *rules, struct model_process *process,
                                         uint64_t address, size_t *count)
{
    *count = 0;
    return rules->namer == NULL ? NULL : rules->namer(rules->context, process, address, count);
}

char *rules_site_name(const struct rules *rules, const struct model_site *site)
{
    const struct symbols_frame *frames;
    g_autoptr(GString) name = g_string_new(NULL);
    size_t count;

    if (site->thread == NULL || site->stack == NULL) {
        return NULL;
    }
    frames = rules_frames(rules, site->thread->process, site->stack->addresses[0], &count);
    if (count == 0) {
        return NULL;
    }
    symbols_format_frame(name, &frames[0]);
    return g_strdup(name->str);
}

char *rules_in(const struct rules *rules, const struct model_site *site)
{
    g_autofree char *name = rules_site_name(rules, site);

    return name == NULL ? g_strdup("") : g_strdup_printf(" in %s", name);
}

char *rules_made_in(const struct rules *rules, const struct model_handle *handle)
{
    g_autofree char *name = rules_site_name(rules, &handle->created);
    const char *verb = handle->kind == MI_KIND_operation ? "started" : "created";

    return name == NULL ? g_strdup("") : g_strdup_printf(" (%s in %s)", verb, name);
}

char *rules_callback_title(const struct model_activity *callback)
{
    const char *title = mi_callbacks[callback->callback].title;
    g_autofree char *owner = callback->handle == NULL ? NULL : rules_handle_title(callback->handle);

    if (callback->callback == MI_CB_session_closed) {
        return g_strdup_printf("the close completion of %s", owner == NULL ? "a session" : owner);
    }
    return owner == NULL ? g_strdup_printf("an %s callback", title)
                         : g_strdup_printf("the %s callback of %s", title, owner);
}

/* Where a kind has two, as instances do, the later one also frees the memory. */
const char *rules_closer(enum mi_kind kind)
{
    const char *name = "";

    for (size_t function = 0; function < MI_FN_COUNT; function++) {
        if (mi_functions[function].kind == kind && (mi_functions[function].roles & MI_ROLE_CLOSES) != 0) {
            name = mi_functions[function].name;
        }
    }
    return name;
}

char *rules_result(int32_t result)
{
    const char *name = mi_result_name(result);

    return name == NULL ? g_strdup_printf("result %d", result) : g_strdup(name);
}
