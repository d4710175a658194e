/* SPDX-License-Identifier: MIT */
/*
 * A daemon that gives up its privileges after it has connected; to be run as root. MI refuses closes of
 * another user than the one that opened the session. MISUSE: "retry", it becomes itself again and closes
 * everything (warning); "thread", one thread has changed its own ids only (warning). HANGS or LEAKS besides:
 * "session", the refused close of a session is not repeated. LEGAL: "effective", only the effective ids
 * differ.
 */
#include "app_support.h"
#include "variants.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static MI_Application application;
static MI_Session session;
static MI_Operation operation;

static void check(int result)
{
    if (result != 0) {
        perror("changes_user: needs root");
        exit(77);
    }
}

static void connect_as_root(void)
{
    if (getuid() != 0) {
        errno = EPERM;
        check(-1);
    }
    open_application(&application, "changes_user");
    open_session(&application, &session);
}

static void list(void)
{
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    app_print("list", drain_unseen(&operation));
}

static void drop_privileges(void)
{
    check(setresgid(NOBODY, NOBODY, 0));
    check(setresuid(NOBODY, NOBODY, 0));
}

static void regain_privileges(void)
{
    check(setresuid(0, 0, 0));
    check(setresgid(0, 0, 0));
}

static void close_operation_as_nobody(void)
{
    app_print("operation", MI_Operation_Close(&operation));
}

static void finish(void)
{
    app_print("operation", MI_Operation_Close(&operation));
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

static void retry(void)
{
    connect_as_root();
    list();
    drop_privileges();
    close_operation_as_nobody();
    regain_privileges();
    finish();
}

/* Raw system calls change one thread; the functions of libc change them all. */
static void *close_on_other_thread(void *argument)
{
    (void)argument;
    check((int)syscall(SYS_setresgid, NOBODY, NOBODY, NOBODY));
    check((int)syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY));
    app_print("operation", MI_Operation_Close(&operation));
    return NULL;
}

static void other_thread(void)
{
    pthread_t thread;

    connect_as_root();
    list();
    if (pthread_create(&thread, NULL, close_on_other_thread, NULL) == 0) {
        pthread_join(thread, NULL);
    }
    finish();
}

static void close_session_as_nobody(void)
{
    app_print("session", MI_Session_Close(&session, NULL, NULL));
}

static void lost_session(void)
{
    connect_as_root();
    list();
    app_print("operation", MI_Operation_Close(&operation));
    drop_privileges();
    close_session_as_nobody();
    regain_privileges();
}

static void effective(void)
{
    connect_as_root();
    list();
    check(setegid(NOBODY));
    check(seteuid(NOBODY));
    finish();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"retry", retry}, {"thread", other_thread}, {"session", lost_session}, {"effective", effective}};

    return RUN_VARIANT(argc, argv, variants);
}
