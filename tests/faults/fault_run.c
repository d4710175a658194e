/* SPDX-License-Identifier: MIT */
/* Starts mitrace, follows the program's marks, and takes the end. */
#include "fault.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_S = 30, POLL_US = 1000 };

static bool mount_empty(const char *directory)
{
    g_mkdir_with_parents(directory, 0755);
    return mount("faults", directory, "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777,size=256m") == 0;
}

static bool has_own_mounts(void)
{
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL) == 0 && mount_empty("/dev/shm") &&
           mount_empty("/run/lttng");
}

/* Then each run has a session daemon of its own, mounts or not. */
static bool become_ordinary_user(void)
{
    enum { NOBODY = 65534 };

    return setgroups(0, NULL) == 0 && setgid(NOBODY) == 0 && setuid(NOBODY) == 0 &&
           prctl(PR_SET_DUMPABLE, 1) == 0 && access(MITRACE_PROGRAM, X_OK) == 0 &&
           access(FAULT_PROGRAM, X_OK) == 0;
}

bool fault_isolate(void)
{
    if (getuid() != 0 || has_own_mounts() || become_ordinary_user()) {
        return true;
    }
    puts("SKIPPED: as root it would harm other recordings: it needs mounts of its own, or to become another "
         "user");
    return false;
}

static char *path_of(const struct fault *fault, const char *name)
{
    return g_build_filename(fault->folder, name, NULL);
}

/* Our library through a link in the folder: what mitrace makes anywhere for this run, and no other, leads
 * there. */
static void make_places(const struct fault *fault)
{
    g_autofree char *home = path_of(fault, "home");
    g_autofree char *link = path_of(fault, "lib");
    g_autofree char *libraries = g_path_get_dirname(MITRACE_SHIM);

    assert_int_equal(g_mkdir(home, 0700), 0);
    assert_int_equal(symlink(libraries, link), 0);
}

void fault_open(struct fault *fault)
{
    *fault = (struct fault){.folder = g_dir_make_tmp("fault-XXXXXX", NULL), .terminal = -1, .filler = -1};
    assert_non_null(fault->folder);
    fault->tmp = g_build_filename(fault->folder, "tmp", NULL);
    fault->trace = g_build_filename(fault->folder, "trace", NULL);
    assert_int_equal(g_mkdir(fault->tmp, 0700), 0);
    make_places(fault);
    fault->mounts = g_ptr_array_new_with_free_func(g_free);
    fault_look(fault);
}

static void redirect(const struct fault *fault, enum fault_start how)
{
    static const char *const files[] = {"out", "err"};

    if (how == START_ON_TERMINAL) {
        return;
    }
    close(STDIN_FILENO);
    if (how == START_PLAIN) {
        open("/dev/null", O_RDONLY);
    }
    for (int i = 0; i < 2; i++) {
        g_autofree char *path = path_of(fault, files[i]);
        int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
        dup2(file, STDOUT_FILENO + i);
        if (file > STDERR_FILENO) {
            close(file);
        }
    }
    if (how == START_WITHOUT_STREAMS) {
        closefrom(STDIN_FILENO);
    }
    if (how == START_WITHOUT_STDIN) {
        close(STDIN_FILENO);
    }
}

static void set_environment(const struct fault *fault)
{
    g_autofree char *path = g_strconcat(fault->folder, "/bin:", g_getenv("PATH"), NULL);
    g_autofree char *home = path_of(fault, "home");
    g_autofree char *library = path_of(fault, "lib/libmitrace.so");

    g_setenv("HOME", home, TRUE);
    g_setenv("MITRACE_PRELOAD", library, TRUE);
    g_setenv("PATH", path, TRUE);
    g_setenv("MITRACE_FAULT", fault->folder, TRUE);
    g_setenv("TMPDIR", fault->tmp, TRUE);
}

static _Noreturn void become_mitrace(const struct fault *fault, char *const *argv, enum fault_start how,
                                     void (*limit)(void))
{
    set_environment(fault);
    if (how != START_ON_TERMINAL) {
        setpgid(0, 0);
    }
    redirect(fault, how);
    if (limit != NULL) {
        limit();
    }
    execv(argv[0], argv);
    _exit(127);
}

