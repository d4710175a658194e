/* SPDX-License-Identifier: MIT */
/* The parts of the launcher that need no session daemon: environments, exit codes, buffers, mitrace.json. */
#include "launch/bounded.h"
#include "launch/buffers.h"
#include "launch/environment.h"
#include "launch/home.h"
#include "launch/info.h"
#include "launch/launch.h"
#include "launch/log.h"
#include "launch/process.h"
#include "launch/session.h"
#include "launch/trace_dir.h"
#include "scratch.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* What LTTng needs besides the buffers of events, in bytes. */
#define FIXED_COST (UINT64_C(3) << 19)

#define LIBRARY "/usr/lib/libmitrace.so"

static void assert_merged(const char *existing, const char *expected)
{
    g_autofree char *merged = launch_environment_merge_preload(LIBRARY, existing);
    assert_string_equal(merged, expected);
}

static void test_preload_comes_first(void **state)
{
    (void)state;
    assert_merged(NULL, LIBRARY);
    assert_merged("", LIBRARY);
    assert_merged("libm.so.6", LIBRARY ":libm.so.6");
    assert_merged("a.so b.so", LIBRARY ":a.so b.so");
}

static void test_preload_is_not_doubled(void **state)
{
    (void)state;
    assert_merged(LIBRARY, LIBRARY);
    assert_merged(LIBRARY ":b.so", LIBRARY ":b.so");
    assert_merged(LIBRARY " b.so", LIBRARY " b.so");
    assert_merged(LIBRARY ".1", LIBRARY ":" LIBRARY ".1");
    assert_merged("b.so:" LIBRARY, LIBRARY ":b.so:" LIBRARY);
}

static void test_preloadable_paths(void **state)
{
    (void)state;
    assert_true(launch_environment_preloadable(LIBRARY));
    assert_false(launch_environment_preloadable("/my lib/libmitrace.so"));
    assert_false(launch_environment_preloadable("/a:b/libmitrace.so"));
    assert_false(launch_environment_preloadable("/$LIB/libmitrace.so"));
    assert_false(launch_environment_preloadable(""));
}

static void test_preload_path_is_linked_only_where_needed(void **state)
{
    g_autofree char *plain = launch_home_preload_path("/tmp/home", LIBRARY);
    g_autofree char *linked = launch_home_preload_path("/tmp/home", "/my lib/libmitrace.so");
    (void)state;
    assert_string_equal(plain, LIBRARY);
    assert_string_equal(linked, "/tmp/home/libmitrace.so");
}

static void assert_variable(char **environment, const char *name, const char *expected)
{
    const char *value = g_environ_getenv(environment, name);
    if (expected == NULL)
        assert_null(value);
    else
        assert_string_equal(value, expected);
}

static void test_environment_of_program(void **state)
{
    char *base[] = {(char *)"PATH=/bin", (char *)"LD_PRELOAD=libm.so.6", (char *)"LTTNG_HOME=/home/me", NULL};
    const struct launch_environment values = {
        .preload = LIBRARY, .home = "/tmp/home", .run_id = "0123456789abcdef", .stack_depth = 24};
    g_auto(GStrv) environment = launch_environment_build(base, &values);
    (void)state;
    assert_variable(environment, "PATH", "/bin");
    assert_variable(environment, "LD_PRELOAD", LIBRARY ":libm.so.6");
    assert_variable(environment, "LTTNG_HOME", "/tmp/home");
    assert_variable(environment, "LTTNG_UST_REGISTER_TIMEOUT", "5000");
    assert_variable(environment, "LTTNG_UST_ALLOW_BLOCKING", NULL);
    assert_variable(environment, "MITRACE_RUN", "0123456789abcdef");
    assert_variable(environment, "MITRACE_STACK_DEPTH", "24");
    assert_int_equal(g_strv_length(environment), 6);
    assert_string_equal(base[2], "LTTNG_HOME=/home/me");
}

static void test_environment_keeps_what_the_user_chose(void **state)
{
    char *base[] = {(char *)"LTTNG_UST_REGISTER_TIMEOUT=-1", NULL};
    const struct launch_environment values = {
        .preload = LIBRARY, .home = "/tmp/home", .run_id = "0", .lossless = true};
    g_auto(GStrv) environment = launch_environment_build(base, &values);
    (void)state;
    assert_variable(environment, "LTTNG_UST_REGISTER_TIMEOUT", "-1");
    assert_variable(environment, "LTTNG_UST_ALLOW_BLOCKING", "1");
    assert_variable(environment, "MITRACE_STACK_DEPTH", "0");
}

