/* SPDX-License-Identifier: MIT */
/* Shows calls to the misuse rules while the trace is read, and keeps what they find: equal ones only once. */
#include "rules/misuse.h"

struct misuse_watch {
    const struct rule *rule;
    void *state;
};

struct misuse {
    GArray *watches;      /* struct misuse_watch: one for each misuse rule */
    GHashTable *by_place; /* struct finding *, a set: equal are those of one rule, process and places */
    GPtrArray *findings;  /* the same, in order of appearance; owned until they are reported */
};

static guint hash_site(const struct model_site *site)
{
    return g_direct_hash(site->stack) * 31 + (guint)site->function;
}

static guint hash_finding(gconstpointer data)
{
    const struct finding *finding = data;

    return (hash_site(&finding->at) * 31 + hash_site(&finding->created)) ^ g_direct_hash(finding->process) ^
           g_direct_hash(finding->rule);
}

static bool is_same_place(const struct model_site *left, const struct model_site *right)
{
    return left->function == right->function && left->stack == right->stack;
}

static gboolean equal_findings(gconstpointer left, gconstpointer right)
{
    const struct finding *a = left, *b = right;

    return a->rule == b->rule && a->process == b->process && a->severity == b->severity &&
           a->handle.kind == b->handle.kind && is_same_place(&a->at, &b->at) &&
           is_same_place(&a->created, &b->created);
}

struct finding *misuse_new(const struct misuse_call *seen, enum finding_severity severity,
                           const struct model_handle *about)
{
    struct finding *finding = finding_new(seen->rule, seen->thread->process);

    finding->severity = severity;
    finding_set_at(finding, &seen->call->site);
    finding_set_handle(finding, about);
    return finding;
}

/* Message and advice hold the two parts until places have names. */
void misuse_explain(struct finding *finding, const char *then, const char *what, ...)
{
    g_autofree char *before = NULL;
    va_list arguments;

    va_start(arguments, what);
    before = g_strdup_vprintf(what, arguments);
    va_end(arguments);
    finding_set_message(finding, "%s", before);
    finding_set_advice(finding, "%s", then);
}

void misuse_add(const struct misuse_call *seen, struct finding *finding)
{
    struct misuse *misuse = seen->misuse;
    struct finding *known = g_hash_table_lookup(misuse->by_place, finding);
    const struct model_site *before = &seen->thread->last.site;

    if (finding->at.stack == NULL && before->stack != NULL) { /* accessors are recorded without */
        finding_relate(finding, before, NULL, "the call before, on that thread");
    }
    finding_occurred(known == NULL ? finding : known, finding->at.time_ns);
    if (known != NULL) {
        known->count++;
        known->certainty = MIN(known->certainty, finding->certainty);
        finding_free(finding);
    } else {
        g_hash_table_add(misuse->by_place, finding);
        g_ptr_array_add(misuse->findings, finding);
    }
}

bool misuse_is_doubtful(const struct misuse_call *seen)
{
    const struct model_handle *handle = seen->handle;
    const struct model_process *process = seen->thread->process;
    int64_t unseen_ns = MAX(process->missed_ns, handle->is_error ? process->unseen_error_ns : 0);

    return handle->doubtful || handle->closing.time_ns < unseen_ns || process->unpatched > 0 ||
           misuse_has_second_mi(process, handle->kind);
}

bool misuse_has_second_mi(const struct model_process *process, enum mi_kind kind)
{
    return mi_kinds[kind].layout == MI_LAYOUT_POINTER && process->several_tables[kind];
}

bool misuse_harms(const struct model_handle *handle)
{
    switch (handle->kind) {
    case MI_KIND_operation:
    case MI_KIND_session:
    case MI_KIND_hosted_provider:
        /* MI recognises them as long as their application keeps the cells in which it looks them up. */
        while (handle->parent != NULL) {
            handle = handle->parent;
        }
        return handle->kind == MI_KIND_application && handle->state == MODEL_CLOSED;
    case MI_KIND_serializer:
    case MI_KIND_deserializer:
        return false;
    default:
        return true;
    }
}

bool misuse_is_plural(enum mi_kind kind)
{
    return g_str_has_suffix(mi_kinds[kind].title, "options");
}

const char *misuse_it_was(enum mi_kind kind)
{
    return misuse_is_plural(kind) ? "they were" : "it was";
}

static const struct model_activity *running_in(const struct misuse_call *seen,
                                               const struct model_thread *thread,
                                               const struct model_handle *handle, unsigned roles)
{
    for (guint depth = 0; depth < thread->inside->len; depth++) {
        const struct model_activity *call = &g_array_index(thread->inside, struct model_activity, depth);
        if (call->kind == MODEL_CALL && call != seen->call && call->handle == handle &&
            (mi_functions[call->function].roles & roles) != 0) {
            return call;
        }
    }
    return NULL;
}

const struct model_activity *misuse_running(const struct misuse_call *seen, const struct model_handle *handle,
                                            unsigned roles)
{
    const struct model_activity *found = NULL;
    GHashTableIter iterator;
    gpointer thread;

    g_hash_table_iter_init(&iterator, seen->thread->process->threads);
    while (found == NULL && g_hash_table_iter_next(&iterator, NULL, &thread)) {
        found = running_in(seen, thread, handle, roles);
    }
    return found;
}

static bool is_response(enum mi_function function)
{
    return function == MI_FN_acknowledge || function == MI_FN_answer_prompt || function == MI_FN_answer_error;
}

/* An instance or class that the program never made: MI's, or unknown. */
static bool is_unknown_object(const struct model_activity *call)
{
    return call->handle == NULL && mi_kinds[mi_functions[call->function].kind].layout == MI_LAYOUT_POINTER;
}

