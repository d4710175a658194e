/* SPDX-License-Identifier: MIT */
/* Legal: forks before MI is used; parent and child each have an application of their own. */
#include "app_support.h"

#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static void enumerate_once(const char *id)
{
    MI_Application application;
    MI_Session session;
    MI_Operation operation;

    open_application(&application, id);
    open_session(&application, &session);
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    app_print(id, drain_unseen(&operation));
    MI_Operation_Close(&operation);
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
}

int main(void)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        enumerate_once("child");
        return 0;
    }
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) {
        return 1;
    }
    enumerate_once("parent");
    return 0;
}
