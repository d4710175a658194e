/* SPDX-License-Identifier: MIT */
/* LEGAL: a command-line client with one verb per kind of request, asynchronous as such tools are; errors of
 * the server are printed and change nothing in how it closes. Verbs: ei, gi, ci, di, iv, wql, gc, noop, sub.
 */
#include "app_support.h"

#include <stdio.h>
#include <string.h>

struct Globals {
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    MI_Instance *inputs[2];
    int numInputs;
    sem_t finished;
};

static struct Globals g;

static void _Finish(const char *verb, MI_Operation *operation, MI_Result result)
{
    printf("%s: %s\n", verb, result == MI_RESULT_OK ? "ok" : "not ok");
    MI_Operation_Close(operation);
    sem_post(&g.finished);
}

static void _InstanceResult(MI_Operation *operation, void *verb, const MI_Instance *instance, MI_Boolean more,
                            MI_Result result, const MI_Char *message, const MI_Instance *details,
                            MI_ResultAcknowledgement acknowledge)
{
    const MI_Char *className = NULL;

    (void)message;
    (void)details;
    (void)acknowledge;
    if (instance != NULL && MI_Instance_GetClassName(instance, &className) == MI_RESULT_OK && !more) {
        printf("last: instance of %s\n", className);
    }
    if (!more) {
        _Finish(verb, operation, result);
    }
}

static void _ClassResult(MI_Operation *operation, void *verb, const MI_Class *classObject, MI_Boolean more,
                         MI_Result result, const MI_Char *message, const MI_Instance *details,
                         MI_ResultAcknowledgement acknowledge)
{
    MI_Uint32 count = 0;

    (void)message;
    (void)details;
    (void)acknowledge;
    if (classObject != NULL && MI_Class_GetElementCount(classObject, &count) == MI_RESULT_OK) {
        printf("class with %s\n", count > 0 ? "elements" : "nothing in it");
    }
    if (!more) {
        _Finish(verb, operation, result);
    }
}

static void _IndicationResult(MI_Operation *operation, void *verb, const MI_Instance *indication,
                              const MI_Char *bookmark, const MI_Char *machineID, MI_Boolean more,
                              MI_Result result, const MI_Char *message, const MI_Instance *details,
                              MI_ResultAcknowledgement acknowledge)
{
    (void)indication;
    (void)bookmark;
    (void)machineID;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        _Finish(verb, operation, result);
    }
}

static MI_OperationCallbacks _Callbacks(const char *verb)
{
    MI_OperationCallbacks callbacks;

    memset(&callbacks, 0, sizeof callbacks);
    callbacks.callbackContext = (void *)verb;
    callbacks.instanceResult = _InstanceResult;
    callbacks.classResult = _ClassResult;
    callbacks.indicationResult = _IndicationResult;
    return callbacks;
}

/* Inputs are deleted after the operation, all in one place. */
static MI_Instance *_NewInput(const char *className)
{
    MI_Instance *instance = NULL;

    app_require("NewInstance", MI_Application_NewInstance(&g.application, className, NULL, &instance));
    g.inputs[g.numInputs++] = instance;
    return instance;
}

static MI_Instance *_NewNumberInput(const char *className, const char *name, MI_Uint64 number,
                                    MI_Uint32 flags)
{
    MI_Instance *instance = _NewInput(className);
    MI_Value value;

    memset(&value, 0, sizeof value);
    value.uint64 = number;
    app_require("AddElement", MI_Instance_AddElement(instance, name, &value, MI_UINT64, flags));
    return instance;
}

static void _EnumerateInstances(MI_OperationCallbacks *callbacks)
{
    MI_Session_EnumerateInstances(&g.session, 0, NULL, "root/test", "MSFT_President", MI_FALSE, callbacks,
                                  &g.operation);
}

static void _GetInstance(MI_OperationCallbacks *callbacks)
{
    MI_Session_GetInstance(&g.session, 0, NULL, "root/cimv2",
                           _NewNumberInput("X_SmallNumber", "Number", 2, MI_FLAG_KEY), callbacks,
                           &g.operation);
}

static void _CreateInstance(MI_OperationCallbacks *callbacks)
{
    MI_Session_CreateInstance(&g.session, 0, NULL, "root/cimv2",
                              _NewNumberInput("X_SmallNumber", "Number", 7, MI_FLAG_KEY), callbacks,
                              &g.operation);
}

static void _DeleteInstance(MI_OperationCallbacks *callbacks)
{
    MI_Session_DeleteInstance(&g.session, 0, NULL, "root/cimv2",
                              _NewNumberInput("X_SmallNumber", "Number", 9, MI_FLAG_KEY), callbacks,
                              &g.operation);
}

static void _Invoke(MI_OperationCallbacks *callbacks)
{
    MI_Instance *target = _NewInput("X_SmallNumber");

    MI_Session_Invoke(&g.session, 0, NULL, "root/cimv2", "X_SmallNumber", "SpellNumber", target,
                      _NewNumberInput("Parameters", "num", 5, 0), callbacks, &g.operation);
}

static void _Query(MI_OperationCallbacks *callbacks)
{
    MI_Session_QueryInstances(&g.session, 0, NULL, "root/test", "WQL", "SELECT * FROM MSFT_President",
                              callbacks, &g.operation);
}

static void _GetClass(MI_OperationCallbacks *callbacks)
{
    MI_Session_GetClass(&g.session, 0, NULL, "root/test", "MSFT_President", callbacks, &g.operation);
}

static void _NoOp(MI_OperationCallbacks *callbacks)
{
    MI_Session_TestConnection(&g.session, 0, callbacks, &g.operation);
}

static void _Subscribe(MI_OperationCallbacks *callbacks)
{
    MI_Session_Subscribe(&g.session, 0, NULL, "root/test", "WQL", "SELECT * FROM No_Such_Alarm", NULL,
                         callbacks, &g.operation);
}

struct Verb {
    const char *name;
    void (*start)(MI_OperationCallbacks *callbacks);
};

static const struct Verb *_FindVerb(const char *name)
{
    static const struct Verb verbs[] = {
        {"ei", _EnumerateInstances}, {"gi", _GetInstance}, {"ci", _CreateInstance},
        {"di", _DeleteInstance},     {"iv", _Invoke},      {"wql", _Query},
        {"gc", _GetClass},           {"noop", _NoOp},      {"sub", _Subscribe}};

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    return NULL;
}

static void _Run(const struct Verb *verb)
{
    MI_OperationCallbacks callbacks = _Callbacks(verb->name);

    sem_init(&g.finished, 0, 0);
    open_application(&g.application, "command_line_client");
    open_session(&g.application, &g.session);
    verb->start(&callbacks);
    wait_for(&g.finished);
    while (g.numInputs > 0) {
        MI_Instance_Delete(g.inputs[--g.numInputs]);
    }
    MI_Session_Close(&g.session, NULL, NULL);
    MI_Application_Close(&g.application);
}

int main(int argc, char **argv)
{
    const struct Verb *verb = argc == 2 ? _FindVerb(argv[1]) : NULL;

    if (verb == NULL) {
        fprintf(stderr, "usage: command_line_client ei|gi|ci|di|iv|wql|gc|noop|sub\n");
        return 2;
    }
    _Run(verb);
    return 0;
}
