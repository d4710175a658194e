/* SPDX-License-Identifier: MIT */
/* The rules: each fires on the story it is for and is silent on the stories that look alike. */
#include "build_events.h"

/* A leak is told with its message, and only of processes that ended by themselves. */
struct leak_case {
    const char *rule;
    enum mi_function creator, closer;
    enum mi_kind kind;
};

static const struct leak_case leak_cases[] = {
    {"leak-session", MI_FN_application_new_session, MI_FN_session_close, MI_KIND_session},
    {"leak-hosted-provider", MI_FN_application_new_hosted_provider, MI_FN_hosted_provider_close,
     MI_KIND_hosted_provider},
    {"leak-instance", MI_FN_application_new_instance, MI_FN_instance_delete, MI_KIND_instance},
    {"leak-instance", MI_FN_application_new_instance_from_class, MI_FN_instance_destruct, MI_KIND_instance},
    {"leak-instance", MI_FN_utilities_cim_error_from_error_code, MI_FN_instance_delete, MI_KIND_instance},
    {"leak-class", MI_FN_application_new_class, MI_FN_class_delete, MI_KIND_class},
    {"leak-class", MI_FN_instance_get_class, MI_FN_class_delete, MI_KIND_class},
    {"leak-destination-options", MI_FN_application_new_destination_options, MI_FN_destination_options_delete,
     MI_KIND_destination_options},
    {"leak-operation-options", MI_FN_application_new_operation_options, MI_FN_operation_options_delete,
     MI_KIND_operation_options},
    {"leak-operation-options", MI_FN_operation_options_clone, MI_FN_operation_options_delete,
     MI_KIND_operation_options},
    {"leak-subscription-options", MI_FN_application_new_subscription_delivery_options,
     MI_FN_subscription_options_delete, MI_KIND_subscription_options},
    {"leak-serializer", MI_FN_application_new_serializer, MI_FN_serializer_close, MI_KIND_serializer},
    {"leak-deserializer", MI_FN_application_new_deserializer, MI_FN_deserializer_close, MI_KIND_deserializer},
};

static void run_leak_case(const struct leak_case *row, bool fail, bool close, const char *expected)
{
    struct words made = words_of(row->kind, 5);
    struct story s;

    begin(&s);
    initialize(&s, 1);
    if (fail) {
        create_fails(&s, row->creator, APP(1), NOBODY);
    } else {
        create(&s, row->creator, APP(1), made);
    }
    if (close) {
        call(&s, row->closer, made, 0);
    }
    call(&s, MI_FN_application_close, APP(1), 0);
    exits(&s);
    assert_findings(&s, expected);
    end(&s);
}

static void test_leak_of_each_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(leak_cases); i++) {
        run_leak_case(&leak_cases[i], false, false, leak_cases[i].rule);
        run_leak_case(&leak_cases[i], false, true, "");
        run_leak_case(&leak_cases[i], true, false, "");
    }
}

static void test_leak_of_an_application(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create_fails(&s, MI_FN_application_initialize, NOBODY, NOBODY);
    exits(&s);
    assert_findings(&s, "leak-application");
    assert_string_equal(finding_at(&s, 0)->message,
                        "application 1 created in place_401000 (client.c:42) was never closed");
    assert_int_equal(finding_at(&s, 0)->handle.kind, MI_KIND_application);
    assert_null(finding_at(&s, 0)->at.thread);
    assert_int_equal(finding_at(&s, 0)->blocked_ns, -1);
    end(&s);
}

/* One operation, as far as it goes. */
static void begin_with_operation(struct story *story, uint64_t token)
{
    begin(story);
    initialize(story, 1);
    new_session(story, 1, 1);
    start_delivery_thread(story);
    at(story, 0x402000);
    start(story, 1, 1, token);
    at(story, 0x403000);
}

static void close_rest_and_exit(struct story *story)
{
    on(story, STORY_MAIN);
    call(story, MI_FN_session_close, SESSION(1), 0);
    call(story, MI_FN_application_close, APP(1), 0);
    exits(story);
}

static void test_leak_of_an_operation(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_cancel, OP(1), 0);
    close_rest_and_exit(&s);
    assert_findings(&s, "leak-operation");
    assert_string_equal(finding_at(&s, 0)->handle.name, "root/cimv2 CIM_Foo");
    assert_int_equal(finding_at(&s, 0)->handle.parent, 1);
    assert_string_equal(finding_at(&s, 0)->advice,
                        "Call MI_Operation_Close on operation 1 after its last result.");
    end(&s);
}

static void test_no_leak_of_a_failed_start(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    enter_result_of(&s, SESSION(1), 71, LAST, 0, 4);
    leave_result(&s, 71);
    leave_start(&s, NOBODY);
    enter_start(&s, 1, 2, SYNCHRONOUS, 0);
    leave_start(&s, SESSION(1));
    close_rest_and_exit(&s);
    assert_findings(&s, "");
    end(&s);
}

/* Closed early, which is a cancel; the program exits without waiting for the last callback. */
static void test_no_leak_of_an_accepted_close(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    call(&s, MI_FN_operation_close, OP(1), 0);
    close_asynchronously(&s, 1, 5);
    on(&s, 107);
    enter_close(&s, MI_FN_application_close, APP(1));
    exits(&s);
    assert_findings(&s, "");
    end(&s);
}

static void test_leaks_by_place(void **state)
{
    STORY(s);
    const struct finding *finding;

    initialize(&s, 1);
    at(&s, 0x404000);
    for (unsigned i = 1; i <= 10; i++) {
        create(&s, MI_FN_application_new_operation_options, APP(1), words_of(MI_KIND_operation_options, i));
    }
    at(&s, 0x405000);
    create(&s, MI_FN_application_new_operation_options, APP(1), words_of(MI_KIND_operation_options, 11));
    at(&s, 0x406000);
    for (unsigned i = 1; i <= 7; i++) {
        call(&s, MI_FN_operation_options_delete, words_of(MI_KIND_operation_options, i), 0);
    }
    call(&s, MI_FN_application_close, APP(1), 0);
    exits(&s);
    assert_findings(&s, "leak-operation-options leak-operation-options");
    finding = finding_at(&s, 0);
    assert_int_equal(finding->count, 3);
    assert_int_equal(finding->handle.id, 8);
    assert_string_equal(finding->message,
                        "3 of 10 operation options created in place_404000 (client.c:42) were never deleted");
    assert_non_null(strstr(finding->advice, " Others from there are deleted in place_406000 (client.c:42)."));
    assert_int_equal(finding_at(&s, 1)->count, 1);
    assert_true(finding->first_ns < finding->last_ns);
    assert_string_not_equal(finding->fingerprint, finding_at(&s, 1)->fingerprint);
    end(&s);
}

