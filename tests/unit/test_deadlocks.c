/* SPDX-License-Identifier: MIT */
/* Deadlocks whose cause lies outside MI, in a fork, or in what spoils MI's counts; and stories that look
 * alike. */
#include "build_events.h"

/* Nothing happens any more, and the program is watched for a while. */
static void watch_for(struct story *story, int64_t milliseconds)
{
    model_set_watched(story->model, story->now + milliseconds * 1000000);
}

/* Operation 1 of session 1 is asynchronous and has the token 71. */
static void begin_asynchronous(struct story *story)
{
    begin(story);
    initialize(story, 1);
    new_session(story, 1, 1);
    start_delivery_thread(story);
    at(story, 0x402000);
    start(story, 1, 1, 71);
    at(story, 0x403000);
}

static const struct finding *consequence_of(const struct finding *finding, guint number)
{
    assert_true(number < finding->consequences->len);
    return finding->consequences->pdata[number];
}

static void assert_link(const struct finding *finding, guint number, const char *from, const char *waits_for)
{
    const struct finding_link *link;

    assert_true(number < finding->chain->len);
    link = finding->chain->pdata[number];
    assert_string_equal(link->from, from);
    assert_string_equal(link->waits_for, waits_for);
}

/* callback-blocked */
static void begin_behind_a_callback(struct story *story)
{
    begin_asynchronous(story);
    on(story, STORY_MI);
    enter_result(story, 1, 71, LAST);
    on(story, STORY_MAIN);
    call(story, MI_FN_operation_close, OP(1), 0);
    enter_close(story, MI_FN_session_close, SESSION(1));
}

static void test_close_behind_a_callback(void **state)
{
    struct story s;
    const struct finding *finding;

    (void)state;
    begin_behind_a_callback(&s);
    watch_for(&s, 1500);
    assert_findings(&s, "callback-blocked?");
    finding = finding_at(&s, 0);
    assert_string_equal(
        finding->message,
        "MI_Session_Close on session 1 in place_403000 (client.c:42) does not return: the "
        "instanceResult callback of operation 1 (started in place_402000, client.c:42) has not "
        "returned for 1.5 s");
    assert_int_equal(finding->at.function, MI_FN_session_close);
    assert_int_equal(finding->handle.kind, MI_KIND_operation);
    assert_int_equal(finding->chain->len, 4);
    assert_link(finding, 0, "thread 100", "session 1");
    assert_link(finding, 1, "session 1", "operation 1");
    assert_link(finding, 2, "operation 1", "thread 150");
    assert_link(finding, 3, "thread 150", "something outside MI");
    assert_int_equal(finding->consequences->len, 0);
    assert_int_equal(finding->related->len, 1);
    end(&s);
}

static void test_close_behind_a_callback_for_a_moment(void **state)
{
    struct story s;

    (void)state;
    begin_behind_a_callback(&s);
    watch_for(&s, 900);
    assert_findings(&s, "");
    end(&s);
}

static void test_close_behind_a_callback_that_returned(void **state)
{
    struct story s;

    (void)state;
    begin_behind_a_callback(&s);
    on(&s, STORY_MI);
    leave_result(&s, 71);
    watch_for(&s, 900);
    assert_findings(&s, "");
    end(&s);
}

static void test_callback_that_nobody_waits_for(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    watch_for(&s, 5000);
    assert_findings(&s, "");
    end(&s);
}

static void test_callback_that_runs_when_the_process_exits(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    on(&s, 107);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    s.now += 2000000000;
    exits(&s);
    assert_findings(&s, "leak-application");
    end(&s);
}

/* The callback's own calls have stacks: the last one tells where it is. */
static void test_last_call_of_a_stuck_callback(void **state)
{
    struct story s;
    const struct finding_related *last;

    (void)state;
    begin_asynchronous(&s);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    at(&s, 0x404000);
    call(&s, MI_FN_operation_close, OP(1), 0);
    on(&s, STORY_MAIN);
    at(&s, 0x403000);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    watch_for(&s, 1500);
    assert_findings(&s, "callback-blocked?");
    assert_non_null(
        strstr(finding_at(&s, 0)->message, ", since MI_Operation_Close in place_404000 (client.c:42)"));
    assert_int_equal(finding_at(&s, 0)->related->len, 2);
    last = finding_at(&s, 0)->related->pdata[1];
    assert_int_equal(last->site.function, MI_FN_operation_close);
    end(&s);
}

