/* SPDX-License-Identifier: MIT */
/* Which handle an event means: copies, recycled words and addresses, structs used again, failed starts. */
#include "build_events.h"
#include "model/model_internal.h"

/* `words` as they stand in a copy of the struct. */
static struct words copy_of(struct words words)
{
    words.address += 0x100000;
    return words;
}

static struct words with_words_of(struct words struct_at, struct words words)
{
    struct_at.r1 = words.r1;
    struct_at.r2 = words.r2;
    return struct_at;
}

static void test_copies_are_the_same_handle(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    call(&s, MI_FN_operation_close, copy_of(OP(1)), 0);
    call(&s, MI_FN_session_close, copy_of(SESSION(1)), 0);
    call(&s, MI_FN_application_close, copy_of(APP(1)), 0);
    assert_open(&s, "");
    end(&s);
}

static void test_alias_makes_no_handle(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter(&s, MI_FN_session_get_application, SESSION(1), (struct mi_event){0});
    leave(&s, MI_FN_session_get_application,
          (struct mi_event){.out = 0x1234, .r1 = APP(1).r1, .r2 = APP(1).r2, .table = 2});
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_recycled_words(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    call(&s, MI_FN_operation_close, OP(1), 0);
    start(&s, 1, 1, SYNCHRONOUS);
    assert_open(&s, "application 1, session 1, operation 2");
    call(&s, MI_FN_operation_close, OP(1), 0);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

/* The new owner of a cell is recorded before the thread that closed the old one comes back. */
static void test_words_recycled_during_the_close(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    enter_close(&s, MI_FN_operation_close, OP(1));
    on(&s, 107);
    start(&s, 1, 1, SYNCHRONOUS);
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_operation_close, (struct mi_event){0});
    assert_open(&s, "application 1, session 1, operation 2");
    assert_int_equal(open_one(&s, MI_KIND_operation, 2)->state, MODEL_LIVE);
    assert_int_equal(process_of(&s, 0)->counts[MI_KIND_operation].closed, 1);
    end(&s);
}

/* A later application's cells may be those of an earlier one, versions included. */
static void test_words_of_an_earlier_application(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    call(&s, MI_FN_application_close, APP(1), 0);
    initialize(&s, 1);
    new_session(&s, 1, 1);
    assert_open(&s, "application 2, session 2");
    assert_ptr_equal(open_one(&s, MI_KIND_session, 2)->parent, open_one(&s, MI_KIND_application, 2));
    end(&s);
}

static void test_two_applications_with_equal_words(void **state)
{
    const struct words second = with_words_of(SESSION(2), SESSION(1));
    STORY(s);

    initialize(&s, 1);
    initialize(&s, 2);
    new_session(&s, 1, 1);
    create(&s, MI_FN_application_new_session, APP(2), second);
    assert_open(&s, "application 1, application 2, session 1, session 2");
    call(&s, MI_FN_session_close, SESSION(1), 0); /* the struct tells them apart */
    assert_open(&s, "application 1, application 2, session 2");
    call(&s, MI_FN_session_close, copy_of(SESSION(1)), 0); /* only one is left */
    assert_open(&s, "application 1, application 2");
    end(&s);
}

/* The words of one application are not given out twice: the first holder of these was closed out of sight. */
static void test_equal_words_in_one_application(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    start(&s, 1, 1, SYNCHRONOUS);
    assert_open(&s, "application 1, session 1, operation 2");
    create(&s, MI_FN_application_new_operation_options, APP(1), words_of(MI_KIND_operation_options, 1));
    create(&s, MI_FN_application_new_operation_options, APP(1), words_of(MI_KIND_operation_options, 1));
    assert_open(&s, "application 1, session 1, operation 2, operation options 2");
    end(&s);
}

static void test_kinds_do_not_share_words(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_operation_options, APP(1), words_of(MI_KIND_session, 1));
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    assert_open(&s, "application 1, operation options 1");
    end(&s);
}

