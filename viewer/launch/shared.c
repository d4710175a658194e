/* SPDX-License-Identifier: MIT */
/*
 * Shares one session daemon between runs. A lock file tells who uses it: byte 0 is locked while the daemon is
 * started or ended, byte 1 is locked, shared, by every run; the file holds the process id of a daemon that we
 * started.
 */
#include "launch/shared.h"

#include "launch/launch.h"
#include "launch/lttng_ctl.h"
#include "launch/session.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOCK_DIRECTORY  "/var/run/lttng"
#define LOCK_PATH       LOCK_DIRECTORY "/mitrace.lock"
#define END_PATIENCE_MS 5000

enum { BYTE_CHANGE, BYTE_USERS };

static bool lock_byte(int file, int command, short type, off_t byte)
{
    struct flock lock = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    int result;
    do {
        result = fcntl(file, command, &lock);
    } while (result != 0 && errno == EINTR);
    return result == 0;
}

static bool is_still_there(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && status.st_nlink > 0;
}

/* The lock file with BYTE_CHANGE locked; -1 with errno. The last run may have removed it while we waited for
 * the lock. */
static int open_locked(void)
{
    int file;
    if (mkdir(LOCK_DIRECTORY, 0755) != 0 && errno != EEXIST)
        return -1;
    while ((file = open(LOCK_PATH, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)) >= 0) {
        if (lock_byte(file, F_OFD_SETLKW, F_WRLCK, BYTE_CHANGE) && is_still_there(file))
            return file;
        close(file);
    }
    return -1;
}

static void write_pid(int file, pid_t pid)
{
    char text[32];
    int length = snprintf(text, sizeof text, "%d\n", (int)pid);
    if (ftruncate(file, 0) != 0 || pwrite(file, text, (size_t)length, 0) != length)
        g_debug("cannot note the session daemon in " LOCK_PATH);
}

/* The daemon that a run of ours started; 0 when there is none, or its number now belongs to something else.
 */
static pid_t read_pid(int file)
{
    char text[32] = "";
    char path[64];
    g_autofree char *name = NULL;
    pid_t pid = pread(file, text, sizeof text - 1, 0) > 0 ? (pid_t)g_ascii_strtoll(text, NULL, 10) : 0;
    snprintf(path, sizeof path, "/proc/%d/comm", (int)pid);
    if (pid <= 0 || !g_file_get_contents(path, &name, NULL, NULL) || strcmp(name, "lttng-sessiond\n") != 0)
        return 0;
    return pid;
}

/* What an ordinary user may use, but never starts nor ends. */
static bool join_foreign(struct launch_shared *shared, GError **error)
{
    shared->lock = -1;
    if (launch_lttng.session_daemon_alive() == 1)
        return true;
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD,
                "the session daemon of root has just ended: try again");
    return false;
}

bool launch_shared_join(struct launch_shared *shared, const struct launch_daemon *daemon, GError **error)
{
    bool alive;
    if (getuid() != 0)
        return join_foreign(shared, error);
    shared->lock = open_locked();
    if (shared->lock < 0) {
        g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "cannot lock %s: %s", LOCK_PATH,
                    g_strerror(errno));
        return false;
    }
    alive = launch_lttng.session_daemon_alive() == 1;
    if (!alive) {
        pid_t pid = 0;
        alive = launch_daemon_start(daemon, &pid, error);
        write_pid(shared->lock, pid);
    }
    if (alive)
        lock_byte(shared->lock, F_OFD_SETLK, F_RDLCK, BYTE_USERS);
    lock_byte(shared->lock, F_OFD_SETLK, F_UNLCK, BYTE_CHANGE);
    return alive;
}

void launch_shared_rejoin(struct launch_shared *shared)
{
    shared->lock = getuid() == 0 ? open(LOCK_PATH, O_RDWR | O_NOFOLLOW | O_CLOEXEC) : -1;
}

/* Sessions of runs do not count: there is no other run, so theirs are being destroyed. */
static bool has_foreign_sessions(void)
{
    struct lttng_session *sessions = NULL;
    int count = launch_lttng.list_sessions(&sessions);
    bool found = false;
    for (int i = 0; i < count; i++)
        found |= !g_str_has_prefix(sessions[i].name, LAUNCH_SESSION_PREFIX);
    free(sessions);
    return found;
}

/* A daemon that ends in order takes half a second for each session, and these traces are complete. */
static void kill_daemon(pid_t pid)
{
    static const char *const remains[] = {
        "client-lttng-sessiond", "lttng-ust-sock-8",   "sessiond-health", "sessiond-notification",
        "lttng-sessiond.pid",    "lttng-sessiond.lck", "agent.port",      "kconsumerd",
        "ustconsumerd32",        "ustconsumerd64"};
    struct pollfd ended = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};
    kill(-pid, SIGKILL);
    poll(&ended, 1, END_PATIENCE_MS);
    close(ended.fd);
    waitpid(pid, NULL, WNOHANG);
    for (size_t i = 0; i < G_N_ELEMENTS(remains); i++) {
        g_autofree char *path = g_build_filename(LOCK_DIRECTORY, remains[i], NULL);
        scratch_remove_tree(path);
    }
}

bool launch_shared_leave(struct launch_shared *shared, bool answers)
{
    bool killed = false;
    if (shared->lock < 0)
        return false;
    lock_byte(shared->lock, F_OFD_SETLKW, F_WRLCK, BYTE_CHANGE);
    if (lock_byte(shared->lock, F_OFD_SETLK, F_WRLCK, BYTE_USERS)) {
        pid_t pid = read_pid(shared->lock);
        killed = pid > 0 && !(answers && has_foreign_sessions());
        if (killed)
            kill_daemon(pid);
        unlink(LOCK_PATH);
    }
    close(shared->lock);
    return killed;
}
