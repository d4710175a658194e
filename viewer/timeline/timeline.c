/* SPDX-License-Identifier: MIT */
/*
 * Follows a model's threads. The activity that was entered last is held back: when it ends before anything
 * else happens, one line tells it; otherwise its begin is written as soon as something else must be.
 */
#include "timeline/timeline.h"

#include "report/safe.h"
#include "report/text.h"
#include "report/words.h"
#include "timeline/timeline_internal.h"

/* An activity that a thread is inside of. */
struct entry {
    bool shown;   /* a line tells its begin */
    char *waited; /* what is in the way of a close; NULL: nothing */
};

/* A thread and the entries of thread->inside. */
struct lane {
    struct model_thread *thread;
    GArray *entries; /* struct entry */
    bool announced;
};

static void clear_entry(gpointer data)
{
    g_free(((struct entry *)data)->waited);
}

static void free_lane(gpointer data)
{
    struct lane *lane = data;

    model_release_thread(lane->thread);
    g_array_unref(lane->entries);
    g_free(lane);
}

static gboolean is_over(gpointer thread, gpointer lane, gpointer timeline)
{
    return ((const struct model_thread *)thread)->ended && ((const struct timeline *)timeline)->held != lane;
}

static void make_room(struct timeline *timeline)
{
    enum { LEAST_ROOM = 1024 };

    if (g_hash_table_size(timeline->lanes) >= timeline->room) {
        g_hash_table_foreach_remove(timeline->lanes, is_over, timeline);
        timeline->room = MAX(LEAST_ROOM, 2 * g_hash_table_size(timeline->lanes));
    }
}

static struct lane *lane_of(struct timeline *timeline, struct model_thread *thread)
{
    struct lane *lane = g_hash_table_lookup(timeline->lanes, thread);

    if (lane == NULL) {
        make_room(timeline);
        g_hash_table_add(timeline->shown, thread->process);
        lane = g_new0(struct lane, 1);
        lane->thread = model_hold_thread(thread);
        lane->entries = g_array_new(FALSE, FALSE, sizeof(struct entry));
        g_array_set_clear_func(lane->entries, clear_entry);
        g_hash_table_insert(timeline->lanes, thread, lane);
    }
    return lane;
}

static int64_t begin_offset(struct timeline *timeline, const struct model_activity *activity)
{
    return timeline_offset(timeline, activity->site.thread->process, activity->begin_ns);
}

static void write_lines(struct timeline *timeline)
{
    timeline->write(timeline->out);
    g_string_truncate(timeline->out, 0);
}

static void announce(struct timeline *timeline, struct lane *lane)
{
    const struct text text = {.out = timeline->out, .colour = timeline->options.colour};
    g_autoptr(GString) words = g_string_new("--- ");

    if (lane->announced) {
        return;
    }
    if (!timeline->begun) {
        line_append_columns(timeline->out);
        timeline->begun = true;
    }
    lane->announced = true;
    report_append_thread(words, lane->thread);
    g_string_append(words, " of ");
    report_append_process(words, lane->thread->process);
    text_coloured(&text, TEXT_BOLD, words->str);
    g_string_append_c(timeline->out, '\n');
}

static void tell(struct timeline *timeline, struct lane *lane, const struct line *line)
{
    if (repeat_take(timeline->repeat, line)) {
        return;
    }
    repeat_tell(timeline->repeat, timeline->out);
    announce(timeline, lane);
    line_append(timeline->out, line, &timeline->options);
    repeat_remember(timeline->repeat, line);
    write_lines(timeline);
}

/* Write the begins of what `lane` is inside of, down to `depth`, which are not written yet. */
static void tell_begins(struct timeline *timeline, struct lane *lane, guint depth)
{
    for (guint i = 0; i < depth; i++) {
        struct entry *entry = &g_array_index(lane->entries, struct entry, i);
        const struct model_activity *activity =
            &g_array_index(lane->thread->inside, struct model_activity, i);
        if (!entry->shown) {
            const struct line line = {.part = LINE_BEGIN,
                                      .time_ns = begin_offset(timeline, activity),
                                      .depth = i,
                                      .activity = activity};
            tell(timeline, lane, &line);
            entry->shown = true;
        }
    }
}

static void release_held(struct timeline *timeline)
{
    if (timeline->held != NULL) {
        tell_begins(timeline, timeline->held, timeline->held_depth + 1);
        timeline->held = NULL;
    }
}

/* Nothing came after the begin of what is held back. */
static void tell_held(struct timeline *timeline)
{
    struct lane *lane = timeline->held;
    guint depth = timeline->held_depth;
    const struct model_activity *activity;

    if (lane == NULL) {
        return;
    }
    activity = &g_array_index(lane->thread->inside, struct model_activity, depth);
    const struct line line = {.part = LINE_NEVER,
                              .time_ns = begin_offset(timeline, activity),
                              .took_ns = timeline_open_for(timeline, activity),
                              .depth = depth,
                              .activity = activity};
    tell_begins(timeline, lane, depth);
    tell(timeline, lane, &line);
    timeline->held = NULL;
}