static void test_everybody_behind_one_callback(void **state)
{
    struct story s;
    const struct finding *finding;

    (void)state;
    begin_asynchronous(&s);
    new_session(&s, 1, 2);
    start(&s, 2, 2, SYNCHRONOUS);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    on(&s, STORY_MAIN);
    call(&s, MI_FN_operation_close, OP(1), 0);
    close_asynchronously(&s, 1, 5);
    enter_close(&s, MI_FN_application_close, APP(1));
    on(&s, 107);
    enter(&s, MI_FN_operation_get_instance, OP(2), (struct mi_event){0});
    watch_for(&s, 1500);
    assert_findings(&s, "callback-blocked?");
    finding = finding_at(&s, 0);
    assert_int_equal(finding->at.function, MI_FN_operation_get_instance); /* nobody is nearer */
    assert_int_equal(finding->chain->len, 3);
    assert_int_equal(finding->consequences->len, 2);
    assert_string_equal(consequence_of(finding, 0)->rule->id, "app-close-session-open");
    assert_string_equal(consequence_of(finding, 1)->rule->id, "async-close-never-completes");
    end(&s);
}

/* Whatever the callback would still close is no cause of its own. */
static void test_open_operations_behind_a_stuck_callback(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    start(&s, 1, 2, SYNCHRONOUS);
    get(&s, 2, LAST);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    watch_for(&s, 1500);
    assert_findings(&s, "callback-blocked?");
    end(&s);
}

/* blocking-wait-in-callback */
static void test_completion_awaited_in_the_callback(void **state)
{
    struct story s;
    const struct finding *finding;

    (void)state;
    begin_asynchronous(&s);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    close_asynchronously(&s, 1, 5);
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_application_close, APP(1));
    watch_for(&s, 1500);
    assert_findings(&s, "blocking-wait-in-callback?");
    finding = finding_at(&s, 0);
    assert_string_equal(
        finding->message,
        "the instanceResult callback of operation 1 has not returned since it called "
        "MI_Session_Close on session 1 in place_403000 (client.c:42): that completes only after the "
        "callback has returned");
    assert_int_equal(finding->handle.kind, MI_KIND_session);
    assert_int_equal(finding->at.thread->tid, STORY_MI);
    assert_int_equal(finding->at.function, MI_FN_session_close);
    assert_int_equal(finding->consequences->len, 1);
    assert_string_equal(
        consequence_of(finding, 0)->message,
        "MI_Application_Close on application 1 in place_403000 (client.c:42) waits for session 1");
    end(&s);
}

static void test_result_awaited_in_the_callback(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    start(&s, 1, 2, 72);
    watch_for(&s, 1500);
    assert_findings(&s, "blocking-wait-in-callback?");
    assert_int_equal(finding_at(&s, 0)->handle.id, 2);
    assert_non_null(
        strstr(finding_at(&s, 0)->message, "has not returned since it started operation 2 in place_403000"));
    end(&s);
}

static void test_callback_that_has_just_asked(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    new_session(&s, 1, 2);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    close_asynchronously(&s, 1, 5);
    start(&s, 2, 2, 72);
    watch_for(&s, 900);
    assert_findings(&s, "");
    end(&s);
}

/* It waits for nothing that was asked for in it, as far as anybody can see. */
static void test_callback_after_other_requests(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    new_session(&s, 1, 2);
    start(&s, 2, 2, 72);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    start(&s, 1, 3, 73);
    leave_result(&s, 71);
    enter_result(&s, 3, 73, LAST);
    call(&s, MI_FN_operation_close, OP(3), 0);
    start(&s, 1, 4, SYNCHRONOUS);
    close_asynchronously(&s, 2, 6); /* its operation is still open: nothing to do with this callback */
    leave_result(&s, 73);
    enter_result(&s, 1, 71, MORE);
    watch_for(&s, 5000);
    s.timed_out = true;
    assert_findings(&s, "callback-blocked?"); /* the completion of session 2 cannot be delivered meanwhile */
    assert_int_equal(finding_at(&s, 0)->blocked_ns, -1);
    end(&s);
}

/* A callback inside the program's own call does not keep MI's thread. */
static void test_result_awaited_inside_a_call(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    on(&s, STORY_MI);
    result(&s, 1, 71, MORE);
    on(&s, STORY_MAIN);
    enter_start(&s, 1, 2, 72, 0);
    enter_result_of(&s, OP(2), 72, LAST, 0, 1);
    start(&s, 1, 3, 73);
    watch_for(&s, 5000);
    assert_findings(&s, "");
    end(&s);
}

