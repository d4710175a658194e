/* SPDX-License-Identifier: MIT */
/* What several deadlock rules say in the same words. */
#include "rules/deadlock.h"

/* A process that has ended waits no longer. */
static const char *tell_stuck(const struct deadlock_root *root)
{
    bool certain = root->finding->certainty == FINDING_OBSERVED;

    switch (root->face->thread->process->end) {
    case MODEL_EXIT:
    case MODEL_UNDERSCORE_EXIT:
        return certain ? "could not return before the process exited"
                       : "had not returned when the process exited";
    default:
        return certain ? "cannot return" : "does not return";
    }
}

char *deadlock_call(const struct deadlock_root *root)
{
    g_autofree char *title = rules_handle_title(root->face->handle);
    g_autofree char *in = rules_in(root->rules, &root->face->site);

    return g_strdup_printf("%s on %s%s", mi_functions[root->face->function].name, title, in);
}

char *deadlock_what(const struct deadlock_root *root)
{
    bool certain = root->finding->certainty == FINDING_OBSERVED;
    g_autofree char *call = deadlock_call(root);

    if (root->face->call == NULL) {
        return g_strdup_printf("the completion function given to %s %s", call,
                               certain ? "is never called" : "was not called");
    }
    return g_strdup_printf("%s %s", call, tell_stuck(root));
}

char *deadlock_named(const struct deadlock_root *root, const struct model_handle *handle)
{
    g_autofree char *title = rules_handle_title(handle);
    g_autofree char *made = rules_made_in(root->rules, handle);

    return g_strconcat(title, made, NULL);
}

void deadlock_link(const struct deadlock_root *root, const struct model_handle *from, const char *waits_for,
                   const char *because, ...)
{
    va_list arguments;

    va_start(arguments, because);
    finding_link(root->finding, rules_handle_title(from), g_strdup(waits_for),
                 g_strdup_vprintf(because, arguments));
    va_end(arguments);
}

static void tell_own_callback(const struct deadlock_root *root, const char *callback, const char *thread)
{
    deadlock_link(root, root->waiter->handle, callback,
                  "its close cannot end before that callback has returned");
    finding_link(
        root->finding, g_strdup(callback), g_strdup(thread),
        g_strdup_printf("the callback runs there and called %s", mi_functions[root->waiter->function].name));
}

static void tell_own_delivery(const struct deadlock_root *root, const char *callback, const char *thread)
{
    if (root->handle != root->waiter->handle) {
        g_autofree char *title = rules_handle_title(root->handle);
        deadlock_link(root, root->waiter->handle, title, "the final result of %s has not come", title);
    }
    deadlock_link(root, root->handle, thread, "that thread delivers MI's results and is inside %s", callback);
}

void deadlock_tell_callback(const struct deadlock_root *root)
{
    const struct model_activity *around = root->reason->callback;
    g_autofree char *callback = rules_callback_title(around);
    g_autofree char *thread = g_strdup_printf("thread %u", root->waiter->thread->tid);

    if (root->reason->cause == WAIT_OWN_DELIVERY) {
        tell_own_delivery(root, callback, thread);
    } else {
        tell_own_callback(root, callback, thread);
    }
    finding_relate(root->finding, &around->site, around->handle, "%s was entered", callback);
}

/* One related place for each origin of the handles that are told in numbers only. */
static void relate_others(const struct deadlock_root *root)
{
    const GPtrArray *handles = root->reason->handles;
    g_autoptr(GHashTable) told = g_hash_table_new(NULL, NULL);

    g_hash_table_add(told, root->handle->origin);
    for (guint i = 1; i < handles->len; i++) {
        const struct model_handle *handle = handles->pdata[i];
        if (g_hash_table_add(told, handle->origin)) {
            g_autofree char *title = rules_handle_title(handle);
            finding_relate(root->finding, &handle->created, handle, "%s is also open, made here", title);
        }
    }
}