static void test_environment_of_daemon(void **state)
{
    char *base[] = {(char *)"PATH=/bin", (char *)"LD_PRELOAD=libm.so.6", NULL};
    g_auto(GStrv) environment = launch_environment_for_daemon(base, "/tmp/home");
    (void)state;
    assert_variable(environment, "PATH", "/bin");
    assert_variable(environment, "LD_PRELOAD", NULL);
    assert_variable(environment, "LTTNG_HOME", "/tmp/home");
}

static void test_exit_codes(void **state)
{
    const struct launch_result ended = {.started = true, .exit_status = 7};
    const struct launch_result killed = {.started = true, .signal = SIGSEGV};
    const struct launch_result hung = {.started = true, .signal = SIGKILL, .timed_out = true};
    const struct launch_result absent = {.exit_status = LAUNCH_EXIT_NOT_FOUND};
    (void)state;
    assert_int_equal(launch_exit_code(&ended), 7);
    assert_int_equal(launch_exit_code(&killed), 139);
    assert_int_equal(launch_exit_code(&hung), 124);
    assert_int_equal(launch_exit_code(&absent), 127);
}

static void test_buffers_shrink_with_shared_memory(void **state)
{
    (void)state;
    assert_int_equal(launch_session_fit(UINT64_C(1) << 40, 64, 4), 1 << 20);
    assert_int_equal(launch_session_fit((UINT64_C(80) << 20) + FIXED_COST, 8, 4), 1 << 20);
    assert_int_equal(launch_session_fit((UINT64_C(80) << 20) + FIXED_COST - 1, 8, 4), 1 << 19);
    assert_int_equal(launch_session_fit((UINT64_C(80) << 20) + FIXED_COST, 128, 4), 1 << 16);
    assert_int_equal(launch_session_fit((UINT64_C(80) << 20) + FIXED_COST, 256, 4), 0);
    assert_int_equal(launch_session_fit(0, 1, 1), 0);
}

static void test_buffers_that_lttng_cannot_have(void **state)
{
    struct launch_session odd_size = {.subbuf_size = 5000};
    struct launch_session odd_count = {.subbuf_size = 4096, .subbuf_count = 3};
    struct launch_session tiny = {.subbuf_size = 1024};
    struct launch_session huge = {.subbuf_size = UINT64_C(1) << 60};
    struct launch_session *const wrong[] = {&odd_size, &odd_count, &tiny, &huge};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        assert_false(launch_buffers_choose(wrong[i], &error));
        assert_true(g_error_matches(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD));
    }
}

static char *directory_for_test(void)
{
    return g_dir_make_tmp("mitrace-test-XXXXXX", NULL);
}

static void remove_directory(char *directory)
{
    scratch_remove_tree(directory);
    assert_false(g_file_test(directory, G_FILE_TEST_EXISTS));
    g_free(directory);
}

static void assert_same_info(const struct launch_info *read, const struct launch_info *written)
{
    assert_string_equal(read->run_id, written->run_id);
    assert_string_equal(read->version, written->version);
    assert_true(g_strv_equal((const char *const *)read->argv, (const char *const *)written->argv));
    assert_int_equal(read->arguments, written->arguments);
    assert_int_equal(read->pid, written->pid);
    assert_int_equal(read->finished, written->finished);
    assert_int_equal(read->status, written->status);
    assert_int_equal(read->signal, written->signal);
    assert_int_equal(read->timed_out, written->timed_out);
    assert_int_equal(read->complete, written->complete);
    assert_int_equal(read->lost, written->lost);
    assert_int_equal(read->start_us, written->start_us);
    assert_int_equal(read->end_us, written->end_us);
}

static void assert_round_trip(const struct launch_info *written)
{
    char *directory = directory_for_test();
    struct launch_info read;
    assert_true(launch_write_info(directory, written, NULL));
    assert_true(launch_write_info(directory, written, NULL));
    assert_true(launch_read_info(directory, &read, NULL));
    assert_same_info(&read, written);
    launch_info_clear(&read);
    remove_directory(directory);
}

static void test_info_of_a_finished_run(void **state)
{
    char *argv[] = {(char *)"./my program", (char *)"--quote=\"\\\n", (char *)"gr\303\274n", NULL};
    struct launch_info info = {.run_id = (char *)"00ff00ff00ff00ff",
                               .argv = argv,
                               .arguments = 2,
                               .version = (char *)"1.2.3",
                               .pid = 4711,
                               .finished = true,
                               .status = 3,
                               .timed_out = true,
                               .complete = true,
                               .lost = UINT64_C(5000000000)};
    (void)state;
    assert_round_trip(&info);
    info.status = 0;
    info.signal = SIGKILL;
    assert_round_trip(&info);
}