static void test_struct_used_again_in_the_callback(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    enter_start(&s, 1, 1, 72, 0); /* into the struct of operation 1 */
    leave_start(&s, with_words_of(OP(1), OP(2)));
    leave_result(&s, 71);
    assert_open(&s, "application 1, session 1, operation 2");
    result(&s, 2, 72, LAST);
    call(&s, MI_FN_operation_close, with_words_of(OP(1), OP(2)), 0);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

/* Callbacks come before the starting call returns, and the program frees the struct in there. */
static void test_operation_known_from_its_callback(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, copy_of(OP(1)), 0);
    leave_result(&s, 71);
    on(&s, STORY_MAIN);
    leave_start(&s, NOBODY);
    assert_open(&s, "application 1, session 1");
    assert_int_equal(process_of(&s, 0)->counts[MI_KIND_operation].closed, 1);
    end(&s);
}

static void test_callback_after_the_start_that_told_no_words(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    leave_start(&s, NOBODY);
    on(&s, STORY_MI);
    result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_failed_start(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, SYNCHRONOUS, 0);
    leave_start(&s, SESSION(1));
    assert_open(&s, "application 1, session 1");
    call(&s, MI_FN_operation_close, with_words_of(OP(1), SESSION(1)), 0);
    assert_open(&s, "application 1, session 1"); /* the session is not the operation */
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->open_children, 0);
    assert_int_equal(process_of(&s, 0)->counts[MI_KIND_operation].created, 0);
    end(&s);
}

static void test_failed_start_told_by_the_callback(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    enter_result_of(&s, SESSION(1), 71, LAST, 0, 4);
    leave_result(&s, 71);
    leave_start(&s, NOBODY);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_failed_start_without_operation(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    enter_result_of(&s, NOBODY, 71, LAST, 0, 4);
    leave_result(&s, 71);
    leave_start(&s, NOBODY);
    assert_open(&s, "application 1, session 1");
    enter_start(&s, 1, 1, SYNCHRONOUS, 0); /* MI clears the struct */
    leave(&s, MI_FN_session_enumerate_instances, (struct mi_event){.table = 1});
    assert_open(&s, "application 1, session 1");
    end(&s);
}

/* Started without an MI_Operation: OMI refuses, another MI may run it, and then it ends with its last result.
 */
static void test_operation_without_struct(void **state)
{
    const struct words made_up = {.r1 = 4};
    struct mi_event data = {
        .callbacks = 1u << MI_CB_instance_result, .token = 71, .namespace = "", .name = "", .detail = ""};
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter(&s, MI_FN_session_enumerate_instances, SESSION(1), data);
    enter_result_of(&s, made_up, 71, LAST, 0, 4);
    leave_result(&s, 71);
    leave_start(&s, NOBODY);
    assert_open(&s, "application 1, session 1");
    data.token = 72;
    enter(&s, MI_FN_session_enumerate_instances, SESSION(1), data);
    leave_start(&s, NOBODY);
    assert_open(&s, "application 1, session 1, operation 2");
    on(&s, STORY_MI);
    result(&s, 2, 72, LAST);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_address_of_an_instance_used_again(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_instance, APP(1), INSTANCE(1));
    create(&s, MI_FN_instance_clone, INSTANCE(1), INSTANCE(2));
    create(&s, MI_FN_application_new_instance, APP(1), INSTANCE(1)); /* the first was deleted out of sight */
    assert_open(&s, "application 1, instance 2, instance 3");
    call(&s, MI_FN_instance_delete, INSTANCE(1), 0);
    assert_open(&s, "application 1, instance 2");
    end(&s);
}

static void test_result_at_the_address_of_an_instance(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    create(&s, MI_FN_application_new_instance, APP(1), (struct words){.address = 0x600011110000});
    get(&s, 1, MORE); /* hands out an instance of MI's there */
    assert_open(&s, "application 1, session 1, operation 1");
    end(&s);
}

static void test_address_of_a_class_used_again(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    assert_open(&s, "application 1, class 2");
    assert_int_equal(open_one(&s, MI_KIND_class, 2)->references, 1);
    create(&s, MI_FN_class_get_parent_class, CLASS(9), CLASS(1)); /* one more reference to it */
    assert_int_equal(open_one(&s, MI_KIND_class, 2)->references, 2);
    end(&s);
}

static struct words serializer_at(unsigned number)
{
    return (struct words){.address = 0x7ffd00000000 + number * 16};
}

static void test_serializers_are_alike(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(2));
    call(&s, MI_FN_serializer_close, serializer_at(1), 0);
    assert_open(&s, "application 1, serializer 2");
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    assert_open(&s, "application 1, serializer 2, serializer 3");
    end(&s);
}

