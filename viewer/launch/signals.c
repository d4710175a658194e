/* SPDX-License-Identifier: MIT */
/* Blocks, waits for and restores the launcher's signals. */
#include "launch/signals.h"

#include <errno.h>
#include <glib.h>
#include <stdbool.h>

static const int awaited[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT};

static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* A blocked signal is queued even if ignored; what our parent had us ignore stays ignored (nohup, "command
 * &"). */
static void awaited_set(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < G_N_ELEMENTS(awaited); i++) {
        if (!is_ignored(awaited[i]))
            sigaddset(set, awaited[i]);
    }
}

void launch_signals_take(struct launch_signals *saved)
{
    struct sigaction standard = {.sa_handler = SIG_DFL};
    sigset_t set;
    sigaction(SIGCHLD, &standard, &saved->child);
    awaited_set(&set);
    sigaddset(&set, SIGTTOU);
    sigaddset(&set, SIGPIPE);
    sigprocmask(SIG_BLOCK, &set, &saved->mask);
}

/* One that we caused must not hit us when it is no longer blocked. */
static void drop_pending_sigpipe(void)
{
    const struct timespec none = {0};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    while (sigtimedwait(&set, NULL, &none) > 0)
        continue;
}

void launch_signals_restore(const struct launch_signals *saved)
{
    drop_pending_sigpipe();
    sigaction(SIGCHLD, &saved->child, NULL);
    sigprocmask(SIG_SETMASK, &saved->mask, NULL);
}

int launch_signals_next(int64_t deadline_us)
{
    sigset_t set;
    int caught;
    awaited_set(&set);
    do {
        int64_t left = MAX(deadline_us - g_get_monotonic_time(), 0);
        struct timespec wait = {.tv_sec = left / G_USEC_PER_SEC, .tv_nsec = left % G_USEC_PER_SEC * 1000};
        caught = deadline_us == 0 ? sigwaitinfo(&set, NULL) : sigtimedwait(&set, NULL, &wait);
    } while (caught < 0 && errno == EINTR);
    return caught < 0 ? 0 : caught;
}