static bool was_refused(const struct model_handle *handle)
{
    return handle->closing.thread != NULL && handle->close_returned && !handle->close_accepted;
}

/* A defect of OMI: from so many children on it cancels none of them. */
static void relate_crowd(const struct deadlock_root *root)
{
    enum { CROWD = 100 };
    guint count = root->reason->handles->len;
    g_autofree char *kinds = rules_kind_title(root->handle->kind, count);

    if (count >= CROWD) {
        finding_relate(
            root->finding, NULL, NULL,
            "With %u %s open, OMI cancels none of them (it does so for up to %u): those that run for long go "
            "on running",
            count, kinds, CROWD - 1);
    }
}

void deadlock_tell_open(const struct deadlock_root *root)
{
    const char *closer = rules_closer(root->handle->kind);
    g_autofree char *title = rules_handle_title(root->handle);
    g_autofree char *missing = g_strdup_printf("%s on %s", closer, title);

    if (was_refused(root->handle)) {
        g_autofree char *result = rules_result(root->handle->close_result);
        g_autofree char *in = rules_in(root->rules, &root->handle->closing);
        deadlock_link(root, root->waiter->handle, missing,
                      "that call%s was refused (%s), so %s is still open", in, result, title);
        finding_relate(root->finding, &root->handle->closing, root->handle, "the refused close of %s (%s)",
                       title, result);
    } else {
        deadlock_link(root, root->waiter->handle, missing, "nobody has made that call, so %s is open", title);
    }
    relate_others(root);
    relate_crowd(root);
}

char *deadlock_why_open(const struct deadlock_root *root)
{
    const struct model_handle *handle = root->handle;
    guint others = root->reason->handles->len - 1;
    g_autofree char *named = deadlock_named(root, handle);
    g_autofree char *title = rules_handle_title(handle);
    g_autofree char *result = NULL, *in = NULL;

    if (was_refused(handle)) {
        result = rules_result(handle->close_result);
        in = rules_in(root->rules, &handle->closing);
        return g_strdup_printf("%s on %s%s was refused (%s)", rules_closer(handle->kind), title, in, result);
    }
    return others == 0 ? g_strdup_printf("%s was never closed", named)
                       : g_strdup_printf("%s and %u more were never closed", named, others);
}

char *deadlock_close_call(const struct model_handle *handle, const char *when)
{
    enum { ACCESS_DENIED = 2 };
    g_autofree char *title = rules_handle_title(handle);
    bool denied = was_refused(handle) && handle->close_result == ACCESS_DENIED;

    return g_strdup_printf("Call %s on %s%s.%s", rules_closer(handle->kind), title, when,
                           denied ? " Do it as the user that created the session: others are refused." : "");
}

const char *deadlock_getter(const struct model_handle *operation)
{
    enum mi_callback wanted = mi_functions[operation->created.function].result_callback;

    for (size_t i = 0; i < MI_FN_COUNT; i++) {
        if ((mi_functions[i].roles & MI_ROLE_RESULTS) != 0 && mi_functions[i].result_callback == wanted) {
            return mi_functions[i].name;
        }
    }
    return "the getter for its results";
}

struct children {
    const struct model_handle *parent;
    enum mi_kind kind;
    GPtrArray *open;
};

static void collect(struct model_handle *handle, void *context)
{
    struct children *children = context;

    if (handle->parent == children->parent && handle->kind == children->kind && handle->state == MODEL_LIVE) {
        g_ptr_array_add(children->open, handle);
    }
}

char *deadlock_children_first(const struct model_handle *handle, enum mi_kind kind)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new();
    struct children children = {.parent = handle, .kind = kind, .open = open};
    g_autofree char *titles = NULL;
    g_autofree char *kinds = rules_kind_title(kind, 2);

    model_each_open(handle->process, collect, &children);
    if (open->len == 0) {
        return g_strdup("");
    }
    titles = rules_handle_titles(open);
    return g_strdup_printf(" Close its %s first: %s %s open.", kinds, titles, open->len == 1 ? "is" : "are");
}
