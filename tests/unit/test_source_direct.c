/* SPDX-License-Identifier: MIT */
/*
 * Traces that are read without libbabeltrace2: everything that can be in them comes out as libbabeltrace2
 * would have it, and what is damaged is told.
 */
#include "both_ways.h"
#include "lttng_trace.h"
#include "source/direct_cursor.h"
#include "source/direct_layout.h"

#include <ftw.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char *base, *trace, *copy;

static int visit_remove(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
    (void)status;
    (void)type;
    (void)ftw;
    return remove(path);
}

static int make_folders(void **state)
{
    (void)state;
    char name[] = "/tmp/test-source-direct-XXXXXX";

    if (mkdtemp(name) == NULL) {
        return 1;
    }
    base = g_strdup(name);
    trace = g_build_filename(base, "trace", NULL);
    copy = g_build_filename(base, "copy", NULL);
    return g_mkdir(trace, 0700);
}

static int remove_folders(void **state)
{
    (void)state;
    nftw(base, visit_remove, 16, FTW_DEPTH | FTW_PHYS);
    g_free(base);
    g_free(trace);
    g_free(copy);
    return 0;
}

static void write_bytes(const char *name, const void *bytes, size_t size)
{
    g_autofree char *path = g_build_filename(trace, name, NULL);
    g_autofree char *parent = g_path_get_dirname(path);

    assert_int_equal(g_mkdir_with_parents(parent, 0700), 0);
    assert_true(g_file_set_contents(path, bytes, (gssize)size, NULL));
}

static void write_metadata(const char *name, unsigned form)
{
    GString *text = lttng_metadata(form);

    write_bytes(name, text->str, text->len);
    g_string_free(text, TRUE);
}

static void write_stream(const char *name, GByteArray *bytes)
{
    write_bytes(name, bytes->data, bytes->len);
    g_byte_array_unref(bytes);
}

static void assert_both_equal(void)
{
    struct reading direct, library;

    both_ways(trace, copy, &direct, &library);
    both_ways_equal(&direct, &library);
    reading_clear(&direct);
    reading_clear(&library);
}

/* ---- whole traces ---- */

/* Mostly small steps, sometimes such that the short header would overflow, or nearly; multiples of 4. */
static uint64_t random_step(GRand *random, unsigned form)
{
    const uint64_t span = LTTNG_SPAN(form), steps[] = {span - 4, span, 3 * span + 8};
    guint32 choice = g_rand_int(random) % 32;

    return choice < G_N_ELEMENTS(steps) ? steps[choice] : 4 + g_rand_int(random) % 5000 * 4;
}

static void put_random_event(struct lttng_packet *packet, uint64_t clock, GRand *random)
{
    uint32_t id = g_rand_int(random) % (LTTNG_FOREIGN + 1);

    lttng_event(packet, id, clock, g_rand_int(random) % 10 == 0);
    if (id < LTTNG_FOREIGN) {
        lttng_random_fields(packet, (enum mi_event_id)id, random);
        return;
    }
    uint32_t count = g_rand_int(random) % 5;
    lttng_put(packet->bytes, count, 4);
    for (uint32_t i = 0; i < count; i++) {
        lttng_put(packet->bytes, g_rand_int(random), 2);
    }
}

/* A stream of packets with random events, losses between them, and packets without events. */
static GByteArray *random_stream(GRand *random, unsigned form, uint64_t instance)
{
    GByteArray *bytes = g_byte_array_new();
    uint64_t clock = 4000 + instance, number = 0, discarded = g_rand_int(random) % 2 * 5;

    for (unsigned i = 0; i < 12; i++) {
        struct lttng_packet packet = lttng_packet_begin(bytes, form, instance, number, discarded, clock);
        for (unsigned left = g_rand_int(random) % 200; left > 0; left--) {
            clock += random_step(random, form);
            put_random_event(&packet, clock, random);
        }
        lttng_packet_end(&packet, clock);
        number += g_rand_int(random) % 8 == 0 ? 3 : 1;
        discarded += g_rand_int(random) % 4 == 0 ? 17 : 0;
    }
    return bytes;
}

/* The streams' times are never equal: which of two equal ones comes first is not laid down. */
static void write_random_trace(guint32 seed, unsigned form)
{
    GRand *random = g_rand_new_with_seed(seed);

    write_metadata("metadata", form);
    for (uint64_t instance = 0; instance < 3; instance++) {
        g_autofree char *name = g_strdup_printf("mi_%u", (unsigned)instance);
        write_stream(name, random_stream(random, form, instance));
    }
    g_rand_free(random);
}

