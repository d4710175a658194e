/* SPDX-License-Identifier: MIT */
/*
 * A daemon in small: polls on a timer, reads its configuration again on SIGHUP, ends on SIGTERM; both signals
 * come from a thread of its own here. LEGAL ("good"). LEAKS ("reload"): each reload makes new options and
 * forgets the old ones. HANGS ("reconnect"): each reload opens a new session and forgets the old one, and the
 * end never comes.
 */
#include "app_support.h"
#include "variants.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct daemon {
    MI_Application application;
    MI_Session session;
    MI_OperationOptions options;
    bool keep_options, keep_sessions;
    int signals, timer;
    bool stop;
};

static void load_configuration(struct daemon *daemon)
{
    static const MI_Interval patience = {.seconds = 20};

    app_require("options",
                MI_Application_NewOperationOptions(&daemon->application, MI_FALSE, &daemon->options));
    MI_OperationOptions_SetInterval(&daemon->options, "__MI_OPERATIONOPTIONS_TIMEOUT", &patience, 0);
    app_require("session", MI_Application_NewSession(&daemon->application, NULL, NULL, NULL, NULL, NULL,
                                                     &daemon->session));
}

static void unload_configuration(struct daemon *daemon)
{
    if (!daemon->keep_options) {
        MI_OperationOptions_Delete(&daemon->options);
    }
    if (!daemon->keep_sessions) {
        MI_Session_Close(&daemon->session, NULL, NULL);
    }
}

static void poll_server(struct daemon *daemon)
{
    MI_Operation operation;

    MI_Session_EnumerateInstances(&daemon->session, 0, &daemon->options, app_namespace(), app_class(),
                                  MI_FALSE, NULL, &operation);
    drain_unseen(&operation);
    MI_Operation_Close(&operation);
}

static void on_signal(struct daemon *daemon)
{
    struct signalfd_siginfo info;

    if (read(daemon->signals, &info, sizeof info) != (ssize_t)sizeof info) {
        return;
    }
    printf("%s\n", info.ssi_signo == SIGHUP ? "reload" : "stop");
    fflush(stdout);
    if (info.ssi_signo == SIGHUP) {
        unload_configuration(daemon);
        load_configuration(daemon);
    } else {
        daemon->stop = true;
    }
}

static void on_timer(struct daemon *daemon)
{
    uint64_t expirations;

    if (read(daemon->timer, &expirations, sizeof expirations) > 0) {
        poll_server(daemon);
    }
}

static void loop(struct daemon *daemon)
{
    while (!daemon->stop) {
        struct pollfd ready[] = {{daemon->signals, POLLIN, 0}, {daemon->timer, POLLIN, 0}};

        if (poll(ready, 2, -1) < 0) {
            break;
        }
        if (ready[1].revents != 0) {
            on_timer(daemon);
        }
        if (ready[0].revents != 0) {
            on_signal(daemon);
        }
    }
}

static void *send_signals(void *argument)
{
    static const int sent[] = {SIGHUP, SIGHUP, SIGTERM};

    for (size_t i = 0; i < sizeof sent / sizeof sent[0]; i++) {
        usleep(60000);
        kill(getpid(), sent[i]);
    }
    return argument;
}

static void open_descriptors(struct daemon *daemon)
{
    static const struct itimerspec often = {.it_interval = {0, 10000000}, .it_value = {0, 1000000}};
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    daemon->signals = signalfd(-1, &set, SFD_CLOEXEC);
    daemon->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    timerfd_settime(daemon->timer, 0, &often, NULL);
}

static void finish(struct daemon *daemon)
{
    app_print("session", MI_Session_Close(&daemon->session, NULL, NULL));
    MI_OperationOptions_Delete(&daemon->options);
    app_print("application", MI_Application_Close(&daemon->application));
}

static void run(bool keep_options, bool keep_sessions)
{
    struct daemon daemon = {.keep_options = keep_options, .keep_sessions = keep_sessions};
    pthread_t sender;

    open_descriptors(&daemon);
    open_application(&daemon.application, "daemon_loop");
    load_configuration(&daemon);
    if (pthread_create(&sender, NULL, send_signals, NULL) != 0) {
        return;
    }
    loop(&daemon);
    pthread_join(sender, NULL);
    finish(&daemon);
}

static void good(void)
{
    run(false, false);
}

static void reload(void)
{
    run(true, false);
}

static void reconnect(void)
{
    run(false, true);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"good", good}, {"reload", reload}, {"reconnect", reconnect}};

    return RUN_VARIANT(argc, argv, variants);
}
