/* SPDX-License-Identifier: MIT */
/* Opens whatever a trace consists of and merges its events in the order of time. */
#include "source/source.h"

#include "mi_names.h"
#include "source/merge.h"
#include "source/text.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>

G_DEFINE_QUARK(mitrace - source, source_error)

void source_summary_clear(struct source_summary *summary)
{
    g_clear_pointer(&summary->problems, g_ptr_array_unref);
    *summary = (struct source_summary){0};
}

/* Bytes of traces and names of files must not reach terminals as they are; blanks at the ends, or nothing
 * else, would not be read back. */
static char *make_line(char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);

    g_free(text);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        g_string_append_unichar(line, text_is_printable(character) ? character : ' ');
    }
    g_strstrip(line->str);
    if (line->str[0] == '\0') {
        g_string_assign(line, "a text that cannot be printed");
    }
    return g_string_free(line, FALSE);
}

void source_problem(struct source_summary *summary, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(summary->problems, make_line(g_strdup_vprintf(format, arguments)));
    va_end(arguments);
    summary->complete = false;
}

GHashTable *source_event_ids(void)
{
    GHashTable *ids = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint id = 0; id < MI_EV_COUNT; id++) {
        g_hash_table_insert(ids, (gpointer)mi_events[id].name, GUINT_TO_POINTER(id + 1));
    }
    return ids;
}

static bool open_text(const char *path, GPtrArray *streams, struct source_summary *summary, GError **error)
{
    struct source_stream *stream = source_text_open(path, summary, error);

    if (stream != NULL) {
        g_ptr_array_add(streams, stream);
    }
    return stream != NULL;
}

static bool open_path(const char *path, GPtrArray *streams, struct source_summary *summary, GError **error)
{
    struct stat status;

    if (strcmp(path, "-") == 0) {
        return open_text(path, streams, summary, error);
    }
    if (stat(path, &status) != 0) {
        g_set_error(error, SOURCE_ERROR, 0, "cannot read trace %s: %s", path, g_strerror(errno));
        return false;
    }
    return (S_ISDIR(status.st_mode) ? source_ctf_open : open_text)(path, streams, summary, error);
}

static bool open_paths(const char *const *paths, size_t count, GPtrArray *streams,
                       struct source_summary *summary, GError **error)
{
    for (size_t i = 0; i < count; i++) {
        if (!open_path(paths[i], streams, summary, error)) {
            return false;
        }
    }
    return true;
}

/* A newer major version means other events than those that this program knows. */
static bool check_schema(const struct source_event *event, GError **error)
{
    const struct mi_event *data = &event->data;

    if (event->id != MI_EV_process_start || data->major <= MI_SCHEMA_MAJOR) {
        return true;
    }
    g_autofree char *text = g_utf8_make_valid(data->version_len > 0 ? data->version : "", data->version_len);
    g_autofree char *version = g_strescape(text, NULL);
    if (version[0] != '\0') {
        g_set_error(
            error, SOURCE_ERROR, 0,
            "trace was written by a newer mitrace (schema %u, this one reads %u): use mitrace %s or newer",
            data->major, MI_SCHEMA_MAJOR, version);
    } else {
        g_set_error(
            error, SOURCE_ERROR, 0,
            "trace was written by a newer mitrace (schema %u, this one reads %u): use a newer mitrace",
            data->major, MI_SCHEMA_MAJOR);
    }
    return false;
}

static void deliver(const struct source_stream *stream, const struct source_handler *handler,
                    struct source_summary *summary)
{
    if (handler->frame != NULL) {
        for (size_t i = 0; i < stream->frame_count; i++) {
            handler->frame(handler->context, &stream->frames[i]);
        }
    }
    if (summary->events == 0) {
        summary->begin_ns = stream->event.time_ns;
    }
    summary->end_ns = stream->event.time_ns;
    summary->events++;
    handler->event(handler->context, &stream->event);
}

static bool read_all(GPtrArray *streams, const struct source_handler *handler, struct source_summary *summary,
                     GError **error)
{
    bool good = merge_start(streams, error);

    while (good && streams->len > 0) {
        const struct source_stream *first = merge_first(streams);
        good = check_schema(&first->event, error);
        if (good) {
            deliver(first, handler, summary);
            good = merge_advance(streams, error);
        }
    }
    return good;
}

bool source_read(const char *const *paths, size_t count, const struct source_handler *handler,
                 struct source_summary *summary, GError **error)
{
    g_autoptr(GPtrArray) streams = merge_new();

    *summary = (struct source_summary){.complete = true};
    summary->problems = g_ptr_array_new_with_free_func(g_free);
    return open_paths(paths, count, streams, summary, error) && read_all(streams, handler, summary, error);
}
