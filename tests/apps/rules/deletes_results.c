/* SPDX-License-Identifier: MIT */
/*
 * MISUSE: what an operation hands out belongs to it, and is deleted: "getter", an instance; "callback", the
 * same in a callback; "class", a class; "details", the error details; "value", an instance that is a value of
 * another one. MI frees what it goes on using, or will free again: errors; only a class is safe, as its
 * references are counted (warning). LEGAL ("copy"): clones of all of them are deleted.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <string.h>

static MI_Application application;
static MI_Session session;

static void start(void)
{
    open_application(&application, "deletes_results");
    open_session(&application, &session);
}

static void stop(void)
{
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

/* The results were const: other languages' bindings lose that easily. */
static void free_item(const MI_Instance *item)
{
    app_print("delete", MI_Instance_Delete((MI_Instance *)item));
}

static void free_class(const MI_Class *item)
{
    app_print("delete", MI_Class_Delete((MI_Class *)item));
}

static void each_instance(const char *class_name, void (*take)(const MI_Instance *),
                          void (*take_details)(const MI_Instance *))
{
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result;
    const MI_Char *message;
    const MI_Instance *instance, *details;

    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), class_name, MI_FALSE, NULL, &operation);
    while (more) {
        instance = details = NULL;
        app_require("get",
                    MI_Operation_GetInstance(&operation, &instance, &more, &result, &message, &details));
        if (instance != NULL) {
            take(instance);
        }
        if (details != NULL) {
            take_details(details);
        }
    }
    app_print("close", MI_Operation_Close(&operation));
}

static void getter(void)
{
    start();
    each_instance(app_class(), free_item, NULL);
    stop();
}

static void details(void)
{
    start();
    each_instance("No_Such_Class", NULL, free_item);
    stop();
}

static void free_in_callback(MI_Operation *operation, void *context, const MI_Instance *instance,
                             MI_Boolean more, MI_Result result, const MI_Char *message,
                             const MI_Instance *error, MI_ResultAcknowledgement acknowledge)
{
    (void)result;
    (void)message;
    (void)error;
    (void)acknowledge;
    if (instance != NULL) {
        MI_Instance_Delete((MI_Instance *)instance);
    }
    if (!more) {
        MI_Operation_Close(operation);
        sem_post(context);
    }
}

static void callback(void)
{
    sem_t done;
    MI_OperationCallbacks callbacks = {.callbackContext = &done, .instanceResult = free_in_callback};
    MI_Operation operation;

    sem_init(&done, 0, 0);
    start();
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  &operation);
    wait_for(&done);
    stop();
}

static void each_class(void (*take)(const MI_Class *))
{
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result;

    MI_Session_GetClass(&session, 0, NULL, app_namespace(), app_class(), NULL, &operation);
    while (more) {
        const MI_Class *found = NULL;

        app_require("get", MI_Operation_GetClass(&operation, &found, &more, &result, NULL, NULL));
        if (found != NULL) {
            take(found);
        }
    }
    app_print("close", MI_Operation_Close(&operation));
}

static void class_of_result(void)
{
    start();
    each_class(free_class);
    stop();
}

static MI_Instance *make_envelope(void)
{
    MI_Instance *inner = NULL, *outer = NULL;
    MI_Value content;

    memset(&content, 0, sizeof content);
    app_require("inner", MI_Application_NewInstance(&application, "Garage_Letter", NULL, &inner));
    app_require("outer", MI_Application_NewInstance(&application, "Garage_Envelope", NULL, &outer));
    content.instance = inner;
    app_require("content", MI_Instance_AddElement(outer, "Content", &content, MI_INSTANCE, 0));
    MI_Instance_Delete(inner);
    return outer;
}

static void value(void)
{
    MI_Instance *envelope;
    MI_Value content;
    MI_Type type;
    MI_Uint32 flags, index;

    start();
    envelope = make_envelope();
    app_require("get", MI_Instance_GetElement(envelope, "Content", &content, &type, &flags, &index));
    free_item(content.instance);
    fflush(stdout);
    MI_Instance_Delete(envelope);
    stop();
}

static void copy_instance(const MI_Instance *instance)
{
    MI_Instance *copy = NULL;

    app_require("clone", MI_Instance_Clone(instance, &copy));
    app_print("delete", MI_Instance_Delete(copy));
}

static void copy_class(const MI_Class *found)
{
    MI_Class *copy_of_class = NULL;

    app_require("clone", MI_Class_Clone(found, &copy_of_class));
    app_print("delete", MI_Class_Delete(copy_of_class));
}

static void copy(void)
{
    start();
    each_instance(app_class(), copy_instance, NULL);
    each_instance("No_Such_Class", NULL, copy_instance);
    each_class(copy_class);
    stop();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"getter", getter},         {"callback", callback},
                                              {"class", class_of_result}, {"details", details},
                                              {"value", value},           {"copy", copy}};

    return RUN_VARIANT(argc, argv, variants);
}