/* use-in-forked-child */
enum { CHILD = 200 };

static void fork_child(struct story *story)
{
    story->pid = CHILD;
    on(story, CHILD);
    tell(story, MI_EV_thread_start, (struct mi_event){.name = ""});
    tell(story, MI_EV_process_fork, (struct mi_event){.parent = STORY_PID});
}

static void begin_and_fork(struct story *story)
{
    begin(story);
    initialize(story, 1);
    at(story, 0x402000);
    new_session(story, 1, 1);
    at(story, 0x403000);
    fork_child(story);
}

static void test_child_reads_over_its_parents_session(void **state)
{
    struct story s;
    const struct finding *finding;

    (void)state;
    begin_and_fork(&s);
    start(&s, 1, 1, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    assert_findings(&s, "use-in-forked-child");
    finding = finding_at(&s, 0);
    assert_string_equal(
        finding->message,
        "MI_Operation_GetInstance on operation 1 in place_403000 (client.c:42) cannot return: process "
        "200 is a forked child, and the thread that delivers MI's results stayed in its parent 100");
    assert_non_null(strstr(finding->advice,
                           "Do not use session 1 (created in place_402000, client.c:42) of process 100"));
    assert_int_equal(finding->process->pid, CHILD);
    assert_int_equal(finding->related->len, 1);
    assert_int_equal(model_processes(s.model)->len, 2);
    end(&s);
}

static void test_child_closes_unread(void **state)
{
    struct story s;

    (void)state;
    begin_and_fork(&s);
    start(&s, 1, 1, SYNCHRONOUS);
    enter_close(&s, MI_FN_operation_close, OP(1)); /* reading before it would have hung, too */
    assert_findings(&s, "use-in-forked-child");
    end(&s);
}

static void test_child_with_an_application_of_its_own(void **state)
{
    struct story s;

    (void)state;
    begin_and_fork(&s);
    initialize(&s, 2);
    new_session(&s, 2, 2);
    start(&s, 2, 1, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    assert_findings(&s, "use-in-forked-child");
    assert_non_null(strstr(finding_at(&s, 0)->advice, "an application of the child's own does not help"));
    end(&s);
}

static void test_child_closes_its_parents_session(void **state)
{
    static const struct {
        int64_t milliseconds;
        const char *findings;
    } rows[] = {{900, ""}, {1500, "use-in-forked-child"}}; /* it may be at work */

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct story s;
        begin_and_fork(&s);
        enter_close(&s, MI_FN_session_close, SESSION(1));
        watch_for(&s, rows[i].milliseconds);
        assert_findings(&s, rows[i].findings);
        end(&s);
    }
}

static void ask_in_child(struct story *story, unsigned application)
{
    new_session(story, application, 7);
    start(story, 7, 7, SYNCHRONOUS);
    enter(story, MI_FN_operation_get_instance, OP(7), (struct mi_event){0});
}

static void test_child_of_a_parent_without_sessions(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create_fails(&s, MI_FN_application_new_session, APP(1), NOBODY);
    fork_child(&s);
    ask_in_child(&s, 1); /* MI's thread starts here */
    assert_findings(&s, "");
    end(&s);
}

static void test_child_of_a_parent_that_has_closed_all(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    call(&s, MI_FN_application_close, APP(1), 0);
    fork_child(&s);
    initialize(&s, 2);
    ask_in_child(&s, 2);
    assert_findings(&s, "");
    end(&s);
}

static void test_child_in_which_mi_has_a_thread(void **state)
{
    struct story s;

    (void)state;
    begin_and_fork(&s);
    on(&s, 250);
    tell(&s, MI_EV_thread_start, (struct mi_event){.library = 1, .name = ""});
    on(&s, CHILD);
    ask_in_child(&s, 1);
    assert_findings(&s, "");
    end(&s);
}

/* The copy of MI's own thread goes on to deliver once it has returned. */
static void test_child_forked_in_a_callback(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    fork_child(&s);
    ask_in_child(&s, 1);
    assert_findings(&s, "");
    end(&s);
}

static void test_grandchild(void **state)
{
    struct story s;

    (void)state;
    begin_and_fork(&s);
    s.pid = 300;
    on(&s, 300);
    tell(&s, MI_EV_process_fork, (struct mi_event){.parent = CHILD});
    ask_in_child(&s, 1);
    assert_findings(&s, "use-in-forked-child");
    end(&s);
}

/* closed-in-early-callback */
static void fail_early(struct story *story, bool close_inside)
{
    begin(story);
    initialize(story, 1);
    new_session(story, 1, 1);
    at(story, 0x402000);
    enter_start(story, 1, 1, 71, 0);
    enter_result_of(story, OP(1), 71, LAST, 0, 1);
    at(story, 0x404000);
    if (close_inside) {
        call(story, MI_FN_operation_close, OP(1), 0);
    }
    leave_result(story, 71);
    leave_start(story, OP(1));
    at(story, 0x403000);
}

static void test_operation_closed_inside_its_start(void **state)
{
    struct story s;

    (void)state;
    fail_early(&s, true);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "closed-in-early-callback");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Session_Close on session 1 in place_403000 (client.c:42) cannot return because of a defect "
        "of OMI: operation 1 (started in place_402000, client.c:42) failed inside the call that started "
        "it, and was closed there by its callback in place_404000 (client.c:42)");
    assert_int_equal(finding_at(&s, 0)->related->len, 2);
    end(&s);
}