static void test_leaked_children_and_their_parent(void **state)
{
    STORY(s);

    initialize(&s, 1);
    at(&s, 0x402000);
    new_session(&s, 1, 1);
    at(&s, 0x403000);
    start(&s, 1, 1, SYNCHRONOUS);
    exits(&s);
    assert_findings(&s, "leak-application leak-session leak-operation");
    assert_non_null(
        strstr(finding_at(&s, 1)->advice, "First close or delete what was made from it: 1 is open."));
    end(&s);
}

static void test_leak_after_a_refused_close(void **state)
{
    enum { ACCESS_DENIED = 2 };
    STORY(s);
    const struct finding_related *related;

    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), ACCESS_DENIED);
    exits(&s);
    assert_findings(&s, "close-failed~ leak-application leak-session");
    assert_int_equal(finding_at(&s, 2)->related->len, 1);
    related = finding_at(&s, 2)->related->pdata[0];
    assert_string_equal(related->what, "refused close (ACCESS_DENIED)");
    assert_int_equal(related->site.function, MI_FN_session_close);
    end(&s);
}

static void test_leaks_of_ended_processes_only(void **state)
{
    static const struct {
        enum model_end end;
        const char *findings;
    } rows[] = {{MODEL_RUNNING, ""},
                {MODEL_EXIT, "leak-application"},
                {MODEL_UNDERSCORE_EXIT, "leak-application?~"},
                {MODEL_EXEC, ""},
                {MODEL_SIGNAL, "process-killed"}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct story s;
        begin(&s);
        initialize(&s, 1);
        if (rows[i].end != MODEL_RUNNING) {
            model_set_end(s.model, STORY_PID, rows[i].end, 9);
        }
        assert_findings(&s, rows[i].findings);
        end(&s);
    }
}

static void test_leaks_are_possible_when_events_are_lost(void **state)
{
    STORY(s);

    initialize(&s, 1);
    s.summary.complete = false;
    s.summary.lost = 7;
    exits(&s);
    assert_findings(&s, "leak-application? events-lost~");
    assert_string_equal(finding_at(&s, 1)->message,
                        "7 events were lost while the program ran: calls and handles may be missing");
    assert_null(finding_at(&s, 1)->process);
    end(&s);
}

static void test_no_leak_of_classes_that_may_be_given(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    enter(&s, MI_FN_deserializer_deserialize_instance, words_of(MI_KIND_deserializer, 1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    enter_callback(&s, MI_CB_class_needed, (struct mi_event){0});
    leave_callback(&s, MI_CB_class_needed, 0);
    leave(&s, MI_FN_deserializer_deserialize_instance, (struct mi_event){.result = 1});
    create(&s, MI_FN_application_new_class, APP(1), CLASS(2));
    call(&s, MI_FN_application_close, APP(1), 0);
    exits(&s);
    assert_findings(&s, "leak-class");
    assert_int_equal(finding_at(&s, 0)->handle.id, 2);
    end(&s);
}

static void test_equal_leaks_of_two_processes_are_one(void **state)
{
    STORY(s);

    tell(&s, MI_EV_module_load,
         (struct mi_event){
             .base = 0x400000, .start = 0x400000, .end = 0x500000, .path = "/bin/client", .path_len = 11});
    initialize(&s, 1);
    exits(&s);
    s.pid = s.tid = 200;
    s.slide = 0x10000000;
    tell(&s, MI_EV_process_start, (struct mi_event){.path = "/bin/client", .path_len = 11, .run = ""});
    tell(&s, MI_EV_module_load,
         (struct mi_event){.base = 0x10400000,
                           .start = 0x10400000,
                           .end = 0x10500000,
                           .path = "/bin/client",
                           .path_len = 11});
    initialize(&s, 1);
    tell(&s, MI_EV_process_end, (struct mi_event){.path = ""});
    assert_findings(&s, "leak-application");
    assert_int_equal(finding_at(&s, 0)->count, 2);
    assert_non_null(strstr(finding_at(&s, 0)->message, "(and the same 1 more time)"));
    end(&s);
}

/* app-close-in-callback */
static void test_application_closed_in_a_callback(void **state)
{
    struct story s;
    const struct finding *finding;
    const struct finding_link *link;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    close_asynchronously(&s, 1, 5);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "app-close-in-callback");
    finding = finding_at(&s, 0);
    assert_string_equal(
        finding->message,
        "MI_Application_Close on application 1 in place_403000 (client.c:42) cannot return: it was "
        "called inside the instanceResult callback of operation 1");
    assert_int_equal(finding->at.thread->tid, STORY_MI);
    assert_true(finding->blocked_ns >= 0);
    assert_int_equal(finding->chain->len, 3);
    link = finding->chain->pdata[2];
    assert_string_equal(link->waits_for, "thread 150");
    end(&s);
}

static void test_application_closed_in_a_completion(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    close_asynchronously(&s, 1, 5);
    on(&s, STORY_MI);
    enter_completion(&s, 5);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "app-close-in-callback");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Application_Close on application 1 in place_401000 (client.c:42) cannot return: it was called "
        "inside the close completion of session 1");
    end(&s);
}

static void test_application_closed_while_another_thread_completes(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    close_asynchronously(&s, 1, 5);
    on(&s, STORY_MI);
    enter_completion(&s, 5); /* wakes the main thread */
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "");
    end(&s);
}

static void test_application_closed_in_the_callback_of_a_failed_start(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    enter_result_of(&s, SESSION(1), 71, LAST, 0, 4);
    close_asynchronously(&s, 1, 5);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "");
    end(&s);
}

