/* SPDX-License-Identifier: MIT */
/*
 * Reads traces into the model, one after the other: two recordings may hold the same process ids, above all
 * those of containers, and each begins with the start of its processes.
 */
#include "analysis_internal.h"
#include "source/ctf_find.h"

#include <string.h>

static void take_event(void *context, const struct source_event *event)
{
    struct analysis *analysis = context;

    coverage_tables_take(analysis->private->tables, event);
    model_take(analysis->model, event);
}

static const char *keep(GStringChunk *texts, const char *text)
{
    return text == NULL ? NULL : g_string_chunk_insert_const(texts, text);
}

static GArray *known_of(const struct analysis *analysis, uint32_t pid)
{
    GArray *known = g_hash_table_lookup(analysis->private->known, GUINT_TO_POINTER(pid));

    if (known == NULL) {
        known = g_array_new(FALSE, FALSE, sizeof(struct analysis_frame));
        g_hash_table_insert(analysis->private->known, GUINT_TO_POINTER(pid), known);
    }
    return known;
}

static void take_frame(void *context, const struct source_frame *frame)
{
    const struct analysis *analysis = context;
    GStringChunk *texts = analysis->private->texts;
    struct analysis_frame known = {.frame = *frame,
                                   .trace = analysis->traces->pdata[analysis->traces->len - 1]};

    known.frame.function = keep(texts, frame->function);
    known.frame.file = keep(texts, frame->file);
    known.frame.module = keep(texts, frame->module);
    g_array_append_val(known_of(analysis, frame->pid), known);
}

/* What the launcher wrote beside the trace; NULL for text traces and foreign LTTng traces, which have
 * nothing. */
static struct launch_info *read_info(struct analysis *analysis, const char *path)
{
    g_autofree struct launch_info *info = g_new0(struct launch_info, 1);
    g_autoptr(GError) error = NULL;

    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        return NULL;
    }
    if (launch_read_info(path, info, &error)) {
        return g_steal_pointer(&info);
    }
    if (!g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_NOENT)) {
        g_ptr_array_add(analysis->not_checked, g_strdup(error->message));
    }
    return NULL;
}

static struct analysis_trace *add_trace(struct analysis *analysis, const char *path)
{
    struct analysis_trace *trace = g_new0(struct analysis_trace, 1);

    trace->path = g_strdup(path);
    trace->info = read_info(analysis, path);
    trace->first_process = model_processes(analysis->model)->len;
    g_ptr_array_add(analysis->traces, trace);
    return trace;
}

static bool holds_events(const char *directory)
{
    g_autoptr(GPtrArray) found = ctf_find(directory);

    return found->len > 0;
}

/* The trace cannot say that a signal ended a process; the launcher can, of the one it started. */
static void tell_end(struct analysis *analysis, struct analysis_trace *trace)
{
    const struct launch_info *info = trace->info;

    if (info != NULL && info->finished) {
        trace->end_ns = MAX(trace->end_ns, info->end_us * 1000);
    }
    model_set_watched(analysis->model, trace->end_ns);
    if (info == NULL || !info->finished) {
        return;
    }
    if (info->signal != 0) {
        model_set_end(analysis->model, (uint32_t)info->pid, MODEL_SIGNAL, info->signal);
    } else {
        model_set_end(analysis->model, (uint32_t)info->pid, MODEL_EXIT, info->status);
    }
}

static void add_times(struct source_summary *sum, const struct source_summary *part)
{
    bool first = sum->events == 0;

    if (part->events > 0) {
        sum->begin_ns = first ? part->begin_ns : MIN(sum->begin_ns, part->begin_ns);
        sum->end_ns = first ? part->end_ns : MAX(sum->end_ns, part->end_ns);
    }
}

static void add_summary(struct source_summary *sum, const struct source_summary *part)
{
    add_times(sum, part);
    sum->events += part->events;
    sum->foreign += part->foreign;
    sum->lost += part->lost;
    sum->complete = sum->complete && part->complete;
    for (guint i = 0; i < part->problems->len; i++) {
        g_ptr_array_add(sum->problems, g_strdup(part->problems->pdata[i]));
    }
}

static void finish(struct analysis *analysis, struct analysis_trace *trace, struct source_summary *summary)
{
    if (trace->info != NULL) {
        coverage_add_recording(summary, trace->info, trace->path);
    }
    trace->events = summary->events;
    trace->lost = summary->lost;
    trace->begin_ns = summary->begin_ns;
    trace->end_ns = summary->end_ns;
    add_summary(&analysis->summary, summary);
    source_summary_clear(summary);
}

static bool read_events(struct analysis *analysis, struct analysis_trace *trace, GError **error)
{
    const struct source_handler handler = {.event = take_event, .frame = take_frame, .context = analysis};
    const char *path = trace->path;
    struct source_summary summary;
    bool good;

    model_begin_trace(analysis->model, trace->info == NULL ? NULL : trace->info->run_id);
    good = source_read(&path, 1, &handler, &summary, error);
    finish(analysis, trace, &summary);
    return good;
}

/* A run in which nobody used MI leaves the launcher's file and no trace: nothing to read, and no error. */
static void read_nothing(struct analysis *analysis, struct analysis_trace *trace)
{
    struct source_summary summary = {.complete = true, .problems = g_ptr_array_new_with_free_func(g_free)};

    finish(analysis, trace, &summary);
}

bool analysis_read(struct analysis *analysis, const char *path, GError **error)
{
    struct analysis_trace *trace = add_trace(analysis, path);

    if (trace->info != NULL && !holds_events(path)) {
        read_nothing(analysis, trace);
        return true;
    }
    if (!read_events(analysis, trace, error)) {
        return false;
    }
    tell_end(analysis, trace);
    return true;
}