static void test_asynchronous_close_after_an_early_one(void **state)
{
    struct story s;

    (void)state;
    fail_early(&s, true);
    close_asynchronously(&s, 1, 5);
    enter_close(&s, MI_FN_application_close, APP(1));
    assert_findings(&s, "closed-in-early-callback");
    assert_int_equal(finding_at(&s, 0)->consequences->len, 1);
    end(&s);
}

static void test_operation_closed_after_its_start(void **state)
{
    struct story s;

    (void)state;
    fail_early(&s, false);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "");
    end(&s);
}

static void test_close_inside_a_start_that_survived(void **state)
{
    struct story s;

    (void)state;
    fail_early(&s, true);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    call(&s, MI_FN_application_close, APP(1), 0);
    exits(&s);
    assert_findings(&s, "");
    end(&s);
}

/* The result came quickly, but from MI's thread. */
static void test_failure_on_another_thread(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    enter_start(&s, 1, 1, 71, 0);
    on(&s, STORY_MI);
    enter_result_of(&s, OP(1), 71, LAST, 0, 1);
    call(&s, MI_FN_operation_close, OP(1), 0);
    leave_result(&s, 71);
    on(&s, STORY_MAIN);
    leave_start(&s, OP(1));
    enter_close(&s, MI_FN_session_close, SESSION(1));
    assert_findings(&s, "");
    end(&s);
}

/* session-close-stuck */
static void test_close_with_nothing_open(void **state)
{
    static const struct {
        int64_t milliseconds;
        const char *findings;
    } rows[] = {{900, ""}, {1500, "session-close-stuck?"}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct story s;
        begin_asynchronous(&s);
        on(&s, STORY_MI);
        result(&s, 1, 71, LAST);
        on(&s, STORY_MAIN);
        call(&s, MI_FN_operation_close, OP(1), 0);
        enter_close(&s, MI_FN_session_close, SESSION(1));
        watch_for(&s, rows[i].milliseconds);
        assert_findings(&s, rows[i].findings);
        end(&s);
    }
}

/* The close waits for the peer, until a moment ago. */
static void test_close_whose_last_operation_has_just_gone(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    s.now += 5000000000;
    on(&s, STORY_MI);
    result(&s, 1, 71, LAST);
    watch_for(&s, 900);
    assert_findings(&s, "");
    end(&s);
}

static void test_close_that_waits_for_the_peer(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    watch_for(&s, 60000);
    assert_findings(&s, "");
    end(&s);
}

static void test_operation_started_while_the_application_closes(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    on(&s, 107);
    enter_close(&s, MI_FN_application_close, APP(1));
    on(&s, STORY_MAIN);
    start(&s, 1, 1, SYNCHRONOUS);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    watch_for(&s, 1500);
    judge(&s);
    assert_string_equal(finding_at(&s, 0)->rule->id, "session-close-stuck");
    assert_int_equal(finding_at(&s, 0)->certainty, FINDING_OBSERVED);
    assert_non_null(strstr(finding_at(&s, 0)->message, "was started while MI_Application_Close was running"));
    assert_int_equal(finding_at(&s, 0)->consequences->len, 1);
    end(&s);
}

