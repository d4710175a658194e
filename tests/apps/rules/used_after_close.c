/* SPDX-License-Identifier: MIT */
/*
 * MISUSE: handles are used after their close. MI refuses it for an operation ("getter", "cancel") and for a
 * session ("start", "get-application"): warnings. A "serializer" silently writes another format (warning).
 * Memory is at risk (errors) with an "instance", a "class", an "application" through a copy, and "options"
 * that only a session still holds. LEGAL: "pending", results still come after the close of an asynchronous
 * operation and are acknowledged; "parent", the application that made options and instances may be closed
 * before they are deleted.
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
    open_application(&application, "used_after_close");
    open_session(&application, &session);
}

static void stop(void)
{
    app_print("session", MI_Session_Close(&session, NULL, NULL));
    app_print("application", MI_Application_Close(&application));
}

static void list(void)
{
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    app_print("list", drain_unseen(&operation));
    MI_Operation_Close(&operation);
}

static void look_again(void)
{
    const MI_Instance *instance = NULL;
    MI_Boolean more = MI_FALSE;
    MI_Result result = MI_RESULT_OK;

    app_print("get", MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL));
}

static void getter(void)
{
    start();
    list();
    look_again();
    stop();
}

static void stop_anyway(void)
{
    app_print("cancel", MI_Operation_Cancel(&operation, 0));
}

static void cancel(void)
{
    start();
    list();
    stop_anyway();
    stop();
}

/* A timer of the program fires once more after its connection was closed. The start fails, so it owes
 * nothing. */
static void poll_once_more(void)
{
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
}

static void start_after_close(void)
{
    start();
    list();
    MI_Session_Close(&session, NULL, NULL);
    poll_once_more();
    app_print("poll", drain_unseen(&operation));
    app_print("application", MI_Application_Close(&application));
}

static void find_application(void)
{
    MI_Application found;

    app_print("application of the session", MI_Session_GetApplication(&session, &found));
}

static void get_application(void)
{
    start();
    MI_Session_Close(&session, NULL, NULL);
    find_application();
    app_print("application", MI_Application_Close(&application));
}

static void read_instance(MI_Instance *instance)
{
    MI_Uint32 count = 0;

    app_print("count", MI_Instance_GetElementCount(instance, &count));
}

static void instance(void)
{
    MI_Instance *vehicle = NULL;

    start();
    app_require("instance", MI_Application_NewInstance(&application, "Garage_Vehicle", NULL, &vehicle));
    MI_Instance_Delete(vehicle);
    read_instance(vehicle);
    stop();
}

static void read_class(MI_Class *schema)
{
    MI_Uint32 count = 0;

    app_print("count", MI_Class_GetElementCount(schema, &count));
}

static void class_of_vehicle(void)
{
    MI_Class *schema = NULL;

    start();
    app_require("class",
                MI_Application_NewClass(&application, vehicle_class, app_namespace(), NULL, &schema));
    MI_Class_Delete(schema);
    read_class(schema);
    stop();
}

/* OMI ignores the handle here, so this much works. */
static void make_options(MI_Application copy)
{
    MI_OperationOptions options;

    if (MI_Application_NewOperationOptions(&copy, MI_FALSE, &options) == MI_RESULT_OK) {
        MI_OperationOptions_Delete(&options);
    }
}

static void application_copy(void)
{
    MI_Application copy;

    start();
    copy = application;
    stop();
    make_options(copy);
    puts("options made");
}

static void set_locale(MI_DestinationOptions *options)
{
    app_print("locale",
              MI_DestinationOptions_SetString(options, "__MI_DESTINATIONOPTIONS_UI_LOCALE", "en-us", 0));
}

static void options_of_session(void)
{
    MI_DestinationOptions options;

    open_application(&application, "used_after_close");
    app_require("options", MI_Application_NewDestinationOptions(&application, &options));
    app_require("session",
                MI_Application_NewSession(&application, NULL, NULL, &options, NULL, NULL, &session));
    MI_DestinationOptions_Delete(&options);
    set_locale(&options);
    stop();
}

static void write_class(MI_Serializer *serializer)
{
    MI_Class *schema = NULL;
    MI_Uint8 buffer[8192];
    MI_Uint32 needed = 0;

    app_require("class",
                MI_Application_NewClass(&application, vehicle_class, app_namespace(), NULL, &schema));
    app_print("serialize",
              MI_Serializer_SerializeClass(serializer, 0, schema, buffer, sizeof buffer, &needed));
    MI_Class_Delete(schema);
}

static void serializer(void)
{
    static MI_Char format[] = "MI_MOF_CIMV2_EXTV1";
    MI_Serializer writer;

    start();
    app_require("serializer", MI_Application_NewSerializer(&application, 0, format, &writer));
    MI_Serializer_Close(&writer);
    write_class(&writer);
    stop();
}

static void acknowledge_and_signal(MI_Operation *source, void *context, const MI_Instance *found,
                                   MI_Boolean more, MI_Result result, const MI_Char *message,
                                   const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)result;
    (void)message;
    (void)details;
    print_instance(found);
    if (!more) {
        MI_Operation_Close(source);
        sem_post(context);
    }
    acknowledge(source);
}

static void pending(void)
{
    sem_t done;
    MI_OperationCallbacks callbacks = {.callbackContext = &done, .instanceResult = acknowledge_and_signal};

    sem_init(&done, 0, 0);
    start();
    MI_Session_EnumerateInstances(&session, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, NULL, app_namespace(),
                                  app_class(), MI_FALSE, &callbacks, &operation);
    wait_for(&done);
    stop();
}

static void parent(void)
{
    MI_Instance *vehicle = NULL;
    MI_OperationOptions options;

    start();
    app_require("instance", MI_Application_NewInstance(&application, "Garage_Vehicle", NULL, &vehicle));
    app_require("options", MI_Application_NewOperationOptions(&application, MI_FALSE, &options));
    stop();
    read_instance(vehicle);
    MI_OperationOptions_Delete(&options);
    app_print("instance", MI_Instance_Delete(vehicle));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"getter", getter},
                                              {"cancel", cancel},
                                              {"start", start_after_close},
                                              {"get-application", get_application},
                                              {"instance", instance},
                                              {"class", class_of_vehicle},
                                              {"application", application_copy},
                                              {"serializer", serializer},
                                              {"options", options_of_session},
                                              {"pending", pending},
                                              {"parent", parent}};

    return RUN_VARIANT(argc, argv, variants);
}
