/* SPDX-License-Identifier: MIT */
/* The open handles of a process, below those they came from. */
#include "report/tree.h"
#include "report/prose.h"
#include "report/safe.h"
#include "report/stacks.h"
#include "report/words.h"
#include "symbols/format.h"

#include <string.h>

/* Leaves that came from one place are one line when there are more of them than this. */
enum { MANY = 3, INDENT = 4 };

struct tree {
    const struct analysis *analysis;
    GString *out;
    bool all;
    int64_t now_ns;       /* when the process ended, or observation did: handles get no older */
    GPtrArray *open;      /* struct model_handle *, in order of creation */
    GHashTable *children; /* struct model_handle * -> GPtrArray of struct model_handle *; NULL: the roots */
};

static void collect(struct model_handle *handle, void *context)
{
    g_ptr_array_add(((struct tree *)context)->open, handle);
}

static GPtrArray *children_of(const struct tree *tree, const struct model_handle *handle)
{
    return g_hash_table_lookup(tree->children, handle);
}

static void add_child(struct tree *tree, const struct model_handle *parent, struct model_handle *child)
{
    GPtrArray *children = children_of(tree, parent);

    if (children == NULL) {
        children = g_ptr_array_new();
        g_hash_table_insert(tree->children, (gpointer)parent, children);
    }
    g_ptr_array_add(children, child);
}

/* A handle whose parent was closed before it is a root. */
static void build(struct tree *tree, struct model_process *process)
{
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);

    model_each_open(process, collect, tree);
    for (guint i = 0; i < tree->open->len; i++) {
        g_hash_table_add(known, tree->open->pdata[i]);
    }
    for (guint i = 0; i < tree->open->len; i++) {
        struct model_handle *handle = tree->open->pdata[i];
        bool below = handle->parent != NULL && g_hash_table_contains(known, handle->parent);
        add_child(tree, below ? handle->parent : NULL, handle);
    }
}

/* "MI_Application_NewSession in open_session at client.c:42" */
static char *origin(const struct tree *tree, const struct model_handle *handle)
{
    const struct model_site *site = &handle->created;
    g_autoptr(GPtrArray) frames = report_stack(tree->analysis, site);
    g_autoptr(GString) frame = g_string_new(NULL);
    GString *text = g_string_new(report_site_name(site));

    if (frames->len > 0) {
        symbols_format_frame(frame, frames->pdata[0]);
        g_string_append(text, " in ");
        report_append_safe(text, frame->str);
    }
    return g_string_free(text, FALSE);
}

static void append_name(GString *out, const struct model_handle *handle)
{
    const struct finding_handle name = {.kind = handle->kind, .id = handle->id, .name = handle->name};

    report_append_handle(out, &name);
}

static void append_age(const struct tree *tree, const char *words, int64_t since_ns)
{
    g_string_append_printf(tree->out, "%s ", words);
    report_append_duration(tree->out, MAX(tree->now_ns - since_ns, 0));
}

static void append_state(const struct tree *tree, const struct model_handle *handle)
{
    if (handle->state == MODEL_CLOSING) {
        append_age(tree, "closing for", handle->closing.time_ns);
    } else if (handle->state == MODEL_OPENING) {
        append_age(tree, "being created for", handle->created.time_ns);
    } else {
        append_age(tree, "open for", handle->created.time_ns);
    }
}

static void append_operation(GString *out, const struct model_handle *handle)
{
    g_string_append(out, handle->asynchronous ? ", asynchronous, " : ", synchronous, ");
    report_append_count(out, handle->results, "result", "results");
    if (handle->final_seen) {
        const char *result = mi_result_name(handle->final_result);
        g_string_append_printf(out, ", finished with %s", result == NULL ? "an unknown result" : result);
    }
    if (handle->owed > 0) {
        g_string_append_printf(out, ", %u not acknowledged", handle->owed);
    }
    if (handle->cancelled) {
        g_string_append(out, ", cancelled");
    }
}

