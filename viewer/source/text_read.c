/* SPDX-License-Identifier: MIT */
/* Reads text traces line by line. */
#include "source/text.h"
#include "source/text_told.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The longest event has 64 frames with names and a few texts; more is no trace. */
#define LINE_MAX_BYTES (1u << 20)

struct text_stream {
    struct source_stream base;
    FILE *file;
    struct text_place place;
    GString *text; /* the line that `line` points into */
    struct text_line line;
    GHashTable *ids, *told;
    struct source_summary *summary;
};

/* Read a line without its end. False: the end of the file, or an error. */
static bool read_line(struct text_stream *stream, GError **error)
{
    int byte = getc_unlocked(stream->file);

    stream->place.line++;
    g_string_truncate(stream->text, 0);
    if (byte == EOF && !ferror(stream->file)) {
        return false;
    }
    for (; byte != EOF && byte != '\n'; byte = getc_unlocked(stream->file)) {
        if (byte == '\0' || stream->text->len == LINE_MAX_BYTES) {
            return text_error(&stream->place, error, byte == '\0' ? "a NUL byte" : "the line is too long");
        }
        g_string_append_c(stream->text, (char)byte);
    }
    if (ferror(stream->file)) {
        return text_error(&stream->place, error, "%s", g_strerror(errno));
    }
    g_strchomp(stream->text->str);
    return true;
}

/* "! lost N": N more events are lost; "! cut TEXT": something else is missing. */
static bool parse_directive(struct text_stream *stream, char *text, GError **error)
{
    char *argument = text + strcspn(text, " \t");
    uint64_t count = 0;

    if (*argument != '\0') {
        *argument++ = '\0';
    }
    argument = text_skip(argument);
    if (strcmp(text, "cut") == 0 && *argument != '\0') {
        source_problem(stream->summary, "%s", argument);
        return true;
    }
    if (strcmp(text, "lost") == 0 &&
        text_integer(argument, argument + strlen(argument), 0, G_MAXINT64, &count)) {
        stream->summary->lost += count;
        stream->summary->complete = stream->summary->complete && count == 0;
        return true;
    }
    return text_error(&stream->place, error, "write \"! lost NUMBER\" or \"! cut TEXT\"");
}

/* Complete the frames, and drop those that say nothing new. */
static void finish_frames(struct text_stream *stream)
{
    struct source_frame *frames = (struct source_frame *)(void *)stream->line.frames->data;
    guint kept = 0;

    for (guint i = 0; i < stream->line.frames->len; i++) {
        frames[i].pid = stream->line.event.data.pid;
        if (text_told_new_frame(stream->told, &frames[i])) {
            frames[kept++] = frames[i];
        }
    }
    stream->base.frames = frames;
    stream->base.frame_count = kept;
}

static bool parse_event(struct text_stream *stream, char *text, GError **error)
{
    int64_t last_ns = stream->base.event.time_ns;

    if (!text_parse_event(text, stream->ids, &stream->place, &stream->line, error)) {
        return false;
    }
    if (stream->line.event.time_ns < last_ns) {
        return text_error(&stream->place, error,
                          "events must stand in the order of time, this one is too early");
    }
    finish_frames(stream);
    stream->base.event = stream->line.event;
    return true;
}

static bool next_text(struct source_stream *base, GError **error)
{
    struct text_stream *stream = (struct text_stream *)base;
    GError *failure = NULL;

    while (read_line(stream, &failure)) {
        char *text = text_skip(stream->text->str);
        if (*text == '\0' || *text == '#') {
            continue;
        }
        if (*text != '!') {
            return parse_event(stream, text, error);
        }
        if (!parse_directive(stream, text_skip(text + 1), error)) {
            return false;
        }
    }
    if (failure != NULL) {
        g_propagate_error(error, failure);
    }
    return false;
}

static void close_text(struct source_stream *base)
{
    struct text_stream *stream = (struct text_stream *)base;

    if (stream->file != NULL && stream->file != stdin) {
        fclose(stream->file);
    }
    g_string_free(stream->text, TRUE);
    g_array_free(stream->line.frames, TRUE);
    g_hash_table_unref(stream->ids);
    g_hash_table_unref(stream->told);
    g_free((char *)stream->place.file);
    g_free(stream);
}

static bool check_header(struct text_stream *stream, GError **error)
{
    GError *failure = NULL;
    bool found = read_line(stream, &failure) && strcmp(stream->text->str, TEXT_HEADER) == 0;

    if (found) {
        return true;
    }
    g_clear_error(&failure);
    g_set_error(error, SOURCE_ERROR, 0,
                "%s is no trace: give the directory of an LTTng trace, or a text that begins with \"%s\"",
                stream->place.file, TEXT_HEADER);
    return false;
}

/* Opens regular files only: nothing else can block or be endless. */
static FILE *open_file(const char *path, GError **error)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat status;

    if (descriptor < 0 || fstat(descriptor, &status) != 0) {
        g_set_error(error, SOURCE_ERROR, 0, "cannot read trace %s: %s", path, g_strerror(errno));
    } else if (!S_ISREG(status.st_mode)) {
        g_set_error(error, SOURCE_ERROR, 0,
                    "%s is neither a file nor a directory (\"-\" reads standard input)", path);
    } else {
        return fdopen(descriptor, "r");
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return NULL;
}

struct source_stream *source_text_open(const char *path, struct source_summary *summary, GError **error)
{
    static const struct source_stream_ops ops = {next_text, close_text};
    bool input = strcmp(path, "-") == 0;
    FILE *file = input ? stdin : open_file(path, error);

    if (file == NULL) {
        return NULL;
    }
    struct text_stream *stream = g_new0(struct text_stream, 1);
    stream->base.ops = &ops;
    stream->file = file;
    stream->place.file = g_strdup(input ? "standard input" : path);
    stream->text = g_string_new(NULL);
    stream->line.frames = g_array_new(FALSE, FALSE, sizeof(struct source_frame));
    stream->ids = source_event_ids();
    stream->told = text_told_new();
    stream->summary = summary;
    if (!check_header(stream, error)) {
        close_text(&stream->base);
        return NULL;
    }
    return &stream->base;
}
