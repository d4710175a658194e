/* SPDX-License-Identifier: MIT */
/* The end of a timeline: what threads are inside of when their process ends, where, and what they wait for.
 */
#include "figures/figures.h"
#include "report/prose.h"
#include "report/safe.h"
#include "report/stacks.h"
#include "report/text.h"
#include "report/words.h"
#include "symbols/format.h"
#include "timeline/timeline_internal.h"

#include <inttypes.h>

enum { INDENT = 4, FRAMES_SHOWN = 4 };

/* A finding, and the one that it follows from. */
struct reason {
    const struct finding *finding; /* NULL: none */
    const struct finding *root;    /* itself, when it follows from none */
};

static bool is_at(const struct finding *finding, const struct model_site *site)
{
    return finding->rule->kind == FINDING_DEADLOCK && finding->at.thread == site->thread &&
           finding->at.time_ns == site->time_ns && finding->at.function == site->function;
}

static struct reason find_reason(const GPtrArray *findings, const struct model_site *site)
{
    for (guint i = 0; i < findings->len; i++) {
        const struct finding *root = findings->pdata[i];
        if (is_at(root, site)) {
            return (struct reason){root, root};
        }
        for (guint j = 0; j < root->consequences->len; j++) {
            if (is_at(root->consequences->pdata[j], site)) {
                return (struct reason){root->consequences->pdata[j], root};
            }
        }
    }
    return (struct reason){NULL, NULL};
}

static void append_line(struct timeline *timeline, unsigned depth, const char *text)
{
    unsigned width = timeline->options.width == 0 ? REPORT_WIDTH : timeline->options.width;

    g_string_append_printf(timeline->out, "%*s", (int)(depth * INDENT), "");
    report_append_wrapped(timeline->out, text, depth * INDENT + INDENT / 2, width);
    g_string_append_c(timeline->out, '\n');
}

static void append_frames(struct timeline *timeline, unsigned depth, const struct model_site *site)
{
    g_autoptr(GPtrArray) frames = report_stack(timeline->analysis, site);

    for (guint i = 0; i < MIN(frames->len, FRAMES_SHOWN); i++) {
        g_autoptr(GString) frame = g_string_new(NULL);
        g_autoptr(GString) line = g_string_new("in ");
        symbols_format_frame(frame, frames->pdata[i]);
        report_append_safe(line, frame->str);
        append_line(timeline, depth, line->str);
    }
    if (frames->len > FRAMES_SHOWN) {
        g_string_append_printf(timeline->out, "%*s... and %u more frames\n", (int)(depth * INDENT), "",
                               frames->len - FRAMES_SHOWN);
    }
}

/* `waiting`: the thread whose wait is told already, NULL: none. */
static void append_reason(struct timeline *timeline, unsigned depth, const struct reason *reason,
                          const struct model_thread *waiting)
{
    const GPtrArray *chain = reason->finding->chain;
    const char *possible = reason->root->certainty == FINDING_POSSIBLE ? " (possible)" : "";
    g_autofree char *thread = waiting == NULL ? NULL : g_strdup_printf("thread %u", waiting->tid);
    g_autofree char *rule =
        g_strdup_printf("%s: %s%s", reason->root == reason->finding ? "finding" : "follows from",
                        reason->root->rule->id, possible);

    for (guint i = 0; i < chain->len; i++) {
        const struct finding_link *link = chain->pdata[i];
        g_autofree char *text =
            g_strdup_printf("%s waits for %s: %s", link->from, link->waits_for, link->because);
        g_autofree char *safe = report_safe(text);
        if (i > 0 || g_strcmp0(link->from, thread) != 0) {
            append_line(timeline, depth, safe);
        }
    }
    append_line(timeline, depth, rule);
}

/* Without a finding nothing in the trace keeps the call from returning. */
static void append_waits(struct timeline *timeline, unsigned depth, const struct model_activity *call)
{
    bool getter = (mi_functions[call->function].roles & MI_ROLE_RESULTS) != 0;
    bool closes = (mi_functions[call->function].roles & MI_ROLE_CLOSES) != 0;
    g_autofree char *below = closes && call->handle != NULL ? line_open_below(call->handle) : NULL;
    g_autoptr(GString) text = g_string_new("waits for ");

    if (below != NULL) {
        g_string_append(text, below);
    } else if (getter) {
        g_string_append(text, "a result, which nothing in the trace keeps from coming");
    } else {
        return;
    }
    append_line(timeline, depth, text->str);
}

