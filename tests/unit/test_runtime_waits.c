/* SPDX-License-Identifier: MIT */
/* The in-tree MI runtime: what each close waits for, proven to wait while the cause is there and to return
 * when it is gone; programs that hang for ever, in a child; and on which thread things run. */
#include "app_support.h"

#include "runtime_watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A client whose operation's callbacks are counted and remembered. */
struct client {
    MI_Application application;
    MI_Session session;
    MI_Operation operation;
    sem_t result;
    sem_t session_closed;
    pthread_t callback_thread;
    pthread_t completion_thread;
    MI_ResultAcknowledgement acknowledge;
    MI_Operation acknowledged;
    MI_Boolean more;
    MI_Result code;
    unsigned results;
    void (*last)(struct client *client, MI_Operation *operation);
};

static void on_instance(MI_Operation *operation, void *context, const MI_Instance *instance, MI_Boolean more,
                        MI_Result result, const MI_Char *message, const MI_Instance *details,
                        MI_ResultAcknowledgement acknowledge)
{
    struct client *client = context;

    (void)instance;
    (void)message;
    (void)details;
    client->callback_thread = pthread_self();
    client->acknowledge = acknowledge;
    client->acknowledged = *operation;
    client->more = more;
    client->code = result;
    client->results++;
    if (!more && client->last != NULL) {
        client->last(client, operation);
    }
    sem_post(&client->result);
}

static void on_session_closed(void *context)
{
    struct client *client = context;

    client->completion_thread = pthread_self();
    sem_post(&client->session_closed);
}

static void open_client(struct client *client)
{
    memset(client, 0, sizeof *client);
    sem_init(&client->result, 0, 0);
    sem_init(&client->session_closed, 0, 0);
    open_application(&client->application, "test");
    open_session(&client->application, &client->session);
}

static void start_as(struct client *client, MI_Uint32 flags, const char *namespace_name,
                     const char *class_name)
{
    MI_OperationCallbacks callbacks = {.callbackContext = client, .instanceResult = on_instance};

    MI_Session_EnumerateInstances(&client->session, flags, NULL, namespace_name, class_name, MI_FALSE,
                                  &callbacks, &client->operation);
}

static void start_asynchronously(struct client *client)
{
    start_as(client, 0, "root/omi", "OMI_Identify");
}

static void start_synchronously(struct client *client)
{
    MI_Session_EnumerateInstances(&client->session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, NULL,
                                  &client->operation);
}

static void start_many(struct client *client)
{
    MI_Session_EnumerateInstances(&client->session, 0, NULL, "root/test", "MSFT_President", MI_FALSE, NULL,
                                  &client->operation);
}

/* Not an assertion, because it runs on other threads and in children too, where CMocka cannot be told. */
static void must(MI_Result result)
{
    if (result != MI_RESULT_OK) {
        abort();
    }
}

/* The closes, as calls to watch. */
static void close_application(void *argument)
{
    must(MI_Application_Close(&((struct client *)argument)->application));
}

static void close_session(void *argument)
{
    must(MI_Session_Close(&((struct client *)argument)->session, NULL, NULL));
}

static void close_operation(void *argument)
{
    must(MI_Operation_Close(&((struct client *)argument)->operation));
}

static void close_all(struct client *client)
{
    close_operation(client);
    close_session(client);
    close_application(client);
}

/* Returns when the delivery thread has done all that it had to do before: a question of its own is answered.
 */
static void let_delivery_catch_up(struct client *client)
{
    MI_Session session;
    MI_Operation operation;

    open_session(&client->application, &session);
    MI_Session_TestConnection(&session, 0, NULL, &operation);
    must(drain_unseen(&operation));
    must(MI_Operation_Close(&operation));
    must(MI_Session_Close(&session, NULL, NULL));
}

/* Another session, to a server that does not exist. */
static void reopen_without_server(struct client *client)
{
    close_session(client);
    must(MI_Application_NewSession(&client->application, "OMI_SOCKETS", "/nonexistent/mitrace.sock", NULL,
                                   NULL, NULL, &client->session));
}

static void is_empty(sem_t *event)
{
    int value;

    sem_getvalue(event, &value);
    assert_int_equal(value, 0);
}

static void application_close_waits_for_sessions(void **state)
{
    static const MI_Application closed;
    struct client client;
    struct watched_call call;

    (void)state;
    open_client(&client);
    watch_call(&call, close_application, &client);
    assert_true(watched_waits(&call));
    assert_memory_equal(&client.application, &closed, sizeof closed);
    close_session(&client);
    watched_join(&call);
}

