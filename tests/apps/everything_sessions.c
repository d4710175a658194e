/* SPDX-License-Identifier: MIT */
/* clean_everything: sessions, and operations of all thirteen kinds. */
#include "everything.h"

#include <unistd.h>

static const char query[] = "SELECT * FROM OMI_Identify";

static MI_Instance *identify_key(MI_Session *session)
{
    MI_Application application;
    MI_Instance *key = NULL;
    MI_Value value = {.string = (MI_Char *)"2FDB5542-5896-45D5-9BE9-DC04430AAABE"};

    SHOW(MI_Session_GetApplication, session, &application);
    SHOW(MI_Application_NewInstance, &application, "OMI_Identify", NULL, &key);
    SHOW(MI_Instance_AddElement, key, "InstanceID", &value, MI_STRING, MI_FLAG_KEY);
    return key;
}

static void finish_instances(const char *start, MI_Operation *operation)
{
    app_print(start, drain_instances(operation, NULL));
    SHOW(MI_Operation_Close, operation);
}

static void finish_indications(const char *start, MI_Operation *operation)
{
    const MI_Instance *indication;
    const MI_Char *bookmark, *machine;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    while (more) {
        SHOW(MI_Operation_GetIndication, operation, &indication, &bookmark, &machine, &more, &result, NULL,
             NULL);
    }
    app_print(start, result);
    SHOW(MI_Operation_Close, operation);
}

static void finish_classes(const char *start, MI_Operation *operation)
{
    const MI_Class *class;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    while (more) {
        SHOW(MI_Operation_GetClass, operation, &class, &more, &result, NULL, NULL);
    }
    app_print(start, result);
    SHOW(MI_Operation_Close, operation);
}

static void operations_on_one_instance(MI_Session *session, const MI_Instance *key)
{
    MI_Operation operation;

    MI_Session_GetInstance(session, 0, NULL, "root/omi", key, NULL, &operation);
    finish_instances("MI_Session_GetInstance", &operation);
    MI_Session_ModifyInstance(session, 0, NULL, "root/omi", key, NULL, &operation);
    finish_instances("MI_Session_ModifyInstance", &operation);
    MI_Session_CreateInstance(session, 0, NULL, "root/omi", key, NULL, &operation);
    finish_instances("MI_Session_CreateInstance", &operation);
    MI_Session_DeleteInstance(session, 0, NULL, "root/omi", key, NULL, &operation);
    finish_instances("MI_Session_DeleteInstance", &operation);
    MI_Session_Invoke(session, 0, NULL, "root/omi", "OMI_Identify", "No_Such_Method", key, NULL, NULL,
                      &operation);
    finish_instances("MI_Session_Invoke", &operation);
    MI_Session_AssociatorInstances(session, 0, NULL, "root/omi", key, NULL, NULL, NULL, NULL, MI_FALSE, NULL,
                                   &operation);
    finish_instances("MI_Session_AssociatorInstances", &operation);
    MI_Session_ReferenceInstances(session, 0, NULL, "root/omi", key, NULL, NULL, MI_FALSE, NULL, &operation);
    finish_instances("MI_Session_ReferenceInstances", &operation);
}

static void operations_on_classes(MI_Session *session)
{
    MI_Operation operation;

    MI_Session_EnumerateInstances(session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, NULL, &operation);
    finish_instances("MI_Session_EnumerateInstances", &operation);
    MI_Session_QueryInstances(session, 0, NULL, "root/omi", "WQL", query, NULL, &operation);
    finish_instances("MI_Session_QueryInstances", &operation);
    MI_Session_Subscribe(session, 0, NULL, "root/omi", "WQL", query, NULL, NULL, &operation);
    finish_indications("MI_Session_Subscribe", &operation);
    MI_Session_GetClass(session, 0, NULL, "root/omi", "OMI_Identify", NULL, &operation);
    finish_classes("MI_Session_GetClass", &operation);
    MI_Session_TestConnection(session, 0, NULL, &operation);
    finish_instances("MI_Session_TestConnection", &operation);
}

/* The pause lets the result arrive: OMI's developer build may not survive a cancel while it still connects.
 */
void everything_of_operations(MI_Session *session)
{
    MI_Operation operation;
    MI_Session alias;

    MI_Session_EnumerateInstances(session, 0, NULL, "root/omi", "OMI_Identify", MI_TRUE, NULL, &operation);
    SHOW(MI_Operation_GetSession, &operation, &alias);
    usleep(100000);
    SHOW(MI_Operation_Cancel, &operation, 0);
    drain_unseen(&operation);
    SHOW(MI_Operation_Close, &operation);
    SHOW(MI_Operation_Close, &operation);
}

/* On a session that is closed already, because OMI crashes when it starts one. */
static void enumerate_classes(MI_Session *closed)
{
    MI_Operation operation;

    MI_Session_EnumerateClasses(closed, 0, NULL, "root/omi", NULL, MI_FALSE, NULL, &operation);
    finish_classes("MI_Session_EnumerateClasses", &operation);
}

void everything_of_sessions(MI_Application *application)
{
    MI_Session session;
    MI_Instance *key;

    SHOW(MI_Application_NewSession, application, NULL, NULL, NULL, NULL, NULL, &session);
    key = identify_key(&session);
    operations_on_one_instance(&session, key);
    operations_on_classes(&session);
    everything_of_operations(&session);
    SHOW(MI_Instance_Delete, key);
    SHOW(MI_Session_Close, &session, NULL, NULL);
    enumerate_classes(&session);
}
