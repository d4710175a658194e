/* SPDX-License-Identifier: MIT */
/*
 * LTTng traces, whole and damaged. The tests write traces themselves, byte by byte, in the layout that LTTng
 * 2 uses: small enough to know what must come out of each.
 */
#include "mi_names.h"
#include "source/source.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* ---- the trace that is written ---- */

static const char metadata[] =
    "/* CTF 1.8 */\n\n"
    "typealias integer { size = 8; align = 8; signed = false; } := uint8_t;\n"
    "typealias integer { size = 32; align = 8; signed = false; } := uint32_t;\n"
    "typealias integer { size = 32; align = 8; signed = true; } := int32_t;\n"
    "typealias integer { size = 64; align = 8; signed = false; } := uint64_t;\n"
    "typealias integer { size = 8; align = 8; signed = false; encoding = UTF8; } := char_t;\n"
    "trace { major = 1; minor = 8; byte_order = le; uuid = \"30313233-3435-3637-3839-616263646566\";\n"
    "    packet.header := struct { uint32_t magic; uint8_t uuid[16]; uint32_t stream_id; uint64_t "
    "stream_instance_id;\n"
    "};\n};\n\n"
    "clock { name = monotonic; freq = 1000000000; offset = 0; };\n"
    "typealias integer { size = 64; align = 8; map = clock.monotonic.value; } := clock_t;\n"
    "stream { id = 0;\n"
    "    event.header := struct { uint32_t id; clock_t timestamp; };\n"
    "    packet.context := struct { clock_t timestamp_begin; clock_t timestamp_end; uint64_t content_size;\n"
    "        uint64_t packet_size; uint64_t packet_seq_num; uint64_t events_discarded; uint32_t cpu_id; };\n"
    "};\n\n"
    "event { name = \"mi:session_close_entry\"; id = 0; stream_id = 0;\n"
    "    fields := struct { uint32_t _tid; uint32_t _pid; uint64_t _handle; uint64_t _unheard_of; uint32_t "
    "_uid;\n"
    "        uint32_t __stack_length; uint64_t _stack[__stack_length]; };\n"
    "};\n\n"
    "event { name = \"mi:session_close_exit\"; id = 1; stream_id = 0;\n"
    "    fields := struct { uint32_t _call; int32_t _result; };\n"
    "};\n\n"
    "event { name = \"other:event\"; id = 2; stream_id = 0;\n"
    "    fields := struct { uint32_t _pid; };\n"
    "};\n\n"
    "event { name = \"mi:thread_start\"; id = 3; stream_id = 0;\n"
    "    fields := struct { uint32_t __name_length; char_t _name[__name_length]; };\n"
    "};\n\n"
    "event { name = \"mi:module_load\"; id = 4; stream_id = 0;\n"
    "    fields := struct { uint8_t _build_id[3]; uint8_t _path[4]; char_t _base[2]; };\n"
    "};\n\n"
    "event { name = \"mi:process_start\"; id = 5; stream_id = 0;\n"
    "    fields := struct { uint32_t _major; string _version; };\n"
    "};\n\n"
    "event { name = \"mi:not_known_yet\"; id = 6; stream_id = 0;\n"
    "    fields := struct { uint32_t _pid; };\n"
    "};\n";

enum { CLOSE_ENTRY, CLOSE_EXIT, OTHER, THREAD_START, MODULE_LOAD, PROCESS_START, NOT_KNOWN };

#define HEADER_BYTES 92u /* packet header and context */

static void put(GByteArray *bytes, uint64_t value, guint size)
{
    g_byte_array_append(bytes, (const guint8 *)&value, size);
}

