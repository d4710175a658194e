/* SPDX-License-Identifier: MIT */
/* Starts, waits for and ends PROGRAM. */
#include "launch/process.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the child that waits is told. */
enum go { GO_RECORDED = 'r', GO_UNRECORDED = 'u' };

/* What was killed can still be there: in the kernel, or as another user whom we may not kill. */
#define KILL_PATIENCE_US (5 * G_USEC_PER_SEC)

/* PATH has no such executable: it is "permission denied" if it has a file of that name, as execvp says. */
static int why_not_in_path(const char *program)
{
    g_auto(GStrv) directories = g_strsplit(g_getenv("PATH") == NULL ? "" : g_getenv("PATH"), ":", -1);
    for (char **directory = directories; *directory != NULL; directory++) {
        g_autofree char *path = g_build_filename(*directory, program, NULL);
        if (access(path, F_OK) == 0)
            return EACCES;
    }
    return ENOENT;
}

int launch_process_check(const char *program)
{
    g_autofree char *found = g_find_program_in_path(program);
    if (found != NULL)
        return 0;
    if (strchr(program, '/') == NULL)
        return why_not_in_path(program);
    return access(program, X_OK) == 0 ? EACCES : errno;
}

/* In the child. Whoever forked us decides by `go`; if it dies first, nothing is executed. */
static _Noreturn void become_program(int go, int failure, char *const *argv, char *const *environment,
                                     const struct launch_signals *signals)
{
    char how;
    ssize_t count;
    int problem;
    setpgid(0, 0);
    do {
        count = read(go, &how, 1);
    } while (count < 0 && errno == EINTR);
    if (count != 1)
        _exit(EXIT_FAILURE);
    launch_signals_restore(signals);
    execvpe(argv[0], argv, how == GO_RECORDED ? environment : environ);
    problem = errno;
    while (write(failure, &problem, sizeof problem) < 0 && errno == EINTR)
        continue;
    _exit(EXIT_FAILURE);
}

bool launch_process_fork(struct launch_process *process, char *const *argv, char *const *environment,
                         const struct launch_signals *signals)
{
    int go[2] = {-1, -1};
    int failure[2] = {-1, -1};
    *process = (struct launch_process){.pid = -1};
    if (pipe2(go, O_CLOEXEC) == 0 && pipe2(failure, O_CLOEXEC) == 0)
        process->pid = fork();
    if (process->pid == 0) {
        close(go[1]);
        become_program(go[0], failure[1], argv, environment, signals);
    }
    close(go[0]);
    close(failure[1]);
    process->go = go[1];
    process->failure = failure[0];
    if (process->pid < 0)
        return false;
    setpgid(process->pid, process->pid);
    launch_terminal_open(&process->terminal, process->pid);
    return true;
}

/* Take what became of the child, if anything did. */
static void reap(struct launch_process *process, int flags)
{
    int status;
    pid_t changed;
    do {
        changed = waitpid(process->pid, &status, flags);
    } while (changed < 0 && errno == EINTR);
    if (changed != process->pid)
        return;
    process->stopped = WIFSTOPPED(status);
    if (WIFCONTINUED(status))
        return;
    if (WIFSTOPPED(status)) {
        launch_terminal_stopped(&process->terminal, WSTOPSIG(status));
        return;
    }
    process->wait_status = status;
    process->ended = true;
    launch_terminal_close(&process->terminal);
}

int launch_process_execute(struct launch_process *process, bool recorded)
{
    const char how = recorded ? GO_RECORDED : GO_UNRECORDED;
    int problem = 0;
    ssize_t count;
    launch_terminal_give(&process->terminal);
    count = write(process->go, &how, 1);
    close(process->go);
    process->go = -1;
    if (count == 1) {
        do {
            count = read(process->failure, &problem, sizeof problem);
        } while (count < 0 && errno == EINTR);
    }
    close(process->failure);
    if (problem != 0)
        reap(process, 0);
    return problem;
}

/* To PROGRAM's group, and to PROGRAM itself where it has moved to another one. */
static void send_signal(const struct launch_process *process, int signal_number)
{
    kill(-process->pid, signal_number);
    if (getpgid(process->pid) != process->pid)
        kill(process->pid, signal_number);
}

/* The first request to end is PROGRAM's to answer; the second means it does not. */
static void pass_on(struct launch_process *process, int signal_number)
{
    bool asks_to_end = signal_number != SIGTSTP && signal_number != SIGCONT;
    if (asks_to_end && process->requests++ > 0)
        signal_number = SIGKILL;
    send_signal(process, signal_number);
}

bool launch_process_wait(struct launch_process *process, int64_t deadline_us)
{
    reap(process, WNOHANG | WUNTRACED | WCONTINUED);
    while (!process->ended) {
        int caught = launch_signals_next(deadline_us);
        if (caught == 0)
            return false;
        if (caught == SIGCHLD)
            reap(process, WNOHANG | WUNTRACED | WCONTINUED);
        else
            pass_on(process, caught);
    }
    return true;
}

void launch_process_kill(struct launch_process *process)
{
    if (process->ended)
        return;
    if (process->go >= 0)
        close(process->go);
    process->go = -1;
    send_signal(process, SIGKILL);
    launch_process_wait(process, g_get_monotonic_time() + KILL_PATIENCE_US);
}
