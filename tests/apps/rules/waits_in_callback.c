/* SPDX-License-Identifier: MIT */
/*
 * A callback waits outside MI. HANGS: "completion", for the completion of the session that it has just
 * closed; "next", for the result of another operation that it has just started. LEGAL: "main", for main,
 * which has something to do first; "slow", it only takes its time.
 */
#include "app_support.h"
#include "variants.h"

#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct monitor {
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    MI_Operation follow_up;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    int session_closed, follow_up_done, main_ready, finished;
};

static struct monitor monitor = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void set_flag(int *flag)
{
    pthread_mutex_lock(&monitor.lock);
    *flag = 1;
    pthread_cond_broadcast(&monitor.changed);
    pthread_mutex_unlock(&monitor.lock);
}

static void await_flag(const int *flag)
{
    pthread_mutex_lock(&monitor.lock);
    while (!*flag) {
        pthread_cond_wait(&monitor.changed, &monitor.lock);
    }
    pthread_mutex_unlock(&monitor.lock);
}

static void session_is_closed(void *context)
{
    (void)context;
    set_flag(&monitor.session_closed);
}

static void close_and_wait(MI_Operation *operation, void *context, const MI_Instance *instance,
                           MI_Boolean more, MI_Result result, const MI_Char *message,
                           const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)instance;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        app_print("enumeration", result);
        MI_Operation_Close(operation);
        MI_Session_Close(&monitor.session, NULL, session_is_closed);
        await_flag(&monitor.session_closed);
        set_flag(&monitor.finished);
    }
}

static void follow_up_arrived(MI_Operation *operation, void *context, const MI_Instance *instance,
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
        set_flag(&monitor.follow_up_done);
    }
}

static void ask_and_wait(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                         MI_Result result, const MI_Char *message, const MI_Instance *details,
                         MI_ResultAcknowledgement acknowledge)
{
    MI_OperationCallbacks callbacks = {.instanceResult = follow_up_arrived};

    (void)context;
    (void)instance;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        app_print("enumeration", result);
        MI_Operation_Close(operation);
        MI_Session_TestConnection(&monitor.session, 0, &callbacks, &monitor.follow_up);
        await_flag(&monitor.follow_up_done);
        set_flag(&monitor.finished);
    }
}

static void wait_for_main(MI_Operation *operation, void *context, const MI_Instance *instance,
                          MI_Boolean more, MI_Result result, const MI_Char *message,
                          const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)instance;
    (void)message;
    (void)details;
    (void)acknowledge;
    if (!more) {
        await_flag(&monitor.main_ready);
        app_print("enumeration", result);
        MI_Operation_Close(operation);
        set_flag(&monitor.finished);
    }
}

static void take_time(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                      MI_Result result, const MI_Char *message, const MI_Instance *details,
                      MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)instance;
    (void)message;
    (void)details;
    (void)acknowledge;
    (void)result;
    set_flag(&monitor.main_ready);
    usleep(300000);
    if (!more) {
        MI_Operation_Close(operation);
        set_flag(&monitor.finished);
    }
}

static void watch(void (*callback)(MI_Operation *, void *, const MI_Instance *, MI_Boolean, MI_Result,
                                   const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement))
{
    MI_OperationCallbacks callbacks = {.instanceResult = callback};

    open_application(&monitor.application, "waits_in_callback");
    open_session(&monitor.application, &monitor.session);
    MI_Session_EnumerateInstances(&monitor.session, 0, NULL, app_namespace(), app_class(), MI_FALSE,
                                  &callbacks, &monitor.operation);
}

static void stop_watching(void)
{
    app_print("session", MI_Session_Close(&monitor.session, NULL, NULL));
    app_print("application", MI_Application_Close(&monitor.application));
}

static void completion(void)
{
    watch(close_and_wait);
    await_flag(&monitor.finished);
    app_print("application", MI_Application_Close(&monitor.application));
}

static void next(void)
{
    watch(ask_and_wait);
    await_flag(&monitor.finished);
    stop_watching();
}

/* Meanwhile main uses MI, too, but for nothing that MI's thread would have to deliver. */
static void main_first(void)
{
    MI_OperationOptions options;

    watch(wait_for_main);
    usleep(100000);
    app_require("options", MI_Application_NewOperationOptions(&monitor.application, MI_FALSE, &options));
    MI_OperationOptions_Delete(&options);
    set_flag(&monitor.main_ready);
    await_flag(&monitor.finished);
    stop_watching();
}

static void slow(void)
{
    watch(take_time);
    await_flag(&monitor.main_ready);
    stop_watching();
    await_flag(&monitor.finished);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"completion", completion}, {"next", next}, {"main", main_first}, {"slow", slow}};

    return RUN_VARIANT(argc, argv, variants);
}