static void test_application_closed_in_a_session_callback(void **state)
{
    STORY(s);

    initialize(&s, 1);
    enter(&s, MI_FN_application_new_session, APP(1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    enter_callback(&s, MI_CB_session_message, (struct mi_event){.r1 = APP(1).r1, .r2 = APP(1).r2});
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "app-close-in-callback");
    end(&s);
}

static void test_application_of_another_closed_in_a_callback(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    initialize(&s, 2);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    call(&s, MI_FN_application_close, APP(2), 0);
    leave_result(&s, 71);
    assert_findings(&s, "app-close-in-callback~");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Application_Close on application 2 was called in place_403000 (client.c:42) inside the "
        "instanceResult callback of operation 1; it returned this time");
    assert_non_null(strstr(finding_at(&s, 0)->advice, "on another thread"));
    end(&s);
}

static void test_application_closed_where_a_class_is_needed(void **state)
{
    STORY(s);

    initialize(&s, 1);
    initialize(&s, 2);
    create(&s, MI_FN_application_new_deserializer, APP(1), words_of(MI_KIND_deserializer, 1));
    enter(&s, MI_FN_deserializer_deserialize_class, words_of(MI_KIND_deserializer, 1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    enter_callback(&s, MI_CB_class_needed, (struct mi_event){0});
    call(&s, MI_FN_application_close, APP(2), 0);
    assert_findings(&s, "");
    end(&s);
}

/* app-close-session-open */
static void test_application_waits_for_an_open_session(void **state)
{
    STORY(s);
    const struct finding *finding;

    initialize(&s, 1);
    at(&s, 0x402000);
    new_session(&s, 1, 1);
    new_session(&s, 1, 2);
    start(&s, 1, 1, SYNCHRONOUS);
    get(&s, 1, LAST);
    at(&s, 0x403000);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "app-close-session-open");
    finding = finding_at(&s, 0);
    assert_string_equal(finding->message, "MI_Application_Close on application 1 in place_403000 "
                                          "(client.c:42) cannot return: session 1 (created "
                                          "in place_402000, client.c:42) and 1 more were never closed");
    assert_string_equal(finding->advice, "Call MI_Session_Close on session 1 before MI_Application_Close. "
                                         "Close its operations first: operation 1 "
                                         "is open.");
    assert_int_equal(finding->handle.kind, MI_KIND_session);
    assert_int_equal(finding->created.function, MI_FN_application_new_session);
    assert_int_equal(finding->at.function, MI_FN_application_close);
    end(&s);
}

static void test_application_waits_for_a_hosted_provider(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_hosted_provider, APP(1), words_of(MI_KIND_hosted_provider, 1));
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "app-close-session-open");
    end(&s);
}

static void test_application_waits_for_nothing_that_failed(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create_fails(&s, MI_FN_application_new_session, APP(1), NOBODY);
    initialize(&s, 2);
    new_session(&s, 2, 2); /* of another application */
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "");
    end(&s);
}

/* A callback that is on its way may close the session; OMI's own tests do that. */
static void test_application_waits_while_results_come(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "");
    end(&s);
}

static void test_application_waits_while_a_callback_runs(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    enter_close(&s, MI_FN_application_close, APP(1));
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    assert_findings(&s, "");
    end(&s);
}

static void test_application_waits_while_another_thread_reads(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter_close(&s, MI_FN_application_close, APP(1));
    on(&s, 107);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    assert_findings(&s, "");
    end(&s);
}

static void test_application_waits_while_another_thread_closes(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_close(&s, MI_FN_application_close, APP(1));
    on(&s, 107);
    enter_close(&s, MI_FN_session_close, SESSION(1)); /* nothing is below it: the peer is slow */
    assert_findings(&s, "");
    end(&s);
}

/* A thread that is in no call might close it yet. */
static void test_another_thread_makes_it_possible_only(void **state)
{
    static const struct {
        bool timed_out, exited;
        const char *findings, *words;
    } rows[] = {{false, false, "app-close-session-open?", "does not return"},
                {true, false, "app-close-session-open", "cannot return"},
                {false, true, "app-close-session-open", "could not return before the process exited"}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct story s;
        begin(&s);
        initialize(&s, 1);
        new_session(&s, 1, 1);
        on(&s, 107);
        enter_close(&s, MI_FN_application_close, APP(1));
        s.timed_out = rows[i].timed_out;
        if (rows[i].exited) {
            exits(&s);
        }
        assert_findings(&s, rows[i].findings);
        assert_non_null(strstr(finding_at(&s, 0)->message, rows[i].words));
        end(&s);
    }
}

static void test_ended_and_delivering_threads_close_nothing(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    result(&s, 1, 71, LAST);
    on(&s, 107);
    call(&s, MI_FN_operation_close, OP(1), 0);
    tell(&s, MI_EV_thread_end, (struct mi_event){0});
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "app-close-session-open");
    end(&s);
}

/* session-close-in-callback */
static void test_session_closed_in_its_callback(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "session-close-in-callback");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Session_Close on session 1 in place_403000 (client.c:42) cannot return: it was called without a "
        "completion function inside the instanceResult callback of operation 1");
    assert_int_equal(finding_at(&s, 0)->related->len, 1);
    end(&s);
}

static void test_session_closed_on_the_thread_it_needs(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    new_session(&s, 1, 2);
    start(&s, 2, 2, 72);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(2), 0);
    enter_close(&s, MI_FN_session_close, SESSION(2));
    assert_findings(&s, "session-close-in-callback");
    assert_int_equal(finding_at(&s, 0)->handle.id, 2);
    end(&s);
}

static void test_session_closed_asynchronously_in_its_callback(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    close_asynchronously(&s, 1, 5);
    assert_findings(&s, "");
    end(&s);
}

static void test_session_closed_in_the_callback_of_a_failed_start(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    enter_result_of(&s, SESSION(1), 71, LAST, 0, 4);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    leave_result(&s, 71);
    leave_start(&s, NOBODY);
    assert_findings(&s, "");
    end(&s);
}

static void test_sessions_closed_in_callbacks_that_returned(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    new_session(&s, 1, 2);
    new_session(&s, 1, 3);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    call(&s, MI_FN_session_close, SESSION(2), 0);
    call(&s, MI_FN_session_close, SESSION(3), 0);
    call(&s, MI_FN_session_close, SESSION(3), 4);
    leave_result(&s, 71);
    assert_findings(&s, "session-close-in-callback~ double-close~");
    assert_int_equal(finding_at(&s, 0)->count, 2);
    end(&s);
}

/* session-close-operation-open */
static void test_session_waits_for_an_open_operation(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, LAST);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "session-close-operation-open");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Session_Close on session 1 in place_403000 (client.c:42) cannot return: operation 1 "
        "(started in place_402000, client.c:42) was never closed");
    assert_int_equal(finding_at(&s, 0)->handle.kind, MI_KIND_operation);
    end(&s);
}