static bool is_worth_entering(const struct model_activity *call)
{
    unsigned roles = mi_functions[call->function].roles;

    return (roles & (MI_ROLE_CLOSES | MI_ROLE_RESULTS)) != 0 || call->ending != MODEL_NOT_ENDING ||
           call->function == MI_FN_application_new_session || is_response(call->function) ||
           is_unknown_object(call);
}

static bool is_worth_leaving(const struct model_activity *call)
{
    bool unknown_close = call->handle == NULL && (mi_functions[call->function].roles & MI_ROLE_CLOSES) != 0;

    return call->result != 0 || call->ending != MODEL_NOT_ENDING || unknown_close ||
           (call->made != NULL && call->made->failed_start);
}

static void show(struct misuse *misuse, struct model_thread *thread, const struct model_activity *call,
                 bool left)
{
    bool own = call->handle != NULL && call->handle->process == thread->process;
    struct misuse_call seen = {.misuse = misuse,
                               .thread = thread,
                               .call = call,
                               .handle = own ? call->handle : NULL,
                               .result = call->result};

    for (guint i = 0; i < misuse->watches->len; i++) {
        const struct misuse_watch *watch = &g_array_index(misuse->watches, struct misuse_watch, i);
        void (*tell)(const struct misuse_call *) =
            left ? watch->rule->misuse->left : watch->rule->misuse->entered;
        if (tell != NULL) {
            seen.rule = watch->rule;
            seen.state = watch->state;
            tell(&seen);
        }
    }
}

static void call_entered(void *context, struct model_thread *thread, const struct model_activity *call)
{
    if (is_worth_entering(call)) {
        show(context, thread, call, false);
    }
}

static void call_left(void *context, struct model_thread *thread, const struct model_activity *call,
                      const struct source_event *event)
{
    if (event != NULL && mi_events[event->id].phase == MI_PHASE_EXIT && is_worth_leaving(call)) {
        show(context, thread, call, true);
    }
}

static void free_finding(gpointer finding)
{
    finding_free(finding);
}

static void *start(struct rules *rules, struct model *model)
{
    struct misuse *misuse = g_new0(struct misuse, 1);
    const struct model_observer observer = {
        .call_entered = call_entered, .call_left = call_left, .context = misuse};

    (void)rules;
    misuse->watches = g_array_new(FALSE, FALSE, sizeof(struct misuse_watch));
    misuse->by_place = g_hash_table_new(hash_finding, equal_findings);
    misuse->findings = g_ptr_array_new_with_free_func(free_finding);
    for (size_t i = 0; i < rules_count; i++) {
        if (rules_registry[i].misuse != NULL) {
            struct misuse_watch watch = {&rules_registry[i], g_malloc0(rules_registry[i].misuse->state_size)};
            g_array_append_val(misuse->watches, watch);
        }
    }
    model_add_observer(model, &observer);
    return misuse;
}

static void judge_rules(struct rules *rules, const struct misuse *misuse)
{
    for (guint i = 0; i < misuse->watches->len; i++) {
        const struct rule *rule = g_array_index(misuse->watches, struct misuse_watch, i).rule;
        if (rule->misuse->judge != NULL) {
            rule->misuse->judge(rules, rule);
        }
    }
}

/* " on operation 2", " on an instance of operation 2" */
static char *tell_subject(const struct finding *finding)
{
    enum mi_kind kind = mi_functions[finding->at.function].kind;
    const struct finding_handle *handle = &finding->handle;

    if (handle->kind == MI_KIND_none) {
        return g_strdup("");
    }
    return kind == handle->kind
               ? g_strdup_printf(" on %s %u", mi_kinds[kind].title, handle->id)
               : g_strdup_printf(" on %s %s of %s %u", kind == MI_KIND_instance ? "an" : "a",
                                 mi_kinds[kind].title, mi_kinds[handle->kind].title, handle->id);
}

static void tell(const struct rules *rules, struct finding *finding)
{
    const struct finding_related *related = finding->related->len == 0 ? NULL : finding->related->pdata[0];
    g_autofree char *what = g_strdup(finding->message), *then = g_strdup(finding->advice);
    g_autofree char *subject = tell_subject(finding);
    g_autofree char *here = rules_in(rules, &finding->at);
    g_autofree char *there = related == NULL ? g_strdup("") : rules_in(rules, &related->site);

    finding_set_message(finding, "%s%s%s: %s%s%s", mi_functions[finding->at.function].name, subject, here,
                        what, there, then);
    finding->rule->misuse->advise(finding);
}

/* What was made in events that are missing may stand where something else has ended. */
static void judge(struct rules *rules, void *state)
{
    struct misuse *misuse = state;

    judge_rules(rules, misuse);
    g_hash_table_remove_all(misuse->by_place);
    while (misuse->findings->len > 0) {
        struct finding *finding = g_ptr_array_steal_index(misuse->findings, 0);
        if (!rules_trace_is_whole(rules)) {
            finding->certainty = FINDING_POSSIBLE;
        }
        tell(rules, finding);
        rules_add(rules, finding);
    }
}

static void stop(void *state)
{
    struct misuse *misuse = state;

    for (guint i = 0; i < misuse->watches->len; i++) {
        g_free(g_array_index(misuse->watches, struct misuse_watch, i).state);
    }
    g_array_unref(misuse->watches);
    g_hash_table_unref(misuse->by_place);
    g_ptr_array_unref(misuse->findings);
    g_free(misuse);
}

const struct rule_code misuse_code = {.start = start, .judge = judge, .stop = stop};
