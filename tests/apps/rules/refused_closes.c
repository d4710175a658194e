/* SPDX-License-Identifier: MIT */
/*
 * Closes that MI refuses for a reason of its own. The real OMI has none for these handles; the runtime of the
 * tests is told to refuse the first one. MISUSE: "retried", the session is closed by the second call, and
 * "operation", so is an operation (warnings: nothing is lost). LEAKS besides: "ignored", the program goes
 * home.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <stdlib.h>

static MI_Application application;
static MI_Session session;

static void start(const char *refused)
{
    setenv("MITRACE_MI_FAIL", refused, 1);
    open_application(&application, "refused_closes");
    open_session(&application, &session);
}

static MI_Result try_to_close(void)
{
    return MI_Session_Close(&session, NULL, NULL);
}

static void retried(void)
{
    int tries = 1;

    start("MI_Session_Close:1");
    while (try_to_close() != MI_RESULT_OK && tries < 5) {
        tries++;
    }
    printf("closed after %d tries\n", tries);
    app_print("application", MI_Application_Close(&application));
}

static void ignored(void)
{
    start("MI_Session_Close:1");
    try_to_close();
    puts("session closed?");
}

static MI_Result try_to_finish(MI_Operation *operation)
{
    return MI_Operation_Close(operation);
}

static void operation(void)
{
    MI_Operation test;

    start("MI_Operation_Close:1");
    MI_Session_TestConnection(&session, 0, NULL, &test);
    drain_unseen(&test);
    while (try_to_finish(&test) != MI_RESULT_OK) {
        puts("once more");
    }
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"retried", retried}, {"ignored", ignored}, {"operation", operation}};

    return RUN_VARIANT(argc, argv, variants);
}
