/* SPDX-License-Identifier: MIT */
/* Counts what LTTng says it lost. */
#ifndef MITRACE_SOURCE_CTF_LOSSES_H
#define MITRACE_SOURCE_CTF_LOSSES_H

#include "source/source.h"

#include <babeltrace2/babeltrace.h>

/* Arguments for "%" G_GINT64_FORMAT ".%09d". */
#define CTF_SECONDS(time_ns) (time_ns) / 1000000000, (int)((time_ns) % 1000000000)

/* Lost events of one trace; all zero to begin with. */
struct ctf_losses {
    uint64_t events;
    uint64_t places;
    int64_t begin_ns, end_ns;
    bool uncounted; /* somewhere it is known only that there were some */
    GHashTable
        *ahead; /* by stream: by how much its counter has gone back (guint64 *); NULL: none was counted */
};

/* Add what was lost at one place, between times that are negative when they are not known; `counted`: it was
 * exactly so much, not more. */
void ctf_lose(struct ctf_losses *losses, uint64_t events, bool counted, int64_t begin_ns, int64_t end_ns);

/* Take a message of that kind. */
void ctf_lose_events(struct ctf_losses *losses, const bt_message *message);
void ctf_lose_packets(struct ctf_losses *losses, const bt_message *message);

/* Add them to the summary of the trace in `path`, with one problem line; nothing when nothing was lost. */
void ctf_report_losses(const struct ctf_losses *losses, const char *path, struct source_summary *summary);

void ctf_losses_clear(struct ctf_losses *losses);

#endif