static void test_info_of_a_run_whose_arguments_were_not_kept(void **state)
{
    char *argv[] = {(char *)"program", NULL};
    const struct launch_info info = {
        .run_id = (char *)"0", .argv = argv, .arguments = 6, .version = (char *)"1"};
    (void)state;
    assert_round_trip(&info);
}

/* Of a version that kept all arguments and no number, and of one that says nonsense. */
static void test_info_counts_the_arguments_that_it_holds(void **state)
{
    static const struct {
        const char *members;
        unsigned arguments;
    } files[] = {{"\"argv\": [\"a\", \"-p\", \"b\"]", 2},
                 {"\"argv\": [\"a\", \"-p\", \"b\"], \"arguments\": -1", 2},
                 {"\"argv\": [\"a\"], \"arguments\": \"7\"", 0},
                 {"\"arguments\": 3", 3},
                 {"\"argv\": []", 0}};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        char *directory = directory_for_test();
        g_autofree char *path = g_build_filename(directory, LAUNCH_INFO_FILE, NULL);
        g_autofree char *text = g_strdup_printf("{\"schema\": \"mitrace-trace/1\", %s}", files[i].members);
        struct launch_info info;
        assert_true(g_file_set_contents(path, text, -1, NULL));
        assert_true(launch_read_info(directory, &info, NULL));
        assert_int_equal(info.arguments, files[i].arguments);
        launch_info_clear(&info);
        remove_directory(directory);
    }
}

static void test_info_keeps_times_to_the_microsecond(void **state)
{
    static const int64_t times[] = {1, 999999, 1700000000000001, 1763682345678901, 1763682345999999};
    char *argv[] = {(char *)"true", NULL};
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        const struct launch_info info = {.run_id = (char *)"0",
                                         .argv = argv,
                                         .version = (char *)"1",
                                         .start_us = times[i],
                                         .end_us = times[i] + 1};
        assert_round_trip(&info);
    }
}

static void test_info_replaces_what_is_no_text(void **state)
{
    char *argv[] = {(char *)"\377prog", NULL};
    const struct launch_info info = {.run_id = (char *)"0", .argv = argv, .version = (char *)"1"};
    char *directory = directory_for_test();
    struct launch_info read;
    (void)state;
    assert_true(launch_write_info(directory, &info, NULL));
    assert_true(launch_read_info(directory, &read, NULL));
    assert_string_equal(read.argv[0], "\357\277\275prog");
    launch_info_clear(&read);
    remove_directory(directory);
}

static void assert_unreadable(const char *text)
{
    char *directory = directory_for_test();
    g_autofree char *path = g_build_filename(directory, LAUNCH_INFO_FILE, NULL);
    g_autoptr(GError) error = NULL;
    struct launch_info info;
    if (text != NULL)
        assert_true(g_file_set_contents(path, text, -1, NULL));
    assert_false(launch_read_info(directory, &info, &error));
    assert_true(g_error_matches(error, G_FILE_ERROR, text == NULL ? G_FILE_ERROR_NOENT : G_FILE_ERROR_INVAL));
    assert_null(info.argv);
    launch_info_clear(&info);
    remove_directory(directory);
}

static void test_info_that_cannot_be_read(void **state)
{
    (void)state;
    assert_unreadable(NULL);
    assert_unreadable("");
    assert_unreadable("{\"schema\": \"mitrace-tr");
    assert_unreadable("[]");
    assert_unreadable("{\"schema\": \"mitrace-trace/2\"}");
    assert_unreadable("{\"schema\": 1}");
}

static void test_info_survives_wrong_types(void **state)
{
    static const char text[] =
        "{\"schema\": \"mitrace-trace/1\", \"run\": 5, \"argv\": [1, \"a\"], \"pid\": 1e99,"
        " \"lost\": -1, \"start\": \"soon\", \"end\": {}}";
    char *directory = directory_for_test();
    g_autofree char *path = g_build_filename(directory, LAUNCH_INFO_FILE, NULL);
    struct launch_info info;
    (void)state;
    assert_true(g_file_set_contents(path, text, -1, NULL));
    assert_true(launch_read_info(directory, &info, NULL));
    assert_string_equal(info.run_id, "");
    assert_int_equal(g_strv_length(info.argv), 1);
    assert_int_equal(info.pid, G_MAXINT);
    assert_int_equal(info.lost, 0);
    assert_int_equal(info.start_us, 0);
    launch_info_clear(&info);
    remove_directory(directory);
}

