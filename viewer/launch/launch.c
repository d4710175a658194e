/* SPDX-License-Identifier: MIT */
/* The order of things: directory, session daemon, session, PROGRAM, and all of it back again. */
#include "launch/launch.h"

#include "launch/daemon.h"
#include "launch/environment.h"
#include "launch/guardian.h"
#include "launch/home.h"
#include "launch/info.h"
#include "launch/log.h"
#include "launch/lttng_ctl.h"
#include "launch/namespace.h"
#include "launch/process.h"
#include "launch/session.h"
#include "launch/signals.h"
#include "launch/trace_dir.h"
#include "launch/undelivered.h"
#include "launch/unseen.h"
#include "launch/wait_page.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

G_DEFINE_QUARK(mitrace_launch_error, launch_error)

/* A member of this group has the daemon of root for its own, and can start no other while that runs. */
#define TRACING_GROUP    "tracing"
#define NO_TRACING_GROUP ":"

/* How often the daemons are looked after. */
#define WATCH_PERIOD_US G_USEC_PER_SEC

struct run {
    const struct launch_options *options;
    struct launch_result *result;
    char *run_id;
    char *sessiond;
    char *preload; /* absolute */
    char *home;
    char *outer_home; /* LTTNG_HOME as it was; NULL: unset */
    int shm_directory;
    int log;
    bool in_namespace;
    struct launch_trace_dir trace_dir;
    struct launch_session session;
    struct launch_info info;
    struct launch_signals signals;
    struct launch_process process;
    struct launch_guardian_plan plan;
    struct launch_guardian guardian;
    bool broken; /* the recording was given up while PROGRAM ran */
};

static bool fail(GError **error, const char *what, const char *path, int number)
{
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "%s %s: %s", what, path, g_strerror(number));
    return false;
}

static bool fail_to_execute(struct run *run, int number, GError **error)
{
    const char *program = run->options->argv[0];
    bool in_path = strchr(program, '/') == NULL;
    run->result->exit_status = number == ENOENT ? LAUNCH_EXIT_NOT_FOUND : LAUNCH_EXIT_NOT_EXECUTABLE;
    if (number == ENOENT && in_path)
        g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_PROGRAM, "cannot run %s: not found in PATH", program);
    else
        g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_PROGRAM, "cannot run %s: %s", program,
                    g_strerror(number));
    return false;
}

/* 16 hex digits that nobody can guess. */
static char *new_number(void)
{
    guint64 number;
    if (getrandom(&number, sizeof number, 0) != (ssize_t)sizeof number)
        number = (guint64)g_get_real_time() << 16 ^ (guint64)getpid();
    return g_strdup_printf("%016" G_GINT64_MODIFIER "x", number);
}

/* Without these there is nothing to run, or no place that the user named. */
static bool prepare(struct run *run, GError **error)
{
    int problem = launch_process_check(run->options->argv[0]);
    if (problem != 0)
        return fail_to_execute(run, problem, error);
    return launch_trace_dir_make(&run->trace_dir, error);
}

static bool prepare_recording(struct run *run, GError **problem)
{
    g_autofree char *name = new_number(); /* everybody sees it, and nobody the id of the run */
    if (run->preload == NULL) {
        g_set_error(problem, LAUNCH_ERROR, LAUNCH_ERROR_RECORD,
                    "libmitrace.so was not found: install mitrace again");
        return false;
    }
    if (g_access(run->options->preload, R_OK) != 0)
        return fail(problem, "cannot read", run->options->preload, errno);
    run->sessiond = launch_daemon_find(problem);
    if (run->sessiond == NULL || !launch_lttng_load(problem))
        return false;
    run->home = launch_home_choose(name, problem);
    return run->home != NULL;
}

/* Before anything that PROGRAM must not inherit exists: mounts, daemons, descriptors. */
static bool fork_program(struct run *run, GError **error)
{
    const struct launch_options *options = run->options;
    const char *home = run->home == NULL ? "" : run->home;
    g_autofree char *preload = launch_home_preload_path(home, run->preload == NULL ? "" : run->preload);
    g_auto(GStrv) ours = g_get_environ();
    const struct launch_environment values = {
        .preload = preload,
        .home = home,
        .run_id = run->run_id,
        .stack_depth = options->stack_depth,
        .lossless = options->lossless,
    };
    g_auto(GStrv) environment = launch_environment_build(ours, &values);
    if (!launch_process_fork(&run->process, options->argv, environment, &run->signals))
        return fail(error, "cannot start", options->argv[0], errno);
    run->result->pid = run->process.pid;
    return true;
}

/* Where this is not possible, root has one daemon. */
static bool has_private_daemon_of_root(struct run *run)
{
    g_autofree char *parent = g_path_get_dirname(run->home);
    const char *const kept[] = {run->trace_dir.path, parent, NULL};
    run->in_namespace = launch_namespace_enter(kept);
    return run->in_namespace;
}