/* Threads of another trace are other threads: what is held back never ended. */
static void begin_trace(struct timeline *timeline)
{
    const GPtrArray *traces = timeline->analysis->traces;
    const struct text text = {.out = timeline->out, .colour = timeline->options.colour};
    g_autoptr(GString) heading = g_string_new(NULL);

    if (timeline->traces == traces->len) {
        return;
    }
    tell_held(timeline);
    repeat_tell(timeline->repeat, timeline->out);
    if (timeline->options.several) {
        g_string_append(heading, timeline->traces > 0 ? "\n=== " : "=== ");
        report_append_safe(heading, ((const struct analysis_trace *)traces->pdata[traces->len - 1])->path);
        text_coloured(&text, TEXT_BOLD, heading->str);
        g_string_append_c(timeline->out, '\n');
    }
    timeline->traces = traces->len;
}

static bool waits_for_children(const struct model_activity *activity)
{
    const unsigned roles = MI_ROLE_CLOSES | MI_ROLE_BLOCKS;

    return activity->kind == MODEL_CALL && (mi_functions[activity->function].roles & roles) == roles &&
           activity->token == 0 && activity->handle != NULL;
}

static void enter(struct timeline *timeline, struct model_thread *thread,
                  const struct model_activity *activity)
{
    int64_t begin_ns = begin_offset(timeline, activity);
    struct lane *lane;
    struct entry entry = {.shown = false};

    begin_trace(timeline);
    if (!timeline_wants(timeline, thread)) {
        return;
    }
    lane = lane_of(timeline, thread);
    if (begin_ns <= timeline->options.to_ns && waits_for_children(activity)) {
        entry.waited = line_open_below(activity->handle);
    }
    if (begin_ns >= timeline->options.from_ns && begin_ns <= timeline->options.to_ns) {
        release_held(timeline);
        timeline->held = lane;
        timeline->held_depth = lane->entries->len;
    }
    g_array_append_val(lane->entries, entry);
}

static void tell_end(struct timeline *timeline, struct lane *lane, const struct entry *entry,
                     struct line *line, int64_t end_ns)
{
    int64_t begin_ns = line->activity->begin_ns;
    bool held = timeline->held == lane && timeline->held_depth == line->depth;

    line->part = entry->shown ? LINE_END : LINE_WHOLE;
    line->time_ns = timeline_offset(timeline, lane->thread->process, entry->shown ? end_ns : begin_ns);
    line->took_ns = line->end == LINE_UNSEEN ? -1 : MAX(end_ns - begin_ns, 0);
    line->waited = entry->waited;
    if (held) {
        timeline->held = NULL;
    } else {
        release_held(timeline);
    }
    if (!entry->shown) {
        tell_begins(timeline, lane, line->depth);
    }
    tell(timeline, lane, line);
}

static void leave(struct timeline *timeline, struct model_thread *thread,
                  const struct model_activity *activity, enum line_end end)
{
    struct line line = {.end = end, .depth = thread->inside->len, .activity = activity};
    const struct timeline_options *options = &timeline->options;
    struct lane *lane;

    if (!timeline_wants(timeline, thread)) {
        return;
    }
    lane = lane_of(timeline, thread);
    if (begin_offset(timeline, activity) <= options->to_ns &&
        timeline_offset(timeline, thread->process, thread->last_ns) >= options->from_ns) {
        tell_end(timeline, lane, &g_array_index(lane->entries, struct entry, line.depth), &line,
                 thread->last_ns);
    }
    g_array_set_size(lane->entries, line.depth);
}

static void call_left(void *context, struct model_thread *thread, const struct model_activity *call,
                      const struct source_event *event)
{
    enum line_end end = LINE_UNSEEN;

    if (event != NULL) {
        end = event->id == MI_EV_call_unwound ? LINE_UNWOUND : LINE_RETURNED;
    }
    leave(context, thread, call, end);
}

static void callback_left(void *context, struct model_thread *thread, const struct model_activity *callback)
{
    leave(context, thread, callback, LINE_RETURNED);
}

static void entered(void *context, struct model_thread *thread, const struct model_activity *activity)
{
    enter(context, thread, activity);
}

void timeline_finish(struct timeline *timeline)
{
    tell_held(timeline);
    repeat_tell(timeline->repeat, timeline->out);
    timeline_tell_end(timeline);
    write_lines(timeline);
}

struct timeline *timeline_new(const struct analysis *analysis, const struct timeline_options *options,
                              void (*write)(const GString *lines))
{
    struct timeline *timeline = g_new0(struct timeline, 1);
    const struct model_observer observer = {.call_entered = entered,
                                            .call_left = call_left,
                                            .callback_entered = entered,
                                            .callback_left = callback_left,
                                            .context = timeline};

    timeline->analysis = analysis;
    timeline->options = *options;
    timeline->write = write;
    timeline->lanes = g_hash_table_new_full(NULL, NULL, NULL, free_lane);
    timeline->shown = g_hash_table_new(NULL, NULL);
    timeline->out = g_string_new(NULL);
    timeline->repeat = repeat_new(&timeline->options);
    model_add_observer(analysis->model, &observer);
    return timeline;
}

void timeline_free(struct timeline *timeline)
{
    if (timeline != NULL) {
        g_hash_table_unref(timeline->lanes);
        g_hash_table_unref(timeline->shown);
        g_string_free(timeline->out, TRUE);
        repeat_free(timeline->repeat);
        g_free(timeline);
    }
}
