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
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define GUARDIAN "mitrace-guard"
#define STAND_IN "mitrace-standin"

#define READY             "ready"
#define LEAVE_PATIENCE_MS 3000
#define START_PATIENCE_MS 6000 /* longer than the daemon's own */
#define END_PATIENCE_MS   4000 /* longer than a daemon that is asked to end may take */
#define TAKE_OVER_MS      4000 /* the same for the stand-in */

/* Bytes in the control pipe. */
enum order { ORDER_NONE, ORDER_STOP, ORDER_END_AT_ONCE, ORDER_END_HANGING };

/* Descriptors of the guardian; all others are closed. */
enum { FD_CONTROL = STDERR_FILENO + 1, FD_REPORT, FD_ENDED, FD_SHM, FD_LOG, FD_END };

/* What both processes must know: in memory that they share. */
struct facts {
    pid_t guardian;
    pid_t daemon; /* private; 0: none */
};

struct duty {
    const struct launch_guardian_plan *plan;
    struct facts *facts;
    struct launch_wait_pages pages;
    struct launch_shared shared;
    bool daemon_killed; /* one that PROGRAM's wait pages announce */
    int program;        /* a pidfd of PROGRAM; -1: none */
};

static void keep_only(const int *kept)
{
    enum { COUNT = FD_END - FD_CONTROL };
    int high[COUNT];
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int i = 0; i < COUNT; i++)
        high[i] = fcntl(kept[i], F_DUPFD_CLOEXEC, FD_END);
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++)
        dup2(null, stream);
    for (int i = 0; i < COUNT; i++) {
        close(FD_CONTROL + i);
        dup3(high[i], FD_CONTROL + i, O_CLOEXEC);
    }
    closefrom(FD_END);
}

/* No signal ends us but SIGKILL; those of the terminal do not even come. We keep no directory in use. */
static void become_guardian(const int *kept)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    setsid();
    prctl(PR_SET_NAME, GUARDIAN);
    prctl(PR_SET_CHILD_SUBREAPER, 1); /* not inherited: the guardian says so again */
    keep_only(kept);
    if (chdir("/") != 0)
        g_debug("cannot leave the directory");
}

static bool begin(struct duty *duty, GError **error)
{
    const struct launch_guardian_plan *plan = duty->plan;
    const struct launch_daemon daemon = {
        .program = plan->sessiond,
        .home = plan->home,
        .log = FD_LOG,
        .own_socket = getuid() == 0 && !plan->shared,
        .outlives_us = plan->shared,
    };
    if (!launch_home_create(plan->home, plan->preload, error))
        return false;
    if (plan->shared)
        return launch_shared_join(&duty->shared, &daemon, error);
    return launch_daemon_start(&daemon, &duty->facts->daemon, error);
}

static void leave_shared(void *data)
{
    struct duty *duty = data;
    launch_session_discard(duty->plan->session);
    duty->daemon_killed = launch_shared_leave(&duty->shared, true);
}

/* A daemon that hangs is not asked anything. */
static void end_shared(struct duty *duty, enum order order)
{
    if (order == ORDER_END_HANGING || !launch_bounded_call(leave_shared, duty, LEAVE_PATIENCE_MS))
        duty->daemon_killed = launch_shared_leave(&duty->shared, false);
}

/* Whether the daemon's shared memory is PROGRAM's, as it is unless we have a mount namespace of our own. */
static bool is_memory_of_program(void)
{
    struct stat ours;
    struct stat programs;
    return stat(LAUNCH_SHM_DIRECTORY, &ours) == 0 && fstat(FD_SHM, &programs) == 0 &&
           ours.st_dev == programs.st_dev && ours.st_ino == programs.st_ino;
}