static bool has_private_daemon_of_user(void)
{
    launch_lttng.set_tracing_group(TRACING_GROUP);
    if (launch_lttng.session_daemon_alive() == 1)
        return false;
    launch_lttng.set_tracing_group(NO_TRACING_GROUP);
    return true;
}

/* Where the daemon is to be, and whose. */
static void plan_daemon(struct run *run)
{
    g_setenv("LTTNG_HOME", run->home, TRUE);
    run->plan = (struct launch_guardian_plan){
        .sessiond = run->sessiond,
        .home = run->home,
        .preload = run->preload,
        .session = run->session.name,
        .log = run->log,
        .shm_directory = run->shm_directory,
        .program = run->process.pid,
        .shared = getuid() == 0 ? !has_private_daemon_of_root(run) : !has_private_daemon_of_user(),
    };
}

static bool write_info(struct run *run, GError **error)
{
    g_autoptr(GError) problem = NULL;
    if (launch_write_info(run->session.trace_dir, &run->info, &problem))
        return true;
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "%s", problem->message);
    return false;
}

static bool execute_program(struct run *run, bool recorded, GError **error)
{
    int problem = launch_process_execute(&run->process, recorded);
    if (problem != 0)
        return fail_to_execute(run, problem, error);
    run->result->started = true;
    return true;
}

static void take_outcome(struct run *run)
{
    struct launch_result *result = run->result;
    int status = run->process.wait_status;
    result->signal = run->process.ended && WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    result->exit_status = run->process.ended && WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    run->info.finished = true;
    run->info.status = result->exit_status;
    run->info.signal = result->signal;
    run->info.timed_out = result->timed_out;
    run->info.complete = result->trace_complete;
    run->info.lost = result->lost_hint;
    run->info.end_us = g_get_real_time();
}

static int64_t deadline_of(const struct launch_options *options)
{
    if (options->timeout_seconds <= 0)
        return 0;
    return g_get_monotonic_time() + (int64_t)(options->timeout_seconds * G_USEC_PER_SEC);
}

/*
 * False at the deadline. Daemons that hang are killed, so that PROGRAM's processes wait no longer for an
 * answer, or for room in a buffer.
 */
static bool wait_for_program(struct run *run)
{
    int64_t deadline = deadline_of(run->options);
    while (!run->broken) {
        int64_t next = g_get_monotonic_time() + WATCH_PERIOD_US;
        if (deadline != 0 && deadline < next)
            break;
        if (launch_process_wait(&run->process, next))
            return true;
        run->broken = !launch_session_is_alive();
        if (run->broken)
            launch_guardian_stop_recording(&run->guardian);
    }
    return launch_process_wait(&run->process, deadline);
}

/* Why the trace may not be whole; NULL: it is. */
static char *find_flaw(const struct run *run, enum launch_session_end end, int64_t stopped_us)
{
    g_autofree char *loss = launch_log_find_loss(run->log);
    if (loss != NULL)
        return g_strdup_printf("LTTng could not write all of it: %s", loss);
    if (end != LAUNCH_SESSION_COMPLETE)
        return g_strdup(end == LAUNCH_SESSION_HANGS ? "the session daemon hung"
                                                    : "the session daemon failed");
    if (launch_unseen_is_told(run->home))
        return g_strdup("a process that used MI was not recorded");
    return launch_undelivered_find(run->session.trace_dir, (uint64_t)stopped_us * 1000);
}

/*
 * A program that hangs is killed only when its trace is complete: what it waits for is seen as it stands. One
 * that is stopped stands anyway, and would not answer the session daemon.
 */
static enum launch_session_end run_program(struct run *run)
{
    struct launch_result *result = run->result;
    enum launch_session_end end = LAUNCH_SESSION_HANGS;
    int64_t stopped_us;
    result->timed_out = !wait_for_program(run);
    if (run->process.stopped)
        launch_process_kill(&run->process);
    stopped_us = g_get_monotonic_time();
    if (!run->broken)
        end = launch_session_stop(&run->session, &result->lost_hint);
    result->flaw = find_flaw(run, end, stopped_us);
    result->trace_complete = result->flaw == NULL;
    launch_process_kill(&run->process);
    result->unseen = launch_unseen(run->options->argv[0], run->home);
    result->silent = launch_unseen_all(run->session.trace_dir);
    take_outcome(run);
    if (!write_info(run, NULL) && result->trace_complete) {
        result->flaw = g_strdup("nothing can be written into its directory any more");
        result->trace_complete = false;
    }
    return end;
}

static void run_unrecorded(struct run *run)
{
    run->result->timed_out = !launch_process_wait(&run->process, deadline_of(run->options));
    launch_process_kill(&run->process);
    take_outcome(run);
}

