/* SPDX-License-Identifier: MIT */
/* The in-tree MI runtime: what each close waits for, proven to wait while the cause is there and to return
 * when it is gone, and on which thread things run. */
#include "runtime_client.h"
#include "runtime_watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

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
    };

    return cmocka_run_group_tests_name("runtime waits", tests, NULL, NULL);
}