static void test_session_waits_for_an_operation_with_all_results(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    on(&s, STORY_MI);
    result(&s, 1, 71, LAST);
    assert_findings(&s, "session-close-operation-open");
    end(&s);
}

static void test_session_waits_for_closed_operations(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_start(&s, 1, 2, SYNCHRONOUS, 0);
    leave_start(&s, SESSION(1)); /* failed */
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, ""); /* the last result of operation 1 has not come */
    end(&s);
}

static void test_session_waits_for_pending_results(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    start(&s, 1, 2, SYNCHRONOUS);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, ""); /* the callback of operation 1 may close both */
    end(&s);
}

static void test_hang_of_a_process_that_exits(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, LAST);
    on(&s, 107);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    exits(&s);
    assert_findings(&s, "session-close-operation-open"); /* and no leaks */
    end(&s);
}

/* async-close-never-completes */
static void test_completion_that_never_comes(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    result(&s, 1, 71, LAST);
    on(&s, STORY_MAIN);
    close_asynchronously(&s, 1, 5);
    s.timed_out = true;
    assert_findings(&s, "async-close-never-completes");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "the completion function given to MI_Session_Close on session 1 in place_403000 (client.c:42) "
        "is never called: operation 1 (started in place_402000, client.c:42) was never "
        "closed");
    assert_int_equal(finding_at(&s, 0)->blocked_ns, -1);
    end(&s);
}

static void test_application_behind_a_completion_that_never_comes(void **state)
{
    struct story s;
    const struct finding *consequence;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    result(&s, 1, 71, LAST);
    on(&s, STORY_MAIN);
    close_asynchronously(&s, 1, 5);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "async-close-never-completes");
    assert_int_equal(finding_at(&s, 0)->consequences->len, 1);
    consequence = finding_at(&s, 0)->consequences->pdata[0];
    assert_string_equal(
        consequence->message,
        "MI_Application_Close on application 1 in place_403000 (client.c:42) waits for session 1");
    assert_string_equal(consequence->rule->id, "app-close-session-open");
    assert_true(consequence->blocked_ns >= 0);
    end(&s);
}

static void test_completion_that_nobody_waits_for(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    result(&s, 1, 71, LAST);
    on(&s, STORY_MAIN);
    close_asynchronously(&s, 1, 5);
    exits(&s);
    assert_findings(&s, "leak-application leak-operation");
    end(&s);
}

static void test_completion_that_may_come(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    close_asynchronously(&s, 1, 5);
    s.timed_out = true;
    assert_findings(&s, "");
    end(&s);
}

static void test_completion_that_came(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    close_asynchronously(&s, 1, 5);
    leave_result(&s, 71);
    enter_completion(&s, 5);
    leave_completion(&s, 5);
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_application_close, APP(1));
    s.timed_out = true;
    assert_findings(&s, "");
    end(&s);
}

/* operation-close-undrained */
static void test_operation_closed_unread(void **state)
{
    struct story s;
    const struct finding_link *last;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, MORE);
    enter_close(&s, MI_FN_operation_close, OP(1));
    assert_findings(&s, "operation-close-undrained");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Operation_Close on operation 1 in place_403000 (client.c:42) cannot return: nobody read "
        "its final result");
    assert_string_equal(finding_at(&s, 0)->advice, "Call MI_Operation_GetInstance until moreResults is "
                                                   "MI_FALSE before MI_Operation_Close, also after an "
                                                   "error and after MI_Operation_Cancel.");
    last = finding_at(&s, 0)->chain->pdata[1];
    assert_string_equal(last->from, "operation 1");
    assert_string_equal(last->waits_for, "MI_Operation_GetInstance on operation 1");
    end(&s);
}

static void test_operation_closed_after_an_error_result(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    leave(&s, MI_FN_operation_get_instance, (struct mi_event){.more = LAST, .final = 1});
    enter_close(&s, MI_FN_operation_close, OP(1));
    assert_findings(&s, "");
    end(&s);
}

static void test_operation_closed_while_another_thread_reads(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    on(&s, 107);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_operation_close, OP(1));
    assert_findings(&s, "close-during-use"); /* and no hang: somebody reads */
    end(&s);
}

static void test_operation_that_another_thread_used(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    on(&s, 107);
    get(&s, 1, MORE);
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_operation_close, OP(1));
    assert_findings(&s, "operation-close-undrained?");
    end(&s);
}

static void test_asynchronous_operation_closed_early(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    enter_close(&s, MI_FN_operation_close, OP(1));
    assert_findings(&s, "");
    end(&s);
}

static void test_operation_with_the_wrong_callback(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter(&s, MI_FN_session_subscribe, SESSION(1),
          (struct mi_event){.callbacks = 1u << MI_CB_instance_result,
                            .token = 71,
                            .operation = OP(1).address,
                            .namespace = "",
                            .name = "",
                            .detail = ""});
    leave(&s, MI_FN_session_subscribe, (struct mi_event){.r1 = OP(1).r1, .r2 = OP(1).r2, .table = 3});
    enter_close(&s, MI_FN_operation_close, OP(1));
    assert_findings(&s, "operation-close-undrained");
    assert_non_null(strstr(finding_at(&s, 0)->advice, "MI_Operation_GetIndication"));
    assert_non_null(
        strstr(finding_at(&s, 0)->advice, "lack indicationResult, so it is a synchronous operation"));
    end(&s);
}

/* ack-never-given */
static void test_result_not_acknowledged(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    start_manual(&s, 1, 1, 71);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, LAST);
    on(&s, STORY_MAIN);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "ack-never-given");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Session_Close on session 1 in place_401000 (client.c:42) cannot return: instanceResult never "
        "acknowledged a result of operation 1 (started in place_401000, client.c:42)");
    assert_int_equal(finding_at(&s, 0)->related->len, 1);
    end(&s);
}

static void test_asynchronous_close_behind_an_acknowledgement(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    start_manual(&s, 1, 1, 71);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, MORE);
    call(&s, MI_FN_acknowledge, OP(1), 2); /* refused */
    on(&s, STORY_MAIN);
    close_asynchronously(&s, 1, 5);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "ack-never-given");
    assert_int_equal(finding_at(&s, 0)->consequences->len, 1);
    assert_int_equal(finding_at(&s, 0)->related->len, 2);
    end(&s);
}