static void random_traces_are_read_as_libbabeltrace2_does(void **state)
{
    char *first = copy;

    (void)state;
    for (guint32 seed = 1; seed <= 12; seed++) {
        copy = g_strdup_printf("%s-%u", first, seed);
        write_random_trace(seed, seed % 4);
        assert_both_equal();
        g_free(copy);
    }
    copy = first;
}

/* A packet with one event for each time, whose thread is the time. */
static void put_ends(GByteArray *bytes, uint64_t number, uint64_t discarded, uint64_t first, uint64_t last)
{
    struct lttng_packet packet = lttng_packet_begin(bytes, LTTNG_LARGE, 0, number, discarded, first);

    for (uint64_t time = first; time <= last; time++) {
        lttng_event(&packet, MI_EV_thread_end, time, false);
        lttng_put(bytes, 7, 4);
        lttng_put(bytes, time, 4);
    }
    lttng_packet_end(&packet, last);
}

/* Bytes of an event that put_ends writes. */
#define END_BYTES 14u

static void assert_ends(const struct reading *reading, uint64_t first, uint64_t last)
{
    g_autoptr(GString) expected = g_string_new(NULL);

    for (uint64_t time = first; time <= last; time++) {
        g_string_append_printf(expected, "1700000000.%09u thread_end pid=7 tid=%u\n", (unsigned)time,
                               (unsigned)time);
    }
    assert_true(reading->good);
    assert_string_equal(reading->text->str, expected->str);
}

static void losses_are_counted_as_libbabeltrace2_does(void **state)
{
    GByteArray *bytes = g_byte_array_new();
    struct reading direct, library;

    (void)state;
    put_ends(bytes, 5, 2, 1, 2);
    put_ends(bytes, 6, 9, 3, 4);
    put_ends(bytes, 9, 9, 5, 6);
    put_ends(bytes, 11, 9, 7, 8);
    write_metadata("metadata", LTTNG_LARGE);
    write_stream("mi_0", bytes);
    both_ways(trace, copy, &direct, &library);
    both_ways_equal(&direct, &library);
    assert_ends(&direct, 1, 8);
    assert_int_equal(direct.summary.lost, 1 + 7 + 2 + 1);
    assert_true(reading_tells(&direct, ": at least 11 event(s) were lost between 1700000000.000000001 and "
                                       "1700000000.000000007, in 4 place(s)"));
    assert_true(reading_tells(&library, ": at least 11 event(s) were lost between 1700000000.000000001 and "
                                        "1700000000.000000007, in 4 place(s)"));
    reading_clear(&direct);
    reading_clear(&library);
}

/* A packet that is delivered late carries a later number than the packets after it. */
static void a_counter_that_goes_back_is_no_loss(void **state)
{
    static const uint64_t discarded[] = {0, 7, 3, 7, 9, 4};
    GByteArray *bytes = g_byte_array_new();
    struct reading direct, library;

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(discarded); i++) {
        put_ends(bytes, i, discarded[i], 2 * i + 1, 2 * i + 2);
    }
    write_metadata("metadata", LTTNG_LARGE);
    write_stream("mi_0", bytes);
    both_ways(trace, copy, &direct, &library);
    both_ways_equal(&direct, &library);
    assert_ends(&direct, 1, 12);
    assert_int_equal(direct.summary.lost, 9);
    assert_true(reading_tells(&direct, ": 9 event(s) were lost between 1700000000.000000002 and "
                                       "1700000000.000000010, in 2 place(s)"));
    assert_true(reading_tells(&library, ": 9 event(s) were lost between 1700000000.000000002 and "
                                        "1700000000.000000010, in 2 place(s)"));
    reading_clear(&direct);
    reading_clear(&library);
}

/* Only packets of metadata carry the UUID that makes one trace of several directories. */
static void write_packed_metadata(const char *name)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    GString *text = lttng_metadata(LTTNG_LARGE);
    const char *rest = text->str + strlen("/* CTF 1.8 */\n\n");

    while (*rest != '\0') {
        uint32_t length = (uint32_t)MIN(strlen(rest), 4096 - 37);
        lttng_put(bytes, 0x75D11D57, 4);
        g_byte_array_append(bytes, (const guint8 *)"0123456789abcdef", 16);
        lttng_put(bytes, 0, 4);
        lttng_put(bytes, 8 * (37 + length), 4);
        lttng_put(bytes, 8 * (uint64_t)4096, 4);
        lttng_put(bytes, 0x0801000000, 5);
        g_byte_array_append(bytes, (const guint8 *)rest, length);
        rest += length;
        while (bytes->len % 4096 != 0) {
            lttng_put(bytes, 0, 1);
        }
    }
    write_bytes(name, bytes->data, bytes->len);
    g_string_free(text, TRUE);
}

