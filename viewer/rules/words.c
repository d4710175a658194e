/* SPDX-License-Identifier: MIT */
/* How handles, places and results are called in messages and advice. */
#include "rules/rules_internal.h"

#include <string.h>

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

/* MI's public functions are inline functions of MI.h and stand in the program's stacks; who called them is
 * wanted. */
static bool is_of_mi(const struct symbols_frame *frame)
{
    return frame->function != NULL && g_str_has_prefix(frame->function, "MI_");
}

/* The innermost frame of the program; NULL: nobody names the addresses. */
static const struct symbols_frame *find_caller(const struct rules *rules, const struct model_site *site)
{
    const struct symbols_frame *innermost = NULL;

    for (uint32_t i = 0; i < site->stack->depth; i++) {
        size_t count;
        const struct symbols_frame *frames =
            rules_frames(rules, site->thread->process, site->stack->addresses[i], &count);
        for (size_t j = 0; j < count; j++) {
            innermost = innermost == NULL ? &frames[j] : innermost;
            if (!is_of_mi(&frames[j])) {
                return &frames[j];
            }
        }
    }
    return innermost;
}

static const struct symbols_frame *caller_of(const struct rules *rules, const struct model_site *site)
{
    return site->thread == NULL || site->stack == NULL ? NULL : find_caller(rules, site);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

/* Length of a C++ name without its parameters: "Cache::close" of "Cache::close(int) const". */
static size_t bare_length(const char *function)
{
    const char *end = strrchr(function, ')');
    int open = 0;

    if (end != NULL && end[1] != '\0' && end[1] != ' ') {
        return strlen(function); /* a namespace without a name */
    }
    for (const char *at = end; at != NULL && at > function; at--) {
        open += (*at == ')') - (*at == '(');
        if (open == 0) {
            bool is_operator = at - function >= 8 && strncmp(at - 8, "operator", 8) == 0;
            return is_operator ? strlen(function) : (size_t)(at - function);
        }
    }
    return strlen(function);
}

/* "open"; "client+0x1234" where the function is not known. The caller frees it. */
static char *function_of(const struct symbols_frame *frame)
{
    if (frame->function != NULL) {
        return g_strndup(frame->function, bare_length(frame->function));
    }
    return frame->module == NULL
               ? g_strdup_printf("0x%" G_GINT64_MODIFIER "x", frame->address)
               : g_strdup_printf("%s+0x%" G_GINT64_MODIFIER "x", base_name(frame->module), frame->offset);
}

/* "client.c:42", or "libclient.so" where the line is not known; NULL: that is not known either. The caller
 * frees it. */
static char *place_of(const struct symbols_frame *frame)
{
    if (frame->file != NULL && frame->line != 0) {
        return g_strdup_printf("%s:%u", base_name(frame->file), frame->line);
    }
    return frame->function == NULL || frame->module == NULL ? NULL : g_strdup(base_name(frame->module));
}

char *rules_site_name(const struct rules *rules, const struct model_site *site)
{
    const struct symbols_frame *caller = caller_of(rules, site);
    g_autofree char *function = caller == NULL ? NULL : function_of(caller);
    g_autofree char *place = caller == NULL ? NULL : place_of(caller);

    return place == NULL ? g_steal_pointer(&function) : g_strdup_printf("%s (%s)", function, place);
}

char *rules_in(const struct rules *rules, const struct model_site *site)
{
    g_autofree char *name = rules_site_name(rules, site);

    return name == NULL ? g_strdup("") : g_strdup_printf(" in %s", name);
}

const char *rules_was(enum mi_kind kind, uint64_t count)
{
    return count == 1 && !g_str_has_suffix(mi_kinds[kind].title, "options") ? "was" : "were";
}

const char *rules_made_verb(enum mi_kind kind)
{
    return kind == MI_KIND_operation ? "started" : "created";
}

char *rules_made_in(const struct rules *rules, const struct model_handle *handle)
{
    const struct symbols_frame *caller = caller_of(rules, &handle->created);
    g_autofree char *function = caller == NULL ? NULL : function_of(caller);
    g_autofree char *place = caller == NULL ? NULL : place_of(caller);

    return caller == NULL ? g_strdup("")
                          : g_strdup_printf(" (%s in %s%s%s)", rules_made_verb(handle->kind), function,
                                            place == NULL ? "" : ", ", place == NULL ? "" : place);
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

const char *rules_close_verb(enum mi_kind kind)
{
    return g_str_has_suffix(rules_closer(kind), "Delete") ? "delete" : "close";
}

const char *rules_closed_verb(enum mi_kind kind)
{
    return g_str_has_suffix(rules_closer(kind), "Delete") ? "deleted" : "closed";
}

char *rules_result(int32_t result)
{
    const char *name = mi_result_name(result);

    return name == NULL ? g_strdup_printf("result %d", result) : g_strdup(name);
}