static void put_bytes(GByteArray *bytes, const char *text)
{
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

static void patch(GByteArray *bytes, size_t offset, uint64_t value)
{
    memcpy(bytes->data + offset, &value, sizeof(value));
}

/* Begin a packet at the end of `bytes`; returns where it is. */
static size_t begin_packet(GByteArray *bytes, uint64_t instance, uint64_t sequence, uint64_t discarded,
                           uint64_t begin)
{
    size_t start = bytes->len;

    put(bytes, 0xC1FC1FC1, 4);
    put_bytes(bytes, "0123456789abcdef");
    put(bytes, 0, 4);
    put(bytes, instance, 8);
    put(bytes, begin, 8);
    put(bytes, begin, 8);
    put(bytes, 0, 8);
    put(bytes, 0, 8);
    put(bytes, sequence, 8);
    put(bytes, discarded, 8);
    put(bytes, 0, 4);
    return start;
}

static void end_packet(GByteArray *bytes, size_t start, uint64_t end)
{
    patch(bytes, start + 40, end);
    patch(bytes, start + 48, 8 * (bytes->len - start));
    while (bytes->len % 64 != 0) {
        put(bytes, 0, 1);
    }
    patch(bytes, start + 56, 8 * (bytes->len - start));
}

static void put_event(GByteArray *bytes, uint32_t id, uint64_t time)
{
    put(bytes, id, 4);
    put(bytes, time, 8);
}

static void put_close_entry(GByteArray *bytes, uint64_t time, uint32_t pid, uint32_t frames)
{
    put_event(bytes, CLOSE_ENTRY, time);
    put(bytes, pid + 1, 4);
    put(bytes, pid, 4);
    put(bytes, 0x1000, 8);
    put(bytes, 0xdead, 8);
    put(bytes, 7, 4);
    put(bytes, frames, 4);
    for (uint32_t i = 0; i < frames; i++) {
        put(bytes, 0x400000 + i, 8);
    }
}

static void put_close_exit(GByteArray *bytes, uint64_t time, uint32_t call)
{
    put_event(bytes, CLOSE_EXIT, time);
    put(bytes, call, 4);
    put(bytes, (uint64_t)-4, 4);
}

/* A packet with one session_close_exit for each time, with the time as its call. */
static void put_exits(GByteArray *bytes, uint64_t instance, uint64_t sequence, uint64_t discarded,
                      uint64_t first, uint64_t last)
{
    size_t start = begin_packet(bytes, instance, sequence, discarded, first);

    for (uint64_t time = first; time <= last; time++) {
        put_close_exit(bytes, time, (uint32_t)time);
    }
    end_packet(bytes, start, last);
}

/* The metadata as LTTng writes it: in packets of 512 bytes. */
static GByteArray *packed_metadata(void)
{
    GByteArray *bytes = g_byte_array_new();
    const char *text = metadata;

    while (*text != '\0') {
        uint32_t length = (uint32_t)MIN(strlen(text), 512 - 37);
        put(bytes, 0x75D11D57, 4);
        put_bytes(bytes, "0123456789abcdef");
        put(bytes, 0, 4);
        put(bytes, 8 * (37 + length), 4);
        put(bytes, 8 * 512, 4);
        put(bytes, 0x0801000000, 5);
        g_byte_array_append(bytes, (const guint8 *)text, length);
        text += length;
        while (bytes->len % 512 != 0) {
            put(bytes, 0, 1);
        }
    }
    return bytes;
}

/* ---- files ---- */

static char *base;      /* everything is in here */
static char *temporary; /* where the code under test puts temporary files */
static char *trace;     /* the trace of the running test */

static int visit_remove(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

/* GLib remembers the directory for temporary files when it is first asked. */
static int make_base(void **state)
{
    (void)state;
    char name[] = "/tmp/test-source-ctf-XXXXXX";

    if (mkdtemp(name) == NULL) {
        return 1;
    }
    base = g_strdup(name);
    temporary = g_build_filename(base, "tmp", NULL);
    trace = g_build_filename(base, "trace", NULL);
    g_setenv("TMPDIR", temporary, TRUE);
    return g_mkdir(temporary, 0700);
}

static int remove_base(void **state)
{
    (void)state;
    nftw(base, visit_remove, 16, FTW_DEPTH | FTW_PHYS);
    g_free(base);
    g_free(temporary);
    g_free(trace);
    return 0;
}

static int make_trace(void **state)
{
    (void)state;
    return g_mkdir(trace, 0700);
}

/* Whatever happened, nothing is left behind. */
static int remove_trace(void **state)
{
    (void)state;
    g_autoptr(GDir) entries = g_dir_open(temporary, 0, NULL);
    const char *left = g_dir_read_name(entries);

    nftw(trace, visit_remove, 16, FTW_DEPTH | FTW_PHYS);
    return left != NULL;
}

static void write_bytes(const char *name, const void *bytes, size_t size)
{
    g_autofree char *path = g_build_filename(trace, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);

    assert_int_equal(g_mkdir_with_parents(parent, 0700), 0);
    assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

static void write_metadata(void)
{
    write_bytes("metadata", metadata, strlen(metadata));
}

/* Write `bytes` and release them. */
static void write_stream(const char *name, GByteArray *bytes)
{
    write_bytes(name, bytes->data, bytes->len);
    g_byte_array_unref(bytes);
}

/* ---- reading ---- */

struct reading {
    GString *text; /* of all events */
    struct source_summary summary;
    GError *error;
    bool good;
};

static void take_event(void *context, const struct source_event *event)
{
    struct reading *reading = context;
    source_format_event(reading->text, event, NULL, NULL);
}

static struct reading read_path(const char *path)
{
    struct reading reading = {.text = g_string_new(NULL)};
    struct source_handler handler = {take_event, NULL, &reading};

    reading.good = source_read(&path, 1, &handler, &reading.summary, &reading.error);
    assert_int_equal(reading.good, reading.error == NULL);
    return reading;
}

static void clear(struct reading *reading)
{
    g_string_free(reading->text, TRUE);
    source_summary_clear(&reading->summary);
    g_clear_error(&reading->error);
}

static struct reading read_trace(void)
{
    return read_path(trace);
}

/* The text of put_exits. */
static void append_exits(GString *text, uint64_t first, uint64_t last)
{
    for (uint64_t time = first; time <= last; time++) {
        g_string_append_printf(text, "0.%09u session_close_exit pid=0 tid=0 call=%u result=-4\n",
                               (unsigned)time, (unsigned)time);
    }
}

static void assert_exits(const struct reading *reading, uint64_t first, uint64_t last)
{
    GString *expected = g_string_new(NULL);
    append_exits(expected, first, last);
    assert_string_equal(reading->text->str, expected->str);
    g_string_free(expected, TRUE);
}

static bool has_problem(const struct reading *reading, const char *part)
{
    for (guint i = 0; i < reading->summary.problems->len; i++) {
        const char *problem = g_ptr_array_index(reading->summary.problems, i);
        assert_null(strchr(problem, '\n'));
        if (strstr(problem, part) != NULL) {
            return true;
        }
    }
    return false;
}

/* ---- whole traces ---- */

static void fields_are_matched_by_name(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();
    size_t start = begin_packet(bytes, 0, 0, 0, 1);

    put_close_entry(bytes, 1, 42, 2);
    put_close_exit(bytes, 2, 9);
    put_event(bytes, THREAD_START, 3);
    put(bytes, 5, 4);
    put_bytes(bytes, "a\"\001\xff!");
    put_event(bytes, MODULE_LOAD, 4);
    put_bytes(bytes, "\001\002\xff/binxx");
    end_packet(bytes, start, 4);
    write_metadata();
    write_stream("channel_0", bytes);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_string_equal(
        reading.text->str,
        "0.000000001 session_close_entry pid=42 tid=43 call=0 handle=0x1000 r1=0x0 r2=0x0 table=0 "
        "uid=7 gid=0 token=0x0 stack=[0x400000,0x400001]\n"
        "0.000000002 session_close_exit pid=0 tid=0 call=9 result=-4\n"
        "0.000000003 thread_start pid=0 tid=0 library=0 name=\"a\\\"\\x01\\xff!\"\n"
        "0.000000004 module_load pid=0 tid=0 base=0x0 start=0x0 end=0x0 build_id=0102ff "
        "path=\"/bin\"\n");
    assert_true(reading.summary.complete);
    assert_int_equal(reading.summary.events, 4);
    assert_int_equal(reading.summary.begin_ns, 1);
    assert_int_equal(reading.summary.end_ns, 4);
    clear(&reading);
}

static void what_is_not_ours_is_counted(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();
    size_t start = begin_packet(bytes, 0, 0, 0, 1);

    put_event(bytes, OTHER, 1);
    put(bytes, 1, 4);
    put_close_exit(bytes, 2, 2);
    put_event(bytes, NOT_KNOWN, 3);
    put(bytes, 1, 4);
    end_packet(bytes, start, 3);
    write_metadata();
    write_stream("channel_0", bytes);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 2, 2);
    assert_int_equal(reading.summary.foreign, 2);
    assert_true(reading.summary.complete);
    clear(&reading);
}

static void streams_and_directories_are_merged_by_time(void **state)
{
    (void)state;
    GByteArray *even = g_byte_array_new(), *odd = g_byte_array_new(), *late = g_byte_array_new();

    for (uint64_t time = 1; time <= 40; time += 2) {
        put_exits(odd, 0, time / 2, 0, time, time);
        put_exits(even, 1, time / 2, 0, time + 1, time + 1);
    }
    put_exits(late, 2, 0, 0, 41, 50);
    write_bytes("ust/uid/0/64-bit/metadata", metadata, strlen(metadata));
    write_stream("ust/uid/0/64-bit/channel_0", odd);
    write_stream("ust/uid/0/64-bit/channel_1", even);
    write_bytes("ust/uid/1000/64-bit/metadata", metadata, strlen(metadata));
    write_stream("ust/uid/1000/64-bit/channel_0", late);
    write_bytes("mitrace.json", "{}", 2);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 50);
    assert_true(reading.summary.complete);
    clear(&reading);
}

/* LTTng goes on counting in the next directory when it rotates. */
static void rotated_traces_are_one(void **state)
{
    (void)state;
    GByteArray *first = g_byte_array_new(), *second = g_byte_array_new();
    GByteArray *header = packed_metadata();

    put_exits(first, 0, 0, 0, 1, 2);
    put_exits(first, 0, 1, 5, 3, 3);
    put_exits(second, 0, 2, 7, 4, 6);
    write_bytes("archives/0/metadata", header->data, header->len);
    write_stream("archives/0/channel_0", first);
    write_bytes("archives/1/metadata", header->data, header->len);
    write_stream("archives/1/channel_0", second);
    g_byte_array_unref(header);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 6);
    assert_int_equal(reading.summary.lost, 7);
    clear(&reading);
}

