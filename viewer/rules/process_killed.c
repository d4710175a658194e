/* SPDX-License-Identifier: MIT */
/* process-killed: what was open when a signal ended a process, and the calls of MI that a crash happened in.
 */
#include "rules/omi_defects.h"
#include "rules/rules_internal.h"
#include "rules/trace_quality.h"

#include <signal.h>
#include <string.h>

static void count_open(struct model_handle *handle, void *context)
{
    unsigned *counts = context;

    counts[handle->kind] += handle->state == MODEL_LIVE || handle->state == MODEL_CLOSING ? 1 : 0;
}

/* "1 session and 2 operations" are open; NULL: nothing is. */
static char *tell_open(struct model_process *process)
{
    unsigned counts[MI_KIND_COUNT] = {0};
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);

    model_each_open(process, count_open, counts);
    for (unsigned kind = 0; kind < MI_KIND_COUNT; kind++) {
        if (counts[kind] > 0) {
            g_autofree char *kinds = rules_kind_title(kind, counts[kind]);
            g_ptr_array_add(parts, g_strdup_printf("%u %s", counts[kind], kinds));
        }
    }
    if (parts->len == 0) {
        return NULL;
    }
    g_ptr_array_add(parts, NULL);
    return g_strjoinv(", ", (char **)parts->pdata);
}

/* One that hung, or was stopped at the time limit, has its story already. */
static bool is_killed(const struct rules *rules, struct model_process *process)
{
    return process->end == MODEL_SIGNAL && !rules->trace->timed_out &&
           !g_hash_table_contains(rules->hung, process);
}

/* A signal that the process itself gave rise to. */
static bool is_crash(const struct model_process *process)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};

    for (size_t i = 0; i < G_N_ELEMENTS(signals); i++) {
        if (process->end_status == signals[i]) {
            return true;
        }
    }
    return false;
}

/* The call of MI that was entered last and has not returned, on any thread; NULL: none. */
static const struct model_activity *find_call(struct model_process *process)
{
    const struct model_activity *last = NULL;
    g_autoptr(GPtrArray) threads = model_threads(process);

    for (guint i = 0; i < threads->len; i++) {
        const struct model_activity *call = model_blocked_call(threads->pdata[i]);
        if (call != NULL && (last == NULL || call->begin_ns > last->begin_ns)) {
            last = call;
        }
    }
    return last;
}

static const struct model_handle *find_operation(const struct model_activity *call)
{
    if (call->handle != NULL && call->handle->kind == MI_KIND_operation) {
        return call->handle;
    }
    return call->made != NULL && call->made->kind == MI_KIND_operation ? call->made : NULL;
}

/* A defect of OMI that makes such a call crash; NULL: none is known. */
static const char *find_cause(const struct rules *rules, const struct model_activity *call)
{
    const struct model_handle *operation = find_operation(call);
    const struct model_handle *session = operation == NULL ? call->handle : operation->parent;
    const struct omi_defect *defect = omi_defects_find(rules->defects, session);

    if (operation != NULL && operation->created.function == MI_FN_session_enumerate_classes) {
        return "OMI crashes on operations of MI_Session_EnumerateClasses, which it does not support.";
    }
    if (defect != NULL && defect->kind == OMI_ACK_CROSSED) {
        return "OMI may crash when the final result comes while an earlier one is not acknowledged: "
               "acknowledge results "
               "inside their callback, or before MI_Operation_Cancel and MI_Operation_Close.";
    }
    if (defect != NULL && defect->kind == OMI_EARLY_CLOSE) {
        return "OMI may crash when an operation fails inside the call that starts it and is closed in that "
               "callback: "
               "close it after that call.";
    }
    return NULL;
}

/* "inside MI_Operation_Close on operation 1 in close_all (client.c:50) " */
static char *tell_call(const struct rules *rules, const struct model_activity *call)
{
    const char *name = mi_functions[call->function].name;
    bool is_function = g_str_has_prefix(name, "MI_");
    g_autofree char *title = call->handle == NULL ? NULL : rules_handle_title(call->handle);
    g_autofree char *in = rules_in(rules, &call->site);

    return g_strdup_printf("inside %s%s%s%s%s ", is_function ? "" : "the ", name,
                           title == NULL ? "" : (is_function ? " on " : " of "), title == NULL ? "" : title,
                           in);
}

static char *signal_title(int number)
{
    const char *name = sigabbrev_np(number);

    return name == NULL ? g_strdup_printf("signal %d", number) : g_strconcat("SIG", name, NULL);
}

void process_killed_judge(struct rules *rules, struct model_process *process)
{
    g_autofree char *open = is_killed(rules, process) ? tell_open(process) : NULL;
    const struct model_activity *call = open != NULL && is_crash(process) ? find_call(process) : NULL;
    const char *cause = call == NULL ? NULL : find_cause(rules, call);
    g_autofree char *inside = call == NULL ? g_strdup("") : tell_call(rules, call);
    g_autofree char *title = signal_title(process->end_status);
    struct finding *finding;

    if (open == NULL) {
        return;
    }
    finding = finding_new(rules_find("process-killed"), process);
    finding_occurred(finding, process->last_ns);
    finding_set_message(finding, "the process was killed by %s %swhile these were open: %s", title, inside,
                        open);
    finding_set_advice(finding, "%s%sIts leaks were not judged: that needs a run that ends by itself.",
                       cause == NULL ? "" : cause, cause == NULL ? "" : " ");
    if (call != NULL) {
        finding_set_at(finding, &call->site);
        finding_set_handle(finding, call->handle);
    }
    rules_add(rules, finding);
}

const char help_process_killed[] =
    "A process was killed by a signal while handles were open. It had no chance to close them, so they are "
    "not reported as "
    "leaks, and nothing can be said of what it would have done.\n"
    "\n"
    "When it crashed inside a call of MI, the call is named, and a defect of OMI that is known to crash "
    "there. It may be the "
    "program's fault all the same, such as memory that was overwritten before.\n"
    "\n"
    "To have leaks judged, let the program end by itself. If it hung and was killed for that, see the "
    "deadlocks that were "
    "found.\n";
