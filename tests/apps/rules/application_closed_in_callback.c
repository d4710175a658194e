/* SPDX-License-Identifier: MIT */
/*
 * HANGS: an application is closed inside a callback of its own: "class" and "indication" results,
 * "completion" of a session's close. MISUSE
 * ("other"): inside a callback of another application; it returns here, as that application has nothing open.
 * LEGAL ("refused"): in the callback of a start that failed, which MI makes inside the starting call.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>

struct client {
    MI_Application application;
    MI_Application other;
    MI_Session session;
    MI_Operation operation;
    sem_t done;
};

static struct client client;

static void ignore_completion(void *context)
{
    (void)context;
}

static void open_client(void)
{
    sem_init(&client.done, 0, 0);
    open_application(&client.application, "application_closed_in_callback");
    open_session(&client.application, &client.session);
}

static void tear_down(MI_Operation *operation)
{
    MI_Operation_Close(operation);
    MI_Session_Close(&client.session, NULL, ignore_completion);
    app_print("close", MI_Application_Close(&client.application));
}

static void on_class(MI_Operation *operation, void *context, const MI_Class *result_class, MI_Boolean more,
                     MI_Result result, const MI_Char *message, const MI_Instance *details,
                     MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)result_class;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        app_print("class", result);
        tear_down(operation);
        sem_post(&client.done);
    }
}

static void class_result(void)
{
    MI_OperationCallbacks callbacks = {.classResult = on_class};

    open_client();
    MI_Session_GetClass(&client.session, 0, NULL, app_namespace(), app_class(), &callbacks,
                        &client.operation);
    wait_for(&client.done);
}

static void on_indication(MI_Operation *operation, void *context, const MI_Instance *indication,
                          const MI_Char *bookmark, const MI_Char *machine, MI_Boolean more, MI_Result result,
                          const MI_Char *message, const MI_Instance *details,
                          MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)indication;
    (void)bookmark;
    (void)machine;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        tear_down(operation);
        sem_post(&client.done);
    }
}

/* There is no such class, so the subscription ends at once. */
static void indication(void)
{
    MI_OperationCallbacks callbacks = {.indicationResult = on_indication};

    open_client();
    MI_Session_Subscribe(&client.session, 0, NULL, app_namespace(), "WQL", "SELECT * FROM No_Such_Alarm",
                         NULL, &callbacks, &client.operation);
    wait_for(&client.done);
}

static void on_session_closed(void *context)
{
    struct client *closed = context;

    app_print("close", MI_Application_Close(&closed->application));
    sem_post(&closed->done);
}

static void completion(void)
{
    open_client();
    MI_Session_TestConnection(&client.session, 0, NULL, &client.operation);
    drain_unseen(&client.operation);
    MI_Operation_Close(&client.operation);
    MI_Session_Close(&client.session, &client, on_session_closed);
    wait_for(&client.done);
}

static void drop_other(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                       MI_Result result, const MI_Char *message, const MI_Instance *details,
                       MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)message;
    (void)details;
    (void)acknowledge;
    print_instance(instance);
    if (!more) {
        app_print("enumeration", result);
        MI_Operation_Close(operation);
        app_print("close other", MI_Application_Close(&client.other));
        sem_post(&client.done);
    }
}

static void close_client(void)
{
    MI_Session_Close(&client.session, NULL, NULL);
    MI_Application_Close(&client.application);
}

static void other(void)
{
    MI_OperationCallbacks callbacks = {.instanceResult = drop_other};

    open_client();
    open_application(&client.other, "other");
    MI_Session_EnumerateInstances(&client.session, 0, NULL, app_namespace(), app_class(), MI_FALSE,
                                  &callbacks, &client.operation);
    wait_for(&client.done);
    close_client();
}

static void give_up(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                    MI_Result result, const MI_Char *message, const MI_Instance *details,
                    MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)instance;
    (void)more;
    (void)message;
    (void)details;
    (void)acknowledge;
    printf("start: %s\n", result == MI_RESULT_OK ? "ok" : "failed");
    tear_down(operation);
}

static void refused(void)
{
    MI_OperationCallbacks callbacks = {.instanceResult = give_up};

    open_client();
    MI_Session_GetInstance(&client.session, 0, NULL, app_namespace(), NULL, &callbacks, &client.operation);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"class", class_result},
                                              {"indication", indication},
                                              {"completion", completion},
                                              {"other", other},
                                              {"refused", refused}};

    return RUN_VARIANT(argc, argv, variants);
}