static void empty_streams_are_normal(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();

    put_exits(bytes, 0, 0, 0, 1, 2);
    write_metadata();
    write_bytes("channel_1", "", 0);
    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_true(reading.summary.complete);
    assert_int_equal(reading.summary.events, 0);
    clear(&reading);

    write_stream("channel_0", bytes);
    reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 2);
    assert_true(reading.summary.complete);
    clear(&reading);
}

static void lost_events_are_counted(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();

    put_exits(bytes, 0, 0, 0, 1, 2);
    put_exits(bytes, 0, 1, 7, 3, 4);
    put_exits(bytes, 0, 2, 7, 5, 6);
    put_exits(bytes, 0, 3, 9, 7, 8);
    write_metadata();
    write_stream("channel_0", bytes);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 8);
    assert_int_equal(reading.summary.lost, 9);
    assert_false(reading.summary.complete);
    assert_int_equal(reading.summary.problems->len, 1);
    assert_true(
        has_problem(&reading, ": 9 event(s) were lost between 0.000000002 and 0.000000008, in 2 place(s)"));
    clear(&reading);
}

static void lost_packets_are_noticed(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();

    put_exits(bytes, 0, 0, 0, 1, 2);
    put_exits(bytes, 0, 4, 0, 3, 4);
    write_metadata();
    write_stream("channel_0", bytes);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 4);
    assert_true(reading.summary.lost >= 3);
    assert_false(reading.summary.complete);
    assert_true(has_problem(&reading, "at least 3 event(s) were lost"));
    clear(&reading);
}

