/* SPDX-License-Identifier: MIT */
/* Goes through the packets of a stream, event by event, and counts what is missing between them. */
#include "source/direct_stream.h"

#include "source/ctf_losses.h"
#include "source/direct_decode.h"

#include <stddef.h>

struct direct_trace {
    unsigned references;
    unsigned streams; /* that are not at their end */
    char *name;
    struct source_summary *summary;
    struct ctf_losses losses;
    GPtrArray *layouts; /* struct direct_layout * */
};

/* What every packet begins with, in this form of trace. */
struct packet {
    struct ctf_packet_header header;
    uint64_t number;    /* in its stream */
    uint64_t discarded; /* events in its stream so far; of the last one: the most that any told */
    uint32_t processor;
};

#define PACKET_BYTES (offsetof(struct packet, processor) + sizeof(uint32_t))

_Static_assert(PACKET_BYTES == 84, "as LTTng writes it");

struct direct_stream {
    struct source_stream base;
    struct direct_trace *trace;
    GArray *files; /* struct direct_file */
    guint next_file;
    const struct direct_file *file;
    struct direct_cursor cursor;      /* its limit is the end of the packet's content */
    uint64_t packet_end;              /* in the file */
    const struct direct_class *class; /* of the packet */
    uint64_t clock;
    struct packet last; /* the packet before; its magic number is 0 when there was none */
    int64_t last_ns;
    bool disordered; /* an event was earlier than the one before it, or than any can be */
    bool over;
    struct direct_arena arena;
};

struct direct_trace *direct_trace_new(const char *name, struct source_summary *summary)
{
    struct direct_trace *trace = g_new0(struct direct_trace, 1);

    trace->references = 1;
    trace->name = g_strdup(name);
    trace->summary = summary;
    trace->layouts = g_ptr_array_new_with_free_func((GDestroyNotify)direct_layout_free);
    return trace;
}

void direct_trace_unref(struct direct_trace *trace)
{
    if (--trace->references == 0) {
        g_ptr_array_unref(trace->layouts);
        g_free(trace->name);
        g_free(trace);
    }
}

const struct direct_layout *direct_trace_layout(struct direct_trace *trace, const char *text)
{
    struct direct_layout *layout = direct_layout_new(text);

    if (layout != NULL) {
        g_ptr_array_add(trace->layouts, layout);
    }
    return layout;
}

void direct_file_clear(void *data)
{
    struct direct_file *file = data;
    g_free(file->path);
}

/* The clock as time, negative when it says something before the epoch or beyond what can be told. */
static int64_t time_of(const struct direct_stream *stream, uint64_t clock)
{
    int64_t time_ns = 0;
    bool good = clock <= INT64_MAX &&
                !__builtin_add_overflow(stream->file->layout->offset_ns, (int64_t)clock, &time_ns);
    return good ? time_ns : -1;
}

/* Only damage makes a stream go back in time: who reads it relies on the order. */
static void set_time(struct direct_stream *stream)
{
    int64_t time_ns = time_of(stream, stream->clock);

    stream->disordered = stream->disordered || time_ns < stream->last_ns;
    stream->last_ns = MAX(time_ns, stream->last_ns);
    stream->base.event.time_ns = stream->last_ns;
}

/* There is nothing more to be read, because of `flaw` if it is not NULL. */
static void finish(struct direct_stream *stream, const char *flaw)
{
    struct direct_trace *trace = stream->trace;

    stream->over = true;
    if (flaw != NULL) {
        source_problem(trace->summary,
                       "%s is damaged: nothing after %" G_GINT64_FORMAT ".%09d could be read: %s",
                       stream->file->path, CTF_SECONDS(stream->last_ns), flaw);
    }
    if (stream->disordered) {
        source_problem(trace->summary, "%s is damaged: times that went back or cannot be were corrected",
                       stream->file->path);
    }
    direct_cursor_clear(&stream->cursor);
    if (--trace->streams == 0) {
        ctf_report_losses(&trace->losses, trace->name, trace->summary);
    }
}

/*
 * The counter of discarded events goes on through the whole stream. What the first packet says may have been
 * lost at any time before. A packet is told the counter when its last event is written, which may be after
 * that of the next packet: then the next one tells less.
 */
static void count_events(struct direct_stream *stream, const struct packet *packet, bool first)
{
    struct ctf_losses *losses = &stream->trace->losses;
    const struct packet *last = &stream->last;
    int64_t end_ns = time_of(stream, packet->header.timestamp_end);

    if (first && packet->discarded != 0) {
        ctf_lose(losses, 1, false, time_of(stream, packet->header.timestamp_begin), end_ns);
    } else if (!first && packet->discarded > last->discarded) {
        ctf_lose(losses, packet->discarded - last->discarded, true,
                 time_of(stream, last->header.timestamp_end), end_ns);
    }
}

