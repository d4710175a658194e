/* SPDX-License-Identifier: MIT */
/* events-lost, trace-truncated: what the trace cannot tell, and so was not checked. */
#include "rules/trace_quality.h"

#include "rules/rules_internal.h"

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

static void judge(struct rules *rules, void *state)
{
    const GPtrArray *processes = model_processes(rules->model);

    (void)state;
    judge_lost(rules);
    judge_truncated(rules);
    for (guint i = 0; i < processes->len; i++) {
        process_killed_judge(rules, processes->pdata[i]);
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