/* Checks order and completeness of many events without keeping them. */
struct tally {
    uint64_t count, calls;
    int64_t last_ns;
    bool ordered;
};

static void count_event(void *context, const struct source_event *event)
{
    struct tally *tally = context;

    tally->ordered = tally->ordered && event->time_ns >= tally->last_ns;
    tally->last_ns = event->time_ns;
    tally->calls += event->data.call;
    tally->count++;
}

/* Far more events than are on their way from the reading process at a time. */
static void large_traces_are_merged(void **state)
{
    (void)state;
    const uint64_t events = 430000;
    struct tally tally = {.ordered = true};
    struct source_handler handler = {count_event, NULL, &tally};
    struct source_summary summary;
    const char *path = trace;

    write_metadata();
    for (uint64_t instance = 0; instance < 3; instance++) {
        g_autofree char *name = g_strdup_printf("channel_%u", (unsigned)instance);
        GByteArray *bytes = g_byte_array_new();
        size_t start = begin_packet(bytes, instance, 0, 0, 0);
        for (uint64_t i = 0; i < events; i++) {
            put_close_exit(bytes, i * 3 + instance, (uint32_t)i);
        }
        end_packet(bytes, start, events * 3 + instance);
        write_stream(name, bytes);
    }
    assert_true(source_read(&path, 1, &handler, &summary, NULL));
    assert_true(summary.complete);
    assert_true(tally.ordered);
    assert_int_equal(tally.count, 3 * events);
    assert_int_equal(tally.calls, 3 * (events * (events - 1) / 2));
    source_summary_clear(&summary);
}