/* The struct of an open serializer was overwritten: that one is lost, not gone. */
static void test_overwritten_serializer(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    call(&s, MI_FN_serializer_close, serializer_at(1), 0);
    assert_open(&s, "application 1, serializer 1");
    end(&s);
}

static void test_copied_serializer(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    call(&s, MI_FN_serializer_close, serializer_at(7), 0);
    assert_open(&s, "application 1");
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(2));
    call(&s, MI_FN_serializer_close, serializer_at(7), 0); /* one of two */
    assert_open(&s, "application 1, serializer 3");
    assert_true(open_one(&s, MI_KIND_serializer, 3)->doubtful);
    end(&s);
}

/* Serializers of one struct, one after the other, none closed: the words tell which one a late close means.
 */
static void test_words_of_overwritten_serializers(void **state)
{
    const struct words mof = {.address = serializer_at(1).address, .r1 = 77, .r2 = 0x5500};
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_serializer, APP(1), mof);
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    call(&s, MI_FN_serializer_close, mof, 0);
    assert_open(&s, "application 1, serializer 2, serializer 3");
    call(&s, MI_FN_serializer_close, mof, 0); /* nothing fits: the newest */
    assert_open(&s, "application 1, serializer 2");
    end(&s);
}

static void test_words_of_a_copied_serializer(void **state)
{
    const struct words mof = {.address = serializer_at(2).address, .r1 = 77, .r2 = 0x5500};
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    create(&s, MI_FN_application_new_serializer, APP(1), mof);
    call(&s, MI_FN_serializer_close, copy_of(mof), 0);
    assert_open(&s, "application 1, serializer 1");
    assert_false(open_one(&s, MI_KIND_serializer, 1)->doubtful);
    end(&s);
}

static void test_three_applications_with_equal_words(void **state)
{
    STORY(s);

    for (unsigned app = 1; app <= 3; app++) {
        initialize(&s, app);
        create(&s, MI_FN_application_new_session, APP(app), with_words_of(SESSION(app), SESSION(9)));
    }
    call(&s, MI_FN_session_close, with_words_of(SESSION(2), SESSION(9)), 0);
    call(&s, MI_FN_session_close, with_words_of(SESSION(7), SESSION(9)), 0); /* a copy: the newest */
    assert_open(&s, "application 1, session 1, application 2, application 3");
    create(&s, MI_FN_application_new_session, APP(2), with_words_of(SESSION(2), SESSION(9)));
    call(&s, MI_FN_session_close, with_words_of(SESSION(1), SESSION(9)), 0);
    assert_open(&s, "application 1, application 2, application 3, session 4");
    end(&s);
}

static void test_copy_of_the_one_that_is_open(void **state)
{
    STORY(s);

    initialize(&s, 1);
    initialize(&s, 2);
    new_session(&s, 1, 1);
    create(&s, MI_FN_application_new_session, APP(2), with_words_of(SESSION(2), SESSION(1)));
    call(&s, MI_FN_session_close, with_words_of(SESSION(2), SESSION(1)), 0);
    call(&s, MI_FN_session_close, copy_of(SESSION(1)), 0); /* the newest is closed: the other one */
    assert_open(&s, "application 1, application 2");
    end(&s);
}

static void test_session_of_an_unknown_application(void **state)
{
    STORY(s);

    new_session(&s, 1, 1); /* the application is older than the trace */
    new_session(&s, 1, 1);
    assert_open(&s, "session 2");
    initialize(&s, 1);
    new_session(&s, 1, 1);
    assert_open(&s, "application 1, session 3");
    end(&s);
}

/* A number for callbacks given again, which no recorder does: the newer operation has it. */
static void test_token_used_twice(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    start(&s, 1, 2, 71);
    call(&s, MI_FN_operation_close, OP(1), 0);
    call(&s, MI_FN_session_close, SESSION(1), 0); /* operation 1 is forgotten in the end */
    start(&s, 1, 1, SYNCHRONOUS);
    on(&s, STORY_MI);
    enter_result_of(&s, OP(2), 71, LAST, 0, 0);
    assert_true(open_one(&s, MI_KIND_operation, 2)->final_seen);
    end(&s);
}

static void test_success_without_words_is_no_handle(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_session, APP(1), (struct words){.address = 0x1000});
    assert_open(&s, "application 1");
    call(&s, MI_FN_session_close, (struct words){.address = 0x1000}, 4);
    assert_open(&s, "application 1");
    end(&s);
}

