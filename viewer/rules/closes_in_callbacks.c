/* SPDX-License-Identifier: MIT */
/* Watches closes that return inside callbacks; equal ones are counted while the trace is read. */
#include "rules/closes_in_callbacks.h"

struct closes_in_callbacks {
    GHashTable *by_stack; /* struct finding *, a set: equal are those of one rule, process and stack */
    GPtrArray *findings;  /* the same, in order of appearance; owned until they are reported */
};

static guint hash_finding(gconstpointer data)
{
    const struct finding *finding = data;

    return g_direct_hash(finding->at.stack) ^ g_direct_hash(finding->process) ^ g_direct_hash(finding->rule);
}

static gboolean equal_findings(gconstpointer left, gconstpointer right)
{
    const struct finding *a = left, *b = right;

    return a->at.stack == b->at.stack && a->process == b->process && a->rule == b->rule;
}

static const char *forbidden_by(const struct model_activity *call)
{
    if (call->function == MI_FN_application_close) {
        return "app-close-in-callback";
    }
    return call->function == MI_FN_session_close && call->token == 0 ? "session-close-in-callback" : NULL;
}

/* A start that failed, and a deserializer that wants a class, call back from inside the program's own call.
 */
static bool is_asynchronous(const struct model_activity *activity)
{
    enum mi_kind owner =
        activity->kind == MODEL_CALLBACK ? mi_callbacks[activity->callback].owner : MI_KIND_none;

    return (owner == MI_KIND_operation || owner == MI_KIND_session) && activity->handle != NULL &&
           !activity->handle->failed_start;
}

static const struct model_activity *find_callback(const struct model_thread *thread)
{
    for (guint depth = thread->inside->len; depth > 0; depth--) {
        const struct model_activity *activity =
            &g_array_index(thread->inside, struct model_activity, depth - 1);
        if (is_asynchronous(activity)) {
            return activity;
        }
    }
    return NULL;
}

static struct finding *make(const struct rule *rule, const struct model_thread *thread,
                            const struct model_activity *call, const struct model_activity *callback)
{
    struct finding *finding = finding_new(rule, thread->process);
    g_autofree char *around = rules_callback_title(callback);

    finding->severity = FINDING_WARNING;
    finding_set_at(finding, &call->site);
    finding_set_handle(finding, call->handle);
    finding_set_message(finding, "inside %s; it returned this time", around);
    finding_relate(finding, &callback->site, callback->handle, "%s was entered", around);
    return finding;
}

static void note(struct closes_in_callbacks *closes, struct finding *finding, int64_t time_ns)
{
    struct finding *known = g_hash_table_lookup(closes->by_stack, finding);

    finding_occurred(known == NULL ? finding : known, time_ns);
    if (known != NULL) {
        known->count++;
        finding_free(finding);
    } else {
        g_hash_table_add(closes->by_stack, finding);
        g_ptr_array_add(closes->findings, finding);
    }
}

static void call_left(void *context, struct model_thread *thread, const struct model_activity *call,
                      const struct source_event *event)
{
    const char *rule = forbidden_by(call);
    const struct model_activity *callback;

    if (rule == NULL || event == NULL || mi_events[event->id].phase != MI_PHASE_EXIT ||
        event->data.result != 0 || call->handle == NULL) {
        return;
    }
    callback = find_callback(thread);
    if (callback != NULL) {
        note(context, make(rules_find(rule), thread, call, callback), call->begin_ns);
    }
}

static void free_finding(gpointer data)
{
    finding_free(data);
}

struct closes_in_callbacks *closes_in_callbacks_new(struct model *model)
{
    struct closes_in_callbacks *closes = g_new0(struct closes_in_callbacks, 1);
    const struct model_observer observer = {.call_left = call_left, .context = closes};

    closes->by_stack = g_hash_table_new(hash_finding, equal_findings);
    closes->findings = g_ptr_array_new_with_free_func(free_finding);
    model_add_observer(model, &observer);
    return closes;
}

/* Places have names only now. */
static void tell(const struct rules *rules, struct finding *finding)
{
    g_autofree char *in = rules_in(rules, &finding->at);
    g_autofree char *around = g_strdup(finding->message);

    finding_set_message(finding, "%s on %s %u was called%s %s", mi_functions[finding->at.function].name,
                        mi_kinds[finding->handle.kind].title, finding->handle.id, in, around);
    if (finding->at.function == MI_FN_application_close) {
        finding_set_advice(finding,
                           "Return from the callback first and call MI_Application_Close on another thread.");
    } else {
        finding_set_advice(finding, "Give MI_Session_Close a completion function: then it does not wait.");
    }
}

void closes_in_callbacks_report(struct closes_in_callbacks *closes, struct rules *rules)
{
    g_hash_table_remove_all(closes->by_stack);
    while (closes->findings->len > 0) {
        struct finding *finding = g_ptr_array_steal_index(closes->findings, 0);
        tell(rules, finding);
        rules_add(rules, finding);
    }
}

void closes_in_callbacks_free(struct closes_in_callbacks *closes)
{
    g_hash_table_unref(closes->by_stack);
    g_ptr_array_unref(closes->findings);
    g_free(closes);
}