static void end_private(struct duty *duty, enum order order)
{
    static const enum launch_daemon_way ways[] = {[ORDER_NONE] = LAUNCH_DAEMON_IN_ORDER,
                                                  [ORDER_STOP] = LAUNCH_DAEMON_AT_ONCE,
                                                  [ORDER_END_AT_ONCE] = LAUNCH_DAEMON_AT_ONCE,
                                                  [ORDER_END_HANGING] = LAUNCH_DAEMON_HANGING};
    if (duty->facts->daemon > 0)
        launch_daemon_end(duty->facts->daemon, ways[order]);
    duty->daemon_killed |= duty->facts->daemon > 0 && is_memory_of_program();
    duty->facts->daemon = 0;
}

/* Whether there is something to read, or an end of file or of a process, in time (-1: wait for ever). Never
 * with no descriptor. */
static bool is_ready(int source, int patience_ms)
{
    struct pollfd wanted = {.fd = source, .events = POLLIN};
    int count = 0;
    if (source < 0)
        return false;
    do {
        count = poll(&wanted, 1, patience_ms);
    } while (count < 0 && errno == EINTR);
    return count > 0;
}

static void end_recording(struct duty *duty, enum order order)
{
    if (duty->plan->shared)
        end_shared(duty, order);
    else
        end_private(duty, order);
    scratch_remove_tree(duty->plan->home);
    if (duty->daemon_killed)
        launch_wait_pages_clear(&duty->pages);
}

/* The pages are in use as long as PROGRAM runs. A launcher that lives waits for that itself, and says more
 * than "stop". */
static void release_pages(struct duty *duty, enum order order)
{
    if (order == ORDER_NONE || order == ORDER_STOP)
        is_ready(duty->program, -1);
    launch_wait_pages_release(&duty->pages);
}

static void report(const char *text)
{
    size_t length = strlen(text);
    if (write(FD_REPORT, text, length) != (ssize_t)length)
        g_debug("the launcher is gone");
    close(FD_REPORT);
}

/* The last order that came before the launcher closed the pipe or died. */
static enum order follow_orders(struct duty *duty)
{
    enum order last = ORDER_NONE;
    char byte;
    ssize_t count;
    while ((count = read(FD_CONTROL, &byte, 1)) > 0 || (count < 0 && errno == EINTR)) {
        if (count < 0)
            continue;
        last = byte > ORDER_NONE && byte <= ORDER_END_HANGING ? (enum order)byte : ORDER_NONE;
        if (last == ORDER_STOP && !duty->plan->shared)
            end_private(duty, last);
    }
    return last;
}

static _Noreturn void guard(struct duty *duty)
{
    g_autoptr(GError) error = NULL;
    enum order last;
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    launch_wait_pages_hold(&duty->pages, FD_SHM);
    if (begin(duty, &error)) {
        report(READY);
        last = follow_orders(duty);
        end_recording(duty, last);
        release_pages(duty, last);
    } else {
        end_recording(duty, ORDER_END_AT_ONCE);
        release_pages(duty, ORDER_END_AT_ONCE);
        report(error->message);
    }
    _exit(EXIT_SUCCESS);
}

/* Of a guardian that was killed: its daemon is asked to end by the kernel, and is now our child. */
static void stand_in(struct duty *duty)
{
    launch_wait_pages_hold(&duty->pages, FD_SHM);
    launch_shared_rejoin(&duty->shared);
    end_recording(duty, ORDER_NONE);
    release_pages(duty, follow_orders(duty));
}

static _Noreturn void watch(struct duty *duty)
{
    int status = 0;
    pid_t guardian;
    duty->program = (int)syscall(SYS_pidfd_open, duty->plan->program, 0);
    guardian = fork();
    if (guardian == 0)
        guard(duty);
    duty->facts->guardian = guardian;
    prctl(PR_SET_NAME, STAND_IN);
    close(FD_REPORT);
    while (guardian > 0 && waitpid(guardian, &status, 0) < 0 && errno == EINTR)
        continue;
    if (guardian < 0 || !WIFEXITED(status))
        stand_in(duty);
    _exit(EXIT_SUCCESS);
}

