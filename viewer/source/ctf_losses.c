/* SPDX-License-Identifier: MIT */
/* Counts what LTTng says it lost. */
#include "source/ctf_losses.h"

#include "source/ctf_decode.h"
#include "source/stream.h"

static void widen(struct ctf_losses *losses, const bt_clock_snapshot *begin, const bt_clock_snapshot *end)
{
    int64_t begin_ns = ctf_time(begin);

    losses->begin_ns = losses->places == 0 ? begin_ns : MIN(losses->begin_ns, begin_ns);
    losses->end_ns = MAX(losses->end_ns, ctf_time(end));
}

static void count_losses(struct ctf_losses *losses, bt_property_availability counted, uint64_t count)
{
    bool known = counted == BT_PROPERTY_AVAILABILITY_AVAILABLE;

    losses->uncounted = losses->uncounted || !known;
    losses->events += known ? count : 1;
    losses->places++;
}

void ctf_lose_events(struct ctf_losses *losses, const bt_message *message)
{
    const bt_stream *stream = bt_message_discarded_events_borrow_stream_const(message);
    const bt_stream_class *class = bt_stream_borrow_class_const(stream);
    uint64_t count = 0;

    if (bt_stream_class_discarded_events_have_default_clock_snapshots(class)) {
        widen(losses, bt_message_discarded_events_borrow_beginning_default_clock_snapshot_const(message),
              bt_message_discarded_events_borrow_end_default_clock_snapshot_const(message));
    }
    bt_property_availability counted = bt_message_discarded_events_get_count(message, &count);
    count_losses(losses, counted, count);
}

/* How many events a lost packet held is not known: at least one. */
void ctf_lose_packets(struct ctf_losses *losses, const bt_message *message)
{
    const bt_stream *stream = bt_message_discarded_packets_borrow_stream_const(message);
    const bt_stream_class *class = bt_stream_borrow_class_const(stream);
    uint64_t count = 0;

    if (bt_stream_class_discarded_packets_have_default_clock_snapshots(class)) {
        widen(losses, bt_message_discarded_packets_borrow_beginning_default_clock_snapshot_const(message),
              bt_message_discarded_packets_borrow_end_default_clock_snapshot_const(message));
    }
    bt_property_availability counted = bt_message_discarded_packets_get_count(message, &count);
    count_losses(losses, counted, count);
    losses->uncounted = true;
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
