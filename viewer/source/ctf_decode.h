/* SPDX-License-Identifier: MIT */
/* Events of libbabeltrace2 -> events of ours. */
#ifndef MITRACE_SOURCE_CTF_DECODE_H
#define MITRACE_SOURCE_CTF_DECODE_H

#include "source/source.h"

#include <babeltrace2/babeltrace.h>

/* Knows the event classes that it has met; they must outlive it. */
struct ctf_decoder;

struct ctf_decoder *ctf_decoder_new(void);
void ctf_decoder_free(struct ctf_decoder *decoder); /* NULL is allowed */

/* Decode an event message; its time is as ctf_time has it. False: it is none of ours. What `event` points to
 * is valid until the next call and only while the message is held. */
bool ctf_decode(struct ctf_decoder *decoder, const bt_message *message, struct source_event *event);

/* Nanoseconds since the epoch, negative when the clock says something before it or beyond what can be told.
 */
int64_t ctf_time(const bt_clock_snapshot *snapshot);

#endif