/* The session stands, and the directory says what it is of. */
static bool begin_recording(struct run *run, GError **problem)
{
    run->info.pid = run->process.pid;
    run->info.start_us = g_get_real_time();
    return launch_session_open(&run->session, problem) && write_info(run, problem);
}

/* False with an error when PROGRAM cannot be executed, or with a problem when it cannot be recorded. */
static bool record(struct run *run, GError **problem, GError **error)
{
    enum launch_session_end end = LAUNCH_SESSION_COMPLETE; /* nothing is worth waiting for */
    bool recorded = launch_guardian_start(&run->guardian, &run->plan, problem);
    if (!recorded)
        return false;
    recorded = begin_recording(run, problem) && execute_program(run, true, error);
    if (recorded)
        end = run_program(run);
    launch_guardian_finish(&run->guardian, end);
    return recorded;
}

static bool record_in_daemon(struct run *run, GError **problem, GError **error)
{
    bool recorded;
    plan_daemon(run);
    recorded = record(run, problem, error);
    if (run->outer_home == NULL)
        g_unsetenv("LTTNG_HOME");
    else
        g_setenv("LTTNG_HOME", run->outer_home, TRUE);
    if (run->in_namespace)
        launch_namespace_leave();
    return recorded;
}

/* What cannot be recorded runs all the same. False with one line in error: PROGRAM did not run. */
static bool record_or_run(struct run *run, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autoptr(GError) failure = NULL;
    bool prepared = prepare_recording(run, &problem);
    if (!fork_program(run, error))
        return false;
    if (prepared && record_in_daemon(run, &problem, &failure))
        return true;
    if (failure == NULL && execute_program(run, false, &failure)) {
        run->result->problem = g_strdup(problem->message);
        run_unrecorded(run);
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return false;
}

static bool run_with_signals(struct run *run, GError **error)
{
    bool ran;
    launch_signals_take(&run->signals);
    ran = record_or_run(run, error);
    if (run->process.pid > 0)
        launch_process_kill(&run->process);
    launch_signals_restore(&run->signals);
    return ran;
}

static void run_init(struct run *run)
{
    const struct launch_options *options = run->options;
    char *program[] = {options->argv[0], NULL};
    run->run_id = new_number();
    run->preload = options->preload == NULL ? NULL : g_canonicalize_filename(options->preload, NULL);
    run->outer_home = g_strdup(g_getenv("LTTNG_HOME"));
    run->shm_directory = open(LAUNCH_SHM_DIRECTORY, O_PATH | O_DIRECTORY | O_CLOEXEC);
    run->log = launch_log_open();
    run->session.name = g_strconcat(LAUNCH_SESSION_PREFIX, run->run_id, NULL);
    run->session.trace_dir = g_canonicalize_filename(options->trace_dir, NULL);
    run->trace_dir.path = run->session.trace_dir;
    run->session.all_calls = options->all_calls;
    run->session.lossless = options->lossless;
    run->session.subbuf_size = options->subbuf_size;
    run->session.subbuf_count = options->subbuf_count;
    run->info.run_id = g_strdup(run->run_id);
    run->info.argv = g_strdupv(options->keep_arguments ? (char **)options->argv : program);
    run->info.arguments = g_strv_length((char **)options->argv) - 1;
    run->info.version = g_strdup(MITRACE_VERSION);
}

static void run_clear(struct run *run)
{
    if (run->home != NULL)
        scratch_remove_tree(run->home);
    if (run->shm_directory >= 0)
        close(run->shm_directory);
    if (run->log >= 0)
        close(run->log);
    g_free(run->run_id);
    g_free(run->outer_home);
    g_free(run->sessiond);
    g_free(run->home);
    g_free(run->preload);
    g_free(run->session.name);
    g_free(run->session.trace_dir);
    launch_info_clear(&run->info);
}

bool launch_program(const struct launch_options *options, struct launch_result *result, GError **error)
{
    struct run run = {.options = options, .result = result};
    bool ran;
    memset(result, 0, sizeof *result);
    result->exit_status = LAUNCH_EXIT_CANNOT_RECORD;
    run_init(&run);
    ran = prepare(&run, error) && run_with_signals(&run, error);
    if (!ran || result->problem != NULL)
        launch_trace_dir_remove(&run.trace_dir);
    else
        launch_trace_dir_finish(&run.trace_dir);
    run_clear(&run);
    return ran;
}

void launch_result_clear(struct launch_result *result)
{
    g_free(result->problem);
    g_free(result->flaw);
    g_free(result->unseen);
    memset(result, 0, sizeof *result);
}

int launch_exit_code(const struct launch_result *result)
{
    if (result->timed_out)
        return LAUNCH_EXIT_TIMEOUT;
    return result->signal != 0 ? 128 + result->signal : result->exit_status;
}
