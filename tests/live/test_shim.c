/* SPDX-License-Identifier: MIT */
/*
 * The shim inside programs: what they print does not change, what does not use MI is left alone, and calls
 * are seen on whatever way a program reaches MI. With the argument `omi`, MI is the real one at OMI_ROOT.
 */
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static char *mi_library;    /* the libmi.so to use */
static char *omi_libraries; /* "LD_LIBRARY_PATH=...", NULL under the in-tree runtime */

#define APP(name) MITRACE_APPS "/" name

/* Run a program without us, preloaded without a recording, and under `mitrace record`: it prints the same. */
static unsigned check_same(const char *const *argv)
{
    const char *recorded[16] = {MITRACE_PROGRAM, "record", "--all-calls", "-o", "@/trace", "--"};
    const char *const plain[] = {omi_libraries, NULL};
    const char *const preloaded[] = {live_preload(), omi_libraries, NULL};
    g_autofree char *trace = NULL;
    struct live_run without, dormant, with;
    unsigned calls;

    for (size_t i = 0; argv[i] != NULL; i++) {
        recorded[6 + i] = argv[i];
    }
    live_command(&without, argv, plain);
    live_command(&dormant, argv, preloaded);
    live_command(&with, recorded, plain);
    assert_string_equal(dormant.out, without.out);
    assert_string_equal(dormant.err, without.err);
    assert_int_equal(dormant.exit_code, without.exit_code);
    assert_string_equal(with.out, without.out);
    assert_int_equal(with.exit_code, without.exit_code);
    trace = g_build_filename(with.folder, "trace", NULL);
    calls = live_calls(trace);
    live_clear(&without);
    live_clear(&dormant);
    live_clear(&with);
    return calls;
}

/* Bare, then preloaded: only the one library is there. */
static void check_no_mi(void **state)
{
    const char *const argv[] = {APP("no_mi"), NULL};
    const char *const preloaded[] = {live_preload(), NULL};
    struct live_run bare, run;

    (void)state;
    live_command(&bare, argv, NULL);
    live_command(&run, argv, preloaded);
    assert_true(g_str_has_prefix(bare.out, "threads 1, mappings of tracers 0, descriptors 0 1 2"));
    assert_true(g_str_has_prefix(run.out, "preloaded\n"));
    assert_string_equal(run.out + strlen("preloaded\n"), bare.out);
    assert_string_equal(run.err, "");
    assert_int_equal(run.exit_code, 0);
    live_clear(&bare);
    live_clear(&run);
}

static void check_everything_prints_the_same(void **state)
{
    const char *const argv[] = {APP("clean_everything"), NULL};

    (void)state;
    assert_true(check_same(argv) > 150);
}

static void check_asynchronous_prints_the_same(void **state)
{
    const char *const argv[] = {APP("clean_async"), NULL};

    (void)state;
    assert_true(check_same(argv) >= 6);
}

/* Initialize, NewOperationOptions, Delete, Close, each time, though tables come back at the same addresses.
 */
static void check_reload(void **state)
{
    const char *const argv[] = {APP("reload_mi"), mi_library, "20", NULL};

    (void)state;
    assert_int_equal(check_same(argv), 20 * 4);
}

static void check_reload_deepbind(void **state)
{
    const char *const argv[] = {APP("reload_mi"), mi_library, "20", "deepbind", NULL};

    (void)state;
    assert_int_equal(check_same(argv), 20 * 4);
}

static void check_plugin(void **state)
{
    const char *const argv[] = {APP("plugin_host"), NULL};

    (void)state;
    assert_true(check_same(argv) > 0);
}

static void check_plugin_deepbind(void **state)
{
    const char *const argv[] = {APP("plugin_host"), "deepbind", NULL};

    (void)state;
    assert_true(check_same(argv) > 0);
}

static void check_fork(void **state)
{
    const char *const argv[] = {APP("fork_child"), NULL};

    (void)state;
    assert_true(check_same(argv) >= 2 * 7);
}

/* Initialize, a thousand times NewInstance and Delete, Close: recorded though every descriptor was closed. */
static void check_closed_descriptors(void **state)
{
    static const char *const ways[] = {"loop", "from", "range"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        const char *const argv[] = {APP("close_descriptors"), ways[i], NULL};
        assert_int_equal(check_same(argv), 2002);
    }
}

/* libmitrace.so alone, without its recorder: the program does not notice. */
static void check_without_recorder(void **state)
{
    const char *const argv[] = {
        "sh", "-c",
        "cp " LIVE_QUOTED(MITRACE_SHIM) " @/ && LD_PRELOAD=@/libmitrace.so exec " LIVE_QUOTED(
            APP("clean_sync")),
        NULL};
    const char *const environment[] = {omi_libraries, NULL};
    struct live_run run;

    (void)state;
    live_command(&run, argv, environment);
    assert_int_equal(run.exit_code, 0);
    assert_string_equal(run.err, "");
    live_clear(&run);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_no_mi),
        cmocka_unit_test(check_everything_prints_the_same),
        cmocka_unit_test(check_asynchronous_prints_the_same),
        cmocka_unit_test(check_reload),
        cmocka_unit_test(check_reload_deepbind),
        cmocka_unit_test(check_plugin),
        cmocka_unit_test(check_plugin_deepbind),
        cmocka_unit_test(check_fork),
        cmocka_unit_test(check_closed_descriptors),
        cmocka_unit_test(check_without_recorder),
    };

    mi_library = g_strdup(MITRACE_RUNTIME);
    if (argc > 1 && strcmp(argv[1], "omi") == 0 && !live_use_omi(&omi_libraries, &mi_library)) {
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