static void test_acknowledgement_that_crosses_a_cancel(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    start_manual(&s, 1, 1, 71);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, MORE);
    on(&s, STORY_MAIN);
    call(&s, MI_FN_operation_cancel, OP(1), 0);
    on(&s, STORY_MI);
    enter_result_of(&s, OP(1), 71, LAST, 1, 1);
    leave_result(&s, 71);
    on(&s, STORY_MAIN);
    call(&s, MI_FN_acknowledge, OP(1), 0);
    call(&s, MI_FN_acknowledge, OP(1), 0);
    call(&s, MI_FN_operation_close, OP(1), 0);
    close_asynchronously(&s, 1, 5);
    watch_for(&s, 1500);
    assert_findings(&s, "async-close-never-completes");
    assert_non_null(strstr(
        finding_at(&s, 0)->message,
        "got its final result while an earlier one was not acknowledged, which OMI does not cope with"));
    end(&s);
}

static void test_acknowledgement_in_time(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    start_manual(&s, 1, 1, 71);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, MORE);
    call(&s, MI_FN_acknowledge, OP(1), 0);
    enter_result_of(&s, OP(1), 71, LAST, 1, 1);
    call(&s, MI_FN_acknowledge, OP(1), 0);
    leave_result(&s, 71);
    on(&s, STORY_MAIN);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    watch_for(&s, 1500);
    assert_findings(&s, "session-close-stuck?"); /* without a cause that is known */
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Session_Close on session 1 in place_401000 (client.c:42) does not return although nothing is "
        "open in it");
    end(&s);
}

static void test_operation_closed_under_its_reader(void **state)
{
    struct story s;

    (void)state;
    begin(&s);
    initialize(&s, 1);
    new_session(&s, 1, 1);
    on(&s, 107);
    start(&s, 1, 1, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    on(&s, STORY_MAIN);
    enter_close(&s, MI_FN_operation_close, OP(1));
    on(&s, 107);
    leave_get(&s, LAST);
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_operation_close, (struct mi_event){0});
    enter_close(&s, MI_FN_session_close, SESSION(1));
    watch_for(&s, 1500);
    judge(&s);
    assert_string_equal(finding_at(&s, 0)->rule->id, "session-close-stuck");
    assert_non_null(
        strstr(finding_at(&s, 0)->message, "was closed while another thread was reading its results"));
    end(&s);
}

/* What was met is forgotten with the session. */
static void test_many_sessions_that_were_closed_all_the_same(void **state)
{
    struct story s;

    (void)state;
    begin(&s);
    initialize(&s, 1);
    for (unsigned i = 1; i <= 300; i++) {
        new_session(&s, 1, i);
        enter_start(&s, i, i, i, 0);
        enter_result_of(&s, OP(i), i, LAST, 0, 1);
        call(&s, MI_FN_operation_close, OP(i), 0);
        leave_result(&s, i);
        leave_start(&s, OP(i));
        call(&s, MI_FN_session_close, SESSION(i), 0);
    }
    new_session(&s, 1, 301);
    enter_close(&s, MI_FN_session_close, SESSION(301));
    assert_findings(&s, "");
    end(&s);
}

/* process-killed: a crash inside a call of MI is told with the call, and with the defect that is known to
 * crash there. */
static void test_crash_after_a_crossing(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    start_manual(&s, 1, 1, 71);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, MORE);
    on(&s, STORY_MAIN);
    enter(&s, MI_FN_operation_cancel, OP(1), (struct mi_event){0});
    enter_result_of(&s, OP(1), 71, LAST, 1, 1);
    leave_result(&s, 71);
    leave(&s, MI_FN_operation_cancel, (struct mi_event){0});
    call(&s, MI_FN_acknowledge, OP(1), 0);
    at(&s, 0x404000);
    enter(&s, MI_FN_acknowledge, OP(1), (struct mi_event){0});
    model_set_end(s.model, STORY_PID, MODEL_SIGNAL, 11);
    assert_findings(&s, "process-killed");
    assert_non_null(
        strstr(finding_at(&s, 0)->message,
               "killed by SIGSEGV inside the result acknowledgement of operation 1 in place_404000"));
    assert_non_null(strstr(finding_at(&s, 0)->advice, "OMI may crash when the final result comes while"));
    end(&s);
}

static void test_crash_of_classes(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter(&s, MI_FN_session_enumerate_classes, SESSION(1),
          (struct mi_event){.operation = OP(1).address, .namespace = "", .name = "", .detail = ""});
    model_set_end(s.model, STORY_PID, MODEL_SIGNAL, 11);
    assert_findings(&s, "process-killed");
    assert_non_null(
        strstr(finding_at(&s, 0)->advice, "OMI crashes on operations of MI_Session_EnumerateClasses"));
    end(&s);
}

