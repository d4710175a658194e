/* SPDX-License-Identifier: MIT */
/* Reads parts of traces and writes their events to a pipe. */
#include "source/ctf_reader.h"

#include "source/ctf_stream.h"
#include "source/merge.h"

/* Seconds of processor time after which it is clear that libbabeltrace2 loops: while it opens a trace, and
 * for a stretch of EVENTS_WATCHED events; between two of ours there may be a hundred million of others. */
#define OPENING_SECONDS 4
#define READING_SECONDS 300
#define EVENTS_WATCHED  65536u

/* Pass on the problems from `first` on. Returns how many there are. */
static guint send_problems(struct wire_writer *writer, const struct source_summary *summary, guint first)
{
    for (guint i = first; i < summary->problems->len; i++) {
        wire_write_text(writer, WIRE_PROBLEM, g_ptr_array_index(summary->problems, i));
    }
    return summary->problems->len;
}

static void send_events(struct wire_writer *writer, GPtrArray *streams, ctf_watch watch)
{
    GError *unused = NULL; /* these streams report what they cannot read as problems */
    watch(READING_SECONDS);
    bool good = merge_start(streams, &unused);

    for (guint count = 1; good && streams->len > 0 && !writer->failed; count++) {
        if (count % EVENTS_WATCHED == 0) {
            watch(READING_SECONDS);
        }
        wire_write_event(writer, &merge_first(streams)->event);
        good = merge_advance(streams, &unused);
    }
    g_clear_error(&unused);
}

/* The streams of all parts that can be read; NULL when none can, which the last problem tells. */
static GPtrArray *open_parts(const GPtrArray *parts, struct source_summary *summary)
{
    struct ctf_plugins plugins = {NULL, NULL};
    g_autoptr(GPtrArray) streams = merge_new();
    g_autoptr(GError) missing = NULL;
    guint failed = 0;

    if (!ctf_plugins_find(&plugins, &missing)) {
        source_problem(summary, "%s", missing->message);
        failed = parts->len;
    }
    for (guint i = 0; missing == NULL && i < parts->len; i++) {
        const struct ctf_part *part = g_ptr_array_index(parts, i);
        g_autoptr(GError) failure = NULL;
        struct source_stream *stream = ctf_stream_new(part, &plugins, summary, &failure);
        if (stream != NULL) {
            g_ptr_array_add(streams, stream);
        } else if (failure != NULL) {
            source_problem(summary, "%s cannot be read: %s", part->name, failure->message);
            failed++;
        }
    }
    ctf_plugins_release(&plugins);
    return failed < parts->len ? g_steal_pointer(&streams) : NULL;
}

void ctf_reader_send(const GPtrArray *parts, struct wire_writer *writer, ctf_watch watch)
{
    struct source_summary summary = {.problems = g_ptr_array_new_with_free_func(g_free)};

    watch(OPENING_SECONDS);
    g_autoptr(GPtrArray) streams = open_parts(parts, &summary);
    guint sent = send_problems(writer, &summary, 0);

    wire_write(writer, streams != NULL ? WIRE_READY : WIRE_FAILED, NULL, 0);
    wire_flush(writer);
    if (streams != NULL) {
        send_events(writer, streams, watch);
        send_problems(writer, &summary, sent);
        struct wire_counts counts = {summary.lost, summary.foreign};
        wire_write(writer, WIRE_END, &counts, sizeof(counts));
        wire_flush(writer);
    }
    source_summary_clear(&summary);
}
