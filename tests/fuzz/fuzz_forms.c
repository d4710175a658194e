/* SPDX-License-Identifier: MIT */
/*
 * Well-formed traces of any form, read with libbabeltrace2 in this process: what stands on top of it. Nothing
 * of them may be missing, and nothing may be told to be.
 */
#include "forms.h"

#include "source/ctf_graph.h"
#include "source/ctf_plan.h"
#include "source/ctf_reader.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);

/* The library's plugins stay loaded: loading them takes longer than reading a trace. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static struct ctf_plugins plugins;

    (void)argc;
    (void)argv;
    if (!ctf_plugins_find(&plugins, NULL)) {
        abort();
    }
    return 0;
}

/* libFuzzer has its own. */
static void no_watch(unsigned seconds)
{
    (void)seconds;
}

/* What the reader sent. */
struct sent {
    uint64_t events;
    unsigned problems;
    struct wire_counts counts;
    bool ended;
    int64_t last_ns;
};

static void take_event(struct sent *sent, const struct wire_record *record)
{
    g_autoptr(GString) out = g_string_new(NULL);
    struct source_event event;

    if (!wire_unpack(record, &event) || event.time_ns < sent->last_ns) {
        abort();
    }
    sent->last_ns = event.time_ns;
    sent->events++;
    source_format_event(out, &event, NULL, NULL);
    fuzz_check_text("events", out->str, out->len);
}

static void take_record(struct sent *sent, const struct wire_record *record)
{
    if (record->kind == WIRE_EVENT) {
        take_event(sent, record);
    } else if (record->kind == WIRE_PROBLEM) {
        fuzz_check_text("problem", (const char *)record->data, record->size);
        fprintf(stderr, "%.*s\n", (int)record->size, (const char *)record->data);
        sent->problems++;
    } else if (record->kind == WIRE_END && record->size == sizeof(sent->counts)) {
        memcpy(&sent->counts, record->data, sizeof(sent->counts));
        sent->ended = true;
    }
}

static struct sent read_trace(void)
{
    static struct wire_writer writer;
    static struct wire_reader reader;
    g_autoptr(GPtrArray) parts = g_ptr_array_new(), paths = g_ptr_array_new();
    char name[] = "trace";
    struct ctf_part part = {name, paths};
    struct sent sent = {0};

    g_ptr_array_add(paths, (char *)fuzz_directory());
    g_ptr_array_add(parts, &part);
    writer.descriptor = reader.descriptor = memfd_create("wire", MFD_CLOEXEC);
    writer.failed = false;
    writer.used = reader.begin = reader.end = 0;
    ctf_reader_send(parts, &writer, no_watch);
    lseek(reader.descriptor, 0, SEEK_SET);
    for (const struct wire_record *record; (record = wire_read(&reader)) != NULL;) {
        take_record(&sent, record);
    }
    close(reader.descriptor);
    return sent;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct forms_told told = forms_write(data, size);
    struct sent sent = read_trace();

    if (!sent.ended || sent.events != told.ours || sent.counts.foreign != told.foreign ||
        sent.counts.lost != told.lost || (sent.problems > 0) != (told.lost > 0)) {
        fprintf(stderr,
                "fuzz: %" PRIu64 " events and %" PRIu64 " others, %" PRIu64 " lost; read: %" PRIu64
                " and %" PRIu64 ", %" PRIu64 " lost, %u problems\n",
                told.ours, told.foreign, told.lost, sent.events, sent.counts.foreign, sent.counts.lost,
                sent.problems);
        abort();
    }
    return 0;
}
