/* SPDX-License-Identifier: MIT */
/* Puts an activity into words. */
#include "report/words.h"
#include "timeline/line.h"

#include <string.h>

void line_append_time(GString *out, int64_t time_ns)
{
    g_string_append_printf(out, "%+.6f", (double)time_ns / 1e9);
}

static void append_handle(GString *out, const struct model_handle *handle, bool names)
{
    const struct finding_handle title = {
        .kind = handle->kind, .id = handle->id, .name = names ? handle->name : NULL};

    report_append_handle(out, &title);
}

/*
 * "session 1", or "a session" when it is none that the program created in the trace. An application's name is
 * told where it is created and nowhere else: most programs have one application.
 */
static void append_self(GString *out, const struct model_handle *handle, enum mi_kind kind, bool names)
{
    const char *title = mi_kinds[kind].title;

    if (handle != NULL) {
        append_handle(out, handle, names && handle->kind != MI_KIND_application);
    } else {
        g_string_append_printf(out, "%s %s", strchr("aeiou", title[0]) == NULL ? "a" : "an", title);
    }
}

static void append_call(GString *out, const struct model_activity *call, bool names)
{
    const struct mi_function_info *function = &mi_functions[call->function];

    g_string_append(out, function->name);
    if (function->kind != MI_KIND_none && mi_kinds[function->kind].layout != MI_LAYOUT_NOTHING) {
        g_string_append(out, " on ");
        append_self(out, call->handle, function->kind, names);
    }
}

static void append_callback(GString *out, const struct model_activity *callback, bool names)
{
    const struct mi_callback_info *info = &mi_callbacks[callback->callback];
    bool telling = g_str_has_suffix(info->title, "callback") || g_str_has_suffix(info->title, "completion");

    g_string_append_printf(out, "%s%s of ", info->title, telling ? "" : " callback");
    append_self(out, callback->handle, info->owner, names);
}

void line_append_subject(GString *out, const struct model_activity *activity, bool names)
{
    if (activity->kind == MODEL_CALL) {
        append_call(out, activity, names);
    } else {
        append_callback(out, activity, names);
    }
}

static void append_result(GString *out, int32_t result)
{
    const char *name = mi_result_name(result);

    if (name != NULL) {
        g_string_append(out, name);
    } else {
        g_string_append_printf(out, "result %d", result);
    }
}

/* What a callback or a getter hands out. */
static void append_delivery(GString *out, bool final, int32_t result)
{
    if (final) {
        g_string_append(out, "final result ");
        append_result(out, result);
    } else {
        g_string_append(out, "a result, more to come");
    }
}

static void append_start(GString *out, const struct model_handle *operation, bool names)
{
    append_handle(out, operation, names);
    if (operation->failed_start) {
        g_string_append(out, ", which MI refused to start");
    } else if (operation->asynchronous) {
        g_string_append(out, ", asynchronous");
    }
}

static bool starts(const struct model_activity *call)
{
    return mi_functions[call->function].exit == MI_CLASS_start_exit;
}

static void append_outcome(GString *out, const struct model_activity *call, bool names)
{
    bool getter = (mi_functions[call->function].roles & MI_ROLE_RESULTS) != 0;

    if (starts(call)) {
        if (call->made != NULL) {
            append_start(out, call->made, names);
        }
    } else if (getter && call->result == 0) {
        append_delivery(out, call->final, call->handle == NULL ? 0 : call->handle->final_result);
    } else {
        append_result(out, call->result);
        if (call->made != NULL && call->result == 0) {
            g_string_append(out, ", ");
            append_handle(out, call->made, names);
        }
        if (call->function == MI_FN_session_close && call->token != 0) {
            g_string_append(out, ", asynchronous");
        }
    }
}

static void append_call_end(GString *out, const struct line *line, bool names)
{
    const struct model_activity *call = line->activity;

    if (line->end == LINE_UNSEEN) {
        g_string_append(out, ": its return was not recorded");
        return;
    }
    if (line->end == LINE_UNWOUND) {
        g_string_append(out, ": left by an exception or the end of the thread");
        return;
    }
    g_string_append(out, starts(call) && call->made == NULL ? "" : ": ");
    append_outcome(out, call, names);
    if (line->waited != NULL) {
        g_string_append_printf(out, ", waited for %s", line->waited);
    }
}

/* What the program learns when the callback is entered. */
static void append_callback_begin(GString *out, const struct model_activity *callback)
{
    bool delivers = mi_callbacks[callback->callback].yields != MI_KIND_none;

    g_string_append(out, delivers ? ": " : "");
    if (delivers) {
        append_delivery(out, callback->final, callback->result);
    }
    if (callback->owed) {
        g_string_append(out, delivers ? ", to be acknowledged" : ": to be answered");
    }
}

/* What happened, as far as the line tells it. */
void line_append_rest(GString *out, const struct line *line, bool names)
{
    const struct model_activity *activity = line->activity;

    if (activity->kind == MODEL_CALLBACK && line->part != LINE_END) {
        append_callback_begin(out, activity);
    }
    if (activity->kind == MODEL_CALL && (line->part == LINE_WHOLE || line->part == LINE_END)) {
        append_call_end(out, line, names);
    }
    if (line->part == LINE_NEVER) {
        g_string_append(out, activity->kind == MODEL_CALL ? ": never returned" : "; never returned");
    }
    g_string_append(out, line->part == LINE_BEGIN ? " {" : "");
}

struct open_below {
    const struct model_handle *parent;
    const struct model_handle *first;
    unsigned count;
};

static void visit(struct model_handle *handle, void *context)
{
    struct open_below *open = context;

    if (handle->parent == open->parent &&
        (handle->kind == MI_KIND_operation || handle->kind == MI_KIND_session ||
         handle->kind == MI_KIND_hosted_provider)) {
        open->first = open->first == NULL ? handle : open->first;
        open->count++;
    }
}

char *line_open_below(struct model_handle *handle)
{
    struct open_below open = {.parent = handle};
    GString *text;

    if (handle->open_children > 0) {
        model_each_open(handle->process, visit, &open);
    }
    if (open.count == 0) {
        return NULL;
    }
    text = g_string_new(NULL);
    append_handle(text, open.first, true);
    if (open.count > 1) {
        g_string_append_printf(text, " and %u more", open.count - 1);
    }
    return g_string_free(text, FALSE);
}