static void long_values_are_cut(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();
    size_t start = begin_packet(bytes, 0, 0, 0, 1);

    put_close_entry(bytes, 1, 42, 2 * MI_STACK_MAX);
    put_event(bytes, THREAD_START, 2);
    put(bytes, 2 * MI_TEXT_MAX, 4);
    for (size_t i = 0; i < 2 * MI_TEXT_MAX; i++) {
        put(bytes, 'x', 1);
    }
    end_packet(bytes, start, 2);
    write_metadata();
    write_stream("channel_0", bytes);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_non_null(strstr(reading.text->str, "0x40003f]\n"));
    const char *text = strstr(reading.text->str, "name=\"");
    assert_int_equal(strspn(text + strlen("name=\""), "x"), MI_TEXT_MAX);
    clear(&reading);
}

static void a_newer_schema_is_refused(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();
    size_t start = begin_packet(bytes, 0, 0, 0, 1);

    put_close_exit(bytes, 1, 1);
    put_event(bytes, PROCESS_START, 2);
    put(bytes, 2, 4);
    g_byte_array_append(bytes, (const guint8 *)"9.1", 4);
    for (uint32_t i = 0; i < 100000; i++) {
        put_close_exit(bytes, 3, i);
    }
    end_packet(bytes, start, 3);
    write_metadata();
    write_stream("channel_0", bytes);

    struct reading reading = read_trace();
    assert_false(reading.good);
    assert_string_equal(reading.error->message,
                        "trace was written by a newer mitrace (schema 2, this one reads 1): "
                        "use mitrace 9.1 or newer");
    assert_exits(&reading, 1, 1);
    clear(&reading);
}

/* ---- damaged traces ---- */

static GByteArray *three_packets(size_t *second, size_t *third)
{
    GByteArray *bytes = g_byte_array_new();

    put_exits(bytes, 0, 0, 0, 1, 10);
    *second = bytes->len;
    put_exits(bytes, 0, 1, 0, 11, 20);
    *third = bytes->len;
    put_exits(bytes, 0, 2, 0, 21, 30);
    return bytes;
}

static void a_cut_stream_is_read_up_to_its_last_whole_packet(void **state)
{
    (void)state;
    size_t second = 0, third = 0;
    g_autoptr(GByteArray) bytes = three_packets(&second, &third);
    const struct {
        size_t length;
        uint64_t last;
    } cuts[] = {
        {bytes->len - 1, 20}, {third + HEADER_BYTES, 20}, {third + 60, 20}, {third + 1, 20},
        {third - 1, 10},      {second + 1, 10},           {second - 64, 0}, {1, 0},
    };

    write_metadata();
    for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++) {
        write_bytes("channel_0", bytes->data, cuts[i].length);
        struct reading reading = read_trace();
        assert_true(reading.good);
        assert_exits(&reading, 1, cuts[i].last);
        assert_false(reading.summary.complete);
        assert_int_equal(reading.summary.problems->len, 1);
        assert_true(has_problem(&reading, "channel_0 is "));
        clear(&reading);
    }
}

