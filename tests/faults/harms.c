/* SPDX-License-Identifier: MIT */
/* The faults themselves. */
#include "harms.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define DAEMON   "lttng-sessiond"
#define CONSUMER "lttng-consumerd"
#define GUARDIAN "mitrace-guard"
#define STAND_IN "mitrace-standin" /* for the guardian */
#define PROGRAM  "fault_program"

/* linux/capability.h */
#define CAPABILITY_SYS_ADMIN 21

static void signal_process(struct fault *fault, const char *name, int number)
{
    pid_t pid = fault_process(fault, name);

    fault->missed = pid <= 0 || kill(pid, number) != 0;
}

void harm_kill_program(struct fault *fault)
{
    signal_process(fault, PROGRAM, SIGKILL);
}

void harm_crash_program(struct fault *fault)
{
    signal_process(fault, PROGRAM, SIGSEGV);
}

void harm_kill_daemon(struct fault *fault)
{
    signal_process(fault, DAEMON, SIGKILL);
}

void harm_stop_daemon(struct fault *fault)
{
    signal_process(fault, DAEMON, SIGSTOP);
}

void harm_kill_consumer(struct fault *fault)
{
    signal_process(fault, CONSUMER, SIGKILL);
}

void harm_stop_consumer(struct fault *fault)
{
    signal_process(fault, CONSUMER, SIGSTOP);
}

/* Longer than a full buffer lets an event wait. */
void harm_pause_consumer(struct fault *fault)
{
    harm_stop_consumer(fault);
    fault_release(fault, "middle");
    g_usleep(5 * G_USEC_PER_SEC / 2);
    signal_process(fault, CONSUMER, SIGCONT);
}

void harm_kill_guardian(struct fault *fault)
{
    signal_process(fault, GUARDIAN, SIGKILL);
}

void harm_stop_guardian(struct fault *fault)
{
    signal_process(fault, GUARDIAN, SIGSTOP);
}

void harm_kill_stand_in(struct fault *fault)
{
    signal_process(fault, STAND_IN, SIGKILL);
}

void harm_kill_launcher(struct fault *fault)
{
    fault->killed = true;
    kill(fault->mitrace, SIGKILL);
}

void harm_kill_launcher_and_guardian(struct fault *fault)
{
    pid_t guardian = fault_process(fault, GUARDIAN);

    assert_true(guardian > 0);
    kill(fault->mitrace, SIGSTOP); /* so that neither sees the other's end */
    kill(guardian, SIGKILL);
    kill(fault->mitrace, SIGKILL);
}

void harm_interrupt_launcher(struct fault *fault)
{
    kill(fault->mitrace, SIGINT);
}

void harm_interrupt_group(struct fault *fault)
{
    kill(-fault->mitrace, SIGINT);
}

void harm_terminate_launcher(struct fault *fault)
{
    kill(fault->mitrace, SIGTERM);
}

void harm_hang_up_launcher(struct fault *fault)
{
    kill(fault->mitrace, SIGHUP);
}

void harm_quit_launcher(struct fault *fault)
{
    kill(fault->mitrace, SIGQUIT);
}

void harm_close_terminal(struct fault *fault)
{
    close(fault->terminal);
    fault->terminal = -1;
}

void harm_remove_trace(struct fault *fault)
{
    const char *const argv[] = {"rm", "-rf", "--", fault->trace, NULL};

    g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL,
                 NULL);
}

static void cover(struct fault *fault, const char *source, const char *directory, const char *type,
                  unsigned long flags, const char *options)
{
    assert_int_equal(mount(source, directory, type, flags, options), 0);
    g_ptr_array_add(fault->mounts, g_strdup(directory));
    fault_look(fault);
}

/* For root permissions are no obstacle: there the directory becomes a mount that is read only. */
void harm_protect_trace(struct fault *fault)
{
    assert_int_equal(g_chmod(fault->trace, 0500), 0);
    if (getuid() == 0) {
        cover(fault, fault->trace, fault->trace, NULL, MS_BIND, NULL);
        assert_int_equal(mount(NULL, fault->trace, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), 0);
        fault_look(fault);
    }
}

static void cover_small(struct fault *fault, const char *directory, const char *options)
{
    g_mkdir_with_parents(directory, 0700);
    cover(fault, "fault", directory, "tmpfs", MS_NOSUID | MS_NODEV, options);
}

void harm_small_disk(struct fault *fault)
{
    cover_small(fault, fault->trace, "mode=0700,size=1m");
}

void harm_full_tmp(struct fault *fault)
{
    cover_small(fault, fault->tmp, "mode=0700,nr_inodes=1");
}

