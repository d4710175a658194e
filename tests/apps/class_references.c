/* SPDX-License-Identifier: MIT */
/* Correct: references to one class are counted; each one made is deleted, and an instance keeps its class
 * alive. */
#include "app_support.h"

#include <stdio.h>

/* A class of our own: the one that comes with a result belongs to the operation, its clone does not. */
static MI_Class *fetch_class(MI_Session *session)
{
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_FAILED;
    MI_Class *copy = NULL;

    MI_Session_GetClass(session, 0, NULL, app_namespace(), app_class(), NULL, &operation);
    while (more) {
        const MI_Class *found = NULL;

        app_require("MI_Operation_GetClass",
                    MI_Operation_GetClass(&operation, &found, &more, &result, NULL, NULL));
        if (found != NULL) {
            app_require("MI_Class_Clone", MI_Class_Clone(found, &copy));
            printf("clone of the operation's class is %s object\n", copy == found ? "the same" : "another");
        }
    }
    app_require("class", result);
    app_print("MI_Operation_Close", MI_Operation_Close(&operation));
    return copy;
}

static void count_references(MI_Class *class)
{
    MI_Class *second = NULL;

    app_require("MI_Class_Clone", MI_Class_Clone(class, &second));
    printf("clone of our class is %s object\n", second == class ? "the same" : "another");
    app_print("MI_Class_Delete of the second", MI_Class_Delete(second));
}

static void outlive_class(MI_Application *application, MI_Class *class)
{
    MI_Instance *instance = NULL;
    MI_Class *of_instance = NULL;
    const MI_Char *name = NULL;

    app_require("MI_Application_NewInstanceFromClass",
                MI_Application_NewInstanceFromClass(application, app_class(), class, &instance));
    app_print("MI_Class_Delete of the first", MI_Class_Delete(class));
    app_require("MI_Instance_GetClass", MI_Instance_GetClass(instance, &of_instance));
    app_require("MI_Class_GetClassName", MI_Class_GetClassName(of_instance, &name));
    printf("instance still knows its class %s\n", name);
    app_print("MI_Class_Delete of the instance's", MI_Class_Delete(of_instance));
    app_print("MI_Instance_Delete", MI_Instance_Delete(instance));
}

int main(void)
{
    MI_Application application;
    MI_Session session;
    MI_Class *class;

    open_application(&application, "class_references");
    open_session(&application, &session);
    class = fetch_class(&session);
    count_references(class);
    outlive_class(&application, class);
    app_print("MI_Session_Close", MI_Session_Close(&session, NULL, NULL));
    app_print("MI_Application_Close", MI_Application_Close(&application));
    return 0;
}
