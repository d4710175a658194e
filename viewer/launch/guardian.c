/* SPDX-License-Identifier: MIT */
/* Owns the session daemon of a run, and cleans up after the launcher however that ends. */
#include "launch/guardian.h"

#include "launch/bounded.h"
#include "launch/daemon.h"
#include "launch/home.h"
#include "launch/launch.h"
#include "launch/session.h"
#include "launch/shared.h"
#include "launch/wait_page.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define READY            "ready"
#define LEAVE_PATIENCE_S 15

/* Descriptors of the guardian; all others are closed. */
enum { FD_CONTROL = STDERR_FILENO + 1, FD_REPORT, FD_SHM, FD_END };

struct duty {
    const struct launch_guardian_plan *plan;
    struct launch_wait_pages pages;
    struct launch_shared shared;
    pid_t daemon;       /* private; 0: none */
    bool daemon_killed; /* one that PROGRAM's wait pages announce */
};

static void keep_only(int control, int report, int shm)
{
    const int kept[] = {control, report, shm};
    int high[G_N_ELEMENTS(kept)];
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++)
        high[i] = fcntl(kept[i], F_DUPFD_CLOEXEC, FD_END);
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        dup2(null, stream);
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        close(FD_CONTROL + (int)i);
        dup3(high[i], FD_CONTROL + (int)i, O_CLOEXEC);
    }
    closefrom(FD_END);
}

/* No signal ends us but SIGKILL; those of the terminal do not even come. We keep no directory in use. */
static void become_guardian(int control, int report, int shm)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    setsid();
    prctl(PR_SET_NAME, "mitrace-guard");
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    keep_only(control, report, shm);
    if (chdir("/") != 0)
        g_debug("cannot leave the directory");
}

static bool begin(struct duty *duty, GError **error)
{
    const struct launch_guardian_plan *plan = duty->plan;
    const struct launch_daemon daemon = {
        .program = plan->sessiond,
        .home = plan->home,
        .own_socket = getuid() == 0 && !plan->shared,
        .outlives_us = plan->shared,
    };
    if (!launch_home_create(plan->home, plan->preload, error))
        return false;
    if (plan->shared)
        return launch_shared_join(&duty->shared, &daemon, error);
    duty->daemon = launch_daemon_start(&daemon, error);
    return duty->daemon > 0;
}

static void leave_shared(void *data)
{
    struct duty *duty = data;
    launch_session_discard(duty->plan->session);
    duty->daemon_killed = launch_shared_leave(&duty->shared);
}

/* Whether the daemon's shared memory is PROGRAM's, as it is unless we have a mount namespace of our own. */
static bool is_memory_of_program(void)
{
    struct stat ours;
    struct stat programs;
    return stat(LAUNCH_SHM_DIRECTORY, &ours) == 0 && fstat(FD_SHM, &programs) == 0 &&
           ours.st_dev == programs.st_dev && ours.st_ino == programs.st_ino;
}

static void end_private(struct duty *duty, bool trace_complete)
{
    launch_daemon_end(duty->daemon, trace_complete);
    duty->daemon_killed = is_memory_of_program();
}

static void clean_up(struct duty *duty, bool trace_complete)
{
    if (duty->plan->shared)
        launch_bounded_call(leave_shared, duty, LEAVE_PATIENCE_S);
    else if (duty->daemon > 0)
        end_private(duty, trace_complete);
    launch_home_remove(duty->plan->home);
    launch_wait_pages_release(&duty->pages, duty->daemon_killed);
}

static void report(const char *text)
{
    size_t length = strlen(text);
    if (write(FD_REPORT, text, length) != (ssize_t)length)
        g_debug("the launcher is gone");
    close(FD_REPORT);
}

/* True when it told that the trace is complete before it closed the pipe. */
static bool wait_for_end_of_launcher(void)
{
    bool complete = false;
    char byte;
    ssize_t count;
    while ((count = read(FD_CONTROL, &byte, 1)) > 0 || (count < 0 && errno == EINTR))
        complete |= count > 0;
    return complete;
}

static _Noreturn void guard(const struct launch_guardian_plan *plan)
{
    struct duty duty = {.plan = plan, .shared = {.lock = -1}};
    g_autoptr(GError) error = NULL;
    launch_wait_pages_hold(&duty.pages, FD_SHM);
    if (begin(&duty, &error)) {
        report(READY);
        clean_up(&duty, wait_for_end_of_launcher());
    } else {
        clean_up(&duty, false);
        report(error->message);
    }
    _exit(EXIT_SUCCESS);
}

/* What the guardian reports; NULL when it is ready. */
static char *read_report(int source)
{
    GString *text = g_string_new(NULL);
    char part[256];
    ssize_t count;
    while ((count = read(source, part, sizeof part)) > 0 || (count < 0 && errno == EINTR)) {
        if (count > 0)
            g_string_append_len(text, part, count);
    }
    close(source);
    if (strcmp(text->str, READY) == 0)
        return g_string_free(text, TRUE);
    if (text->len == 0)
        g_string_assign(text, "the process that starts lttng-sessiond was killed");
    return g_string_free(text, FALSE);
}

bool launch_guardian_start(struct launch_guardian *guardian, const struct launch_guardian_plan *plan,
                           GError **error)
{
    g_autofree char *problem = NULL;
    int control[2] = {-1, -1};
    int reports[2] = {-1, -1};
    guardian->pid = -1;
    if (pipe2(control, O_CLOEXEC) == 0 && pipe2(reports, O_CLOEXEC) == 0)
        guardian->pid = fork();
    if (guardian->pid == 0) {
        become_guardian(control[0], reports[1], plan->shm_directory);
        guard(plan);
    }
    guardian->control = control[1];
    close(control[0]);
    close(reports[1]);
    problem = guardian->pid > 0 ? read_report(reports[0]) : g_strdup(g_strerror(errno));
    if (problem == NULL)
        return true;
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "%s", problem);
    launch_guardian_finish(guardian, false);
    return false;
}

void launch_guardian_finish(struct launch_guardian *guardian, bool trace_complete)
{
    if (trace_complete && write(guardian->control, "", 1) != 1)
        g_debug("the guardian is gone");
    close(guardian->control);
    while (guardian->pid > 0 && waitpid(guardian->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}
