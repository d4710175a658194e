/* SPDX-License-Identifier: MIT */
/*
 * Where events come from: an LTTng trace directory (CTF, read by libbabeltrace2) or the readable text that
 * `mitrace events` prints. The reader sees one stream of events in the order of time, whatever the source.
 */
#ifndef MITRACE_SOURCE_SOURCE_H
#define MITRACE_SOURCE_SOURCE_H

#include "mi_events.h"

#include <glib.h>
#include <stdbool.h>

struct source_event {
    enum mi_event_id id;
    int64_t time_ns;      /* since the epoch, never negative */
    struct mi_event data; /* pointers are valid only while the handler runs */
};

/* A return address that the trace itself names (text traces carry names; CTF carries modules instead). */
struct source_frame {
    uint32_t pid;
    uint64_t address;
    const char *function; /* NULL: unknown, as are file and module */
    const char *file;
    unsigned line;
    const char *module;
    uint64_t offset; /* in the module */
};

/* What the reader does with a trace. `frame` comes before the first event whose stack holds the address, and
 * again only when the trace says something else of it. */
struct source_handler {
    void (*event)(void *context, const struct source_event *event);
    void (*frame)(void *context, const struct source_frame *frame); /* NULL: not wanted */
    void *context;
};

/* What the source can say of the trace as a whole. */
struct source_summary {
    uint64_t events;  /* of provider mi, handed to the handler */
    uint64_t foreign; /* events of other providers or of unknown names, skipped */
    uint64_t lost;    /* events that LTTng counted as discarded or that stood in lost packets */
    int64_t begin_ns; /* time of the first and last event; 0 when there is none */
    int64_t end_ns;
    bool complete;       /* nothing is missing: no lost events, no cut packet, no unreadable stream */
    GPtrArray *problems; /* char *: one line each on what is missing or was repaired; owned */
};

void source_summary_clear(struct source_summary *summary);

/*
 * Read the traces at `paths` (directories: LTTng traces; files: text traces; "-": text on standard input) and
 * hand their events, merged in order of time, to `handler`. What can be read is read: a cut or damaged stream
 * shows in `summary`, which is filled in any case and must be cleared by the caller. Returns false with one
 * line in `error` when nothing could be read: no such path, no trace there, a newer schema.
 */
bool source_read(const char *const *paths, size_t count, const struct source_handler *handler,
                 struct source_summary *summary, GError **error);

/* Append what a text trace begins with, and what follows its events: lost events and problems. */
void source_format_header(GString *out);
void source_format_summary(GString *out, const struct source_summary *summary);

/* Append one event as a line of text, in the form that source_read reads back. `frame` names addresses, may
 * be NULL. */
typedef bool (*source_namer)(void *context, uint32_t pid, uint64_t address, struct source_frame *frame);
void source_format_event(GString *out, const struct source_event *event, source_namer namer, void *context);

#endif