/* How many events a lost packet held is not known: at least one. */
static void count_packets(struct direct_stream *stream, const struct packet *packet, bool first)
{
    const struct packet *last = &stream->last;

    if (!first && packet->number - last->number > 1) {
        uint64_t lost = packet->number > last->number ? packet->number - last->number - 1 : 1;
        ctf_lose(&stream->trace->losses, lost, false, time_of(stream, last->header.timestamp_end),
                 time_of(stream, packet->header.timestamp_begin));
    }
}

static void count_losses(struct direct_stream *stream, const struct packet *packet)
{
    bool first = stream->last.header.magic == 0;
    uint64_t most = MAX(packet->discarded, stream->last.discarded);

    count_events(stream, packet, first);
    count_packets(stream, packet, first);
    stream->last = *packet;
    stream->last.discarded = most;
}

/* What is wrong with the packet that begins at the cursor; NULL: nothing, and it was entered. */
static const char *enter_packet(struct direct_stream *stream)
{
    struct direct_cursor *cursor = &stream->cursor;
    const struct ctf_extent *extent = &stream->file->extent;
    uint64_t begin = direct_cursor_place(cursor), size = 0;
    struct packet packet;

    if (!direct_cursor_need(cursor, PACKET_BYTES)) {
        return "a packet cannot be read";
    }
    memcpy(&packet, cursor->at, PACKET_BYTES);
    const struct ctf_packet_header *header = &packet.header;
    const char *flaw = ctf_packet_check(header, cursor->size - begin, &size);
    if (flaw != NULL || header->content_bits % 8 != 0 || header->content_bits / 8 < PACKET_BYTES) {
        return "impossible size of a packet";
    }
    stream->class = direct_layout_class(stream->file->layout, header->stream_id);
    if (stream->class == NULL || header->stream_id != extent->stream_id ||
        header->stream_instance_id != extent->stream_instance_id) {
        return "a packet of another stream";
    }
    if (time_of(stream, header->timestamp_begin) < 0 || time_of(stream, header->timestamp_end) < 0) {
        return "impossible time of a packet";
    }
    count_losses(stream, &packet);
    stream->clock = header->timestamp_begin;
    stream->packet_end = begin + size;
    cursor->at += PACKET_BYTES;
    direct_cursor_limit(cursor, begin + header->content_bits / 8);
    return NULL;
}

/* Begin with the next file. False: there is none. */
static bool enter_file(struct direct_stream *stream)
{
    if (stream->next_file == stream->files->len) {
        return false;
    }
    stream->file = &g_array_index(stream->files, struct direct_file, stream->next_file++);
    direct_cursor_open(&stream->cursor, stream->file->path, stream->file->extent.whole);
    direct_cursor_limit(&stream->cursor, stream->cursor.size);
    return true;
}

/* The content of a packet is over: go on to the next one, or finish. */
static void go_on(struct direct_stream *stream)
{
    struct direct_cursor *cursor = &stream->cursor;

    if (stream->packet_end > 0) {
        direct_cursor_limit(cursor, cursor->size);
        direct_cursor_skip(cursor, stream->packet_end - direct_cursor_place(cursor));
        stream->packet_end = 0;
    }
    if (direct_cursor_left(cursor) == 0) {
        if (!enter_file(stream)) {
            finish(stream, NULL);
        }
        return;
    }
    const char *flaw = enter_packet(stream);
    if (flaw != NULL) {
        finish(stream, flaw);
    }
}

static bool in_content(const struct direct_stream *stream)
{
    return stream->packet_end > 0 && direct_cursor_left(&stream->cursor) > 0;
}

/* Damage ends this stream but no other. */
static bool next_direct(struct source_stream *base, GError **error)
{
    struct direct_stream *stream = (struct direct_stream *)base;

    (void)error;
    while (!stream->over) {
        if (!in_content(stream)) {
            go_on(stream);
            continue;
        }
        switch (direct_decode(&stream->cursor, stream->class, &stream->clock, &base->event, &stream->arena)) {
        case DIRECT_OURS:
            set_time(stream);
            return true;
        case DIRECT_FOREIGN:
            stream->trace->summary->foreign++;
            break;
        default:
            finish(stream, "an event that its description does not fit");
        }
    }
    return false;
}

static void close_direct(struct source_stream *base)
{
    struct direct_stream *stream = (struct direct_stream *)base;

    direct_cursor_clear(&stream->cursor);
    g_array_unref(stream->files);
    direct_trace_unref(stream->trace);
    g_free(stream);
}

struct source_stream *direct_stream_new(struct direct_trace *trace, GArray *files)
{
    static const struct source_stream_ops ops = {next_direct, close_direct};
    struct direct_stream *stream = g_new0(struct direct_stream, 1);

    stream->base.ops = &ops;
    stream->trace = trace;
    stream->files = files;
    trace->references++;
    trace->streams++;
    enter_file(stream);
    return &stream->base;
}
