/* SPDX-License-Identifier: MIT */
/*
 * MISUSE: handles are closed twice. MI refuses the second close of an "operation", of a "session" and of what
 * a "callback" has closed already (warnings: nothing is harmed), and lets that of a "serializer" pass. Memory
 * is at risk (errors) with an "instance", a "class", "options" that a session shares, and the copy of an
 * "application". LEGAL: "reused", a struct for one handle after the other; "cleared", an application's struct
 * is empty after its close, and so is that of a start that failed.
 */
#include "app_support.h"
#include "variants.h"

#include "vehicle_class.h"

#include <stdio.h>

static MI_Application application;
static MI_Session session;
static MI_Operation operation;

static void start(void)
{
    open_application(&application, "closed_twice");
    open_session(&application, &session);
}

static void stop(void)
{
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

static void enumerate(MI_OperationCallbacks *callbacks)
{
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, callbacks,
                                  &operation);
}

static void list_and_close(void)
{
    enumerate(NULL);
    drain_unseen(&operation);
    app_print("operation", MI_Operation_Close(&operation));
}

static void clean_up_operation(void)
{
    app_print("operation again", MI_Operation_Close(&operation));
}

static void operation_twice(void)
{
    start();
    list_and_close();
    clean_up_operation();
    stop();
}

static void clean_up_session(void)
{
    app_print("session again", MI_Session_Close(&session, NULL, NULL));
}

static void session_twice(void)
{
    start();
    list_and_close();
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    clean_up_session();
    app_print("application", MI_Application_Close(&application));
}

static void close_when_done(MI_Operation *finished, void *context, const MI_Instance *instance,
                            MI_Boolean more, MI_Result result, const MI_Char *message,
                            const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)instance;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        MI_Operation_Close(finished);
        sem_post(context);
    }
}

static void callback_and_main(void)
{
    sem_t done;
    MI_OperationCallbacks callbacks = {.callbackContext = &done, .instanceResult = close_when_done};

    sem_init(&done, 0, 0);
    start();
    enumerate(&callbacks);
    wait_for(&done);
    clean_up_operation();
    stop();
}

static void open_writer(MI_Serializer *serializer)
{
    static MI_Char format[] = "MI_MOF_CIMV2_EXTV1";

    app_require("serializer", MI_Application_NewSerializer(&application, 0, format, serializer));
}

static void clean_up_writer(MI_Serializer *serializer)
{
    app_print("serializer again", MI_Serializer_Close(serializer));
}

static void serializer_twice(void)
{
    MI_Serializer serializer;

    start();
    open_writer(&serializer);
    app_print("serializer", MI_Serializer_Close(&serializer));
    clean_up_writer(&serializer);
    stop();
}

static void clean_up_instance(MI_Instance *instance)
{
    app_print("instance again", MI_Instance_Delete(instance));
}

static void instance_twice(void)
{
    MI_Instance *instance = NULL;

    start();
    app_require("instance", MI_Application_NewInstance(&application, "Garage_Vehicle", NULL, &instance));
    app_print("instance", MI_Instance_Delete(instance));
    clean_up_instance(instance);
    stop();
}

static void clean_up_class(MI_Class *schema)
{
    app_print("class again", MI_Class_Delete(schema));
}

static void class_twice(void)
{
    MI_Class *schema = NULL;

    start();
    app_require("class",
                MI_Application_NewClass(&application, vehicle_class, app_namespace(), NULL, &schema));
    app_print("class", MI_Class_Delete(schema));
    clean_up_class(schema);
    stop();
}

static void clean_up_options(MI_DestinationOptions *options)
{
    MI_DestinationOptions_Delete(options);
}

static void options_twice(void)
{
    MI_DestinationOptions options;

    open_application(&application, "closed_twice");
    app_require("options", MI_Application_NewDestinationOptions(&application, &options));
    app_require("session",
                MI_Application_NewSession(&application, NULL, NULL, &options, NULL, NULL, &session));
    MI_DestinationOptions_Delete(&options);
    clean_up_options(&options);
    puts("options deleted twice");
    fflush(stdout);
    stop();
}

static void close_copy(MI_Application copy)
{
    app_print("application again", MI_Application_Close(&copy));
}

static void application_copy(void)
{
    MI_Application copy;

    open_application(&application, "closed_twice");
    copy = application;
    app_print("application", MI_Application_Close(&application));
    close_copy(copy);
}

static void reused(void)
{
    start();
    for (int i = 0; i < 3; i++) {
        list_and_close();
    }
    MI_Session_Close(&session, NULL, NULL);
    open_session(&application, &session);
    list_and_close();
    stop();
    start();
    list_and_close();
    stop();
}

static void cleared(void)
{
    start();
    MI_Session_GetInstance(&session, 0, NULL, app_namespace(), NULL, NULL, &operation);
    app_print("operation", MI_Operation_Close(&operation));
    app_print("operation", MI_Operation_Close(&operation));
    stop();
    app_print("application", MI_Application_Close(&application));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"operation", operation_twice},
                                              {"session", session_twice},
                                              {"callback", callback_and_main},
                                              {"serializer", serializer_twice},
                                              {"instance", instance_twice},
                                              {"class", class_twice},
                                              {"options", options_twice},
                                              {"application", application_copy},
                                              {"reused", reused},
                                              {"cleared", cleared}};

    return RUN_VARIANT(argc, argv, variants);
}
