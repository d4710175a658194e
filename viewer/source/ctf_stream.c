/* SPDX-License-Identifier: MIT */
/* Pulls messages out of a graph of libbabeltrace2, one batch after the other, and turns them into events. */
#include "source/ctf_stream.h"

#include "source/ctf_decode.h"
#include "source/ctf_losses.h"

struct ctf_stream {
    struct source_stream base;
    bt_graph *graph;
    struct ctf_decoder *decoder;
    char *name;
    struct source_summary *summary;
    bt_message_array_const messages; /* the batch at hand; those before `next` are released or held */
    uint64_t count, next;
    const bt_message *held; /* what the last event points into */
    bool over;              /* there is no batch after the one at hand ... */
    char *failure;          /* ... because of this; NULL: the trace ends there */
    int64_t last_ns;
    bool disordered; /* an event was earlier than the one before it, or than any can be */
    struct ctf_losses losses;
};

static bt_graph_simple_sink_component_consume_func_status consume(bt_message_iterator *iterator, void *data)
{
    struct ctf_stream *stream = data;

    stream->next = 0;
    stream->count = 0;
    switch (bt_message_iterator_next(iterator, &stream->messages, &stream->count)) {
    case BT_MESSAGE_ITERATOR_NEXT_STATUS_OK:
        return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_OK;
    case BT_MESSAGE_ITERATOR_NEXT_STATUS_END:
        return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_END;
    default:
        return BT_GRAPH_SIMPLE_SINK_COMPONENT_CONSUME_FUNC_STATUS_ERROR;
    }
}

/* Only damage makes a stream go back in time: who reads it relies on the order. */
static void keep_order(struct ctf_stream *stream)
{
    struct source_event *event = &stream->base.event;

    if (event->time_ns < stream->last_ns) {
        event->time_ns = stream->last_ns;
        stream->disordered = true;
    }
    stream->last_ns = event->time_ns;
}

/* Look at a message. True: it is one of our events. */
static bool take_message(struct ctf_stream *stream, const bt_message *message)
{
    switch (bt_message_get_type(message)) {
    case BT_MESSAGE_TYPE_EVENT:
        if (ctf_decode(stream->decoder, message, &stream->base.event)) {
            keep_order(stream);
            return true;
        }
        stream->summary->foreign++;
        return false;
    case BT_MESSAGE_TYPE_DISCARDED_EVENTS:
        ctf_lose_events(&stream->losses, message);
        return false;
    case BT_MESSAGE_TYPE_DISCARDED_PACKETS:
        ctf_lose_packets(&stream->losses, message);
        return false;
    default:
        return false;
    }
}

/* Go on to the next event in the batch at hand. */
static bool next_in_batch(struct ctf_stream *stream)
{
    while (stream->next < stream->count) {
        const bt_message *message = stream->messages[stream->next++];
        if (take_message(stream, message)) {
            stream->held = message;
            return true;
        }
        bt_message_put_ref(message);
    }
    return false;
}

static void release_held(struct ctf_stream *stream)
{
    if (stream->held != NULL) {
        bt_message_put_ref(stream->held);
        stream->held = NULL;
    }
}

/* Get the next batch. The muxer may hand over a batch and leave an error behind for the time after it. */
static void fetch(struct ctf_stream *stream)
{
    bt_graph_run_once_status status = bt_graph_run_once(stream->graph);

    stream->failure = ctf_take_cause();
    if (status == BT_GRAPH_RUN_ONCE_STATUS_OK) {
        stream->over = stream->failure != NULL;
        return;
    }
    stream->over = true;
    if (status != BT_GRAPH_RUN_ONCE_STATUS_END && stream->failure == NULL) {
        stream->failure = g_strdup("error in libbabeltrace2");
    }
}

static void report_end(struct ctf_stream *stream)
{
    if (stream->failure != NULL) {
        source_problem(stream->summary,
                       "%s is damaged: nothing after %" G_GINT64_FORMAT ".%09d could be read: %s",
                       stream->name, CTF_SECONDS(stream->base.event.time_ns), stream->failure);
    }
    if (stream->disordered) {
        source_problem(stream->summary, "%s is damaged: times that went back or cannot be were corrected",
                       stream->name);
    }
    ctf_report_losses(&stream->losses, stream->name, stream->summary);
}

/* A failure ends this trace but no other. */
static bool next_ctf(struct source_stream *base, GError **error)
{
    struct ctf_stream *stream = (struct ctf_stream *)base;

    (void)error;
    release_held(stream);
    while (!next_in_batch(stream)) {
        if (stream->over) {
            report_end(stream);
            return false;
        }
        fetch(stream);
    }
    return true;
}

static void close_ctf(struct source_stream *base)
{
    struct ctf_stream *stream = (struct ctf_stream *)base;

    release_held(stream);
    for (; stream->next < stream->count; stream->next++) {
        bt_message_put_ref(stream->messages[stream->next]);
    }
    bt_graph_put_ref(stream->graph);
    ctf_decoder_free(stream->decoder);
    ctf_losses_clear(&stream->losses);
    g_free(stream->failure);
    g_free(stream->name);
    g_free(stream);
}

struct source_stream *ctf_stream_new(const struct ctf_part *part, const struct ctf_plugins *plugins,
                                     struct source_summary *summary, GError **error)
{
    static const struct source_stream_ops ops = {next_ctf, close_ctf};
    struct ctf_stream *stream = g_new0(struct ctf_stream, 1);

    stream->base.ops = &ops;
    stream->name = g_strdup(part->name);
    stream->summary = summary;
    stream->decoder = ctf_decoder_new();
    stream->graph = ctf_graph_new(plugins, part->paths, consume, stream, error);
    if (stream->graph == NULL) {
        close_ctf(&stream->base);
        return NULL;
    }
    return &stream->base;
}
