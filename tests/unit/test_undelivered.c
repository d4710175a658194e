/* SPDX-License-Identifier: MIT */
/* Streams that a dead writer holds up are found by the times in LTTng's indexes. */
#include "launch/undelivered.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define STOPPED   UINT64_C(5000000000)
#define DIRECTORY "trace/ust/uid/0/64-bit/index"

static int set_up(void **state)
{
    char *folder = g_dir_make_tmp("mitrace-undelivered-XXXXXX", NULL);
    g_autofree char *directory = g_build_filename(folder, DIRECTORY, NULL);

    *state = folder;
    return g_mkdir_with_parents(directory, 0700);
}

static int tear_down(void **state)
{
    const char *const argv[] = {"rm", "-rf", "--", *state, NULL};

    g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
    g_free(*state);
    return 0;
}

static void append_number(GByteArray *bytes, guint64 number, guint size)
{
    guint64 big = GUINT64_TO_BE(number);

    g_byte_array_append(bytes, (const guint8 *)&big + sizeof big - size, size);
}

static void save(const char *folder, const char *name, const GByteArray *bytes)
{
    g_autofree char *path = g_build_filename(folder, DIRECTORY, name, NULL);

    assert_true(g_file_set_contents(path, (const char *)bytes->data, (gssize)bytes->len, NULL));
}

/* The index of a stream whose packets end at these times (0: no more). */
static void put_index(const char *folder, const char *name, const uint64_t *ends)
{
    enum { RECORD = 9 * 8, BEFORE = 4, AFTER = 4 }; /* numbers of a record around timestamp_end */
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    static const guint32 header[] = {0xC1F1DCC1, 1, 1, RECORD};

    for (size_t i = 0; i < G_N_ELEMENTS(header); i++) {
        append_number(bytes, header[i], 4);
    }
    for (; *ends != 0; ends++) {
        for (unsigned i = 0; i < BEFORE + 1 + AFTER; i++) {
            append_number(bytes, i == BEFORE ? *ends : i, 8);
        }
    }
    save(folder, name, bytes);
}

static void assert_told(const char *folder, const char *words)
{
    g_autofree char *directory = g_build_filename(folder, "trace", NULL);
    g_autofree char *told = launch_undelivered_find(directory, STOPPED);

    if (words == NULL) {
        assert_null(told);
    } else {
        assert_non_null(told);
        assert_non_null(strstr(told, words));
    }
}

static void test_streams_that_the_stop_closed(void **state)
{
    put_index(*state, "mi_0.idx", (const uint64_t[]){1, STOPPED, 0});
    put_index(*state, "mi_1.idx", (const uint64_t[]){STOPPED + 7, 0});
    assert_told(*state, NULL);
}

static void test_stream_that_is_held_up(void **state)
{
    put_index(*state, "mi_0.idx", (const uint64_t[]){1, STOPPED + 1, 0});
    put_index(*state, "mi_1.idx", (const uint64_t[]){1, STOPPED - 250000000, 0});
    assert_told(*state, "the last 0.250 s of stream mi_1 ");
}

static void test_stream_of_which_nothing_came(void **state)
{
    put_index(*state, "mi_0.idx", (const uint64_t[]){STOPPED - 1, 0});
    put_index(*state, "mi_1.idx", (const uint64_t[]){0});
    assert_told(*state, "nothing of stream mi_1 ");
}

/* What is no index says nothing. */
static void test_other_files(void **state)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();

    assert_told(*state, NULL);
    save(*state, "empty.idx", bytes);
    append_number(bytes, 0xC1F1DCC1, 4);
    save(*state, "short.idx", bytes);
    append_number(bytes, 1, 4);
    append_number(bytes, 1, 4);
    append_number(bytes, 0, 4);
    save(*state, "no-records.idx", bytes);
    assert_told(*state, NULL);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_streams_that_the_stop_closed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stream_that_is_held_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stream_of_which_nothing_came, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_files, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
