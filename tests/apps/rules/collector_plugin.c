/* SPDX-License-Identifier: MIT */
/* LEGAL, or LEAKS if told to `keep`: the plugin of plugin_client. It has an application of its own, or is
 * given a session; `keep` makes it forget the instances it has copied. */
#include "app_support.h"

#include <stdio.h>

__attribute__((visibility("default"))) int collector_collect(MI_Session *session, int keep);
__attribute__((visibility("default"))) int collector_run(int keep);

static void remember(const MI_Instance *instance, int keep)
{
    MI_Instance *copy = NULL;

    if (MI_Instance_Clone(instance, &copy) == MI_RESULT_OK && !keep) {
        MI_Instance_Delete(copy);
    }
}

int collector_collect(MI_Session *session, int keep)
{
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_FAILED;
    int count = 0;

    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL, &operation);
    while (more) {
        const MI_Instance *instance = NULL;

        app_require("get", MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL));
        if (instance != NULL) {
            remember(instance, keep);
            count++;
        }
    }
    MI_Operation_Close(&operation);
    return count;
}

int collector_run(int keep)
{
    MI_Application application;
    MI_Session session;
    int count;

    open_application(&application, "collector");
    open_session(&application, &session);
    count = collector_collect(&session, keep);
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
    return count;
}