static void append_activity(struct timeline *timeline, unsigned depth, const struct model_activity *activity)
{
    struct reason reason = find_reason(timeline->analysis->findings, &activity->site);
    g_autoptr(GString) text = g_string_new(NULL);

    line_append_subject(text, activity, true);
    g_string_append(text, " since ");
    line_append_time(text, timeline_offset(timeline, activity->site.thread->process, activity->begin_ns));
    g_string_append(text, ", for ");
    figures_append_time(text, (uint64_t)timeline_open_for(timeline, activity));
    g_string_append_printf(timeline->out, "%*s%s\n", (int)(depth * INDENT), "", text->str);
    if (activity->kind != MODEL_CALL) {
        return;
    }
    append_frames(timeline, depth + 1, &activity->site);
    if (reason.finding != NULL) {
        append_reason(timeline, depth + 1, &reason, activity->site.thread);
    } else {
        append_waits(timeline, depth + 1, activity);
    }
}

static void append_thread(struct timeline *timeline, const struct model_thread *thread)
{
    g_autoptr(GString) text = g_string_new(NULL);

    report_append_thread(text, thread);
    g_string_append(text, " is inside");
    append_line(timeline, 1, text->str);
    for (guint depth = 0; depth < thread->inside->len; depth++) {
        append_activity(timeline, depth + 2, &g_array_index(thread->inside, struct model_activity, depth));
    }
}

/* A close that was asked for and has not come is no call that a thread is inside of. */
static void append_asynchronous(struct timeline *timeline, const struct finding *finding,
                                const struct finding *root, const struct model_process *process)
{
    const struct reason reason = {finding, root};
    const struct model_thread *thread = finding->at.thread;

    if (finding->rule->kind == FINDING_DEADLOCK && finding->process == process && thread != NULL &&
        finding->blocked_ns < 0 && timeline_wants(timeline, thread)) {
        g_autofree char *safe = report_safe(finding->message);
        append_line(timeline, 1, safe);
        append_reason(timeline, 2, &reason, NULL);
    }
    for (guint i = 0; i < finding->consequences->len; i++) {
        append_asynchronous(timeline, finding->consequences->pdata[i], root, process);
    }
}

static bool append_threads(struct timeline *timeline, struct model_process *process)
{
    g_autoptr(GPtrArray) threads = model_threads(process);
    bool any = false;

    for (guint i = 0; i < threads->len; i++) {
        const struct model_thread *thread = threads->pdata[i];
        if (thread->inside->len > 0 && timeline_wants(timeline, thread)) {
            append_thread(timeline, thread);
            any = true;
        }
    }
    return any;
}

/* A process whose threads called MI; of one thread only: its process, if it has called MI. */
static bool is_shown(const struct timeline *timeline, const struct model_process *process)
{
    return timeline->options.tid == 0 ? process->calls > 0 : g_hash_table_contains(timeline->shown, process);
}

static void append_process(struct timeline *timeline, struct model_process *process)
{
    const struct text text = {.out = timeline->out, .colour = timeline->options.colour};
    const GPtrArray *findings = timeline->analysis->findings;
    g_autoptr(GString) heading = g_string_new(NULL);

    report_append_process(heading, process);
    g_string_append_c(heading, ' ');
    report_append_end(heading, process);
    g_string_append(heading, " (");
    line_append_time(heading,
                     timeline_offset(timeline, process, analysis_end_of(timeline->analysis, process)));
    g_string_append_c(heading, ')');
    text_coloured(&text, TEXT_BOLD, heading->str);
    g_string_append_c(timeline->out, '\n');
    if (!append_threads(timeline, process)) {
        append_line(timeline, 1,
                    timeline->options.tid == 0 ? "no thread is inside MI" : "the thread is not inside MI");
    }
    for (guint i = 0; i < findings->len; i++) {
        append_asynchronous(timeline, findings->pdata[i], findings->pdata[i], process);
    }
}

static void append_gaps(struct timeline *timeline)
{
    const struct source_summary *summary = &timeline->analysis->summary;

    if (summary->lost > 0) {
        g_string_append_printf(timeline->out,
                               "%" PRIu64 " events were lost while recording: calls may be missing\n",
                               summary->lost);
    }
    for (guint i = 0; summary->problems != NULL && i < summary->problems->len; i++) {
        g_autofree char *safe = report_safe(summary->problems->pdata[i]);
        append_line(timeline, 0, safe);
    }
}

void timeline_tell_end(struct timeline *timeline)
{
    const GPtrArray *processes = model_processes(timeline->analysis->model);
    bool any = false;

    g_string_append(timeline->out, timeline->begun ? "\n" : "");
    for (guint i = 0; i < processes->len; i++) {
        struct model_process *process = processes->pdata[i];
        if (is_shown(timeline, process)) {
            append_process(timeline, process);
            any = true;
        }
    }
    if (!any && timeline->options.tid == 0) {
        g_string_append(timeline->out, "no MI call was recorded\n");
    } else if (!any) {
        g_string_append_printf(timeline->out, "no MI call was recorded of thread %u\n",
                               timeline->options.tid);
    }
    append_gaps(timeline);
}
