/* SPDX-License-Identifier: MIT */
/* The in-tree MI runtime: programs that hang for ever, each in a child process. */
#include "runtime_client.h"
#include "runtime_watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

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

static void close_copy_of_application(void)
{
    struct client client;
    MI_Application copy;

    open_client(&client);
    copy = client.application;
    close_session(&client);
    close_application(&client);
    MI_Application_Close(&copy);
}

static void second_close_of_an_application_hangs(void **state)
{
    (void)state;
    assert_true(hangs(close_copy_of_application));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closes_in_callbacks_hang),
        cmocka_unit_test(calls_that_wait_for_their_own_thread_hang),
        cmocka_unit_test(second_close_of_an_application_hangs),
        cmocka_unit_test(omi_s_defects_hang_legal_programs),
        cmocka_unit_test(forked_child_has_no_delivery_thread),
    };

    return cmocka_run_group_tests_name("runtime hangs", tests, NULL, NULL);
}