static void test_prompt_not_answered(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    start(&s, 1, 1, 71);
    on(&s, STORY_MI);
    enter_callback(&s, MI_CB_prompt_user,
                   (struct mi_event){.token = 71, .r1 = OP(1).r1, .r2 = OP(1).r2, .more = 1, .owed = 1});
    leave_callback(&s, MI_CB_prompt_user, 71);
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "ack-never-given");
    assert_non_null(strstr(finding_at(&s, 0)->advice, "the response function that promptUser is given"));
    end(&s);
}

static void test_result_acknowledged_on_another_thread(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    start_manual(&s, 1, 1, 71);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, LAST);
    on(&s, 107);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter(&s, MI_FN_acknowledge, OP(1), (struct mi_event){0}); /* at work on it */
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "");
    end(&s);
}

static void test_result_with_its_callback_running(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    start_manual(&s, 1, 1, 71);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    on(&s, STORY_MI);
    enter_result_of(&s, OP(1), 71, LAST, 1, 0);
    assert_findings(&s, "");
    end(&s);
}

/* blocking-call-in-callback */
static void test_getter_on_the_delivering_thread(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    start(&s, 1, 2, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(2), (struct mi_event){0});
    assert_findings(&s, "blocking-call-in-callback");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Operation_GetInstance on operation 2 in place_403000 (client.c:42) cannot return: it was called "
        "inside the instanceResult callback of operation 1, on the thread that would have to deliver the "
        "result");
    end(&s);
}

static void test_close_on_the_delivering_thread(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    start(&s, 1, 2, SYNCHRONOUS);
    enter_close(&s, MI_FN_operation_close, OP(2));
    assert_findings(&s, "blocking-call-in-callback");
    end(&s);
}

static void test_getter_in_a_callback_inside_a_call(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    result(&s, 1, 71, MORE);
    on(&s, STORY_MAIN);
    enter_start(&s, 1, 2, 72, 0); /* fails at once: the callback runs inside the call */
    enter_result_of(&s, OP(2), 72, LAST, 0, 1);
    start(&s, 1, 3, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(3), (struct mi_event){0});
    assert_findings(&s, "");
    end(&s);
}

static void test_getter_that_waits_for_the_peer(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    assert_findings(&s, "");
    end(&s);
}

/* One hang is one story. */
static void test_everybody_behind_the_delivering_thread(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    new_session(&s, 1, 2);
    start(&s, 2, 3, SYNCHRONOUS);
    on(&s, 107);
    start(&s, 2, 4, 74);
    call(&s, MI_FN_operation_close, OP(4), 0);
    enter_close(&s, MI_FN_session_close, SESSION(2));
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    on(&s, STORY_MAIN);
    enter(&s, MI_FN_operation_get_instance, OP(3), (struct mi_event){0});
    assert_findings(&s, "session-close-in-callback");
    assert_int_equal(finding_at(&s, 0)->consequences->len, 2);
    end(&s);
}

static void test_three_threads_behind_one_unread_result(void **state)
{
    struct story s;
    const struct finding *root;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    on(&s, 108);
    start(&s, 1, 2, SYNCHRONOUS);
    enter_close(&s, MI_FN_operation_close, OP(2));
    on(&s, STORY_MAIN);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    on(&s, 107);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "operation-close-undrained");
    root = finding_at(&s, 0);
    assert_int_equal(root->at.thread->tid, 108);
    assert_int_equal(root->consequences->len, 2);
    assert_string_equal(
        ((const struct finding *)root->consequences->pdata[0])->message,
        "MI_Application_Close on application 1 in place_403000 (client.c:42) waits for session 1");
    assert_string_equal(((const struct finding *)root->consequences->pdata[1])->message,
                        "MI_Session_Close on session 1 in place_403000 (client.c:42) waits for operation 2");
    assert_string_equal(((const struct finding *)root->consequences->pdata[1])->rule->id,
                        "session-close-operation-open");
    end(&s);
}

/* Two callbacks that close each other's sessions, on two threads of the program. */
static void test_cycle_of_callbacks(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    new_session(&s, 1, 2);
    start(&s, 1, 1, 71);
    start(&s, 2, 2, 72);
    on(&s, 107);
    enter(&s, MI_FN_operation_cancel, OP(1), (struct mi_event){0});
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(2));
    on(&s, 108);
    enter(&s, MI_FN_operation_cancel, OP(2), (struct mi_event){0});
    enter_result(&s, 2, 72, LAST);
    call(&s, MI_FN_operation_close, OP(2), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "session-close-in-callback");
    assert_int_equal(finding_at(&s, 0)->consequences->len, 1);
    end(&s);
}

static void test_same_hang_on_several_threads(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    for (uint32_t tid = 107; tid < 110; tid++) {
        on(&s, tid);
        start(&s, 1, tid, SYNCHRONOUS);
        enter_close(&s, MI_FN_operation_close, OP(tid));
    }
    assert_findings(&s, "operation-close-undrained");
    assert_int_equal(finding_at(&s, 0)->count, 3);
    end(&s);
}

static void test_one_wait_behind_several_equal_roots(void **state)
{
    STORY(s);

    initialize(&s, 1);
    for (unsigned i = 1; i <= 3; i++) {
        at(&s, 0x402000);
        new_session(&s, 1, i);
        start(&s, i, i, SYNCHRONOUS);
        get(&s, i, LAST);
        close_asynchronously(&s, i, i);
    }
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "async-close-never-completes");
    assert_int_equal(finding_at(&s, 0)->count, 3);
    assert_int_equal(finding_at(&s, 0)->consequences->len, 1);
    end(&s);
}

static void test_forked_child_waits_for_nothing_of_ours(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    s.pid = s.tid = 200;
    tell(&s, MI_EV_process_fork, (struct mi_event){.parent = STORY_PID});
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "");
    end(&s);
}

static void test_hang_is_possible_when_the_trace_is_cut(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter_close(&s, MI_FN_operation_close, OP(1));
    s.summary.complete = false;
    assert_findings(&s, "operation-close-undrained? trace-truncated~");
    end(&s);
}

/* What may still move, and what may not. */
static void test_application_closed_in_a_callback_with_all_open(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    start(&s, 1, 2, 72);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "app-close-in-callback");
    assert_int_equal(finding_at(&s, 0)->handle.kind, MI_KIND_application);
    end(&s);
}

