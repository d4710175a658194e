/* SPDX-License-Identifier: MIT */
/* All leak rules: handles of a process that ended which nobody closed, one finding for each place that made
 * some. */
#include "rules/leaks.h"

#include "rules/rules_internal.h"

static const struct rule *find_rule(enum mi_kind kind)
{
    for (size_t i = 0; i < rules_count; i++) {
        if (rules_registry[i].leak == kind) {
            return &rules_registry[i];
        }
    }
    return NULL;
}

/* A class that was made before a class-needed callback may be the one that the callback gave to MI. */
static bool may_be_given(const struct model_handle *handle)
{
    return handle->kind == MI_KIND_class && handle->created.time_ns <= handle->process->classes_given_ns;
}

/* An operation whose words MI never told could be closed without anybody seeing it. */
static bool is_out_of_sight(const struct model_handle *handle)
{
    return handle->kind == MI_KIND_operation && (handle->unowned || (handle->r1 == 0 && handle->r2 == 0));
}

/* The leaked handles of one origin. */
struct leak {
    const struct model_handle *first;
    uint64_t count;
    unsigned open_children;
    bool doubtful;
    int64_t first_ns, last_ns;
};

struct leaks {
    GHashTable *by_origin; /* struct model_origin * -> struct leak * */
    GPtrArray *list;       /* the same, in order of appearance; owned */
};

static void add(struct model_handle *handle, void *context)
{
    struct leaks *leaks = context;
    struct leak *leak;

    if (handle->state != MODEL_LIVE || handle->adopted || may_be_given(handle) || is_out_of_sight(handle)) {
        return;
    }
    leak = g_hash_table_lookup(leaks->by_origin, handle->origin);
    if (leak == NULL) {
        leak = g_new0(struct leak, 1);
        leak->first = handle;
        leak->first_ns = handle->created.time_ns;
        g_hash_table_insert(leaks->by_origin, handle->origin, leak);
        g_ptr_array_add(leaks->list, leak);
    }
    leak->count++;
    leak->open_children += handle->open_children;
    leak->doubtful = leak->doubtful || handle->doubtful || handle->process->unwatched[handle->kind];
    leak->last_ns = handle->created.time_ns;
}

/* "operation 2", "3 operations", "3 of 10 operations" */
static char *tell_number(const struct leak *leak)
{
    const struct model_origin *origin = leak->first->origin;
    g_autofree char *kinds = rules_kind_title(origin->kind, origin->created);

    if (origin->created == 1) {
        return rules_handle_title(leak->first);
    }
    return leak->count == origin->created
               ? g_strdup_printf("%" G_GUINT64_FORMAT " %s", leak->count, kinds)
               : g_strdup_printf("%" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT " %s", leak->count,
                                 origin->created, kinds);
}

/* " started in list_disks (inventory.c:60)", or by which function where the place is not known */
static char *tell_origin(const struct rules *rules, const struct model_handle *handle)
{
    const char *verb = rules_made_verb(handle->kind);
    g_autofree char *in = rules_in(rules, &handle->created);

    return in[0] != '\0' ? g_strdup_printf(" %s%s", verb, in)
                         : g_strdup_printf(" %s by %s", verb, mi_functions[handle->created.function].name);
}

static bool was_refused(const struct model_handle *handle)
{
    return handle->closing.thread != NULL && handle->close_returned && !handle->close_accepted;
}

/* ": MI_Session_Close in close_session (client.c:50) was refused (ACCESS_DENIED)" */
static char *tell_refused(const struct rules *rules, const struct model_handle *handle)
{
    g_autofree char *in = NULL, *result = NULL;

    if (!was_refused(handle)) {
        return g_strdup("");
    }
    in = rules_in(rules, &handle->closing);
    result = rules_result(handle->close_result);
    return g_strdup_printf(": %s%s was refused (%s)", mi_functions[handle->closing.function].name, in,
                           result);
}

static bool left_by_underscore_exit(const struct leak *leak)
{
    return leak->first->process->end == MODEL_UNDERSCORE_EXIT;
}

