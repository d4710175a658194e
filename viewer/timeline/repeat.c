/* SPDX-License-Identifier: MIT */
/* Counts lines that are like the last one. Two handles are the same when kind, number and process are. */
#include "timeline/repeat.h"

#include "figures/figures.h"

#include <inttypes.h>

/* What makes a line like another one. */
struct likeness {
    struct model_thread *thread;         /* held in `last` */
    const struct model_process *process; /* of the handle */
    enum mi_kind kind;
    unsigned id;
    unsigned depth;
    enum model_activity_kind activity;
    enum mi_function function;
    enum mi_callback callback;
    int32_t result;
    bool final, owed;
};

struct repeat {
    const struct timeline_options *options;
    bool possible;
    struct likeness last;
    uint64_t count;
    int64_t until_ns, least_ns, most_ns;
    GString *line; /* the last one that was counted */
};

struct repeat *repeat_new(const struct timeline_options *options)
{
    struct repeat *repeat = g_new0(struct repeat, 1);

    repeat->options = options;
    repeat->line = g_string_new(NULL);
    return repeat;
}

void repeat_free(struct repeat *repeat)
{
    model_release_thread(repeat->last.thread);
    g_string_free(repeat->line, TRUE);
    g_free(repeat);
}

static struct likeness likeness_of(const struct line *line)
{
    const struct model_activity *activity = line->activity;
    const struct model_handle *handle = activity->handle;

    return (struct likeness){.thread = activity->site.thread,
                             .process = handle == NULL ? NULL : handle->process,
                             .kind = handle == NULL ? MI_KIND_none : handle->kind,
                             .id = handle == NULL ? 0 : handle->id,
                             .depth = line->depth,
                             .activity = activity->kind,
                             .function = activity->function,
                             .callback = activity->callback,
                             .result = activity->result,
                             .final = activity->final,
                             .owed = activity->owed};
}

static bool is_alike(const struct likeness *a, const struct likeness *b)
{
    return a->thread == b->thread && a->process == b->process && a->kind == b->kind && a->id == b->id &&
           a->depth == b->depth && a->activity == b->activity && a->function == b->function &&
           a->callback == b->callback && a->result == b->result && a->final == b->final && a->owed == b->owed;
}

/* A line that tells of a new handle is like no other. */
static bool is_common(const struct line *line)
{
    return line->part == LINE_WHOLE && line->end == LINE_RETURNED && line->activity->made == NULL &&
           line->waited == NULL;
}

bool repeat_take(struct repeat *repeat, const struct line *line)
{
    struct likeness likeness = likeness_of(line);

    if (!repeat->possible || !is_common(line) || !is_alike(&repeat->last, &likeness)) {
        return false;
    }
    repeat->least_ns = repeat->count == 0 ? line->took_ns : MIN(repeat->least_ns, line->took_ns);
    repeat->most_ns = repeat->count == 0 ? line->took_ns : MAX(repeat->most_ns, line->took_ns);
    repeat->until_ns = line->time_ns;
    repeat->count++;
    g_string_truncate(repeat->line, 0);
    line_append(repeat->line, line, repeat->options);
    return true;
}

void repeat_tell(struct repeat *repeat, GString *out)
{
    g_autoptr(GString) note = g_string_new(NULL);

    if (repeat->count == 1) {
        g_string_append(out, repeat->line->str);
    } else if (repeat->count > 1) {
        g_string_append_printf(note, "(%" PRIu64 " more like it, the last at ", repeat->count);
        line_append_time(note, repeat->until_ns);
        g_string_append(note, "; they took ");
        figures_append_time(note, (uint64_t)repeat->least_ns);
        g_string_append(note, " to ");
        figures_append_time(note, (uint64_t)repeat->most_ns);
        g_string_append(note, ")");
        line_append_note(out, repeat->last.depth, note->str, repeat->options);
    }
    repeat->count = 0;
    repeat->possible = false;
}

void repeat_remember(struct repeat *repeat, const struct line *line)
{
    repeat->possible = is_common(line) && !repeat->options->all;
    model_hold_thread(line->activity->site.thread);
    model_release_thread(repeat->last.thread);
    repeat->last = likeness_of(line);
}