static void test_two_threads_close_one_application(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    for (uint32_t tid = 107; tid < 109; tid++) {
        on(&s, tid);
        at(&s, 0x404000 + tid);
        enter_close(&s, MI_FN_application_close, APP(1));
    }
    s.timed_out = true;
    assert_findings(&s, "app-close-session-open app-close-session-open double-close");
    end(&s);
}

static void test_session_waits_while_another_thread_starts(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, LAST);
    on(&s, 107);
    enter_start(&s, 1, 2, SYNCHRONOUS, 0);
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "");
    end(&s);
}

static void test_operation_without_words_is_not_blamed(void **state)
{
    struct story s;

    (void)state;
    begin(&s);
    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, SYNCHRONOUS, 0);
    leave_start(&s, NOBODY);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "");
    end(&s);
    begin(&s);
    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, SYNCHRONOUS, 0);
    leave_start(&s, NOBODY);
    close_rest_and_exit(&s);
    assert_findings(&s, "");
    end(&s);
}

static void test_operation_that_cannot_be_closed_is_not_blamed(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter(&s, MI_FN_session_enumerate_instances, SESSION(1),
          (struct mi_event){.callbacks = 1u << MI_CB_instance_result,
                            .token = 71,
                            .namespace = "",
                            .name = "",
                            .detail = ""});
    leave_start(&s, OP(1));
    call(&s, MI_FN_application_close, APP(1), 0);
    exits(&s);
    assert_findings(&s, "leak-session");
    end(&s);
}

static void test_doubtful_leak_is_possible(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    result(&s, 1, 71, LAST);
    unwind(&s); /* an exception: does the program know that it has an operation? */
    close_rest_and_exit(&s);
    assert_findings(&s, "leak-operation?");
    end(&s);
}

static void test_asynchronous_close_without_time_limit_is_possible(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    result(&s, 1, 71, LAST);
    on(&s, STORY_MAIN);
    close_asynchronously(&s, 1, 5); /* the next line may close the operation */
    assert_findings(&s, "async-close-never-completes?");
    end(&s);
}

static void test_somebody_waits_behind_an_asynchronous_close_at_exit(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    result(&s, 1, 71, LAST);
    on(&s, 107);
    close_asynchronously(&s, 1, 5);
    enter_close(&s, MI_FN_application_close, APP(1));
    exits(&s);
    assert_findings(&s, "async-close-never-completes");
    end(&s);
}

/* Another session's close in the completion of one, on the thread that both need. */
static void test_application_behind_a_stuck_completion(void **state)
{
    struct story s;
    const struct finding *consequence;
    const struct finding_link *link;

    (void)state;
    begin_with_operation(&s, 71);
    new_session(&s, 1, 2);
    call(&s, MI_FN_operation_close, OP(1), 0);
    close_asynchronously(&s, 2, 6);
    on(&s, STORY_MI);
    enter_completion(&s, 6);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "session-close-in-callback");
    assert_int_equal(finding_at(&s, 0)->consequences->len, 1);
    consequence = finding_at(&s, 0)->consequences->pdata[0];
    assert_int_equal(consequence->chain->len, 3);
    link = consequence->chain->pdata[2];
    assert_string_equal(link->waits_for, "thread 150");
    end(&s);
}

static void test_links_of_a_consequence(void **state)
{
    struct story s;
    const struct finding *consequence;
    const struct finding_link *link;

    (void)state;
    begin_with_operation(&s, 71);
    new_session(&s, 1, 2);
    start(&s, 2, 2, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(2), (struct mi_event){0});
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "session-close-in-callback");
    consequence = finding_at(&s, 0)->consequences->pdata[0];
    assert_string_equal(consequence->message,
                        "MI_Operation_GetInstance on operation 2 in place_403000 (client.c:42) waits, too");
    assert_int_equal(consequence->chain->len, 2);
    link = consequence->chain->pdata[1];
    assert_string_equal(link->from, "operation 2");
    assert_string_equal(
        link->because,
        "that thread delivers MI's results and is inside the instanceResult callback of operation 1");
    end(&s);
}

static void test_application_closed_in_the_last_callback_with_all_open(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "app-close-in-callback");
    end(&s);
}

static void test_application_of_another_with_an_open_session(void **state)
{
    STORY(s);

    initialize(&s, 1);
    initialize(&s, 2);
    new_session(&s, 1, 1);
    new_session(&s, 2, 2);
    close_asynchronously(&s, 1, 5);
    on(&s, STORY_MI);
    enter_completion(&s, 5);
    enter_close(&s, MI_FN_application_close, APP(2)); /* not because of the completion that it is in */
    s.timed_out = true;
    assert_findings(&s, "app-close-session-open");
    end(&s);
}

static void test_getter_of_an_asynchronous_operation_does_not_wait(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    assert_findings(&s, "");
    end(&s);
}

/* Neither closes anything: one never used MI, the other is MI's own and idle. */
static void test_threads_that_do_not_count(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, 160); /* delivers, and nothing else is known of it */
    result(&s, 1, 71, LAST);
    on(&s, 107);
    tell(&s, MI_EV_thread_start, (struct mi_event){.name = ""});
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "session-close-operation-open");
    end(&s);
}

/* The callback waits for another application's session, which moves on; then it may close what is open here.
 */
static void test_callback_that_goes_on_later(void **state)
{
    STORY(s);

    initialize(&s, 1);
    initialize(&s, 2);
    new_session(&s, 1, 1);
    new_session(&s, 2, 2);
    start(&s, 1, 1, 71);
    start(&s, 2, 2, 72);
    start(&s, 2, 3, SYNCHRONOUS);
    enter_close(&s, MI_FN_application_close, APP(1));
    on(&s, 107);
    enter(&s, MI_FN_operation_cancel, OP(1), (struct mi_event){0});
    enter_result(&s, 1, 71, LAST);
    enter_close(&s, MI_FN_session_close, SESSION(2));
    s.timed_out = true;
    assert_findings(&s, "");
    end(&s);
}

/* Several threads that deliver: nobody knows which one would have to. */
static void test_two_delivering_threads(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    start(&s, 1, 2, 72);
    on(&s, 160);
    tell(&s, MI_EV_thread_start, (struct mi_event){.library = 1, .name = ""});
    result(&s, 2, 72, MORE);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    start(&s, 1, 3, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(3), (struct mi_event){0});
    assert_findings(&s, "");
    end(&s);
}

