/* SPDX-License-Identifier: MIT */
/* Events and messages between the process that reads LTTng traces and the one that wants them, through a
 * pipe. */
#ifndef MITRACE_SOURCE_WIRE_H
#define MITRACE_SOURCE_WIRE_H

#include "source/source.h"

enum wire_kind {
    WIRE_EVENT,   /* wire_unpack */
    WIRE_PROBLEM, /* text: a line for the summary */
    WIRE_READY,   /* nothing: what can be read is open, events follow */
    WIRE_FAILED,  /* nothing: none can be opened, as the problems before tell; the last record */
    WIRE_END      /* struct wire_counts: the last record */
};

struct wire_counts {
    uint64_t lost, foreign;
};

/* A record on the wire: this header, then `size` bytes, then padding to whole words. */
struct wire_record {
    uint32_t size;
    uint32_t kind;
    uint64_t data[];
};

#define WIRE_BUFFER 65536u

/* Everything up to `used` is whole records, at any time: after a crash they can still be taken. */
struct wire_writer {
    int descriptor;
    bool failed; /* nobody reads any more */
    size_t used;
    uint64_t buffer[WIRE_BUFFER / sizeof(uint64_t)];
};

/* Texts that do not fit into the buffer are cut. */
void wire_write_event(struct wire_writer *writer, const struct source_event *event);
void wire_write_text(struct wire_writer *writer, enum wire_kind kind, const char *text);
void wire_write(struct wire_writer *writer, enum wire_kind kind, const void *data, size_t size);
void wire_flush(struct wire_writer *writer);

struct wire_reader {
    int descriptor;
    size_t begin, end; /* in bytes: what is read and not yet handed out */
    uint64_t buffer[2 * WIRE_BUFFER / sizeof(uint64_t)];
};

/* Take over what a writer that is gone has not written; `reader` must be at the end. */
void wire_inherit(struct wire_reader *reader, const struct wire_writer *writer);

/* The next record, valid until the next call; NULL at the end, or when what comes is no record. */
const struct wire_record *wire_read(struct wire_reader *reader);

/* The event in a record of kind WIRE_EVENT; it points into the record. False: it is not well-formed. */
bool wire_unpack(const struct wire_record *record, struct source_event *event);

#endif
