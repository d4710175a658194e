/* SPDX-License-Identifier: MIT */
/*
 * Handles live in heap memory that callbacks free. LEGAL: "freed", the last callback closes the operation,
 * frees its memory and closes the session with a completion that frees the rest; "refused", the start fails
 * and its callback frees the operation before the starting call has returned; "again", the last callback
 * starts the next operation in the same memory and acknowledges the old result afterwards.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct connection {
    MI_Session session;
    sem_t *gone;
};

struct request {
    MI_Operation operation;
    struct connection *connection;
    int rounds;
};

/* Freed memory must not pass for a handle. */
static void wipe(void *memory, size_t size)
{
    memset(memory, 0xdd, size);
    free(memory);
}

static void *need(size_t size)
{
    void *memory = malloc(size);

    if (memory == NULL) {
        abort();
    }
    return memory;
}

static void connection_gone(void *context)
{
    struct connection *connection = context;
    sem_t *gone = connection->gone;

    wipe(connection, sizeof *connection);
    sem_post(gone);
}

static struct request *new_request(MI_Application *application, sem_t *gone)
{
    struct connection *connection = need(sizeof *connection);
    struct request *request = need(sizeof *request);

    connection->gone = gone;
    open_session(application, &connection->session);
    *request = (struct request){.connection = connection, .rounds = 3};
    return request;
}

static void drop_request(struct request *request)
{
    struct connection *connection = request->connection;

    MI_Operation_Close(&request->operation);
    wipe(request, sizeof *request);
    MI_Session_Close(&connection->session, connection, connection_gone);
}

static void on_last(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                    MI_Result result, const MI_Char *message, const MI_Instance *details,
                    MI_ResultAcknowledgement acknowledge)
{
    (void)operation;
    (void)message;
    (void)details;
    (void)acknowledge;
    print_instance(instance);
    if (!more) {
        printf("%s\n", result == MI_RESULT_OK ? "answered" : "failed");
        drop_request(context);
    }
}

static void run(void (*start)(struct request *))
{
    MI_Application application;
    sem_t gone;

    sem_init(&gone, 0, 0);
    open_application(&application, "heap_handles");
    start(new_request(&application, &gone));
    wait_for(&gone);
    app_print("application", MI_Application_Close(&application));
}

static void start_listing(struct request *request)
{
    MI_OperationCallbacks callbacks = {.callbackContext = request, .instanceResult = on_last};

    MI_Session_EnumerateInstances(&request->connection->session, 0, NULL, app_namespace(), app_class(),
                                  MI_FALSE, &callbacks, &request->operation);
}

static void start_nothing(struct request *request)
{
    MI_OperationCallbacks callbacks = {.callbackContext = request, .instanceResult = on_last};

    MI_Session_GetInstance(&request->connection->session, 0, NULL, app_namespace(), NULL, &callbacks,
                           &request->operation);
}

static void start_round(struct request *request);

static void on_round(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                     MI_Result result, const MI_Char *message, const MI_Instance *details,
                     MI_ResultAcknowledgement acknowledge)
{
    struct request *request = context;
    MI_Operation old = *operation;

    (void)result;
    (void)message;
    (void)details;
    print_instance(instance);
    if (more) {
        acknowledge(&old);
        return;
    }
    if (--request->rounds > 0) {
        MI_Operation_Close(&request->operation);
        start_round(request);
    } else {
        drop_request(request);
    }
    acknowledge(&old);
}

static void start_round(struct request *request)
{
    MI_OperationCallbacks callbacks = {.callbackContext = request, .instanceResult = on_round};

    MI_Session_EnumerateInstances(&request->connection->session, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, NULL,
                                  app_namespace(), app_class(), MI_FALSE, &callbacks, &request->operation);
}

static void freed(void)
{
    run(start_listing);
}

static void refused(void)
{
    run(start_nothing);
}

static void again(void)
{
    run(start_round);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {{"freed", freed}, {"refused", refused}, {"again", again}};

    return RUN_VARIANT(argc, argv, variants);
}