static void rotated_streams_go_on_counting(void **state)
{
    struct reading reading;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        g_autofree char *metadata = g_strdup_printf("archives/%u/metadata", i);
        g_autofree char *name = g_strdup_printf("archives/%u/mi_0_%u", i, 2 - i);
        GByteArray *bytes = g_byte_array_new();
        put_ends(bytes, 2 - i, 5 * (2 - i), 3 * (2 - i) + 1, 3 * (2 - i) + 3);
        write_packed_metadata(metadata);
        write_stream(name, bytes);
    }
    reading_take(&reading, trace);
    assert_ends(&reading, 1, 9);
    assert_int_equal(reading.summary.lost, 10);
    reading_clear(&reading);
}

/* The same packets in two directories: libbabeltrace2 drops one of them. */
static void no_event_is_handed_over_twice(void **state)
{
    struct reading reading;

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        g_autofree char *metadata = g_strdup_printf("%u/metadata", i);
        g_autofree char *name = g_strdup_printf("%u/mi_0", i);
        GByteArray *bytes = g_byte_array_new();
        put_ends(bytes, 0, 0, 1, 6);
        write_packed_metadata(metadata);
        write_stream(name, bytes);
    }
    reading_take(&reading, trace);
    assert_ends(&reading, 1, 6);
    reading_clear(&reading);
}

/* Far more than what is in memory at once, in one packet; each fortieth event has the longest texts. */
static void packets_larger_than_the_window(void **state)
{
    GByteArray *bytes = g_byte_array_new();
    GRand *random = g_rand_new_with_seed(7);
    struct lttng_packet packet = lttng_packet_begin(bytes, LTTNG_COMPACT, 0, 0, 0, 1);

    (void)state;
    for (uint64_t time = 1; bytes->len < 5 * DIRECT_WINDOW; time++) {
        lttng_event(&packet, MI_EV_process_start, time, false);
        lttng_random_fields(&packet, MI_EV_process_start, random);
        if (time % 40 == 0) {
            lttng_event(&packet, LTTNG_FOREIGN, time, false);
            lttng_put(bytes, 2 * DIRECT_WINDOW, 4);
            g_byte_array_set_size(bytes, bytes->len + 4 * DIRECT_WINDOW);
        }
    }
    lttng_packet_end(&packet, 99999);
    g_rand_free(random);
    write_metadata("metadata", LTTNG_COMPACT);
    write_stream("mi_0", bytes);
    assert_both_equal();
}

/* ---- damage ---- */

static GByteArray *two_packets(void)
{
    GByteArray *bytes = g_byte_array_new();

    put_ends(bytes, 0, 0, 1, 10);
    put_ends(bytes, 1, 0, 11, 20);
    return bytes;
}

/* Where the second packet of two_packets begins. */
#define SECOND 256u

/* What is written over a place in it, and what of it is read all the same. */
static void assert_damage(size_t offset, uint64_t value, size_t size, uint64_t last, const char *tells)
{
    GByteArray *bytes = two_packets();
    struct reading reading;

    memcpy(bytes->data + SECOND + offset, &value, size);
    write_metadata("metadata", LTTNG_LARGE);
    write_stream("mi_0", bytes);
    reading_take(&reading, trace);
    assert_ends(&reading, 1, last);
    assert_false(reading.summary.complete);
    assert_true(reading_tells(&reading, tells));
    reading_clear(&reading);
}

static void damage_ends_a_stream_where_it_is(void **state)
{
    const uint64_t content = LTTNG_HEADER + 10 * END_BYTES;

    (void)state;
    assert_damage(0, 0, 4, 10, "mi_0 is damaged");
    assert_damage(LTTNG_AT_STREAM_ID, 1, 4, 10, "a packet of another stream");
    assert_damage(LTTNG_AT_STREAM_ID + 4, 1, 8, 10, "a packet of another stream");
    assert_damage(LTTNG_AT_BEGIN, 21, 8, 10, "mi_0 is damaged: a packet ends before it begins");
    assert_damage(LTTNG_AT_END, 10, 8, 10, "mi_0 is damaged: a packet ends before it begins");
    assert_damage(LTTNG_AT_END, UINT64_MAX, 8, 10, "impossible time of a packet");
    assert_damage(LTTNG_AT_CONTENT, 8 * content - 1, 8, 10, "impossible size of a packet");
    assert_damage(LTTNG_AT_CONTENT, 8 * 80, 8, 10, "impossible size of a packet");
    assert_damage(LTTNG_AT_CONTENT, 8 * (content - 1), 8, 19, "its description does not fit");
    assert_damage(LTTNG_AT_CONTENT, 8 * (content - END_BYTES + 1), 8, 19, "its description does not fit");
    assert_damage(LTTNG_HEADER + 3 * END_BYTES, 0xfffe, 2, 13, "its description does not fit");
    assert_damage(LTTNG_HEADER + 3 * END_BYTES, 0xffff, 2, 13, "its description does not fit");
}