void harm_tiny_shm(struct fault *fault)
{
    cover_small(fault, "/dev/shm", "mode=1777,size=1m");
}

/* Take all room in a directory's file system, with a file that is gone when it is closed. */
static int fill(const char *directory)
{
    static const char block[4096];
    g_autofree char *path = g_build_filename(directory, "filled", NULL);
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(file >= 0);
    g_unlink(path);
    while (write(file, block, sizeof block) > 0) {
    }
    return file;
}

/* It had room for the buffers when mitrace looked. */
void harm_fill_shm(struct fault *fault)
{
    fault->filler = fill("/dev/shm");
}

/* There is no room in the middle of what the program does, and then there is again. */
void harm_fill_disk_for_a_while(struct fault *fault)
{
    int file = fill(fault->trace);

    fault_release(fault, "middle");
    g_usleep(G_USEC_PER_SEC);
    close(file);
}

void harm_large_disk(struct fault *fault)
{
    cover_small(fault, fault->trace, "mode=0700,size=16m");
}

void harm_no_daemon(struct fault *fault)
{
    cover(fault, "/dev/null", "/usr/bin/lttng-sessiond", NULL, MS_BIND, NULL);
}

static void put_daemon(const struct fault *fault, const char *script)
{
    g_autofree char *directory = g_build_filename(fault->folder, "bin", NULL);
    g_autofree char *path = g_build_filename(directory, DAEMON, NULL);

    assert_int_equal(g_mkdir(directory, 0700), 0);
    assert_true(g_file_set_contents_full(path, script, -1, G_FILE_SET_CONTENTS_NONE, 0700, NULL));
}

void harm_daemon_that_hangs(struct fault *fault)
{
    put_daemon(fault, "#!/bin/sh\nexec sleep 60\n");
}

void harm_daemon_that_fails(struct fault *fault)
{
    put_daemon(fault, "#!/bin/sh\necho 'it does not work' >&2\nexit 1\n");
}

/* A socket's name would not fit in there. */
void harm_long_tmp(struct fault *fault)
{
    char *tmp = g_build_filename(fault->tmp, "too-long-for-the-names-of-sockets", NULL);

    assert_int_equal(g_mkdir(tmp, 0700), 0);
    g_free(fault->tmp);
    fault->tmp = tmp;
}

static bool run_lttng(const struct fault *fault, const char *line, char **out)
{
    const char *const argv[] = {"sh", "-c", line, NULL};
    g_auto(GStrv) environment = g_environ_setenv(g_get_environ(), "TRACE", fault->trace, TRUE);
    g_autofree char *unused = NULL;
    int status = -1;

    environment = g_environ_setenv(environment, "LTTNG_HOME", fault->folder, TRUE);
    return g_spawn_sync(NULL, (char **)(uintptr_t)argv, environment, G_SPAWN_SEARCH_PATH, NULL, NULL,
                        out == NULL ? &unused : out, NULL, &status, NULL) &&
           status == 0;
}

/* As one that is in use: its consumer daemon runs, and all that belongs to it is there before we look. */
void harm_foreign_daemon(struct fault *fault)
{
    static const char use[] = "lttng --no-sessiond create used --output=\"$TRACE.used\" && "
                              "lttng --no-sessiond enable-event --userspace --all && "
                              "lttng --no-sessiond start && lttng --no-sessiond destroy";
    const char *const argv[] = {DAEMON, "--no-kernel", NULL};

    assert_true(g_spawn_async("/", (char **)(uintptr_t)argv, NULL,
                              G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                                  G_SPAWN_STDERR_TO_DEV_NULL,
                              NULL, NULL, &fault->daemon, NULL));
    for (unsigned i = 0; i < 200 && !run_lttng(fault, "lttng --no-sessiond list", NULL); i++) {
        g_usleep(20000);
    }
    assert_true(run_lttng(fault, use, NULL));
    fault_look(fault);
}

void harm_assert_daemon_unused(struct fault *fault)
{
    g_autofree char *sessions = NULL;

    for (unsigned i = 0; i < 200; i++) {
        g_free(sessions);
        sessions = NULL;
        assert_true(run_lttng(fault, "lttng --no-sessiond list", &sessions));
        if (strstr(sessions, "mitrace") == NULL) {
            return;
        }
        g_usleep(20000);
    }
    fail_msg("left in the session daemon: %s", sessions);
}

void harm_file_size(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = 1 << 20;
    setrlimit(RLIMIT_FSIZE, &limit);
}

void harm_no_namespace(void)
{
    prctl(PR_CAPBSET_DROP, CAPABILITY_SYS_ADMIN);
}
