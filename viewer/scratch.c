/* SPDX-License-Identifier: MIT */
/* Makes and removes temporary directories, and starts the process that sees to their removal. */
#include "scratch.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct scratch {
    char *path;
    pid_t keeper;
    int lifeline; /* a socket, since a pipe without a reader would raise SIGPIPE: a byte here says that the
                     directory is kept; its closing ends the keeper */
};

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    g_remove(path);
    return 0;
}

void scratch_remove_tree(const char *directory)
{
    enum { OPEN_DIRECTORIES = 16 };

    nftw(directory, remove_entry, OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* In the keeper. It hears no signal of the terminal, and keeps no file or directory of ours in use. */
static _Noreturn void keep(const char *path, int lifeline)
{
    sigset_t all;
    char byte;
    ssize_t count;

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    setsid();
    prctl(PR_SET_NAME, "mitrace-keeper");
    dup2(lifeline, STDIN_FILENO);
    closefrom(STDIN_FILENO + 1);
    do {
        count = read(STDIN_FILENO, &byte, 1);
    } while (count < 0 && errno == EINTR);
    if (count == 0) {
        scratch_remove_tree(path);
    }
    _exit(EXIT_SUCCESS);
}

static bool start_keeper(struct scratch *scratch)
{
    int ends[2];

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return false;
    }
    scratch->keeper = fork();
    if (scratch->keeper == 0) {
        close(ends[1]);
        keep(scratch->path, ends[0]);
    }
    close(ends[0]);
    scratch->lifeline = ends[1];
    return scratch->keeper > 0;
}

static void end(struct scratch *scratch)
{
    if (scratch->lifeline >= 0) {
        close(scratch->lifeline);
    }
    while (scratch->keeper > 0 && waitpid(scratch->keeper, NULL, 0) < 0 && errno == EINTR) {
    }
    g_free(scratch->path);
    g_free(scratch);
}

/* 0, or the number of what went wrong. */
static int make(struct scratch *scratch)
{
    int reason;

    if (g_mkdtemp_full(scratch->path, 0700) == NULL) {
        return errno;
    }
    if (start_keeper(scratch)) {
        return 0;
    }
    reason = errno;
    g_rmdir(scratch->path);
    return reason;
}

struct scratch *scratch_create(const char *wanted_for, const char *advice, GError **error)
{
    struct scratch *scratch = g_new0(struct scratch, 1);
    int reason;

    scratch->lifeline = -1;
    scratch->path = g_build_filename(g_get_tmp_dir(), "mitrace-XXXXXX", NULL);
    reason = make(scratch);
    if (reason == 0) {
        return scratch;
    }
    g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(reason),
                "cannot create a directory for %s in %s: %s (%s)", wanted_for, g_get_tmp_dir(),
                g_strerror(reason), advice);
    end(scratch);
    return NULL;
}

char *scratch_path(const struct scratch *scratch)
{
    return scratch->path;
}

/* Not left to the keeper, which may have been killed. */
void scratch_remove(struct scratch *scratch)
{
    if (scratch != NULL) {
        scratch_remove_tree(scratch->path);
        end(scratch);
    }
}

void scratch_keep(struct scratch *scratch)
{
    if (scratch == NULL) {
        return;
    }
    if (send(scratch->lifeline, "", 1, MSG_NOSIGNAL) != 1) {
        g_debug("the keeper is gone");
    }
    end(scratch);
}
