/* SPDX-License-Identifier: MIT */
/*
 * LEAKS: operations that nobody closes, in a program that exits without closing the session, having learned
 * that this hangs: "read" to the end and left, "error" returned early, "async" with nobody in its last
 * callback to close it. LEGAL: "refused", whose starts failed at once, owes no close.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>

static MI_Application g_app;
static MI_Session g_session;
static sem_t g_last_result;

static void setup(void)
{
    sem_init(&g_last_result, 0, 0);
    app_require("init", MI_Application_Initialize(0, "operations_forgotten", NULL, &g_app));
    app_require("connect", MI_Application_NewSession(&g_app, NULL, NULL, NULL, NULL, NULL, &g_session));
}

static void count_all(const char *class_name)
{
    MI_Operation op;
    unsigned count = 0;

    MI_Session_EnumerateInstances(&g_session, 0, NULL, app_namespace(), class_name, MI_FALSE, NULL, &op);
    drain_instances(&op, &count);
    printf("%s: %s\n", class_name, count > 0 ? "some" : "none");
}

static void read_and_leave(void)
{
    setup();
    for (int i = 0; i < 3; i++) {
        count_all(app_class());
    }
}

static int query(const char *text)
{
    MI_Operation op;
    MI_Result result;

    MI_Session_QueryInstances(&g_session, 0, NULL, app_namespace(), "WQL", text, NULL, &op);
    result = drain_unseen(&op);
    if (result != MI_RESULT_OK) {
        printf("query failed\n");
        return -1;
    }
    MI_Operation_Close(&op);
    printf("query done\n");
    return 0;
}

static void return_early(void)
{
    static const char *const texts[] = {"SELECT * FROM OMI_Identify", "SELECT * FROM No_Such_Class",
                                        "SELECT * FROM OMI_Identify", "SELECT * FROM Nor_This_One"};

    setup();
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        query(texts[i]);
    }
}

static void on_result(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                      MI_Result result, const MI_Char *message, const MI_Instance *details,
                      MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)context;
    (void)message;
    (void)details;
    (void)result;
    (void)acknowledge;
    print_instance(instance);
    if (!more) {
        sem_post(&g_last_result);
    }
}

static void fire_and_forget(void)
{
    MI_OperationCallbacks callbacks = {.instanceResult = on_result};
    MI_Operation op;

    setup();
    MI_Session_EnumerateInstances(&g_session, 0, NULL, app_namespace(), app_class(), MI_FALSE, &callbacks,
                                  &op);
    wait_for(&g_last_result);
}

static void refused(void)
{
    MI_Operation op;

    setup();
    MI_Session_GetInstance(&g_session, 0, NULL, app_namespace(), NULL, NULL, &op);
    MI_Session_Invoke(&g_session, 0, NULL, app_namespace(), app_class(), NULL, NULL, NULL, NULL, &op);
    app_print("close session", MI_Session_Close(&g_session, NULL, NULL));
    app_print("close application", MI_Application_Close(&g_app));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"read", read_and_leave}, {"error", return_early}, {"async", fire_and_forget}, {"refused", refused}};

    return RUN_VARIANT(argc, argv, variants);
}
