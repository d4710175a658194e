/* SPDX-License-Identifier: MIT */
/* The in-tree MI runtime: what a test can set by environment variables, and what its repository answers. */
#include "app_support.h"

#include "runtime_watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static MI_Application application;
static MI_Session session;

/* Opens both while the variable is set. */
static void open_with(const char *name, const char *value)
{
    setenv(name, value, 1);
    open_application(&application, "test");
    unsetenv(name);
    open_session(&application, &session);
}

static void close_both(void)
{
    assert_int_equal(MI_Session_Close(&session, NULL, NULL), MI_RESULT_OK);
    assert_int_equal(MI_Application_Close(&application), MI_RESULT_OK);
}

static MI_Result count_presidents(unsigned *count)
{
    MI_Operation operation;
    MI_Result result = MI_RESULT_OK;
    MI_Boolean more = MI_TRUE;

    *count = 0;
    MI_Session_EnumerateInstances(&session, 0, NULL, "root/test", "MSFT_President", MI_FALSE, NULL,
                                  &operation);
    while (more) {
        const MI_Instance *instance = NULL;

        assert_int_equal(MI_Operation_GetInstance(&operation, &instance, &more, &result, NULL, NULL),
                         MI_RESULT_OK);
        *count += instance != NULL;
    }
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
    return result;
}

static void instances_are_as_many_as_asked_for(void **state)
{
    unsigned count;

    (void)state;
    open_with("MITRACE_MI_INSTANCES", "7");
    assert_int_equal(count_presidents(&count), MI_RESULT_OK);
    assert_int_equal(count, 7);
    close_both();
    open_with("MITRACE_MI_INSTANCES", "0");
    assert_int_equal(count_presidents(&count), MI_RESULT_OK);
    assert_int_equal(count, 0);
    close_both();
}

static void nth_call_of_a_slot_fails(void **state)
{
    unsigned count;

    (void)state;
    open_with("MITRACE_MI_FAIL", "MI_Session_EnumerateInstances:2");
    assert_int_equal(count_presidents(&count), MI_RESULT_OK);
    assert_int_equal(count_presidents(&count), MI_RESULT_FAILED);
    assert_int_equal(count_presidents(&count), MI_RESULT_OK);
    close_both();
}

static void initialize_can_fail(void **state)
{
    (void)state;
    setenv("MITRACE_MI_FAIL", "Application_Initialize:1", 1);
    assert_int_equal(MI_Application_Initialize(0, NULL, NULL, &application), MI_RESULT_FAILED);
    unsetenv("MITRACE_MI_FAIL");
    assert_int_equal(MI_Application_Close(&application), MI_RESULT_INVALID_PARAMETER);
}

