/* SPDX-License-Identifier: MIT */
/* Which packets of LTTng stream files are complete, found out from their headers alone. */
#ifndef MITRACE_SOURCE_CTF_PACKETS_H
#define MITRACE_SOURCE_CTF_PACKETS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What every packet of LTTng 2 begins with: CTF's packet header, and the packet context. */
struct ctf_packet_header {
    uint32_t magic;
    uint8_t uuid[16];
    uint32_t stream_id;
    uint64_t stream_instance_id;
    uint64_t timestamp_begin, timestamp_end;
    uint64_t content_bits, packet_bits;
};

/* What is wrong with a packet, of which `left` bytes are there; NULL: nothing, and `size` is its size in
 * bytes. `left` must not be less than a header. */
const char *ctf_packet_check(const struct ctf_packet_header *header, uint64_t left, uint64_t *size);

/* The complete packets at the beginning of a file. */
struct ctf_extent {
    uint64_t whole; /* their size in bytes; 0: there is none, and nothing else is known */
    uint32_t stream_id;
    uint64_t stream_instance_id;      /* as these the first packet says */
    uint64_t first_begin, last_begin; /* timestamp_begin of the first and the last */
};

/* A file in a trace directory, not the metadata. */
struct ctf_file {
    char *name;
    uint64_t size;
    struct ctf_extent extent;
    bool is_stream;   /* begins as a stream of LTTng's, or is empty */
    const char *flaw; /* why the rest cannot be read; NULL: nothing wrong */
};

enum ctf_files_state {
    CTF_FILES_WHOLE,
    CTF_FILES_FLAWED, /* some file has a flaw */
    CTF_FILES_OTHER   /* no file looks like LTTng's: another tracer's trace, of which nothing is known here */
};

/* The files of a trace directory, struct ctf_file *, sorted by name; the caller unrefs. */
GPtrArray *ctf_check_files(const char *directory, enum ctf_files_state *state);

#endif