void fault_start(struct fault *fault, char *const *argv, enum fault_start how, void (*limit)(void))
{
    fault->harmed_us = g_get_monotonic_time();
    fault->mitrace = how == START_ON_TERMINAL ? forkpty(&fault->terminal, NULL, NULL, NULL) : fork();
    if (fault->mitrace == 0) {
        become_mitrace(fault, argv, how, limit);
    }
    assert_true(fault->mitrace > 0);
    if (how != START_ON_TERMINAL) {
        setpgid(fault->mitrace, fault->mitrace);
    }
}

static bool try_wait(struct fault *fault)
{
    int status;

    if (fault->mitrace > 0 && waitpid(fault->mitrace, &status, WNOHANG) == fault->mitrace) {
        fault->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
        fault->mitrace = 0;
    }
    return fault->mitrace == 0;
}

void fault_wait(struct fault *fault, double bound)
{
    g_autofree char *path = path_of(fault, "err");
    gint64 deadline = fault->harmed_us + (gint64)(bound * G_USEC_PER_SEC);

    while (!try_wait(fault) && g_get_monotonic_time() < deadline) {
        g_usleep(POLL_US);
    }
    fault->seconds = (double)(g_get_monotonic_time() - fault->harmed_us) / G_USEC_PER_SEC;
    g_free(fault->err);
    fault->err = NULL;
    if (!g_file_get_contents(path, &fault->err, NULL, NULL)) {
        fault->err = g_strdup("");
    }
    if (fault->mitrace != 0) {
        fail_msg("mitrace still runs %.1f s after the fault; it said: %s", bound, fault->err);
    }
}

void fault_hold(const struct fault *fault, const char *place)
{
    g_autofree char *name = g_strconcat("hold-", place, NULL);
    g_autofree char *path = path_of(fault, name);

    assert_true(g_file_set_contents(path, "", 0, NULL));
}

void fault_release(const struct fault *fault, const char *place)
{
    g_autofree char *name = g_strconcat("hold-", place, NULL);
    g_autofree char *path = path_of(fault, name);

    g_unlink(path);
}

bool fault_marked(const struct fault *fault, const char *mark)
{
    g_autofree char *path = path_of(fault, mark);

    return g_file_test(path, G_FILE_TEST_EXISTS);
}

void fault_reach(const struct fault *fault, const char *place)
{
    for (unsigned i = 0; i < PATIENCE_S * G_USEC_PER_SEC / POLL_US; i++) {
        if (fault_marked(fault, place)) {
            return;
        }
        g_usleep(POLL_US);
    }
    fail_msg("the program did not come to \"%s\"", place);
}

struct fault_account fault_own_account(const struct fault *fault)
{
    g_autofree char *path = path_of(fault, "count");
    g_autofree char *bytes = NULL;
    struct fault_account account = {0};
    gsize length;

    if (g_file_get_contents(path, &bytes, &length, NULL) && length == sizeof account) {
        memcpy(&account, bytes, sizeof account);
    }
    return account;
}

guint64 fault_own_count(const struct fault *fault)
{
    return fault_own_account(fault).calls;
}

static void end_processes(const struct fault *fault)
{
    g_autoptr(GArray) left = fault_processes(fault);

    for (guint i = 0; i < left->len; i++) {
        kill(g_array_index(left, pid_t, i), SIGKILL);
    }
}

static void remove_folder(const char *folder)
{
    const char *const argv[] = {"rm", "-rf", "--", folder, NULL};

    g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
}

void fault_close(struct fault *fault)
{
    if (fault->mitrace > 0) {
        kill(fault->mitrace, SIGKILL);
        waitpid(fault->mitrace, NULL, 0);
    }
    if (fault->terminal >= 0) {
        close(fault->terminal);
    }
    if (fault->filler >= 0) {
        close(fault->filler);
    }
    end_processes(fault);
    if (fault->daemon > 0) {
        kill(fault->daemon, SIGTERM);
        waitpid(fault->daemon, NULL, 0);
    }
    for (guint i = fault->mounts->len; i > 0; i--) {
        umount2(fault->mounts->pdata[i - 1], MNT_DETACH);
    }
    remove_folder(fault->folder);
    g_hash_table_unref(fault->before);
    g_ptr_array_unref(fault->mounts);
    g_free(fault->folder);
    g_free(fault->tmp);
    g_free(fault->trace);
    g_free(fault->err);
    *fault = (struct fault){.terminal = -1, .filler = -1};
}