/* What a call refers to, as an observer sees it. */
struct seen {
    const struct model_process *process;
    unsigned id;
    enum model_state state;
    bool found;
};

static void see(void *context, struct model_thread *thread, const struct model_activity *activity)
{
    struct seen *seen = context;

    (void)thread;
    seen->found = activity->handle != NULL;
    if (seen->found) {
        seen->process = activity->handle->process;
        seen->id = activity->handle->id;
        seen->state = activity->handle->state;
    }
}

static void watch(struct story *story, struct seen *seen)
{
    const struct model_observer observer = {.call_entered = see, .context = seen};

    model_add_observer(story->model, &observer);
}

static void test_closed_handles_are_remembered(void **state)
{
    STORY(s);
    struct seen seen = {0};

    watch(&s, &seen);
    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    call(&s, MI_FN_session_close, SESSION(1), 4);
    assert_true(seen.found);
    assert_int_equal(seen.id, 1);
    assert_int_equal(seen.state, MODEL_CLOSED);
    call(&s, MI_FN_session_close, SESSION(2), 4);
    assert_false(seen.found);
    end(&s);
}

static void test_memory_of_closed_handles_is_bounded(void **state)
{
    enum { MORE_THAN_REMEMBERED = MODEL_REMEMBERED + 10 };
    STORY(s);
    struct seen seen = {0};
    struct words first = {.address = 0x7000, .r1 = 1, .r2 = 1}, words = first;

    initialize(&s, 1);
    for (uint64_t i = 1; i <= MORE_THAN_REMEMBERED; i++) {
        words.r2 = i;
        create(&s, MI_FN_application_new_session, APP(1), words);
        call(&s, MI_FN_session_close, words, 0);
    }
    assert_int_equal(process_of(&s, 0)->own->closed[MI_KIND_session].count, MODEL_REMEMBERED);
    watch(&s, &seen);
    call(&s, MI_FN_session_close, first, 4);
    assert_false(seen.found);
    call(&s, MI_FN_session_close, words, 4);
    assert_true(seen.found);
    assert_int_equal(seen.id, MORE_THAN_REMEMBERED);
    end(&s);
}

static unsigned remembered_sessions(struct story *s, guint index)
{
    return process_of(s, index)->own->closed[MI_KIND_session].count;
}

static void test_memory_of_ended_processes_is_bounded(void **state)
{
    STORY(s);

    for (uint32_t i = 0; i < ENDED_REMEMBERED + 2; i++) {
        s.pid = s.tid = STORY_PID + i;
        tell(&s, MI_EV_process_start, (struct mi_event){.major = 1});
        initialize(&s, 1);
        new_session(&s, 1, 1);
        call(&s, MI_FN_session_close, SESSION(1), 0);
        tell(&s, MI_EV_process_end, (struct mi_event){.how = 0});
    }
    for (guint i = 1; i <= ENDED_REMEMBERED + 2; i++) { /* behind the one that STORY begins */
        assert_int_equal(remembered_sessions(&s, i), i > 2);
    }
    s.pid = s.tid = STORY_PID;
    end(&s);
}

static void test_handles_in_a_forked_child(void **state)
{
    STORY(s);
    struct seen seen = {0};

    watch(&s, &seen);
    initialize(&s, 1);
    s.pid = s.tid = 200;
    tell(&s, MI_EV_process_fork, (struct mi_event){.parent = STORY_PID});
    s.pid = s.tid = STORY_PID;
    new_session(&s, 1, 1); /* after the fork: the child has nothing of it */
    s.pid = s.tid = 200;
    call(&s, MI_FN_session_close, SESSION(1), 4);
    assert_false(seen.found);
    call(&s, MI_FN_application_new_instance, APP(1), 1);
    assert_true(seen.found);
    assert_ptr_equal(seen.process, process_of(&s, 0));
    end(&s);
}