static void test_trace_directory_is_made_and_removed(void **state)
{
    char *parent = directory_for_test();
    g_autofree char *path = g_build_filename(parent, "a", "b", NULL);
    struct launch_trace_dir directory = {.path = path};
    struct stat status;
    (void)state;
    assert_true(launch_trace_dir_make(&directory, NULL));
    assert_int_equal(g_stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    launch_trace_dir_remove(&directory);
    assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
    remove_directory(parent);
}

static void test_trace_directory_of_another_run_is_not_touched(void **state)
{
    char *path = directory_for_test();
    g_autofree char *file = g_build_filename(path, LAUNCH_INFO_FILE, NULL);
    struct launch_trace_dir directory = {.path = path};
    (void)state;
    assert_true(g_file_set_contents(file, "{}", -1, NULL));
    assert_false(launch_trace_dir_make(&directory, NULL));
    launch_trace_dir_remove(&directory);
    assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
    remove_directory(path);
}

static int log_of(const char *text)
{
    int log = launch_log_open();
    assert_true(log >= 0);
    assert_int_equal(write(log, text, strlen(text)), strlen(text));
    return log;
}

static void test_log_tells_what_could_not_be_written(void **state)
{
    int log = log_of(
        "PERROR - 03:24:24.757428525 [Main]: failed to set open files limit: Operation not permitted (in "
        "f())\n"
        "PERROR - 03:24:27.297643351 [1/2]: Error in write mmap (ret -28 != write_len 77824): No space left "
        "on device (in g() at consumer.c:1747)\n"
        "Error: Error consuming subbuffer: (-28)\n");
    g_autofree char *loss = launch_log_find_loss(log);
    g_autofree char *last = launch_log_last(log);
    (void)state;
    assert_string_equal(loss, "Error in write mmap (ret -28 != write_len 77824): No space left on device");
    assert_string_equal(last, "Error: Error consuming subbuffer: (-28)");
    close(log);
}

static void test_log_without_a_loss(void **state)
{
    int log = log_of("PERROR - 03:24:24.757428525 [Main]: failed to set open files limit: Operation not "
                     "permitted (in f())\n");
    g_autofree char *none = launch_log_last(-1);
    (void)state;
    assert_null(launch_log_find_loss(log));
    assert_null(launch_log_find_loss(-1));
    assert_string_equal(none, "it gave no reason");
    close(log);
}

/* A daemon that complains of something else all the time. */
static void test_log_of_any_length(void **state)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *loss = NULL, *last = NULL;
    int log;
    (void)state;
    while (text->len < 3 << 20)
        g_string_append(text, "Warning: [1/2]: something else (in f())\n");
    g_string_append(text, "PERROR - 03:24:27.297643351 [1/2]: Error in write mmap (in g())\nthe end\n\n");
    log = log_of(text->str);
    loss = launch_log_find_loss(log);
    last = launch_log_last(log);
    assert_string_equal(loss, "Error in write mmap");
    assert_string_equal(last, "the end");
    close(log);
}

static void return_at_once(void *data)
{
    *(bool *)data = true;
}

static void return_late(void *data)
{
    (void)data;
    g_usleep(60 * G_USEC_PER_SEC);
}

static void test_calls_that_hang_are_given_up(void **state)
{
    bool ran = false;
    (void)state;
    assert_true(launch_bounded_call(return_at_once, &ran, 20000));
    assert_true(ran);
    assert_false(launch_bounded_call(return_late, NULL, 10));
}

static void test_program_is_found_or_not(void **state)
{
    (void)state;
    assert_int_equal(launch_process_check("sh"), 0);
    assert_int_equal(launch_process_check("/bin/sh"), 0);
    assert_int_equal(launch_process_check("mitrace-no-such-program"), ENOENT);
    assert_int_equal(launch_process_check("/nonexistent/program"), ENOENT);
    assert_int_equal(launch_process_check("/tmp"), EACCES);
}

/* A program that moves to the group of a child of its own, which ends with it. */
static int move(void)
{
    int ends[2];
    char byte;
    pid_t child;
    if (pipe(ends) != 0)
        return EXIT_FAILURE;
    child = fork();
    if (child == 0) {
        close(ends[1]);
        _exit(read(ends[0], &byte, 1) == 0 ? EXIT_SUCCESS : EXIT_FAILURE);
    }
    setpgid(child, child);
    setpgid(0, child);
    pause();
    return EXIT_FAILURE;
}

