/* SPDX-License-Identifier: MIT */
/* Starts and ends a session daemon. */
#include "launch/daemon.h"

#include "launch/environment.h"
#include "launch/launch.h"
#include "launch/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define START_PATIENCE_S  5
#define END_PATIENCE_US   (3 * G_USEC_PER_SEC)
#define WRITE_PATIENCE_US (G_USEC_PER_SEC / 2)

char *launch_daemon_find(GError **error)
{
    static const char *const places[] = {"/usr/bin/lttng-sessiond", "/usr/local/bin/lttng-sessiond",
                                         "/usr/sbin/lttng-sessiond"};
    char *found = g_find_program_in_path("lttng-sessiond");
    for (size_t i = 0; i < G_N_ELEMENTS(places) && found == NULL; i++)
        found = g_find_program_in_path(places[i]);
    if (found == NULL)
        g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD,
                    "lttng-sessiond is not installed: apt-get install lttng-tools");
    return found;
}

/* Each traced process costs the daemon two descriptors per CPU: let it have what the system allows. */
static void raise_descriptor_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void redirect_streams(int log)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(log >= 0 ? log : null, STDERR_FILENO);
    closefrom(STDERR_FILENO + 1);
}

/* In the child. */
static _Noreturn void become_daemon(const struct launch_daemon *daemon, char *const *argv, pid_t parent)
{
    g_auto(GStrv) system = g_get_environ();
    char **environment = launch_environment_for_daemon(system, daemon->home);
    sigset_t none;
    setpgid(0, 0);
    if (!daemon->outlives_us) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (getppid() != parent)
            _exit(EXIT_FAILURE);
    }
    umask(022);
    raise_descriptor_limit();
    redirect_streams(daemon->log);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(daemon->program, argv, environment);
    _exit(EXIT_FAILURE);
}

/* Sessions that the system or the user wants loaded into every daemon are not for ours: home has none. */
static char **command_line(const struct launch_daemon *daemon)
{
    GPtrArray *argv = g_ptr_array_new();
    g_ptr_array_add(argv, g_strdup(daemon->program));
    g_ptr_array_add(argv, g_strdup("--no-kernel"));
    g_ptr_array_add(argv, g_strdup("--sig-parent"));
    if (!daemon->outlives_us)
        g_ptr_array_add(argv, g_strdup_printf("--load=%s/.lttng", daemon->home));
    if (daemon->own_socket)
        g_ptr_array_add(argv, g_strdup_printf("--apps-sock=%s/.lttng/lttng-ust-sock-8", daemon->home));
    g_ptr_array_add(argv, NULL);
    return (char **)g_ptr_array_free(argv, FALSE);
}

/* Not reaped here, so that its number stays its own. */
static bool is_running(pid_t pid)
{
    siginfo_t info = {0};
    return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == 0;
}

/* SIGUSR1 says that it is ready, SIGCHLD that it is gone. */
static bool wait_until_ready(pid_t pid)
{
    const struct timespec patience = {.tv_sec = START_PATIENCE_S};
    sigset_t set;
    int caught;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGCHLD);
    do {
        caught = sigtimedwait(&set, NULL, &patience);
    } while ((caught < 0 && errno == EINTR) || (caught == SIGCHLD && is_running(pid)));
    return caught == SIGUSR1;
}

/* True when no child is left. */
static bool wait_for_children(int64_t patience_us)
{
    const struct timespec step = {.tv_nsec = 50 * 1000 * 1000};
    int64_t deadline = g_get_monotonic_time() + patience_us;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    do {
        pid_t ended;
        while ((ended = waitpid(-1, NULL, WNOHANG)) > 0)
            continue;
        if (ended < 0)
            return true;
        sigtimedwait(&set, NULL, &step);
    } while (g_get_monotonic_time() < deadline);
    return false;
}

void launch_daemon_end(pid_t pid, enum launch_daemon_way way)
{
    if (way == LAUNCH_DAEMON_IN_ORDER)
        kill(pid, SIGTERM);
    else if (way == LAUNCH_DAEMON_HANGING)
        kill(pid, SIGKILL);
    if (way != LAUNCH_DAEMON_AT_ONCE &&
        wait_for_children(way == LAUNCH_DAEMON_IN_ORDER ? END_PATIENCE_US : WRITE_PATIENCE_US))
        return;
    kill(-pid, SIGKILL);
    wait_for_children(END_PATIENCE_US);
}

/* `noted` may be memory that the child shares. */
static bool start(const struct launch_daemon *daemon, char *const *argv, pid_t *noted)
{
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0)
        become_daemon(daemon, argv, parent);
    *noted = MAX(pid, 0);
    return pid > 0 && wait_until_ready(pid);
}

bool launch_daemon_start(const struct launch_daemon *daemon, pid_t *pid, GError **error)
{
    g_auto(GStrv) argv = command_line(daemon);
    g_autofree char *reason = NULL;
    if (start(daemon, argv, pid))
        return true;
    reason = launch_log_last(daemon->log);
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "%s does not start: %s", daemon->program, reason);
    if (*pid > 0)
        launch_daemon_end(*pid, LAUNCH_DAEMON_AT_ONCE);
    *pid = 0;
    return false;
}
