/* SPDX-License-Identifier: MIT */
/* See app_support.h. */
#include "app_support.h"

#include "mi_names.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *from_environment(const char *name, const char *fallback)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : fallback;
}

const char *app_namespace(void)
{
    return from_environment("MITRACE_APP_NAMESPACE", "root/omi");
}

const char *app_class(void)
{
    return from_environment("MITRACE_APP_CLASS", "OMI_Identify");
}

const char *app_result_name(MI_Result result)
{
    const char *name = mi_result_name((int32_t)result);

    return name != NULL ? name : "?";
}

void app_print(const char *what, MI_Result result)
{
    printf("%s: %s\n", what, app_result_name(result));
    fflush(stdout);
}

void app_require(const char *what, MI_Result result)
{
    if (result != MI_RESULT_OK) {
        fprintf(stderr, "%s: %s\n", what, app_result_name(result));
        exit(EXIT_FAILURE);
    }
}

void open_application(MI_Application *application, const char *id)
{
    app_require("MI_Application_Initialize", MI_Application_Initialize(0, id, NULL, application));
}

void open_session(MI_Application *application, MI_Session *session)
{
    app_require("MI_Application_NewSession",
                MI_Application_NewSession(application, NULL, NULL, NULL, NULL, NULL, session));
}

static void print_value(const MI_Value *value, MI_Type type)
{
    if (type == MI_STRING) {
        printf("%s", value->string);
    } else if (type == MI_UINT32) {
        printf("%" PRIu32, value->uint32);
    } else if (type == MI_UINT64) {
        printf("%" PRIu64, value->uint64);
    }
}

void print_instance(const MI_Instance *instance)
{
    const MI_Char *class_name = NULL;
    const MI_Char *name = NULL;
    MI_Value value;
    MI_Type type;
    MI_Uint32 flags = 0;

    if (instance == NULL || MI_Instance_GetClassName(instance, &class_name) != MI_RESULT_OK) {
        return;
    }
    printf("  %s", class_name);
    for (MI_Uint32 i = 0; MI_Instance_GetElementAt(instance, i, &name, &value, &type, &flags) == MI_RESULT_OK;
         i++) {
        if ((flags & MI_FLAG_KEY) != 0 && (flags & MI_FLAG_NULL) == 0) {
            printf(" %s=", name);
            print_value(&value, type);
            break;
        }
    }
    printf("\n");
    fflush(stdout);
}

MI_Result drain_instances(MI_Operation *operation, unsigned *count)
{
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;
    unsigned seen = 0;

    while (more) {
        const MI_Instance *instance = NULL;

        app_require("MI_Operation_GetInstance",
                    MI_Operation_GetInstance(operation, &instance, &more, &result, NULL, NULL));
        if (instance != NULL) {
            print_instance(instance);
            seen++;
        }
    }
    if (count != NULL) {
        *count = seen;
    }
    return result;
}

MI_Result drain_unseen(MI_Operation *operation)
{
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    while (more) {
        const MI_Instance *instance = NULL;

        app_require("MI_Operation_GetInstance",
                    MI_Operation_GetInstance(operation, &instance, &more, &result, NULL, NULL));
    }
    return result;
}

void wait_for(sem_t *event)
{
    while (sem_wait(event) != 0 && errno == EINTR) {
    }
}