/* The recording was killed, or is still going on. */
static void a_cut_stream_is_read_up_to_its_last_whole_packet(void **state)
{
    g_autoptr(GByteArray) bytes = two_packets();
    struct reading reading;

    (void)state;
    write_metadata("metadata", LTTNG_LARGE);
    for (size_t length = SECOND; length <= bytes->len; length++) {
        bool whole = length == SECOND || length == bytes->len;
        write_bytes("mi_0", bytes->data, length);
        reading_take(&reading, trace);
        assert_ends(&reading, 1, length == bytes->len ? 20 : 10);
        assert_int_equal(reading.summary.complete, whole);
        assert_int_equal(reading_tells(&reading, "mi_0 is cut inside a packet"), !whole);
        reading_clear(&reading);
    }
}

static void a_wrong_length_loses_only_what_follows(void **state)
{
    GByteArray *bytes = two_packets(), *other = g_byte_array_new();
    struct lttng_packet packet = lttng_packet_begin(bytes, LTTNG_LARGE, 0, 2, 0, 21);
    struct reading reading;

    (void)state;
    lttng_event(&packet, LTTNG_FOREIGN, 21, false);
    lttng_put(bytes, UINT32_MAX, 4);
    lttng_put(bytes, 0, 8);
    lttng_packet_end(&packet, 21);
    packet = lttng_packet_begin(other, LTTNG_LARGE, 1, 0, 0, 21);
    lttng_event(&packet, MI_EV_thread_end, 21, false);
    lttng_put(other, 7, 4);
    lttng_put(other, 21, 4);
    lttng_packet_end(&packet, 21);
    write_metadata("metadata", LTTNG_LARGE);
    write_stream("mi_0", bytes);
    write_stream("mi_1", other);
    reading_take(&reading, trace);
    assert_ends(&reading, 1, 21);
    assert_true(reading_tells(&reading, "mi_0 is damaged: nothing after 1700000000.000000020 could be read"));
    reading_clear(&reading);
}

static void times_never_go_back(void **state)
{
    GByteArray *bytes = g_byte_array_new();
    struct reading reading;

    (void)state;
    put_ends(bytes, 0, 0, 5, 6);
    put_ends(bytes, 1, 0, 1, 1);
    write_metadata("metadata", LTTNG_LARGE);
    write_stream("mi_0", bytes);
    reading_take(&reading, trace);
    assert_int_equal(reading.summary.events, 3);
    assert_int_equal(reading.summary.end_ns, LTTNG_OFFSET + 6);
    assert_true(reading_tells(&reading, "times that went back"));
    reading_clear(&reading);
}

static void a_time_that_cannot_be_is_told(void **state)
{
    GByteArray *bytes = g_byte_array_new();
    struct lttng_packet packet = lttng_packet_begin(bytes, LTTNG_LARGE, 0, 0, 0, 1);
    struct reading direct, library;

    (void)state;
    lttng_event(&packet, MI_EV_thread_end, INT64_MAX, true);
    lttng_put(bytes, 7, 4);
    lttng_put(bytes, 1, 4);
    lttng_packet_end(&packet, 2);
    write_metadata("metadata", LTTNG_LARGE);
    write_stream("mi_0", bytes);
    both_ways(trace, copy, &direct, &library);
    both_ways_equal(&direct, &library);
    assert_int_equal(direct.summary.events, 1);
    assert_true(reading_tells(&direct, "times that went back or cannot be"));
    assert_true(reading_tells(&library, "times that went back or cannot be"));
    reading_clear(&direct);
    reading_clear(&library);
}

/* What one way of reading tells to be complete is complete, and the same, in the other. */
static void assert_no_contradiction(unsigned number)
{
    g_autofree char *folder = g_strdup_printf("%s-%u", copy, number);
    struct reading direct, library;

    both_ways(trace, folder, &direct, &library);
    assert_int_equal(direct.summary.complete, library.summary.complete);
    if (direct.summary.complete) {
        assert_string_equal(direct.text->str, library.text->str);
    }
    reading_clear(&direct);
    reading_clear(&library);
}

