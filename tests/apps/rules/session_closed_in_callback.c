/* SPDX-License-Identifier: MIT */
/*
 * HANGS: MI_Session_Close without a completion function on MI's thread: "own", in a callback of the session
 * after its operation was closed; "first", in the first of several results; "busy-other", a session with an
 * operation that still runs. MISUSE ("idle-other"): of a session that has nothing to do; it returns this
 * time. LEGAL: "refused", in the callback of a start that failed.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>

typedef struct tagSHELL {
    MI_Application app;
    MI_Session session;
    MI_Session other;
    MI_Operation operation;
    MI_Operation otherOperation;
    sem_t started;
    sem_t done;
} SHELL;

static SHELL g_shell;

static void OpenShell(void)
{
    sem_init(&g_shell.started, 0, 0);
    sem_init(&g_shell.done, 0, 0);
    open_application(&g_shell.app, "session_closed_in_callback");
    open_session(&g_shell.app, &g_shell.session);
    open_session(&g_shell.app, &g_shell.other);
}

static void WaitAndCloseApp(void)
{
    wait_for(&g_shell.done);
    app_print("close app", MI_Application_Close(&g_shell.app));
}

static void DeleteShell(MI_Session *session)
{
    app_print("close session", MI_Session_Close(session, NULL, NULL));
}

static void ShellDeleted(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                         MI_Result result, const MI_Char *message, const MI_Instance *details,
                         MI_ResultAcknowledgement acknowledge)
{
    SHELL *shell = context;

    (void)instance;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        app_print("result", result);
        wait_for(&shell->started);
        MI_Operation_Close(operation);
        DeleteShell(&shell->session);
        sem_post(&shell->done);
    }
}

static void StartOn(MI_Session *session, MI_OperationCallbacks *callbacks, MI_Operation *operation)
{
    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), app_class(), MI_FALSE, callbacks,
                                  operation);
}

static void Own(void)
{
    MI_OperationCallbacks callbacks = {.callbackContext = &g_shell, .instanceResult = ShellDeleted};

    OpenShell();
    MI_Session_Close(&g_shell.other, NULL, NULL);
    StartOn(&g_shell.session, &callbacks, &g_shell.operation);
    sem_post(&g_shell.started);
    WaitAndCloseApp();
}

static void StopAtFirst(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge)
{
    SHELL *shell = context;

    (void)operation;
    (void)more;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (instance != NULL) {
        wait_for(&shell->started);
        MI_Operation_Close(&shell->operation);
        DeleteShell(&shell->session);
        sem_post(&shell->done);
    }
}

static void First(void)
{
    MI_OperationCallbacks callbacks = {.callbackContext = &g_shell, .instanceResult = StopAtFirst};

    OpenShell();
    MI_Session_Close(&g_shell.other, NULL, NULL);
    StartOn(&g_shell.session, &callbacks, &g_shell.operation);
    sem_post(&g_shell.started);
    WaitAndCloseApp();
}

static void CloseOther(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                       MI_Result result, const MI_Char *message, const MI_Instance *details,
                       MI_ResultAcknowledgement acknowledge)
{
    SHELL *shell = context;

    (void)instance;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        app_print("result", result);
        wait_for(&shell->started);
        DeleteShell(&shell->other);
        MI_Operation_Close(operation);
        sem_post(&shell->done);
    }
}

static void IdleOther(void)
{
    MI_OperationCallbacks callbacks = {.callbackContext = &g_shell, .instanceResult = CloseOther};

    OpenShell();
    StartOn(&g_shell.session, &callbacks, &g_shell.operation);
    sem_post(&g_shell.started);
    wait_for(&g_shell.done);
    MI_Session_Close(&g_shell.session, NULL, NULL);
    app_print("close app", MI_Application_Close(&g_shell.app));
}

static void CloseWhenDone(MI_Operation *operation, void *context, const MI_Instance *instance,
                          MI_Boolean more, MI_Result result, const MI_Char *message,
                          const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)instance;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        MI_Operation_Close(operation);
    }
}

/* The other session's operation is started while the thread that would deliver its result waits for
 * `started`. */
static void BusyOther(void)
{
    MI_OperationCallbacks callbacks = {.callbackContext = &g_shell, .instanceResult = CloseOther};
    MI_OperationCallbacks others = {.instanceResult = CloseWhenDone};

    OpenShell();
    StartOn(&g_shell.session, &callbacks, &g_shell.operation);
    StartOn(&g_shell.other, &others, &g_shell.otherOperation);
    sem_post(&g_shell.started);
    WaitAndCloseApp();
}

static void GiveUp(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                   MI_Result result, const MI_Char *message, const MI_Instance *details,
                   MI_ResultAcknowledgement acknowledge)
{
    SHELL *shell = context;

    (void)operation;
    (void)instance;
    (void)more;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    DeleteShell(&shell->session);
    DeleteShell(&shell->other);
    sem_post(&shell->done);
}

static void Refused(void)
{
    MI_OperationCallbacks callbacks = {.callbackContext = &g_shell, .instanceResult = GiveUp};

    OpenShell();
    MI_Session_DeleteInstance(&g_shell.session, 0, NULL, app_namespace(), NULL, &callbacks,
                              &g_shell.operation);
    WaitAndCloseApp();
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"own", Own},
                                              {"first", First},
                                              {"idle-other", IdleOther},
                                              {"busy-other", BusyOther},
                                              {"refused", Refused}};

    return RUN_VARIANT(argc, argv, variants);
}
