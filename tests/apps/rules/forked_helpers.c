/* SPDX-License-Identifier: MIT */
/*
 * Programs that fork. HANGS: "child-reads", the child asks over its parent's session; "child-new-session", it
 * opens one of its own, but of its parent's application. LEGAL: "child-execs"; "child-exits", it never
 * touches what it has inherited; "fork-first", parent and child have an application each; "spawned", by
 * posix_spawn.
 */
#include "app_support.h"
#include "variants.h"

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static MI_Application application;
static MI_Session session;

static void ask(const char *who)
{
    MI_Operation operation;
    const MI_Instance *instance;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_FAILED;

    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    while (more) {
        MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL);
    }
    MI_Operation_Close(&operation);
    app_print(who, result);
}

static void connect_and_ask(const char *who)
{
    open_application(&application, who);
    open_session(&application, &session);
    ask(who);
}

static void disconnect(void)
{
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
}

static void read_in_child(void)
{
    ask("child");
}

static void open_in_child(void)
{
    MI_Session own;
    MI_Operation operation;
    const MI_Instance *instance;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_FAILED;

    app_require("session", MI_Application_NewSession(&application, NULL, NULL, NULL, NULL, NULL, &own));
    MI_Session_TestConnection(&own, 0, NULL, &operation);
    while (more) {
        MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL);
    }
    app_print("child", result);
}

static void exec_true(void)
{
    execlp("true", "true", NULL);
}

static void do_nothing(void)
{
}

static void run_child(void (*work)(void))
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        work();
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, &status, 0);
    printf("child: %d\n", status);
}

static void with_child(void (*work)(void))
{
    connect_and_ask("parent");
    run_child(work);
    disconnect();
}

static void child_reads(void)
{
    with_child(read_in_child);
}

static void child_new_session(void)
{
    with_child(open_in_child);
}

static void child_execs(void)
{
    with_child(exec_true);
}

static void child_exits(void)
{
    with_child(do_nothing);
}

static void live_on_its_own(void)
{
    connect_and_ask("child");
    disconnect();
}

static void fork_first(void)
{
    run_child(live_on_its_own);
    connect_and_ask("parent");
    disconnect();
}

static void spawned(void)
{
    static char *const argv[] = {"true", NULL};
    int status = 0;
    pid_t child;

    connect_and_ask("parent");
    if (posix_spawnp(&child, "true", NULL, NULL, argv, environ) == 0) {
        waitpid(child, &status, 0);
    }
    printf("child: %d\n", status);
    disconnect();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"child-reads", child_reads}, {"child-new-session", child_new_session},
        {"child-execs", child_execs}, {"child-exits", child_exits},
        {"fork-first", fork_first},   {"spawned", spawned}};

    return RUN_VARIANT(argc, argv, variants);
}