static void failed_starts_have_a_table_for_each_reason(void **state)
{
    MI_Operation invalid, failed;

    (void)state;
    open_with("MITRACE_MI_FAIL", "MI_Session_TestConnection:1");
    MI_Session_GetInstance(&session, 0, NULL, "root/omi", NULL, NULL, &invalid);
    MI_Session_TestConnection(&session, 0, NULL, &failed);
    assert_ptr_not_equal(invalid.ft, failed.ft);
    assert_int_equal(drain_unseen(&invalid), MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(drain_unseen(&failed), MI_RESULT_FAILED);
    close_both();
}

static void connections_can_fail(void **state)
{
    MI_Operation operation;

    (void)state;
    open_with("MITRACE_MI_CONNECT_FAILS", "1");
    MI_Session_TestConnection(&session, 0, NULL, &operation);
    assert_int_equal(drain_unseen(&operation), MI_RESULT_FAILED);
    assert_int_not_equal(operation.reserved2, session.reserved2);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
    close_both();
}

static void drain(void *argument)
{
    drain_unseen(argument);
}

static void peer_can_be_silent_until_it_is_cancelled(void **state)
{
    MI_Operation operation;
    struct watched_call call;

    (void)state;
    open_with("MITRACE_MI_NEVER_DELIVER", "1");
    MI_Session_TestConnection(&session, 0, NULL, &operation);
    watch_call(&call, drain, &operation);
    assert_true(watched_waits(&call));
    assert_int_equal(MI_Operation_Cancel(&operation, 0), MI_RESULT_OK);
    watched_join(&call);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
    close_both();
}

static MI_Instance *person(MI_Uint32 key)
{
    MI_Instance *instance = NULL;
    MI_Value value = {.uint32 = key};

    assert_int_equal(MI_Application_NewInstance(&application, "MSFT_Person", NULL, &instance), MI_RESULT_OK);
    assert_int_equal(MI_Instance_AddElement(instance, "Key", &value, MI_UINT32, MI_FLAG_KEY), MI_RESULT_OK);
    return instance;
}

static MI_Result finish(MI_Operation *operation)
{
    MI_Result result = drain_unseen(operation);

    assert_int_equal(MI_Operation_Close(operation), MI_RESULT_OK);
    return result;
}

static void persons_can_be_created_and_deleted(void **state)
{
    MI_Instance *instance;
    MI_Operation operation;

    (void)state;
    open_with("MITRACE_MI_INSTANCES", "1");
    instance = person(1);
    MI_Session_CreateInstance(&session, 0, NULL, "root/test", instance, NULL, &operation);
    assert_int_equal(finish(&operation), MI_RESULT_OK);
    MI_Session_CreateInstance(&session, 0, NULL, "root/test", instance, NULL, &operation);
    assert_int_equal(finish(&operation), MI_RESULT_ALREADY_EXISTS);
    MI_Session_GetInstance(&session, 0, NULL, "root/test", instance, NULL, &operation);
    assert_int_equal(finish(&operation), MI_RESULT_OK);
    MI_Session_DeleteInstance(&session, 0, NULL, "root/test", instance, NULL, &operation);
    assert_int_equal(finish(&operation), MI_RESULT_OK);
    MI_Session_GetInstance(&session, 0, NULL, "root/test", instance, NULL, &operation);
    assert_int_equal(finish(&operation), MI_RESULT_NOT_FOUND);
    MI_Instance_Delete(instance);
    close_both();
}

static void unknown_names_are_told_apart(void **state)
{
    MI_Operation operation;

    (void)state;
    open_with("MITRACE_MI_INSTANCES", "1");
    MI_Session_EnumerateInstances(&session, 0, NULL, "root/none", "OMI_Identify", MI_FALSE, NULL, &operation);
    assert_int_equal(finish(&operation), MI_RESULT_INVALID_NAMESPACE);
    MI_Session_EnumerateInstances(&session, 0, NULL, "root/omi", "None", MI_FALSE, NULL, &operation);
    assert_int_equal(finish(&operation), MI_RESULT_INVALID_CLASS);
    MI_Session_QueryInstances(&session, 0, NULL, "root/omi", "SQL", "SELECT * FROM OMI_Identify", NULL,
                              &operation);
    assert_int_equal(finish(&operation), MI_RESULT_QUERY_LANGUAGE_NOT_SUPPORTED);
    MI_Session_QueryInstances(&session, 0, NULL, "root/omi", "WQL", "SELECT", NULL, &operation);
    assert_int_equal(finish(&operation), MI_RESULT_INVALID_QUERY);
    close_both();
}

/* OMI crashes here; the runtime answers, so that the program can be seen to be right. */
static void enumeration_of_classes_is_answered(void **state)
{
    MI_Operation operation;
    const MI_Class *class = NULL;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    (void)state;
    open_with("MITRACE_MI_INSTANCES", "1");
    MI_Session_EnumerateClasses(&session, 0, NULL, "root/omi", NULL, MI_FALSE, NULL, &operation);
    assert_int_equal(MI_Operation_GetClass(&operation, &class, &more, &result, NULL, NULL), MI_RESULT_OK);
    assert_int_equal(result, MI_RESULT_NOT_SUPPORTED);
    assert_int_equal(more, MI_FALSE);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
    close_both();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(instances_are_as_many_as_asked_for),
        cmocka_unit_test(nth_call_of_a_slot_fails),
        cmocka_unit_test(initialize_can_fail),
        cmocka_unit_test(failed_starts_have_a_table_for_each_reason),
        cmocka_unit_test(connections_can_fail),
        cmocka_unit_test(peer_can_be_silent_until_it_is_cancelled),
        cmocka_unit_test(persons_can_be_created_and_deleted),
        cmocka_unit_test(unknown_names_are_told_apart),
        cmocka_unit_test(enumeration_of_classes_is_answered),
    };

    return cmocka_run_group_tests_name("runtime knobs", tests, NULL, NULL);
}
