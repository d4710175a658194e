/* SPDX-License-Identifier: MIT */
/* The in-tree MI runtime: rules that are easily forgotten, and OMI's weaknesses that programs hang on. */
#include "app_support.h"

#include "runtime_watch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

static MI_Application application;
static MI_Session session;

static int open_both(void **state)
{
    (void)state;
    open_application(&application, "test");
    open_session(&application, &session);
    return 0;
}

static int close_both(void **state)
{
    (void)state;
    return MI_Session_Close(&session, NULL, NULL) == MI_RESULT_OK &&
                   MI_Application_Close(&application) == MI_RESULT_OK
               ? 0
               : -1;
}

static void start_sync(MI_Operation *operation)
{
    MI_Session_EnumerateInstances(&session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, NULL, operation);
}

static void must(MI_Result result)
{
    if (result != MI_RESULT_OK) {
        abort();
    }
}

/* What another real user may do with our handles. */
struct stranger {
    MI_Operation *operation;
    MI_Result close, cancel, get_session, get, session_close, start;
};

static void *use_as_stranger(void *argument)
{
    struct stranger *stranger = argument;
    const MI_Instance *instance;
    MI_Operation own;
    MI_Session alias;

    if (syscall(SYS_setresuid, 4711, -1, -1) != 0) {
        abort();
    }
    stranger->close = MI_Operation_Close(stranger->operation);
    stranger->cancel = MI_Operation_Cancel(stranger->operation, 0);
    stranger->get_session = MI_Operation_GetSession(stranger->operation, &alias);
    stranger->get = MI_Operation_GetInstance(stranger->operation, &instance, NULL, NULL, NULL, NULL);
    stranger->session_close = MI_Session_Close(&session, NULL, NULL);
    MI_Session_TestConnection(&session, 0, NULL, &own);
    stranger->start = drain_unseen(&own);
    return NULL;
}

static void another_user_is_denied_and_nothing_is_done(void **state)
{
    MI_Operation operation;
    struct stranger stranger = {.operation = &operation};
    pthread_t thread;

    (void)state;
    if (geteuid() != 0) {
        skip();
    }
    start_sync(&operation);
    assert_int_equal(pthread_create(&thread, NULL, use_as_stranger, &stranger), 0);
    pthread_join(thread, NULL);
    assert_int_equal(stranger.close, MI_RESULT_ACCESS_DENIED);
    assert_int_equal(stranger.cancel, MI_RESULT_ACCESS_DENIED);
    assert_int_equal(stranger.get_session, MI_RESULT_ACCESS_DENIED);
    assert_int_equal(stranger.get, MI_RESULT_ACCESS_DENIED);
    assert_int_equal(stranger.session_close, MI_RESULT_ACCESS_DENIED);
    assert_int_equal(stranger.start, MI_RESULT_ACCESS_DENIED);
    assert_int_equal(drain_unseen(&operation), MI_RESULT_OK);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
}