static void damaged_bytes_are_survived(void **state)
{
    GRand *random = g_rand_new_with_seed(3);
    g_autoptr(GByteArray) good = g_byte_array_new();
    struct lttng_packet packet = lttng_packet_begin(good, LTTNG_COMPACT, 0, 0, 0, 1);

    (void)state;
    for (uint64_t time = 1; time < 60; time++) {
        put_random_event(&packet, 4 * time, random);
    }
    lttng_packet_end(&packet, 240);
    write_metadata("metadata", LTTNG_COMPACT);
    for (unsigned i = 0; i < 500; i++) {
        g_autofree guint8 *bytes = g_memdup2(good->data, good->len);
        struct reading reading;
        bytes[g_rand_int(random) % good->len] = (guint8)g_rand_int(random);
        bytes[g_rand_int(random) % 600] = (guint8)g_rand_int(random);
        write_bytes("mi_0", bytes, good->len);
        reading_take(&reading, trace);
        assert_true(reading.good || strchr(reading.error->message, '\n') == NULL);
        reading_clear(&reading);
        if (i % 10 == 5) {
            assert_no_contradiction(i);
        }
    }
    g_rand_free(random);
}

/* ---- metadata ---- */

/* Only the form that LTTng writes is taken: one word less or other is left to libbabeltrace2. */
static void other_metadata_is_left_alone(void **state)
{
    static const struct {
        const char *is, *becomes;
    } changes[] = {
        {"byte_order = le", "byte_order = be"},
        {"freq = 1000000000", "freq = 1000"},
        {"uint32_t cpu_id;", "uint32_t cpu_id; uint32_t more;"},
        {"packet.context := struct packet_context;", "packet.context := struct packet_context; "
                                                     "event.context := struct { uint32_t _vtid; };"},
        {"size = 64; align = 8; signed = false; } := unsigned long",
         "size = 32; align = 8; signed = false; } := unsigned long"},
        {"_pid;", "_pid[2];"},
        {"integer { size = 32; align = 8; signed = 0;", "integer { size = 32; align = 32; signed = 0;"},
        {"integer { size = 32; align = 8; signed = 0;", "integer { size = 24; align = 8; signed = 0;"},
        {"_version[ __version_length ]", "_version[ _uid ]"},
        {"signed = 0; encoding = none; base = 10; } __version_length",
         "signed = 1; encoding = none; base = 10; } __version_length"},
        {"\tid = 1;", "\tid = 0;"},
        {"\tid = 1;", "\tid = 70000;"},
        {"\tid = 1;", "\tid = -1;"},
        {"stream_id = 0", "stream_id = 2"},
        {"offset = 1700000000000000000", "offset = 99999999999999999999"},
    };
    GString *text = lttng_metadata(LTTNG_LARGE);
    struct direct_layout *layout = direct_layout_new(text->str);

    (void)state;
    assert_non_null(layout);
    direct_layout_free(layout);
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++) {
        g_autoptr(GString) changed = g_string_new(text->str);
        assert_int_not_equal(g_string_replace(changed, changes[i].is, changes[i].becomes, 1), 0);
        assert_null(direct_layout_new(changed->str));
    }
    g_string_free(text, TRUE);
}

static void cut_metadata_is_survived(void **state)
{
    GString *text = lttng_metadata(LTTNG_LARGE);

    (void)state;
    for (size_t length = text->len; length > 0; length -= MIN(length, 97)) {
        g_autofree char *cut = g_strndup(text->str, length);
        direct_layout_free(direct_layout_new(cut));
    }
    g_string_free(text, TRUE);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folders, remove_folders)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(random_traces_are_read_as_libbabeltrace2_does),
        TEST(losses_are_counted_as_libbabeltrace2_does),
        TEST(a_counter_that_goes_back_is_no_loss),
        TEST(rotated_streams_go_on_counting),
        TEST(no_event_is_handed_over_twice),
        TEST(packets_larger_than_the_window),
        TEST(damage_ends_a_stream_where_it_is),
        TEST(a_cut_stream_is_read_up_to_its_last_whole_packet),
        TEST(a_wrong_length_loses_only_what_follows),
        TEST(times_never_go_back),
        TEST(a_time_that_cannot_be_is_told),
        TEST(damaged_bytes_are_survived),
        TEST(other_metadata_is_left_alone),
        TEST(cut_metadata_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
