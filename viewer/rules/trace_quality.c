/* SPDX-License-Identifier: MIT */
/* events-lost, trace-truncated, process-killed: what the trace cannot tell, and so was not checked. */
#include "rules/trace_quality.h"

#include "rules/rules_internal.h"

#include <string.h>

static void judge_lost(struct rules *rules)
{
    const struct source_summary *summary = rules->trace->summary;
    struct finding *finding;

    if (summary->lost == 0) {
        return;
    }
    finding = finding_new(rules_find("events-lost"), NULL);
    finding_occurred(finding, summary->begin_ns);
    finding_set_message(finding,
                        "%" G_GUINT64_FORMAT
                        " events were lost while the program ran: calls and handles may be missing",
                        summary->lost);
    finding_set_advice(finding, "Record again with larger buffers or with --lossless.");
    rules_add(rules, finding);
}

/* Lost events make a trace incomplete, too, and have their own finding. */
static void judge_truncated(struct rules *rules)
{
    const struct source_summary *summary = rules->trace->summary;
    const GPtrArray *problems = summary->problems;
    struct finding *finding;

    if (summary->complete || summary->lost > 0) {
        return;
    }
    finding = finding_new(rules_find("trace-truncated"), NULL);
    finding_occurred(finding, summary->end_ns);
    finding_set_message(finding, "the trace is not complete%s%s",
                        problems != NULL && problems->len > 0 ? ": " : "",
                        problems != NULL && problems->len > 0 ? (const char *)problems->pdata[0] : "");
    finding_set_advice(
        finding, "What came after the gap was not checked. Record again and let the recording end in order.");
    for (guint i = 1; problems != NULL && i < problems->len; i++) {
        finding_relate(finding, NULL, NULL, "%s", (const char *)problems->pdata[i]);
    }
    rules_add(rules, finding);
}

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

static void judge_killed(struct rules *rules, struct model_process *process)
{
    g_autofree char *open = is_killed(rules, process) ? tell_open(process) : NULL;
    const char *name = sigabbrev_np(process->end_status);
    struct finding *finding;

    if (open == NULL) {
        return;
    }
    finding = finding_new(rules_find("process-killed"), process);
    finding_occurred(finding, process->last_ns);
    if (name != NULL) {
        finding_set_message(finding, "the process was killed by SIG%s while these were open: %s", name, open);
    } else {
        finding_set_message(finding, "the process was killed by signal %d while these were open: %s",
                            process->end_status, open);
    }
    finding_set_advice(finding, "Its leaks were not judged: that needs a run that ends by itself.");
    rules_add(rules, finding);
}

static void judge(struct rules *rules, void *state)
{
    const GPtrArray *processes = model_processes(rules->model);

    (void)state;
    judge_lost(rules);
    judge_truncated(rules);
    for (guint i = 0; i < processes->len; i++) {
        judge_killed(rules, processes->pdata[i]);
    }
}

const struct rule_code trace_quality_code = {.judge = judge};

const char help_events_lost[] =
    "The recorder wrote events faster than they could be stored, and LTTng dropped some. mitrace never makes "
    "the "
    "program wait for ever, so this can happen in a burst.\n"
    "\n"
    "A call or a callback that is not in the trace may be the one that closed a handle. Leaks and deadlocks "
    "found in "
    "such a trace are only possible, and a clean verdict cannot be given.\n"
    "\n"
    "Record again, with lossless recording (the program may be slowed down) or without --all-calls:\n"
    "\n"
    "    mitrace record --lossless -- PROGRAM\n";

const char help_trace_truncated[] = "A part of the trace is missing or could not be read, for example "
                                    "because the recording was killed or the disk was "
                                    "full. What can be read was read.\n"
                                    "\n"
                                    "What happened in the missing part is not known, so leaks and deadlocks "
                                    "found in the rest are only possible.\n"
                                    "\n"
                                    "Record again and let the recording end in order.\n";

const char help_process_killed[] = "A process was killed by a signal while handles were open. It had no "
                                   "chance to close them, so they are not reported "
                                   "as leaks, and nothing can be said of what it would have done.\n"
                                   "\n"
                                   "To have leaks judged, let the program end by itself. If it hung and was "
                                   "killed for that, see the deadlocks that "
                                   "were found.\n";