static void test_killed_inside_a_call(void **state)
{
    struct story s;

    (void)state;
    begin_asynchronous(&s);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_close(&s, MI_FN_session_close, SESSION(1)); /* the peer is slow */
    model_set_end(s.model, STORY_PID, MODEL_SIGNAL, 15);
    assert_findings(&s, "process-killed");
    assert_null(finding_at(&s, 0)->at.thread);
    end(&s);
}

/* Causes in a chain. */
static void test_hundred_open_operations(void **state)
{
    static const unsigned counts[] = {99, 100};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++) {
        struct story s;
        begin(&s);
        initialize(&s, 1);
        new_session(&s, 1, 1);
        for (unsigned number = 1; number <= counts[i]; number++) {
            start(&s, 1, number, SYNCHRONOUS);
            get(&s, number, LAST);
        }
        enter_close(&s, MI_FN_session_close, SESSION(1));
        assert_findings(&s, "session-close-operation-open");
        assert_int_equal(finding_at(&s, 0)->related->len, i);
        end(&s);
    }
}

static void test_close_that_was_refused(void **state)
{
    enum { ACCESS_DENIED = 2 };
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    at(&s, 0x404000);
    call(&s, MI_FN_session_close, SESSION(1), ACCESS_DENIED);
    at(&s, 0x403000);
    enter_close(&s, MI_FN_application_close, APP(1));
    judge(&s);
    assert_string_equal(finding_at(&s, 0)->rule->id, "app-close-session-open");
    assert_string_equal(finding_at(&s, 0)->message,
                        "MI_Application_Close on application 1 in place_403000 (client.c:42) cannot return: "
                        "MI_Session_Close on session 1 in place_404000 "
                        "(client.c:42) was refused (ACCESS_DENIED)");
    assert_string_equal(
        finding_at(&s, 0)->advice,
        "Call MI_Session_Close on session 1 before MI_Application_Close. Do it as the user that created "
        "the session: others are refused.");
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_close_behind_a_callback),
        cmocka_unit_test(test_close_behind_a_callback_for_a_moment),
        cmocka_unit_test(test_close_behind_a_callback_that_returned),
        cmocka_unit_test(test_callback_that_nobody_waits_for),
        cmocka_unit_test(test_callback_that_runs_when_the_process_exits),
        cmocka_unit_test(test_last_call_of_a_stuck_callback),
        cmocka_unit_test(test_everybody_behind_one_callback),
        cmocka_unit_test(test_open_operations_behind_a_stuck_callback),
        cmocka_unit_test(test_completion_awaited_in_the_callback),
        cmocka_unit_test(test_result_awaited_in_the_callback),
        cmocka_unit_test(test_callback_that_has_just_asked),
        cmocka_unit_test(test_callback_after_other_requests),
        cmocka_unit_test(test_result_awaited_inside_a_call),
        cmocka_unit_test(test_child_reads_over_its_parents_session),
        cmocka_unit_test(test_child_closes_unread),
        cmocka_unit_test(test_child_with_an_application_of_its_own),
        cmocka_unit_test(test_child_closes_its_parents_session),
        cmocka_unit_test(test_child_of_a_parent_without_sessions),
        cmocka_unit_test(test_child_of_a_parent_that_has_closed_all),
        cmocka_unit_test(test_child_in_which_mi_has_a_thread),
        cmocka_unit_test(test_child_forked_in_a_callback),
        cmocka_unit_test(test_grandchild),
        cmocka_unit_test(test_operation_closed_inside_its_start),
        cmocka_unit_test(test_asynchronous_close_after_an_early_one),
        cmocka_unit_test(test_operation_closed_after_its_start),
        cmocka_unit_test(test_close_inside_a_start_that_survived),
        cmocka_unit_test(test_failure_on_another_thread),
        cmocka_unit_test(test_close_with_nothing_open),
        cmocka_unit_test(test_close_whose_last_operation_has_just_gone),
        cmocka_unit_test(test_close_that_waits_for_the_peer),
        cmocka_unit_test(test_operation_started_while_the_application_closes),
        cmocka_unit_test(test_acknowledgement_that_crosses_a_cancel),
        cmocka_unit_test(test_acknowledgement_in_time),
        cmocka_unit_test(test_operation_closed_under_its_reader),
        cmocka_unit_test(test_many_sessions_that_were_closed_all_the_same),
        cmocka_unit_test(test_crash_after_a_crossing),
        cmocka_unit_test(test_crash_of_classes),
        cmocka_unit_test(test_killed_inside_a_call),
        cmocka_unit_test(test_hundred_open_operations),
        cmocka_unit_test(test_close_that_was_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