static void start_moving(struct launch_process *process, struct launch_signals *signals)
{
    char *const argv[] = {(char *)"/proc/self/exe", (char *)"move", NULL};
    launch_signals_take(signals);
    assert_true(launch_process_fork(process, argv, environ, signals));
    assert_int_equal(launch_process_execute(process, true), 0);
    for (int i = 0; i < 30000 && getpgid(process->pid) == process->pid; i++)
        g_usleep(1000);
    assert_int_not_equal(getpgid(process->pid), process->pid);
}

static void test_program_in_another_group_is_killed(void **state)
{
    struct launch_process process;
    struct launch_signals signals;
    bool ended;
    (void)state;
    start_moving(&process, &signals);
    launch_process_kill(&process);
    ended = process.ended;
    if (!ended)
        kill(process.pid, SIGKILL);
    launch_signals_restore(&signals);
    assert_true(ended);
    assert_int_equal(WTERMSIG(process.wait_status), SIGKILL);
}

static void test_signals_reach_a_program_in_another_group(void **state)
{
    struct launch_process process;
    struct launch_signals signals;
    (void)state;
    start_moving(&process, &signals);
    raise(SIGTERM);
    if (!launch_process_wait(&process, g_get_monotonic_time() + 20 * G_USEC_PER_SEC))
        kill(process.pid, SIGKILL);
    launch_signals_restore(&signals);
    assert_true(process.ended);
    assert_int_equal(WTERMSIG(process.wait_status), SIGTERM);
}

/* The only child of this process; 0: the kernel does not say. */
static pid_t only_child(void)
{
    g_autofree char *path = g_strdup_printf("/proc/self/task/%d/children", getpid());
    g_autofree char *children = NULL;
    return g_file_get_contents(path, &children, NULL, NULL) ? atoi(children) : 0;
}

/* Whoever kills it must not end us by SIGPIPE. */
static void test_scratch_is_kept_though_its_keeper_was_killed(void **state)
{
    struct scratch *scratch = scratch_create("a test", "set TMPDIR", NULL);
    g_autofree char *path = NULL;
    siginfo_t ended;
    pid_t keeper;
    (void)state;
    assert_non_null(scratch);
    path = g_strdup(scratch_path(scratch));
    keeper = only_child();
    if (keeper > 0) {
        assert_int_equal(kill(keeper, SIGKILL), 0);
        assert_int_equal(waitid(P_PID, (id_t)keeper, &ended, WEXITED | WNOWAIT), 0);
    }
    scratch_keep(scratch);
    assert_true(g_file_test(path, G_FILE_TEST_IS_DIR));
    scratch_remove_tree(path);
    if (keeper == 0)
        skip();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_of_any_length),
        cmocka_unit_test(test_program_in_another_group_is_killed),
        cmocka_unit_test(test_signals_reach_a_program_in_another_group),
        cmocka_unit_test(test_scratch_is_kept_though_its_keeper_was_killed),
        cmocka_unit_test(test_preload_comes_first),
        cmocka_unit_test(test_preload_is_not_doubled),
        cmocka_unit_test(test_preloadable_paths),
        cmocka_unit_test(test_preload_path_is_linked_only_where_needed),
        cmocka_unit_test(test_environment_of_program),
        cmocka_unit_test(test_environment_keeps_what_the_user_chose),
        cmocka_unit_test(test_environment_of_daemon),
        cmocka_unit_test(test_exit_codes),
        cmocka_unit_test(test_buffers_shrink_with_shared_memory),
        cmocka_unit_test(test_buffers_that_lttng_cannot_have),
        cmocka_unit_test(test_info_of_a_finished_run),
        cmocka_unit_test(test_info_of_a_run_whose_arguments_were_not_kept),
        cmocka_unit_test(test_info_counts_the_arguments_that_it_holds),
        cmocka_unit_test(test_info_keeps_times_to_the_microsecond),
        cmocka_unit_test(test_info_replaces_what_is_no_text),
        cmocka_unit_test(test_info_that_cannot_be_read),
        cmocka_unit_test(test_info_survives_wrong_types),
        cmocka_unit_test(test_trace_directory_is_made_and_removed),
        cmocka_unit_test(test_trace_directory_of_another_run_is_not_touched),
        cmocka_unit_test(test_log_tells_what_could_not_be_written),
        cmocka_unit_test(test_log_without_a_loss),
        cmocka_unit_test(test_calls_that_hang_are_given_up),
        cmocka_unit_test(test_program_is_found_or_not),
    };
    if (argc > 1 && strcmp(argv[1], "move") == 0)
        return move();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