static void getter_of_another_kind_is_refused(void **state)
{
    MI_Operation operation;
    const MI_Class *class;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;

    (void)state;
    start_sync(&operation);
    assert_int_equal(MI_Operation_GetClass(&operation, &class, &more, &result, NULL, NULL),
                     MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(result, MI_RESULT_INVALID_PARAMETER);
    assert_int_equal(more, MI_FALSE);
    assert_int_equal(drain_unseen(&operation), MI_RESULT_OK);
    assert_int_equal(drain_unseen(&operation), MI_RESULT_OK);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
}

/* A callback for indications does not make an enumeration of instances asynchronous. */
static void callback_of_another_kind_leaves_it_synchronous(void **state)
{
    MI_OperationCallbacks callbacks = {.callbackContext = NULL};
    MI_Operation operation;

    (void)state;
    callbacks.indicationResult =
        (void (*)(MI_Operation *, void *, const MI_Instance *, const MI_Char *, const MI_Char *, MI_Boolean,
                  MI_Result, const MI_Char *, const MI_Instance *, MI_ResultAcknowledgement))abort;
    MI_Session_EnumerateInstances(&session, 0, NULL, "root/omi", "OMI_Identify", MI_FALSE, &callbacks,
                                  &operation);
    assert_int_equal(drain_unseen(&operation), MI_RESULT_OK);
    assert_int_equal(MI_Operation_Close(&operation), MI_RESULT_OK);
}

struct subscription {
    MI_Operation operation;
    sem_t runs;
    atomic_int *finals;
};

static void on_indication(MI_Operation *operation, void *context, const MI_Instance *instance,
                          const MI_Char *bookmark, const MI_Char *machine, MI_Boolean more, MI_Result result,
                          const MI_Char *message, const MI_Instance *details,
                          MI_ResultAcknowledgement acknowledge)
{
    struct subscription *subscription = context;

    (void)operation;
    (void)instance;
    (void)bookmark;
    (void)machine;
    (void)result;
    (void)message;
    (void)details;
    (void)acknowledge;
    atomic_fetch_add(subscription->finals, !more);
    sem_post(&subscription->runs);
}

static void let_delivery_catch_up(void)
{
    MI_Session other;
    MI_Operation operation;

    open_session(&application, &other);
    MI_Session_TestConnection(&other, 0, NULL, &operation);
    must(drain_unseen(&operation));
    must(MI_Operation_Close(&operation));
    must(MI_Session_Close(&other, NULL, NULL));
}

static void post(void *context)
{
    sem_post(context);
}

static void subscribe(MI_Session *many, struct subscription *subscription, atomic_int *finals)
{
    MI_OperationCallbacks callbacks = {.callbackContext = subscription, .indicationResult = on_indication};

    sem_init(&subscription->runs, 0, 0);
    subscription->finals = finals;
    MI_Session_Subscribe(many, 0, NULL, "root/cimv2", "WQL", "SELECT * FROM Test_Indication", NULL,
                         &callbacks, &subscription->operation);
    wait_for(&subscription->runs);
}

/* Opens `count` subscriptions in a session of their own, closes it, and returns how many were cancelled by
 * that. */
static int cancelled_by_close(int count)
{
    static struct subscription subscriptions[100];
    MI_Session many;
    atomic_int finals = 0;
    sem_t closed;
    int cancelled;

    sem_init(&closed, 0, 0);
    open_session(&application, &many);
    for (int i = 0; i < count; i++) {
        subscribe(&many, &subscriptions[i], &finals);
    }
    must(MI_Session_Close(&many, &closed, post));
    let_delivery_catch_up();
    cancelled = atomic_load(&finals);
    for (int i = 0; i < count; i++) {
        must(MI_Operation_Close(&subscriptions[i].operation));
    }
    wait_for(&closed);
    return cancelled;
}

static void hundred_operations_are_not_cancelled(void **state)
{
    (void)state;
    assert_int_equal(cancelled_by_close(99), 99);
    assert_int_equal(cancelled_by_close(100), 0);
}

/* Programs that hang for ever. */
static MI_ResultAcknowledgement late_acknowledgement;
static MI_Operation late_operation;
static sem_t arrived;

static void keep_acknowledgement(MI_Operation *operation, void *context, const MI_Instance *instance,
                                 MI_Boolean more, MI_Result result, const MI_Char *message,
                                 const MI_Instance *details, MI_ResultAcknowledgement acknowledge)
{
    (void)context;
    (void)instance;
    (void)more;
    (void)result;
    (void)message;
    (void)details;
    late_operation = *operation;
    late_acknowledgement = acknowledge;
    sem_post(&arrived);
}

/* Cancelled while a result is unacknowledged: its late acknowledgement counts for the last result. */
static void acknowledge_after_cancel(void)
{
    MI_OperationCallbacks callbacks = {.instanceResult = keep_acknowledgement};
    MI_Operation operation;

    sem_init(&arrived, 0, 0);
    open_both(NULL);
    MI_Session_EnumerateInstances(&session, MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS, NULL, "root/test",
                                  "MSFT_President", MI_FALSE, &callbacks, &operation);
    wait_for(&arrived);
    must(MI_Operation_Cancel(&operation, 0));
    wait_for(&arrived);
    must(late_acknowledgement(&late_operation));
    must(MI_Operation_Close(&operation));
    close_both(NULL);
}

static void close_application(void *argument)
{
    must(MI_Application_Close(argument));
}

/* Started while the application closes, an operation is not counted in, but counted out. */
static void start_during_close(void)
{
    struct watched_call call;
    MI_Operation operation;

    open_both(NULL);
    watch_call(&call, close_application, &application);
    start_sync(&operation);
    drain_unseen(&operation);
    must(MI_Operation_Close(&operation));
    must(MI_Session_Close(&session, NULL, NULL));
}

static void omi_s_weaknesses_hang_programs(void **state)
{
    (void)state;
    assert_true(hangs(acknowledge_after_cancel));
    assert_true(hangs(start_during_close));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(another_user_is_denied_and_nothing_is_done, open_both, close_both),
        cmocka_unit_test_setup_teardown(getter_of_another_kind_is_refused, open_both, close_both),
        cmocka_unit_test_setup_teardown(callback_of_another_kind_leaves_it_synchronous, open_both,
                                        close_both),
        cmocka_unit_test_setup_teardown(hundred_operations_are_not_cancelled, open_both, close_both),
        cmocka_unit_test(omi_s_weaknesses_hang_programs),
    };

    return cmocka_run_group_tests_name("runtime rules", tests, NULL, NULL);
}
