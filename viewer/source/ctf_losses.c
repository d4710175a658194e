/* SPDX-License-Identifier: MIT */
/* Counts what LTTng says it lost. */
#include "source/ctf_losses.h"

#include "source/ctf_decode.h"
#include "source/stream.h"

void ctf_lose(struct ctf_losses *losses, uint64_t events, bool counted, int64_t begin_ns, int64_t end_ns)
{
    begin_ns = MAX(begin_ns, 0);
    losses->begin_ns = losses->places == 0 ? begin_ns : MIN(losses->begin_ns, begin_ns);
    losses->end_ns = MAX(losses->end_ns, end_ns);
    losses->uncounted = losses->uncounted || !counted;
    losses->events += events;
    losses->places++;
}

/* By how much the counter of a stream has gone back. */
static guint64 *ahead_of(struct ctf_losses *losses, const bt_stream *stream)
{
    guint64 *ahead;

    if (losses->ahead == NULL) {
        losses->ahead = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    }
    ahead = g_hash_table_lookup(losses->ahead, stream);
    if (ahead == NULL) {
        ahead = g_new0(guint64, 1);
        g_hash_table_insert(losses->ahead, (gpointer)(uintptr_t)stream, ahead);
    }
    return ahead;
}

/*
 * How much more is lost, when the counter of a stream has grown by so much since the packet before. It goes
 * back (grows by nearly 2^64) when a packet is told the counter after the packet that follows it; what it
 * grows then has been counted.
 */
static uint64_t lost_since(struct ctf_losses *losses, const bt_stream *stream, uint64_t grown)
{
    guint64 *ahead = ahead_of(losses, stream);
    uint64_t counted = grown > INT64_MAX ? grown : MIN(grown, *ahead);

    *ahead -= counted;
    return grown - counted;
}

void ctf_lose_events(struct ctf_losses *losses, const bt_message *message)
{
    const bt_stream *stream = bt_message_discarded_events_borrow_stream_const(message);
    const bt_stream_class *class = bt_stream_borrow_class_const(stream);
    int64_t begin_ns = 0, end_ns = 0;
    uint64_t count = 0;

    if (bt_stream_class_discarded_events_have_default_clock_snapshots(class)) {
        begin_ns =
            ctf_time(bt_message_discarded_events_borrow_beginning_default_clock_snapshot_const(message));
        end_ns = ctf_time(bt_message_discarded_events_borrow_end_default_clock_snapshot_const(message));
    }
    bool counted =
        bt_message_discarded_events_get_count(message, &count) == BT_PROPERTY_AVAILABILITY_AVAILABLE;
    if (counted) {
        count = lost_since(losses, stream, count);
    }
    if (!counted || count > 0) {
        ctf_lose(losses, counted ? count : 1, counted, begin_ns, end_ns);
    }
}

/* How many events a lost packet held is not known: at least one. */
void ctf_lose_packets(struct ctf_losses *losses, const bt_message *message)
{
    const bt_stream *stream = bt_message_discarded_packets_borrow_stream_const(message);
    const bt_stream_class *class = bt_stream_borrow_class_const(stream);
    int64_t begin_ns = 0, end_ns = 0;
    uint64_t count = 0;

    if (bt_stream_class_discarded_packets_have_default_clock_snapshots(class)) {
        begin_ns =
            ctf_time(bt_message_discarded_packets_borrow_beginning_default_clock_snapshot_const(message));
        end_ns = ctf_time(bt_message_discarded_packets_borrow_end_default_clock_snapshot_const(message));
    }
    bool counted =
        bt_message_discarded_packets_get_count(message, &count) == BT_PROPERTY_AVAILABILITY_AVAILABLE;
    ctf_lose(losses, counted ? count : 1, false, begin_ns, end_ns);
}

void ctf_report_losses(const struct ctf_losses *losses, const char *path, struct source_summary *summary)
{
    if (losses->places == 0) {
        return;
    }
    summary->lost += losses->events;
    source_problem(summary,
                   "%s: %s%" G_GUINT64_FORMAT " event(s) were lost between %" G_GINT64_FORMAT
                   ".%09d and %" G_GINT64_FORMAT ".%09d, in %" G_GUINT64_FORMAT
                   " place(s): the buffers were too small",
                   path, losses->uncounted ? "at least " : "", losses->events, CTF_SECONDS(losses->begin_ns),
                   CTF_SECONDS(losses->end_ns), losses->places);
}

void ctf_losses_clear(struct ctf_losses *losses)
{
    g_clear_pointer(&losses->ahead, g_hash_table_unref);
}
