/* SPDX-License-Identifier: MIT */
/* Moves the terminal between our process group and PROGRAM's, and stops and continues with it. */
#include "launch/terminal.h"

#include <fcntl.h>
#include <glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void launch_terminal_open(struct launch_terminal *terminal, pid_t program_group)
{
    terminal->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    terminal->program = program_group;
    terminal->given = false;
}

static bool is_ours(const struct launch_terminal *terminal)
{
    return terminal->fd >= 0 && tcgetpgrp(terminal->fd) == getpgrp();
}

static void hand_over(struct launch_terminal *terminal)
{
    terminal->given = tcsetpgrp(terminal->fd, terminal->program) == 0;
}

static void take_back(struct launch_terminal *terminal)
{
    if (terminal->given)
        tcsetpgrp(terminal->fd, getpgrp());
    terminal->given = false;
}

/* The process group of a process, from /proc/PID/stat; -1 when it is gone. The name may hold any characters.
 */
static pid_t group_of(const char *pid)
{
    g_autofree char *path = g_build_filename("/proc", pid, "stat", NULL);
    g_autofree char *text = NULL;
    const char *after_name;
    int group = -1;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return -1;
    after_name = strrchr(text, ')');
    if (after_name == NULL || sscanf(after_name, ") %*c %*d %d", &group) != 1)
        return -1;
    return group;
}

static bool is_alone_in_group(void)
{
    g_autoptr(GDir) processes = g_dir_open("/proc", 0, NULL);
    const char *name;
    int members = 0;
    while (processes != NULL && (name = g_dir_read_name(processes)) != NULL) {
        if (g_ascii_isdigit(*name) && group_of(name) == getpgrp())
            members++;
    }
    return members == 1;
}

void launch_terminal_give(struct launch_terminal *terminal)
{
    if (is_ours(terminal) && is_alone_in_group())
        hand_over(terminal);
}

/*
 * Stop as Ctrl-Z would. False when that has no effect: ignored, or a group that nobody could continue. A
 * process that was stopped knows it by the SIGCONT that continued it, which is blocked, as SIGTSTP is.
 */
static bool stop_ourselves(void)
{
    const struct timespec none = {0};
    sigset_t stop;
    sigset_t resume;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigemptyset(&resume);
    sigaddset(&resume, SIGCONT);
    raise(SIGTSTP);
    sigprocmask(SIG_UNBLOCK, &stop, NULL);
    sigprocmask(SIG_BLOCK, &stop, NULL);
    return sigtimedwait(&resume, NULL, &none) == SIGCONT;
}

static void stop_with_program(struct launch_terminal *terminal, bool wants_terminal)
{
    bool given = terminal->given;
    bool stopped;
    take_back(terminal);
    stopped = stop_ourselves();
    if (!stopped && wants_terminal)
        return; /* it would only ask again */
    if ((given || wants_terminal) && is_ours(terminal))
        hand_over(terminal);
    kill(-terminal->program, SIGCONT);
}

void launch_terminal_stopped(struct launch_terminal *terminal, int stop_signal)
{
    bool wants_terminal = stop_signal == SIGTTIN || stop_signal == SIGTTOU;
    if (terminal->fd < 0 || stop_signal == SIGSTOP)
        return;
    if (wants_terminal && is_ours(terminal)) {
        hand_over(terminal);
        kill(-terminal->program, SIGCONT);
    } else {
        stop_with_program(terminal, wants_terminal);
    }
}

void launch_terminal_close(struct launch_terminal *terminal)
{
    take_back(terminal);
    if (terminal->fd >= 0)
        close(terminal->fd);
    terminal->fd = -1;
}
