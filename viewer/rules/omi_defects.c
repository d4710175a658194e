/* SPDX-License-Identifier: MIT */
/* Recognises what spoils OMI's counts, while the trace is read; forgets it when the session is gone. */
#include "rules/omi_defects.h"

struct omi_defects {
    GHashTable *by_session; /* struct model_handle * -> struct omi_defect * */
    guint limit;            /* closed sessions are forgotten when there are so many */
};

static void free_defect(gpointer data)
{
    struct omi_defect *defect = data;

    model_release(defect->session);
    model_release(defect->operation);
    model_set_site(&defect->site, NULL);
    g_free(defect);
}

static gboolean is_gone(gpointer session, gpointer defect, gpointer context)
{
    (void)defect;
    (void)context;
    return ((const struct model_handle *)session)->state == MODEL_CLOSED;
}

/* The first one met on a session stays. */
static void add(struct omi_defects *defects, enum omi_defect_kind kind, bool met,
                struct model_handle *operation, const struct model_site *site)
{
    struct model_handle *session = operation->parent;
    struct omi_defect *defect = session == NULL ? NULL : g_hash_table_lookup(defects->by_session, session);

    if (session == NULL || (defect != NULL && defect->met)) {
        return;
    }
    if (g_hash_table_size(defects->by_session) >= defects->limit) {
        g_hash_table_foreach_remove(defects->by_session, is_gone, NULL);
        defects->limit = MAX(defects->limit, 2 * g_hash_table_size(defects->by_session));
    }
    defect = g_new0(struct omi_defect, 1);
    defect->kind = kind;
    defect->met = met;
    defect->session = model_hold(session);
    defect->operation = model_hold(operation);
    model_set_site(&defect->site, site);
    g_hash_table_replace(defects->by_session, session, defect);
}

static const struct model_activity *activity_at(const struct model_thread *thread, guint depth)
{
    return &g_array_index(thread->inside, struct model_activity, depth);
}

/* Is the top of `thread` a callback with the failure of `operation`, inside the call that starts it? */
static bool is_early_failure(const struct model_thread *thread, const struct model_handle *operation)
{
    guint depth = thread->inside->len;
    const struct model_activity *callback = depth < 2 ? NULL : activity_at(thread, depth - 1);
    const struct model_activity *start = depth < 2 ? NULL : activity_at(thread, depth - 2);

    return callback != NULL && callback->kind == MODEL_CALLBACK && callback->handle == operation &&
           callback->final && callback->result != 0 && start->kind == MODEL_CALL && start->made == operation;
}

static void note_early_close(struct omi_defects *defects, const struct model_thread *thread,
                             const struct model_activity *call)
{
    struct model_handle *operation = call->handle;

    if (operation != NULL && !operation->failed_start && operation->close_accepted &&
        is_early_failure(thread, operation)) {
        add(defects, OMI_EARLY_CLOSE, true, operation, &call->site);
    }
}

/* MI refuses to start operations on a session that is being closed, but not on one of such an application. */
static void note_start(struct omi_defects *defects, const struct model_activity *call)
{
    struct model_handle *operation = call->made;
    const struct model_handle *session = operation == NULL ? NULL : operation->parent;
    const struct model_handle *application = session == NULL ? NULL : session->parent;

    if (application != NULL && !operation->failed_start && application->state == MODEL_CLOSING &&
        application->closing.time_ns < call->begin_ns) {
        add(defects, OMI_START_DURING_CLOSE, true, operation, &call->site);
    }
}

static void call_left(void *context, struct model_thread *thread, const struct model_activity *call,
                      const struct source_event *event)
{
    bool starts = mi_functions[call->function].made == MI_KIND_operation;

    if (event == NULL || mi_events[event->id].phase != MI_PHASE_EXIT) {
        return;
    }
    if (call->function == MI_FN_operation_close) {
        note_early_close(context, thread, call);
    } else if (starts) {
        note_start(context, call);
    }
}

static bool reads(const struct model_thread *thread, const struct model_handle *operation)
{
    const struct model_activity *call = model_blocked_call(thread);

    return call != NULL && call->handle == operation &&
           (mi_functions[call->function].roles & MI_ROLE_RESULTS) != 0;
}

static void note_close(struct omi_defects *defects, struct model_thread *thread,
                       const struct model_activity *call)
{
    struct model_handle *operation = call->handle;
    GHashTableIter iterator;
    gpointer other;

    if (operation->asynchronous || (!operation->several_users && operation->user == thread)) {
        return;
    }
    g_hash_table_iter_init(&iterator, thread->process->threads);
    while (g_hash_table_iter_next(&iterator, NULL, &other)) {
        if (other != thread && reads(other, operation)) {
            add(defects, OMI_CLOSE_WHILE_READ, true, operation, &call->site);
        }
    }
}

static bool owes(const struct model_handle *operation, unsigned besides)
{
    return operation->manual && operation->owed > operation->responding + besides;
}

/* A cancel or close while an acknowledgement is owed: what comes of it shows when the final result is
 * delivered. */
static void call_entered(void *context, struct model_thread *thread, const struct model_activity *call)
{
    bool ends = call->function == MI_FN_operation_cancel || call->function == MI_FN_operation_close;

    if (!ends || call->handle == NULL) {
        return;
    }
    if (call->function == MI_FN_operation_close) {
        note_close(context, thread, call);
    }
    if (owes(call->handle, 0) && !call->handle->final_seen) {
        add(context, OMI_ACK_CROSSED, false, call->handle, &call->site);
    }
}

static void callback_entered(void *context, struct model_thread *thread,
                             const struct model_activity *callback)
{
    struct omi_defects *defects = context;
    struct model_handle *operation = callback->handle;
    struct omi_defect *defect;

    (void)thread;
    if (operation == NULL || operation->kind != MI_KIND_operation || !callback->final ||
        !owes(operation, callback->owed ? 1 : 0)) {
        return;
    }
    defect = g_hash_table_lookup(defects->by_session, operation->parent);
    if (defect != NULL && defect->kind == OMI_ACK_CROSSED && defect->operation == operation) {
        defect->met = true;
    } else {
        add(defects, OMI_ACK_CROSSED, true, operation, &callback->site);
    }
}

struct omi_defects *omi_defects_new(struct model *model)
{
    enum { FIRST_LIMIT = 64 };
    struct omi_defects *defects = g_new0(struct omi_defects, 1);
    const struct model_observer observer = {.call_entered = call_entered,
                                            .call_left = call_left,
                                            .callback_entered = callback_entered,
                                            .context = defects};

    defects->by_session = g_hash_table_new_full(NULL, NULL, NULL, free_defect);
    defects->limit = FIRST_LIMIT;
    model_add_observer(model, &observer);
    return defects;
}

void omi_defects_free(struct omi_defects *defects)
{
    if (defects != NULL) {
        g_hash_table_unref(defects->by_session);
        g_free(defects);
    }
}

const struct omi_defect *omi_defects_find(const struct omi_defects *defects,
                                          const struct model_handle *session)
{
    const struct omi_defect *defect =
        defects == NULL ? NULL : g_hash_table_lookup(defects->by_session, session);

    return defect == NULL || !defect->met ? NULL : defect;
}