static void other_streams_of_a_cut_trace_are_whole(void **state)
{
    (void)state;
    size_t second = 0, third = 0;
    GByteArray *cut = three_packets(&second, &third);
    GByteArray *whole = g_byte_array_new();

    g_byte_array_set_size(cut, (guint)third + 70);
    put_exits(whole, 1, 0, 0, 21, 30);
    write_metadata();
    write_stream("channel_0", cut);
    write_stream("channel_1", whole);
    write_bytes("index/channel_0.idx", "stray", 5);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 30);
    assert_false(reading.summary.complete);
    clear(&reading);
}

static void a_damaged_header_ends_a_stream(void **state)
{
    (void)state;
    static const struct {
        size_t offset; /* in the packet header */
        uint64_t value;
    } damages[] = {
        {0, 0},  {48, 1},          {48, UINT64_MAX},     {56, 0},
        {56, 8}, {56, UINT64_MAX}, {56, UINT64_MAX - 7}, {56, 8 * 64 + 1},
    };
    size_t second = 0, third = 0;

    write_metadata();
    for (size_t i = 0; i < G_N_ELEMENTS(damages); i++) {
        GByteArray *bytes = three_packets(&second, &third);
        patch(bytes, third + damages[i].offset, damages[i].value);
        write_stream("channel_0", bytes);
        struct reading reading = read_trace();
        assert_true(reading.good);
        assert_exits(&reading, 1, 20);
        assert_true(has_problem(&reading, "channel_0 is "));
        clear(&reading);
    }
}

static void files_that_are_no_streams_are_left_out(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();
    g_autofree char *fifo = g_build_filename(trace, "fifo", NULL);
    g_autofree char *link = g_build_filename(trace, "link", NULL);

    put_exits(bytes, 0, 0, 0, 1, 10);
    write_metadata();
    write_stream("channel_0", bytes);
    write_bytes("notes.txt", "hello", 5);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    assert_int_equal(symlink("/dev/zero", link), 0);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 10);
    assert_true(has_problem(&reading, "notes.txt is no stream"));
    assert_true(has_problem(&reading, "fifo is no regular file"));
    assert_true(has_problem(&reading, "link cannot be read"));
    clear(&reading);
}

static void a_missing_description_is_told(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();

    put_exits(bytes, 0, 0, 0, 1, 10);
    write_stream("channel_0", bytes);
    write_bytes("metadata", "", 0);
    struct reading reading = read_trace();
    assert_false(reading.good);
    assert_non_null(strstr(reading.error->message, "its metadata is empty"));
    clear(&reading);

    write_bytes("metadata", "nonsense", 8);
    reading = read_trace();
    assert_false(reading.good);
    assert_non_null(strstr(reading.error->message, "cannot be read"));
    clear(&reading);
}

/* Where one trace of two cannot be read, the other is. */
static void a_readable_trace_beside_an_unreadable_one(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();

    put_exits(bytes, 0, 0, 0, 1, 10);
    write_bytes("a/metadata", "", 0);
    write_bytes("b/metadata", metadata, strlen(metadata));
    write_stream("b/channel_0", bytes);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 10);
    assert_false(reading.summary.complete);
    assert_true(has_problem(&reading, "/a cannot be read: its metadata is empty"));
    clear(&reading);
}

/* LTTng describes events as they first occur: what the cut metadata still describes can be read. */
static void cut_metadata_is_used_as_far_as_it_goes(void **state)
{
    (void)state;
    GByteArray *packed = packed_metadata();
    GByteArray *bytes = g_byte_array_new();

    put_exits(bytes, 0, 0, 0, 1, 10);
    write_bytes("channel_0", bytes->data, bytes->len);
    write_bytes("metadata", packed->data, packed->len);
    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 10);
    assert_true(reading.summary.complete);
    clear(&reading);

    write_bytes("metadata", packed->data, packed->len - 10);
    reading = read_trace();
    assert_true(reading.good);
    assert_exits(&reading, 1, 10);
    assert_true(has_problem(&reading, "metadata is cut or damaged"));
    clear(&reading);

    for (size_t length = 1; length < packed->len - 512; length += 401) {
        write_bytes("metadata", packed->data, length);
        reading = read_trace();
        assert_true(!reading.good || !reading.summary.complete);
        clear(&reading);
    }
    g_byte_array_unref(packed);
    g_byte_array_unref(bytes);
}