/* A thread of the program got callbacks outside its calls, because the trace begins in the middle. */
static void test_thread_of_the_program_does_not_deliver(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    on(&s, 107);
    tell(&s, MI_EV_thread_start, (struct mi_event){.name = ""});
    enter_result(&s, 1, 71, MORE);
    start(&s, 1, 2, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(2), (struct mi_event){0});
    assert_findings(&s, "");
    end(&s);
}

static void test_one_wait_with_two_causes(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    start_manual(&s, 1, 1, 71);
    start(&s, 1, 2, SYNCHRONOUS);
    get(&s, 2, LAST);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, LAST);
    on(&s, 107);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "session-close-operation-open ack-never-given"); /* the shorter chain first */
    assert_int_equal(finding_at(&s, 0)->consequences->len + finding_at(&s, 1)->consequences->len, 1);
    end(&s);
}

/* process-killed */
static void test_killed_without_open_handles(void **state)
{
    STORY(s);

    initialize(&s, 1);
    call(&s, MI_FN_application_close, APP(1), 0);
    model_set_end(s.model, STORY_PID, MODEL_SIGNAL, 9);
    assert_findings(&s, "");
    end(&s);
}

static void test_killed_with_open_handles(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    new_session(&s, 1, 2);
    model_set_end(s.model, STORY_PID, MODEL_SIGNAL, 9);
    assert_findings(&s, "process-killed");
    assert_string_equal(finding_at(&s, 0)->message,
                        "the process was killed by SIGKILL while these were open: 1 application, 2 sessions");
    assert_int_equal(finding_at(&s, 0)->severity, FINDING_NOTE);
    end(&s);
}

/* Whoever hung is told as a hang. */
static void test_killed_because_it_hung(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter_close(&s, MI_FN_operation_close, OP(1));
    model_set_end(s.model, STORY_PID, MODEL_SIGNAL, 9);
    assert_findings(&s, "operation-close-undrained");
    end(&s);
    begin_with_operation(&s, SYNCHRONOUS);
    s.timed_out = true;
    model_set_end(s.model, STORY_PID, MODEL_SIGNAL, 15);
    assert_findings(&s, "");
    end(&s);
}

static void test_truncated_trace(void **state)
{
    STORY(s);

    s.summary.complete = false;
    s.summary.problems = g_ptr_array_new();
    g_ptr_array_add(s.summary.problems, (gpointer) "/t/channel0_0: cut after 17 packets");
    g_ptr_array_add(s.summary.problems, (gpointer) "/t/channel0_1: cut after 3 packets");
    assert_findings(&s, "trace-truncated~");
    assert_string_equal(finding_at(&s, 0)->message,
                        "the trace is not complete: /t/channel0_0: cut after 17 packets");
    assert_int_equal(finding_at(&s, 0)->related->len, 1);
    g_ptr_array_unref(s.summary.problems);
    end(&s);
}

/* The fingerprint is of names: addresses differ from run to run. */
static char *fingerprint_of_leak(uint64_t slide, uint64_t place)
{
    struct story s;
    char *fingerprint;

    begin(&s);
    s.slide = slide;
    at(&s, place);
    initialize(&s, 1);
    exits(&s);
    fingerprint = g_strdup(finding_at(&s, 0)->fingerprint);
    end(&s);
    return fingerprint;
}

static void test_fingerprints(void **state)
{
    g_autofree char *here = fingerprint_of_leak(0, 0x401000);
    g_autofree char *moved = fingerprint_of_leak(0x7f0000000000, 0x401000);
    g_autofree char *elsewhere = fingerprint_of_leak(0, 0x402000);

    (void)state;
    assert_int_equal(strlen(here), 16);
    assert_string_equal(here, moved);
    assert_string_not_equal(here, elsewhere);
}

static void test_fingerprints_without_stacks_differ(void **state)
{
    STORY(s);

    at(&s, 0);
    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    exits(&s);
    assert_findings(&s, "leak-application leak-session leak-operation");
    assert_string_not_equal(finding_at(&s, 0)->fingerprint, finding_at(&s, 1)->fingerprint);
    assert_string_equal(
        finding_at(&s, 0)->advice,
        "Call MI_Application_Close on application 1 when no longer needed. First close or delete "
        "what was made from it: 1 is open.");
    end(&s);
}

static void test_messages_name_the_caller_of_mi(void **state)
{
    STORY(s);

    at(&s, INLINE_PLACES);
    initialize(&s, 1);
    exits(&s);
    assert_non_null(strstr(finding_at(&s, 0)->message, "created in place_500000 (client.c:42)"));
    end(&s);
}

/* The trace may go on after its last event. */
static void test_time_of_a_hang(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter_close(&s, MI_FN_operation_close, OP(1));
    model_set_watched(s.model, s.now + 5000);
    assert_int_equal(finding_at(&s, 0)->blocked_ns, 5000);
    end(&s);
    begin_with_operation(&s, SYNCHRONOUS);
    on(&s, 107);
    enter_close(&s, MI_FN_operation_close, OP(1));
    exits(&s);
    model_set_watched(s.model, s.now + 5000); /* of others */
    assert_int_equal(finding_at(&s, 0)->blocked_ns, 1000);
    end(&s);
}

/* The registry. */
static void test_registry(void **state)
{
    (void)state;
    for (size_t i = 0; i < rules_count; i++) {
        const struct rule *rule = &rules_registry[i];
        assert_ptr_equal(rules_find(rule->id), rule);
        assert_non_null(rule->code);
        assert_true(strlen(rule->title) > 10);
        assert_true(strlen(rule->help) > 100);
        assert_int_equal(rule->kind == FINDING_DEADLOCK, rule->deadlock != NULL);
        assert_int_equal(rule->kind == FINDING_LEAK, rule->leak != MI_KIND_none);
    }
    assert_null(rules_find("no-such-rule"));
}

