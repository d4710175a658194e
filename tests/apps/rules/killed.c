/* SPDX-License-Identifier: MIT */
/*
 * LEGAL, for all that anybody can say: ends by a signal with handles open ("abort", "segv", "term", "kill"),
 * so nobody knows what it would have closed. With "late" everything was closed before, and there is nothing
 * to say.
 */
#include "app_support.h"
#include "variants.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

static MI_Application application;
static MI_Session session;

static void work(void)
{
    static const struct rlimit no_core = {0, 0};
    MI_Operation operation;

    setrlimit(RLIMIT_CORE, &no_core);
    open_application(&application, "killed");
    open_session(&application, &session);
    MI_Session_TestConnection(&session, 0, NULL, &operation);
    app_print("work", drain_unseen(&operation));
    MI_Operation_Close(&operation);
}

static void die_of_abort(void)
{
    work();
    abort();
}

static void die_of_segv(void)
{
    work();
    raise(SIGSEGV);
}

static void die_of_term(void)
{
    work();
    raise(SIGTERM);
}

static void die_of_kill(void)
{
    work();
    raise(SIGKILL);
}

static void die_late(void)
{
    work();
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
    abort();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"abort", die_of_abort},
                                              {"segv", die_of_segv},
                                              {"term", die_of_term},
                                              {"kill", die_of_kill},
                                              {"late", die_late}};

    return RUN_VARIANT(argc, argv, variants);
}