/* libbabeltrace2 allocates what a length field says, and crashes: only a few events before that are lost with
 * it. */
static void a_wrong_length_loses_only_what_follows(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();

    put_exits(bytes, 0, 0, 0, 1, 100);
    size_t start = begin_packet(bytes, 0, 1, 0, 101);
    put_event(bytes, CLOSE_ENTRY, 101);
    for (size_t i = 0; i < 7; i++) {
        put(bytes, UINT32_MAX, 4);
    }
    put(bytes, UINT32_MAX, 4);
    put_close_exit(bytes, 102, 102);
    end_packet(bytes, start, 102);
    write_metadata();
    write_stream("channel_0", bytes);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_in_range(reading.summary.events, 80, 100);
    assert_exits(&reading, 1, reading.summary.events);
    assert_false(reading.summary.complete);
    assert_true(
        has_problem(&reading, "could be read: the process that read it crashed: the trace is damaged"));
    clear(&reading);
}

static void times_never_go_back(void **state)
{
    (void)state;
    GByteArray *bytes = g_byte_array_new();
    size_t start = begin_packet(bytes, 0, 0, 0, 1);

    put_close_exit(bytes, 1, 1);
    put_close_exit(bytes, 9, 2);
    put_close_exit(bytes, 3, 3);
    end_packet(bytes, start, 9);
    write_metadata();
    write_stream("channel_0", bytes);

    struct reading reading = read_trace();
    assert_true(reading.good);
    assert_int_equal(reading.summary.events, 3);
    assert_non_null(strstr(reading.text->str, "0.000000009 session_close_exit pid=0 tid=0 call=3"));
    assert_true(has_problem(&reading, "times that went back"));
    clear(&reading);
}

static void damaged_bytes_are_survived(void **state)
{
    (void)state;
    static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
    GByteArray *good = g_byte_array_new();
    size_t start = begin_packet(good, 0, 0, 0, 1);

    put_close_entry(good, 1, 42, 3);
    put_event(good, THREAD_START, 2);
    put(good, 4, 4);
    put_bytes(good, "name");
    end_packet(good, start, 2);
    write_metadata();
    for (size_t i = 0; i < good->len; i += 3) {
        g_autofree uint8_t *bytes = g_memdup2(good->data, good->len);
        bytes[i] = values[i % sizeof(values)];
        write_bytes("channel_0", bytes, good->len);
        struct reading reading = read_trace();
        assert_true(reading.good || strchr(reading.error->message, '\n') == NULL);
        clear(&reading);
    }
    g_byte_array_unref(good);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_trace, remove_trace)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(fields_are_matched_by_name),
        TEST(what_is_not_ours_is_counted),
        TEST(streams_and_directories_are_merged_by_time),
        TEST(rotated_traces_are_one),
        TEST(empty_streams_are_normal),
        TEST(lost_events_are_counted),
        TEST(lost_packets_are_noticed),
        TEST(large_traces_are_merged),
        TEST(long_values_are_cut),
        TEST(a_newer_schema_is_refused),
        TEST(a_cut_stream_is_read_up_to_its_last_whole_packet),
        TEST(other_streams_of_a_cut_trace_are_whole),
        TEST(a_damaged_header_ends_a_stream),
        TEST(files_that_are_no_streams_are_left_out),
        TEST(a_missing_description_is_told),
        TEST(a_readable_trace_beside_an_unreadable_one),
        TEST(cut_metadata_is_used_as_far_as_it_goes),
        TEST(a_wrong_length_loses_only_what_follows),
        TEST(times_never_go_back),
        TEST(damaged_bytes_are_survived),
    };
    return cmocka_run_group_tests(tests, make_base, remove_base);
}