/* What is lent has an owner for as long as nothing of the program's own stands there. */
static void test_loans(void **state)
{
    const uint64_t address = 0x600011110000;
    STORY(s);
    const struct model_loan *loan;

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    assert_null(model_loan_at(process_of(&s, 0), MI_KIND_instance, address));
    get(&s, 1, MORE);
    loan = model_loan_at(process_of(&s, 0), MI_KIND_instance, address);
    assert_non_null(loan);
    assert_ptr_equal(loan->owner, open_one(&s, MI_KIND_operation, 1));
    assert_int_equal(loan->lent.function, MI_FN_operation_get_instance);
    assert_null(loan->ended.thread);
    call(&s, MI_FN_operation_close, OP(1), 0);
    loan = model_loan_at(process_of(&s, 0), MI_KIND_instance, address);
    assert_int_equal(loan->ended.function, MI_FN_operation_close);
    assert_int_equal(loan->owner->id, 1);
    create(&s, MI_FN_application_new_instance, APP(1), (struct words){.address = address});
    assert_null(model_loan_at(process_of(&s, 0), MI_KIND_instance, address));
    end(&s);
}

static void test_memory_of_loans_is_bounded(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    for (uint64_t i = 1; i <= MODEL_LOANS + 10; i++) {
        enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
        leave(&s, MI_FN_operation_get_instance, (struct mi_event){.more = MORE, .object = i * 0x40});
    }
    assert_int_equal(process_of(&s, 0)->own->ended_count, MODEL_LOANS);
    assert_int_equal(g_hash_table_size(process_of(&s, 0)->own->loans), MODEL_LOANS + 1);
    assert_null(model_loan_at(process_of(&s, 0), MI_KIND_instance, 0x40));
    assert_non_null(model_loan_at(process_of(&s, 0), MI_KIND_instance, MODEL_LOANS * 0x40));
    end(&s);
}

/* The address of a closed serializer may hold a copy of the one that is open. */
static void test_copy_where_a_serializer_was_closed(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(1));
    call(&s, MI_FN_serializer_close, serializer_at(1), 0);
    create(&s, MI_FN_application_new_serializer, APP(1), serializer_at(2));
    call(&s, MI_FN_serializer_serialize_class, serializer_at(1), 0);
    assert_true(open_one(&s, MI_KIND_serializer, 2)->doubtful);
    call(&s, MI_FN_serializer_close, serializer_at(1), 0);
    assert_open(&s, "application 1");
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_copies_are_the_same_handle),
        cmocka_unit_test(test_alias_makes_no_handle),
        cmocka_unit_test(test_recycled_words),
        cmocka_unit_test(test_words_recycled_during_the_close),
        cmocka_unit_test(test_words_of_an_earlier_application),
        cmocka_unit_test(test_two_applications_with_equal_words),
        cmocka_unit_test(test_equal_words_in_one_application),
        cmocka_unit_test(test_kinds_do_not_share_words),
        cmocka_unit_test(test_struct_used_again_in_the_callback),
        cmocka_unit_test(test_operation_known_from_its_callback),
        cmocka_unit_test(test_callback_after_the_start_that_told_no_words),
        cmocka_unit_test(test_failed_start),
        cmocka_unit_test(test_failed_start_told_by_the_callback),
        cmocka_unit_test(test_failed_start_without_operation),
        cmocka_unit_test(test_operation_without_struct),
        cmocka_unit_test(test_address_of_an_instance_used_again),
        cmocka_unit_test(test_result_at_the_address_of_an_instance),
        cmocka_unit_test(test_address_of_a_class_used_again),
        cmocka_unit_test(test_serializers_are_alike),
        cmocka_unit_test(test_overwritten_serializer),
        cmocka_unit_test(test_copied_serializer),
        cmocka_unit_test(test_success_without_words_is_no_handle),
        cmocka_unit_test(test_closed_handles_are_remembered),
        cmocka_unit_test(test_memory_of_closed_handles_is_bounded),
        cmocka_unit_test(test_memory_of_ended_processes_is_bounded),
        cmocka_unit_test(test_handles_in_a_forked_child),
        cmocka_unit_test(test_words_of_overwritten_serializers),
        cmocka_unit_test(test_words_of_a_copied_serializer),
        cmocka_unit_test(test_three_applications_with_equal_words),
        cmocka_unit_test(test_session_of_an_unknown_application),
        cmocka_unit_test(test_token_used_twice),
        cmocka_unit_test(test_loans),
        cmocka_unit_test(test_memory_of_loans_is_bounded),
        cmocka_unit_test(test_copy_where_a_serializer_was_closed),
        cmocka_unit_test(test_copy_of_the_one_that_is_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