static void session_close_waits_for_operations(void **state)
{
    struct client client;
    struct watched_call call;

    (void)state;
    open_client(&client);
    start_synchronously(&client);
    drain_unseen(&client.operation);
    watch_call(&call, close_session, &client);
    assert_true(watched_waits(&call));
    close_operation(&client);
    watched_join(&call);
    close_application(&client);
}

static void asynchronous_session_close_completes_after_operations(void **state)
{
    struct client client;

    (void)state;
    open_client(&client);
    start_synchronously(&client);
    drain_unseen(&client.operation);
    assert_int_equal(MI_Session_Close(&client.session, &client, on_session_closed), MI_RESULT_OK);
    let_delivery_catch_up(&client);
    is_empty(&client.session_closed);
    close_operation(&client);
    wait_for(&client.session_closed);
    close_application(&client);
    is_empty(&client.session_closed);
}

static void operation_close_waits_until_somebody_drains(void **state)
{
    struct client client;
    struct watched_call call;

    (void)state;
    open_client(&client);
    start_synchronously(&client);
    assert_int_equal(MI_Operation_Cancel(&client.operation, 0), MI_RESULT_OK);
    watch_call(&call, close_operation, &client);
    assert_true(watched_waits(&call));
    drain_unseen(&client.operation);
    watched_join(&call);
    assert_int_equal(MI_Operation_Close(&client.operation), MI_RESULT_INVALID_PARAMETER);
    close_session(&client);
    close_application(&client);
}

static void asynchronous_operation_close_does_not_wait(void **state)
{
    struct client client;

    (void)state;
    open_client(&client);
    start_asynchronously(&client);
    close_operation(&client);
    wait_for(&client.result);
    close_session(&client);
    close_application(&client);
    assert_int_equal(client.results, 1);
}

static void session_close_waits_for_acknowledgement(void **state)
{
    struct client client;
    struct watched_call call;

    (void)state;
    open_client(&client);
    start_as(&client, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, "root/omi", "OMI_Identify");
    wait_for(&client.result);
    close_operation(&client);
    watch_call(&call, close_session, &client);
    assert_true(watched_waits(&call));
    assert_int_equal(client.acknowledge(&client.acknowledged), MI_RESULT_OK);
    watched_join(&call);
    close_application(&client);
}

static void next_result_waits_for_acknowledgement(void **state)
{
    struct client client;
    MI_Boolean more;

    (void)state;
    open_client(&client);
    start_as(&client, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, "root/test", "MSFT_President");
    wait_for(&client.result);
    let_delivery_catch_up(&client);
    is_empty(&client.result);
    assert_true(client.more);
    do {
        more = client.more;
        must(client.acknowledge(&client.acknowledged));
        if (more) {
            wait_for(&client.result);
        }
    } while (more);
    close_all(&client);
}

/* Programs that hang for ever. */
static void close_own_session(struct client *client, MI_Operation *operation)
{
    MI_Operation_Close(operation);
    MI_Session_Close(&client->session, NULL, NULL);
}

static void close_own_application(struct client *client, MI_Operation *operation)
{
    MI_Operation_Close(operation);
    MI_Session_Close(&client->session, client, on_session_closed);
    MI_Application_Close(&client->application);
}

static void close_own_session_well(struct client *client, MI_Operation *operation)
{
    MI_Operation_Close(operation);
    MI_Session_Close(&client->session, client, on_session_closed);
}

static void run_with_last(void (*last)(struct client *client, MI_Operation *operation))
{
    struct client client;

    open_client(&client);
    client.last = last;
    start_asynchronously(&client);
    wait_for(&client.result);
    wait_for(&client.session_closed);
    close_application(&client);
}

static void close_session_in_callback(void)
{
    run_with_last(close_own_session);
}

static void close_application_in_callback(void)
{
    run_with_last(close_own_application);
}

static void close_session_in_callback_with_completion(void)
{
    run_with_last(close_own_session_well);
}

static void closes_in_callbacks_hang(void **state)
{
    (void)state;
    assert_true(hangs(close_session_in_callback));
    assert_true(hangs(close_application_in_callback));
    assert_false(hangs(close_session_in_callback_with_completion));
}

static struct client *completing;

static void close_application_of_completing(void *context)
{
    (void)context;
    MI_Application_Close(&completing->application);
    sem_post(&completing->session_closed);
}

static void close_application_in_completion(void)
{
    struct client client;

    open_client(&client);
    completing = &client;
    MI_Session_Close(&client.session, NULL, close_application_of_completing);
}

static void get_in_callback(struct client *client, MI_Operation *operation)
{
    (void)operation;
    start_synchronously(client);
    drain_unseen(&client->operation);
}

static void block_in_callback(void)
{
    run_with_last(get_in_callback);
}

