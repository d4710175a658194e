/* SPDX-License-Identifier: MIT */
/* What the times of a timeline count from, and which threads it shows. */
#include "timeline/timeline_internal.h"

/* A trace begins with the first event of the process that appears first in it. */
static int64_t begin_of_trace(const struct timeline *timeline, const struct model_process *process)
{
    const GPtrArray *processes = model_processes(timeline->analysis->model);
    const struct analysis_trace *trace = analysis_trace_of(timeline->analysis, process);

    return ((const struct model_process *)processes->pdata[trace->first_process])->begin_ns;
}

int64_t timeline_offset(struct timeline *timeline, const struct model_process *process, int64_t time_ns)
{
    if (timeline->recent != process) {
        timeline->recent = process;
        timeline->recent_begin_ns = begin_of_trace(timeline, process);
    }
    return time_ns - timeline->recent_begin_ns;
}

int64_t timeline_open_for(const struct timeline *timeline, const struct model_activity *activity)
{
    const struct model_process *process = activity->site.thread->process;

    return MAX(analysis_end_of(timeline->analysis, process) - activity->begin_ns, 0);
}

bool timeline_wants(const struct timeline *timeline, const struct model_thread *thread)
{
    return timeline->options.tid == 0 || timeline->options.tid == thread->tid;
}