static void set_message(const struct rules *rules, struct finding *finding, const struct leak *leak)
{
    g_autofree char *number = tell_number(leak);
    g_autofree char *origin = tell_origin(rules, leak->first);
    g_autofree char *refused = tell_refused(rules, leak->first);

    finding_set_message(
        finding, "%s%s %s never %s%s%s", number, origin, rules_was(leak->first->kind, leak->count),
        rules_closed_verb(leak->first->kind), refused,
        left_by_underscore_exit(leak) ? "; the process ended by _exit, which runs no exit handlers" : "");
}

/* " Others from there are closed in finish (client.c:80)." */
static char *tell_others(const struct rules *rules, const struct leak *leak)
{
    const struct model_origin *origin = leak->first->origin;
    g_autofree char *in = rules_in(rules, &origin->closed_at);

    if (in[0] == '\0' || origin->closed == 0) {
        return g_strdup("");
    }
    return g_strdup_printf(" Others from there are %s%s.", rules_closed_verb(origin->kind), in);
}

static char *tell_children(const struct leak *leak)
{
    enum mi_kind kind = leak->first->kind;

    if (leak->open_children == 0 || (kind != MI_KIND_application && kind != MI_KIND_session)) {
        return g_strdup("");
    }
    return g_strdup_printf(" First close or delete what was made from %s: %u %s open.",
                           leak->count == 1 ? "it" : "them", leak->open_children,
                           leak->open_children == 1 ? "is" : "are");
}

static void set_advice(const struct rules *rules, struct finding *finding, const struct leak *leak)
{
    const struct model_handle *handle = leak->first;
    g_autofree char *title = rules_handle_title(handle);
    g_autofree char *others = tell_others(rules, leak);
    g_autofree char *children = tell_children(leak);

    finding_set_advice(finding, "Call %s on %s%s.%s%s", rules_closer(handle->kind),
                       leak->count == 1 ? title : "each of them",
                       handle->kind == MI_KIND_operation ? " after its last result"
                                                         : " when no longer needed",
                       others, children);
}

/* What an open application does to a process that runs exit handlers cannot happen then; and one of them
 * might have closed it. */
static void soften(struct finding *finding, const struct leak *leak)
{
    if (left_by_underscore_exit(leak) && leak->first->kind == MI_KIND_application) {
        finding->severity = FINDING_WARNING;
        finding->certainty = FINDING_POSSIBLE;
    }
}

static void relate_refused(struct finding *finding, const struct model_handle *handle)
{
    if (was_refused(handle)) {
        g_autofree char *result = rules_result(handle->close_result);
        finding_relate(finding, &handle->closing, handle, "refused close (%s)", result);
    }
}

static void tell(struct rules *rules, const struct leak *leak)
{
    const struct rule *rule = find_rule(leak->first->kind);
    struct finding *finding;

    if (rule == NULL) {
        return;
    }
    finding = finding_new(rule, leak->first->process);
    finding->count = leak->count;
    finding->certainty = leak->doubtful || !rules_trace_is_whole(rules) ? FINDING_POSSIBLE : FINDING_OBSERVED;
    soften(finding, leak);
    finding->first_ns = leak->first_ns;
    finding->last_ns = leak->last_ns;
    finding_set_handle(finding, leak->first);
    set_message(rules, finding, leak);
    set_advice(rules, finding, leak);
    if (leak->first->origin->closed_at.thread != NULL) {
        finding_relate(finding, &leak->first->origin->closed_at, NULL,
                       "another one from the same place, %s here", rules_closed_verb(leak->first->kind));
    }
    relate_refused(finding, leak->first);
    rules_add(rules, finding);
}

static void judge_process(struct rules *rules, struct model_process *process)
{
    g_autoptr(GHashTable) by_origin = g_hash_table_new(NULL, NULL);
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    struct leaks leaks = {.by_origin = by_origin, .list = list};
    bool ended = process->end == MODEL_EXIT || process->end == MODEL_UNDERSCORE_EXIT;

    if (!ended || g_hash_table_contains(rules->hung, process)) {
        return;
    }
    model_each_open(process, add, &leaks);
    for (guint i = 0; i < list->len; i++) {
        tell(rules, list->pdata[i]);
    }
}

static void judge(struct rules *rules, void *state)
{
    const GPtrArray *processes = model_processes(rules->model);

    (void)state;
    for (guint i = 0; i < processes->len; i++) {
        judge_process(rules, processes->pdata[i]);
    }
}

const struct rule_code leaks_code = {.judge = judge};
