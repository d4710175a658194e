/* SPDX-License-Identifier: MIT */
/*
 * MISUSE: a getter on an operation that delivers to callbacks: "instance", "class", "indication". MI refuses
 * it and nothing is harmed: warnings. LEGAL: "messages", there are callbacks, but none for results, so the
 * getter is the way to them; "refused", a start that failed may be asked again.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>

static MI_Application g_hApp;
static MI_Session g_hSession;
static sem_t g_hDone;

/* The callbacks only count; the program then wants the results from the operation. */
static void Open(void)
{
    sem_init(&g_hDone, 0, 0);
    open_application(&g_hApp, "asks_async_operation");
    open_session(&g_hApp, &g_hSession);
}

static void Shut(void)
{
    app_print("session", MI_Session_Close(&g_hSession, NULL, NULL));
    app_print("application", MI_Application_Close(&g_hApp));
}

static void InstanceResult(MI_Operation *operation, void *context, const MI_Instance *instance,
                           MI_Boolean more, MI_Result result, const MI_Char *message,
                           const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)context;
    (void)instance;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        sem_post(&g_hDone);
    }
}

static void ClassResult(MI_Operation *operation, void *context, const MI_Class *classObject, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)context;
    (void)classObject;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        sem_post(&g_hDone);
    }
}

static void IndicationResult(MI_Operation *operation, void *context, const MI_Instance *indication,
                             const MI_Char *bookmark, const MI_Char *machineID, MI_Boolean more,
                             MI_Result result, const MI_Char *message, const MI_Instance *details,
                             MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)context;
    (void)indication;
    (void)bookmark;
    (void)machineID;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        sem_post(&g_hDone);
    }
}

static void WriteMessage(MI_Operation *operation, void *context, MI_Uint32 channel, const MI_Char *message)
{
    (void)operation;
    (void)context;
    printf("message on channel %u: %s\n", channel, message);
}

static void Finish(MI_Operation *operation)
{
    app_print("close", MI_Operation_Close(operation));
    Shut();
}

static void AskForInstance(MI_Operation *operation)
{
    const MI_Instance *instance;
    MI_Boolean more;
    MI_Result result;

    app_print("get", MI_Operation_GetInstance(operation, &instance, &more, &result, NULL, NULL));
}

static void Instance(void)
{
    MI_OperationCallbacks callbacks = {.instanceResult = InstanceResult};
    MI_Operation operation;

    Open();
    MI_Session_EnumerateInstances(&g_hSession, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  &operation);
    wait_for(&g_hDone);
    AskForInstance(&operation);
    Finish(&operation);
}

static void AskForClass(MI_Operation *operation)
{
    const MI_Class *classObject;
    MI_Boolean more;
    MI_Result result;

    app_print("get", MI_Operation_GetClass(operation, &classObject, &more, &result, NULL, NULL));
}

static void Class(void)
{
    MI_OperationCallbacks callbacks = {.classResult = ClassResult};
    MI_Operation operation;

    Open();
    MI_Session_GetClass(&g_hSession, 0, NULL, app_namespace(), app_class(), &callbacks, &operation);
    wait_for(&g_hDone);
    AskForClass(&operation);
    Finish(&operation);
}

static void AskForIndication(MI_Operation *operation)
{
    const MI_Instance *indication;
    const MI_Char *bookmark, *machineID;
    MI_Boolean more;
    MI_Result result;

    app_print("get", MI_Operation_GetIndication(operation, &indication, &bookmark, &machineID, &more, &result,
                                                NULL, NULL));
}

static void Indication(void)
{
    MI_OperationCallbacks callbacks = {.indicationResult = IndicationResult};
    MI_Operation operation;

    Open();
    MI_Session_Subscribe(&g_hSession, 0, NULL, app_namespace(), "WQL", "SELECT * FROM No_Such_Alarm", NULL,
                         &callbacks, &operation);
    wait_for(&g_hDone);
    AskForIndication(&operation);
    Finish(&operation);
}

static void Messages(void)
{
    MI_OperationCallbacks callbacks = {.writeMessage = WriteMessage};
    MI_Operation operation;

    Open();
    MI_Session_EnumerateInstances(&g_hSession, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  &operation);
    app_print("read", drain_unseen(&operation));
    app_print("close", MI_Operation_Close(&operation));
    Shut();
}

static void Refused(void)
{
    MI_OperationCallbacks callbacks = {.instanceResult = InstanceResult};
    MI_Operation operation;

    Open();
    MI_Session_GetInstance(&g_hSession, 0, NULL, app_namespace(), NULL, &callbacks, &operation);
    wait_for(&g_hDone);
    AskForInstance(&operation);
    Finish(&operation);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"instance", Instance},
                                              {"class", Class},
                                              {"indication", Indication},
                                              {"messages", Messages},
                                              {"refused", Refused}};

    return RUN_VARIANT(argc, argv, variants);
}