static void test_words(void **state)
{
    (void)state;
    assert_string_equal(finding_severity_word(FINDING_NOTE), "note");
    assert_string_equal(finding_certainty_word(FINDING_POSSIBLE), "possible");
    assert_string_equal(finding_kind_word(FINDING_DEADLOCK), "deadlock");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_leak_of_each_kind),
        cmocka_unit_test(test_leak_of_an_application),
        cmocka_unit_test(test_leak_of_an_operation),
        cmocka_unit_test(test_no_leak_of_a_failed_start),
        cmocka_unit_test(test_no_leak_of_an_accepted_close),
        cmocka_unit_test(test_leaks_by_place),
        cmocka_unit_test(test_leaked_children_and_their_parent),
        cmocka_unit_test(test_leak_after_a_refused_close),
        cmocka_unit_test(test_leaks_of_ended_processes_only),
        cmocka_unit_test(test_leaks_are_possible_when_events_are_lost),
        cmocka_unit_test(test_no_leak_of_classes_that_may_be_given),
        cmocka_unit_test(test_equal_leaks_of_two_processes_are_one),
        cmocka_unit_test(test_application_closed_in_a_callback),
        cmocka_unit_test(test_application_closed_in_a_completion),
        cmocka_unit_test(test_application_closed_while_another_thread_completes),
        cmocka_unit_test(test_application_closed_in_the_callback_of_a_failed_start),
        cmocka_unit_test(test_application_closed_in_a_session_callback),
        cmocka_unit_test(test_application_of_another_closed_in_a_callback),
        cmocka_unit_test(test_application_closed_where_a_class_is_needed),
        cmocka_unit_test(test_application_waits_for_an_open_session),
        cmocka_unit_test(test_application_waits_for_a_hosted_provider),
        cmocka_unit_test(test_application_waits_for_nothing_that_failed),
        cmocka_unit_test(test_application_waits_while_results_come),
        cmocka_unit_test(test_application_waits_while_a_callback_runs),
        cmocka_unit_test(test_application_waits_while_another_thread_reads),
        cmocka_unit_test(test_application_waits_while_another_thread_closes),
        cmocka_unit_test(test_another_thread_makes_it_possible_only),
        cmocka_unit_test(test_ended_and_delivering_threads_close_nothing),
        cmocka_unit_test(test_session_closed_in_its_callback),
        cmocka_unit_test(test_session_closed_on_the_thread_it_needs),
        cmocka_unit_test(test_session_closed_asynchronously_in_its_callback),
        cmocka_unit_test(test_session_closed_in_the_callback_of_a_failed_start),
        cmocka_unit_test(test_sessions_closed_in_callbacks_that_returned),
        cmocka_unit_test(test_session_waits_for_an_open_operation),
        cmocka_unit_test(test_session_waits_for_an_operation_with_all_results),
        cmocka_unit_test(test_session_waits_for_closed_operations),
        cmocka_unit_test(test_session_waits_for_pending_results),
        cmocka_unit_test(test_hang_of_a_process_that_exits),
        cmocka_unit_test(test_completion_that_never_comes),
        cmocka_unit_test(test_application_behind_a_completion_that_never_comes),
        cmocka_unit_test(test_completion_that_nobody_waits_for),
        cmocka_unit_test(test_completion_that_may_come),
        cmocka_unit_test(test_completion_that_came),
        cmocka_unit_test(test_operation_closed_unread),
        cmocka_unit_test(test_operation_closed_after_an_error_result),
        cmocka_unit_test(test_operation_closed_while_another_thread_reads),
        cmocka_unit_test(test_operation_that_another_thread_used),
        cmocka_unit_test(test_asynchronous_operation_closed_early),
        cmocka_unit_test(test_operation_with_the_wrong_callback),
        cmocka_unit_test(test_result_not_acknowledged),
        cmocka_unit_test(test_asynchronous_close_behind_an_acknowledgement),
        cmocka_unit_test(test_prompt_not_answered),
        cmocka_unit_test(test_result_acknowledged_on_another_thread),
        cmocka_unit_test(test_result_with_its_callback_running),
        cmocka_unit_test(test_getter_on_the_delivering_thread),
        cmocka_unit_test(test_close_on_the_delivering_thread),
        cmocka_unit_test(test_getter_in_a_callback_inside_a_call),
        cmocka_unit_test(test_getter_that_waits_for_the_peer),
        cmocka_unit_test(test_everybody_behind_the_delivering_thread),
        cmocka_unit_test(test_three_threads_behind_one_unread_result),
        cmocka_unit_test(test_cycle_of_callbacks),
        cmocka_unit_test(test_same_hang_on_several_threads),
        cmocka_unit_test(test_forked_child_waits_for_nothing_of_ours),
        cmocka_unit_test(test_hang_is_possible_when_the_trace_is_cut),
        cmocka_unit_test(test_killed_without_open_handles),
        cmocka_unit_test(test_killed_with_open_handles),
        cmocka_unit_test(test_killed_because_it_hung),
        cmocka_unit_test(test_truncated_trace),
        cmocka_unit_test(test_fingerprints),
        cmocka_unit_test(test_fingerprints_without_stacks_differ),
        cmocka_unit_test(test_registry),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_application_closed_in_a_callback_with_all_open),
        cmocka_unit_test(test_two_threads_close_one_application),
        cmocka_unit_test(test_session_waits_while_another_thread_starts),
        cmocka_unit_test(test_operation_without_words_is_not_blamed),
        cmocka_unit_test(test_operation_that_cannot_be_closed_is_not_blamed),
        cmocka_unit_test(test_doubtful_leak_is_possible),
        cmocka_unit_test(test_asynchronous_close_without_time_limit_is_possible),
        cmocka_unit_test(test_somebody_waits_behind_an_asynchronous_close_at_exit),
        cmocka_unit_test(test_application_behind_a_stuck_completion),
        cmocka_unit_test(test_links_of_a_consequence),
        cmocka_unit_test(test_two_delivering_threads),
        cmocka_unit_test(test_thread_of_the_program_does_not_deliver),
        cmocka_unit_test(test_one_wait_with_two_causes),
        cmocka_unit_test(test_application_closed_in_the_last_callback_with_all_open),
        cmocka_unit_test(test_application_of_another_with_an_open_session),
        cmocka_unit_test(test_getter_of_an_asynchronous_operation_does_not_wait),
        cmocka_unit_test(test_threads_that_do_not_count),
        cmocka_unit_test(test_callback_that_goes_on_later),
        cmocka_unit_test(test_one_wait_behind_several_equal_roots),
        cmocka_unit_test(test_messages_name_the_caller_of_mi),
        cmocka_unit_test(test_time_of_a_hang),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