static void calls_that_wait_for_their_own_thread_hang(void **state)
{
    (void)state;
    assert_true(hangs(close_application_in_completion));
    assert_true(hangs(block_in_callback));
}

static void close_in_early_callback(struct client *client, MI_Operation *operation)
{
    (void)client;
    MI_Operation_Close(operation);
}

static void close_operation_in_early_callback(void)
{
    struct client client;

    open_client(&client);
    reopen_without_server(&client);
    client.last = close_in_early_callback;
    start_asynchronously(&client);
    close_session(&client);
}

/* Cancelled after the first of several results, the last one arrives before the first is done with. */
static void cancel_after_result(void)
{
    struct client client;
    const MI_Instance *instance;
    MI_Boolean more;
    MI_Result result;

    open_client(&client);
    start_many(&client);
    MI_Operation_GetInstance(&client.operation, &instance, &more, &result, NULL, NULL);
    MI_Operation_Cancel(&client.operation, 0);
    let_delivery_catch_up(&client);
    while (more) {
        MI_Operation_GetInstance(&client.operation, &instance, &more, &result, NULL, NULL);
    }
    close_operation(&client);
    close_session(&client);
}

static void omi_s_defects_hang_legal_programs(void **state)
{
    (void)state;
    assert_true(hangs(close_operation_in_early_callback));
    assert_true(hangs(cancel_after_result));
}

static void use_parent_s_session_in_child(void)
{
    start_synchronously(completing);
    drain_unseen(&completing->operation);
}

static void forked_child_has_no_delivery_thread(void **state)
{
    struct client client;

    (void)state;
    open_client(&client);
    completing = &client;
    assert_true(hangs(use_parent_s_session_in_child));
    close_session(&client);
    close_application(&client);
}

/* Threads. */
static void results_come_on_another_thread(void **state)
{
    struct client client;

    (void)state;
    open_client(&client);
    start_asynchronously(&client);
    wait_for(&client.result);
    assert_false(pthread_equal(client.callback_thread, pthread_self()));
    assert_null(client.acknowledge);
    close_all(&client);
}

static void failures_while_starting_come_on_the_starter_s_thread(void **state)
{
    struct client client;

    (void)state;
    open_client(&client);
    close_session(&client);
    start_as(&client, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, "root/omi", "OMI_Identify");
    assert_int_equal(client.results, 1);
    assert_int_equal(client.code, MI_RESULT_INVALID_PARAMETER);
    assert_null(client.acknowledge);
    assert_true(pthread_equal(client.callback_thread, pthread_self()));
    close_application(&client);
}

static void failed_connection_is_a_real_operation(void **state)
{
    struct client client;

    (void)state;
    open_client(&client);
    reopen_without_server(&client);
    start_as(&client, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, "root/omi", "OMI_Identify");
    assert_int_equal(client.results, 1);
    assert_int_equal(client.code, MI_RESULT_FAILED);
    assert_true(pthread_equal(client.callback_thread, pthread_self()));
    assert_int_equal(client.acknowledge(&client.acknowledged), MI_RESULT_OK);
    close_all(&client);
}

static void completion_with_nothing_outstanding_runs_in_the_call(void **state)
{
    struct client client;

    (void)state;
    open_client(&client);
    assert_int_equal(MI_Session_Close(&client.session, &client, on_session_closed), MI_RESULT_OK);
    wait_for(&client.session_closed);
    assert_true(pthread_equal(client.completion_thread, pthread_self()));
    close_application(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(application_close_waits_for_sessions),
        cmocka_unit_test(session_close_waits_for_operations),
        cmocka_unit_test(asynchronous_session_close_completes_after_operations),
        cmocka_unit_test(operation_close_waits_until_somebody_drains),
        cmocka_unit_test(asynchronous_operation_close_does_not_wait),
        cmocka_unit_test(session_close_waits_for_acknowledgement),
        cmocka_unit_test(next_result_waits_for_acknowledgement),
        cmocka_unit_test(results_come_on_another_thread),
        cmocka_unit_test(failures_while_starting_come_on_the_starter_s_thread),
        cmocka_unit_test(failed_connection_is_a_real_operation),
        cmocka_unit_test(completion_with_nothing_outstanding_runs_in_the_call),
        cmocka_unit_test(closes_in_callbacks_hang),
        cmocka_unit_test(calls_that_wait_for_their_own_thread_hang),
        cmocka_unit_test(omi_s_defects_hang_legal_programs),
        cmocka_unit_test(forked_child_has_no_delivery_thread),
    };

    return cmocka_run_group_tests_name("runtime waits", tests, NULL, NULL);
}