/* What the guardian reports; NULL when it is ready. */
static char *read_report(int source)
{
    GString *text = g_string_new(NULL);
    char part[256];
    ssize_t count = 0;
    bool answers;
    while ((answers = is_ready(source, START_PATIENCE_MS)) &&
           ((count = read(source, part, sizeof part)) > 0 || (count < 0 && errno == EINTR))) {
        if (count > 0)
            g_string_append_len(text, part, count);
    }
    close(source);
    if (answers && strcmp(text->str, READY) == 0)
        return g_string_free(text, TRUE);
    if (!answers || text->len == 0)
        g_string_printf(text, "the process that starts lttng-sessiond %s", answers ? "was killed" : "hangs");
    return g_string_free(text, FALSE);
}

/* The stand-in takes over. Nothing happens to one that has ended. */
static void kill_guardian(const struct launch_guardian *guardian)
{
    syscall(SYS_pidfd_send_signal, guardian->process, SIGKILL, NULL, 0);
}

static struct facts *share_facts(void)
{
    void *memory =
        mmap(NULL, sizeof(struct facts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

bool launch_guardian_start(struct launch_guardian *guardian, const struct launch_guardian_plan *plan,
                           GError **error)
{
    g_autofree char *problem = NULL;
    struct duty duty = {.plan = plan, .facts = share_facts(), .shared = {.lock = -1}};
    int control[2] = {-1, -1};
    int reports[2] = {-1, -1};
    int ended[2] = {-1, -1};
    *guardian = (struct launch_guardian){.pid = -1, .process = -1};
    if (duty.facts != NULL && pipe2(control, O_CLOEXEC) == 0 && pipe2(reports, O_CLOEXEC) == 0 &&
        pipe2(ended, O_CLOEXEC) == 0)
        guardian->pid = fork();
    if (guardian->pid == 0) {
        become_guardian((const int[]){control[0], reports[1], ended[1], plan->shm_directory, plan->log});
        watch(&duty);
    }
    problem = guardian->pid > 0 ? NULL : g_strdup(g_strerror(errno));
    guardian->control = control[1];
    guardian->ended = ended[0];
    close(control[0]);
    close(reports[1]);
    close(ended[1]);
    if (problem == NULL)
        problem = read_report(reports[0]);
    if (guardian->pid > 0)
        guardian->process = (int)syscall(SYS_pidfd_open, duty.facts->guardian, 0);
    if (problem == NULL)
        return true;
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "%s", problem);
    kill_guardian(guardian);
    launch_guardian_finish(guardian, LAUNCH_SESSION_HANGS);
    return false;
}

static void order(const struct launch_guardian *guardian, enum order order)
{
    char byte = (char)order;
    if (write(guardian->control, &byte, 1) != 1)
        g_debug("the guardian is gone");
}

void launch_guardian_stop_recording(struct launch_guardian *guardian)
{
    order(guardian, ORDER_STOP);
}

/* What hangs is killed. */
static void wait_for_end(const struct launch_guardian *guardian)
{
    if (!is_ready(guardian->ended, END_PATIENCE_MS)) {
        kill_guardian(guardian);
        if (!is_ready(guardian->ended, TAKE_OVER_MS))
            kill(-guardian->pid, SIGKILL);
    }
    while (waitpid(guardian->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

void launch_guardian_finish(struct launch_guardian *guardian, enum launch_session_end end)
{
    static const enum order orders[] = {[LAUNCH_SESSION_COMPLETE] = ORDER_END_AT_ONCE,
                                        [LAUNCH_SESSION_INCOMPLETE] = ORDER_NONE,
                                        [LAUNCH_SESSION_HANGS] = ORDER_END_HANGING};
    if (orders[end] != ORDER_NONE)
        order(guardian, orders[end]);
    close(guardian->control);
    if (guardian->pid > 0)
        wait_for_end(guardian);
    close(guardian->process);
    close(guardian->ended);
}