static void append_handle(const struct tree *tree, const struct model_handle *handle, unsigned depth)
{
    g_autofree char *from = origin(tree, handle);
    bool orphan = depth == 1 && handle->parent != NULL;

    g_string_append_printf(tree->out, "%*s", (int)(depth * INDENT), "");
    append_name(tree->out, handle);
    if (orphan) {
        g_string_append(tree->out, " of closed ");
        append_name(tree->out, handle->parent);
    }
    g_string_append(tree->out, ": ");
    append_state(tree, handle);
    if (handle->kind == MI_KIND_operation) {
        append_operation(tree->out, handle);
    }
    g_string_append_printf(tree->out, ", from %s\n", from);
}

/* Leaves of one kind and origin. */
struct bunch {
    char *origin;
    enum mi_kind kind;
    GPtrArray *handles;
};

static void free_bunch(gpointer data)
{
    struct bunch *bunch = data;

    g_free(bunch->origin);
    g_ptr_array_unref(bunch->handles);
    g_free(bunch);
}

static struct bunch *bunch_for(const struct tree *tree, GHashTable *by_origin, GPtrArray *order,
                               const struct model_handle *handle)
{
    g_autofree char *from = origin(tree, handle);
    g_autofree char *key = g_strdup_printf("%u %s", handle->kind, from);
    struct bunch *bunch = g_hash_table_lookup(by_origin, key);

    if (bunch == NULL || children_of(tree, handle) != NULL) {
        bunch = g_new0(struct bunch, 1);
        bunch->origin = g_steal_pointer(&from);
        bunch->kind = handle->kind;
        bunch->handles = g_ptr_array_new();
        g_ptr_array_add(order, bunch);
        if (children_of(tree, handle) == NULL) {
            g_hash_table_insert(by_origin, g_steal_pointer(&key), bunch);
        }
    }
    return bunch;
}

static void append_children(const struct tree *tree, const struct model_handle *parent, unsigned depth);

static void append_bunch(const struct tree *tree, const struct bunch *bunch, unsigned depth)
{
    const struct model_handle *first = bunch->handles->pdata[0];

    if (!tree->all && bunch->handles->len > MANY) {
        g_string_append_printf(tree->out, "%*s", (int)(depth * INDENT), "");
        report_append_kinds(tree->out, bunch->handles->len, bunch->kind);
        g_string_append(tree->out, ": the oldest ");
        append_state(tree, first);
        g_string_append_printf(tree->out, ", from %s\n", bunch->origin);
        return;
    }
    for (guint i = 0; i < bunch->handles->len; i++) {
        append_handle(tree, bunch->handles->pdata[i], depth);
        append_children(tree, bunch->handles->pdata[i], depth + 1);
    }
}

static void append_children(const struct tree *tree, const struct model_handle *parent, unsigned depth)
{
    const GPtrArray *children = children_of(tree, parent);
    g_autoptr(GHashTable) by_origin = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) order = g_ptr_array_new_with_free_func(free_bunch);

    for (guint i = 0; children != NULL && i < children->len; i++) {
        const struct model_handle *handle = children->pdata[i];
        g_ptr_array_add(bunch_for(tree, by_origin, order, handle)->handles, (gpointer)handle);
    }
    for (guint i = 0; i < order->len; i++) {
        append_bunch(tree, order->pdata[i], depth);
    }
}

/* "    closed before: 1 session, 12 operations" */
static void append_closed(GString *out, const struct model_process *process)
{
    const char *gap = "    closed before: ";

    for (unsigned kind = 0; kind < MI_KIND_COUNT; kind++) {
        uint64_t closed = process->counts[kind].closed;
        if (closed > 0) {
            g_string_append(out, gap);
            report_append_kinds(out, closed, (enum mi_kind)kind);
            gap = ", ";
        }
    }
    if (strcmp(gap, ", ") == 0) {
        g_string_append_c(out, '\n');
    }
}

void report_append_tree(GString *out, const struct analysis *analysis, struct model_process *process,
                        bool all)
{
    g_autoptr(GPtrArray) open = g_ptr_array_new();
    g_autoptr(GHashTable) children =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)g_ptr_array_unref);
    struct tree tree = {.analysis = analysis,
                        .out = out,
                        .all = all,
                        .now_ns = analysis_end_of(analysis, process),
                        .open = open,
                        .children = children};

    build(&tree, process);
    report_append_process(out, process);
    g_string_append_c(out, ' ');
    report_append_end(out, process);
    g_string_append(out, open->len == 0 ? "; no handle is open\n" : "\n");
    append_children(&tree, NULL, 1);
    append_closed(out, process);
}
