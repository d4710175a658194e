/* SPDX-License-Identifier: MIT */
/* The misuse rules: each fires where a rule of MI is broken, and is silent on what looks like it and is
 * legal. */
#include "build_events.h"

#include <signal.h>

enum { OK, FAILED, ACCESS_DENIED, INVALID_PARAMETER = 4, NOT_SUPPORTED = 7 };

static struct words copy_of(struct words words)
{
    words.address += 0x100000;
    return words;
}

/* One of each kind, made by `creator` and ended by `closer`. */
struct kind_case {
    enum mi_kind kind;
    enum mi_function creator, closer, user;
    const char *twice, *used; /* what is found when it is closed again, when it is used afterwards */
};

static const struct kind_case kind_cases[] = {
    {MI_KIND_session, MI_FN_application_new_session, MI_FN_session_close, MI_FN_session_get_application,
     "double-close~", "use-after-close~"},
    {MI_KIND_hosted_provider, MI_FN_application_new_hosted_provider, MI_FN_hosted_provider_close,
     MI_FN_hosted_provider_get_application, "double-close~", "use-after-close~"},
    {MI_KIND_instance, MI_FN_application_new_instance, MI_FN_instance_delete, MI_FN_instance_get_element,
     "double-close", "use-after-close"},
    {MI_KIND_instance, MI_FN_application_new_instance, MI_FN_instance_destruct, MI_FN_instance_clone,
     "double-close", "use-after-close"},
    {MI_KIND_class, MI_FN_application_new_class, MI_FN_class_delete, MI_FN_class_get_element_count,
     "double-close", "use-after-close"},
    {MI_KIND_destination_options, MI_FN_application_new_destination_options, MI_FN_destination_options_delete,
     MI_FN_destination_options_clone, "double-close", "use-after-close"},
    {MI_KIND_operation_options, MI_FN_application_new_operation_options, MI_FN_operation_options_delete,
     MI_FN_operation_options_set_number, "double-close", "use-after-close"},
    {MI_KIND_subscription_options, MI_FN_application_new_subscription_delivery_options,
     MI_FN_subscription_options_delete, MI_FN_subscription_options_get_string, "double-close",
     "use-after-close"},
    {MI_KIND_serializer, MI_FN_application_new_serializer, MI_FN_serializer_close,
     MI_FN_serializer_serialize_instance, "double-close~", "use-after-close"},
    {MI_KIND_deserializer, MI_FN_application_new_deserializer, MI_FN_deserializer_close,
     MI_FN_deserializer_class_get_class_name, "double-close~", "use-after-close~"},
};

static void make_and_close(struct story *story, const struct kind_case *row)
{
    begin(story);
    initialize(story, 1);
    create(story, row->creator, APP(1), words_of(row->kind, 5));
    call(story, row->user, words_of(row->kind, 5), FAILED);
    at(story, 0x402000);
    call(story, row->closer, words_of(row->kind, 5), OK);
    at(story, 0x403000);
}

static void test_each_kind_closed_twice(void **state)
{
    struct story s;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(kind_cases); i++) {
        make_and_close(&s, &kind_cases[i]);
        call(&s, kind_cases[i].closer, words_of(kind_cases[i].kind, 5), INVALID_PARAMETER);
        assert_findings(&s, kind_cases[i].twice);
        end(&s);
    }
}

static void test_each_kind_used_after_its_close(void **state)
{
    struct story s;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(kind_cases); i++) {
        make_and_close(&s, &kind_cases[i]);
        call(&s, kind_cases[i].user, words_of(kind_cases[i].kind, 5), INVALID_PARAMETER);
        assert_findings(&s, kind_cases[i].used);
        end(&s);
    }
}

/* Words and addresses are used again. */
static void test_each_kind_made_again(void **state)
{
    struct story s;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(kind_cases); i++) {
        make_and_close(&s, &kind_cases[i]);
        create(&s, kind_cases[i].creator, APP(1), words_of(kind_cases[i].kind, 5));
        call(&s, kind_cases[i].user, words_of(kind_cases[i].kind, 5), OK);
        call(&s, kind_cases[i].closer, words_of(kind_cases[i].kind, 5), OK);
        assert_findings(&s, "");
        end(&s);
    }
}

static void test_closed_while_events_are_missing(void **state)
{
    struct story s;

    (void)state;
    make_and_close(&s, &kind_cases[2]);
    call(&s, MI_FN_instance_delete, INSTANCE(5), OK);
    s.summary.complete = false;
    assert_findings(&s, "double-close? trace-truncated~");
    end(&s);
}

/* double-close */
static void test_what_is_told_of_a_second_close(void **state)
{
    struct story s;
    const struct finding *finding;
    const struct finding_related *related;

    (void)state;
    make_and_close(&s, &kind_cases[0]);
    call(&s, MI_FN_session_close, copy_of(SESSION(5)), INVALID_PARAMETER);
    call(&s, MI_FN_session_close, SESSION(5), INVALID_PARAMETER);
    finding = finding_at(&s, 0);
    assert_string_equal(finding->message,
                        "MI_Session_Close on session 1 in place_403000 (client.c:42): it was closed "
                        "already in place_402000 (client.c:42); MI refuses it");
    assert_string_equal(finding->advice,
                        "Decide which of the two places owns it, and let the other one not close it.");
    assert_int_equal(finding->count, 2);
    assert_true(finding->first_ns < finding->last_ns);
    assert_int_equal(finding->certainty, FINDING_OBSERVED);
    assert_int_equal(finding->created.function, MI_FN_application_new_session);
    assert_int_equal(finding->at.function, MI_FN_session_close);
    related = finding->related->pdata[0];
    assert_string_equal(related->what, "it was closed first");
    assert_int_equal(related->site.stack->addresses[0], 0x402000);
    end(&s);
}

static void test_closed_twice_in_one_place(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), OK);
    call(&s, MI_FN_operation_close, OP(1), INVALID_PARAMETER);
    assert_findings(&s, "double-close~");
    assert_non_null(strstr(finding_at(&s, 0)->advice, "Clear the variable"));
    end(&s);
}

static void test_copy_of_an_application_closed(void **state)
{
    STORY(s);

    initialize(&s, 1);
    call(&s, MI_FN_application_close, APP(1), OK);
    enter_close(&s, MI_FN_application_close, copy_of(APP(1))); /* it crashes */
    assert_findings(&s, "double-close");
    end(&s);
}

static void test_handles_of_a_closed_application(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), OK);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    call(&s, MI_FN_application_close, APP(1), OK);
    at(&s, 0x404000);
    call(&s, MI_FN_operation_close, OP(1), OK);
    at(&s, 0x405000);
    call(&s, MI_FN_operation_cancel, OP(1), OK);
    at(&s, 0x406000);
    call(&s, MI_FN_application_new_instance, copy_of(APP(1)), OK);
    assert_findings(&s, "double-close use-after-close use-after-close");
    end(&s);
}

static void test_references_of_a_class(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    create(&s, MI_FN_class_clone, CLASS(1), CLASS(1));
    call(&s, MI_FN_class_delete, CLASS(1), OK);
    call(&s, MI_FN_class_delete, CLASS(1), OK);
    call(&s, MI_FN_class_delete, CLASS(1), OK);
    assert_findings(&s, "double-close");
    assert_non_null(strstr(finding_at(&s, 0)->message, "its last reference was deleted already"));
    end(&s);
}

/* The library deletes what it was given. Which class that was is only likely. */
static void test_class_given_to_mi(void **state)
{
    const struct words reader = words_of(MI_KIND_deserializer, 1);
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_deserializer, APP(1), reader);
    enter(&s, MI_FN_deserializer_deserialize_instance, reader,
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    enter_callback(&s, MI_CB_class_needed, (struct mi_event){0});
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    leave_callback(&s, MI_CB_class_needed, 0);
    leave(&s, MI_FN_deserializer_deserialize_instance, (struct mi_event){.out = INSTANCE(1).address});
    call(&s, MI_FN_class_delete, CLASS(1), OK);
    assert_findings(&s, "");
    end(&s);
}

/* One reference seems to have been given: nobody knows whether the other one was meant. */
static void test_one_reference_given_to_mi(void **state)
{
    const struct words reader = words_of(MI_KIND_deserializer, 1);
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_deserializer, APP(1), reader);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    enter(&s, MI_FN_deserializer_deserialize_instance, reader,
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    enter_callback(&s, MI_CB_class_needed, (struct mi_event){0});
    create(&s, MI_FN_class_clone, CLASS(1), CLASS(1));
    leave_callback(&s, MI_CB_class_needed, 0);
    leave(&s, MI_FN_deserializer_deserialize_instance, (struct mi_event){.out = INSTANCE(1).address});
    call(&s, MI_FN_class_delete, CLASS(1), OK);
    call(&s, MI_FN_class_delete, CLASS(1), OK);
    assert_findings(&s, "");
    end(&s);
}

static void test_exception_out_of_a_delete(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    enter(&s, MI_FN_class_delete, CLASS(1), (struct mi_event){0});
    unwind(&s);
    call(&s, MI_FN_class_delete, CLASS(1), OK); /* perhaps the first one did nothing */
    assert_findings(&s, "");
    end(&s);
}

static void test_overlapping_closes(void **state)
{
    static const struct {
        uint64_t token;
        const char *found;
    } rows[] = {{SYNCHRONOUS, "double-close"}, {71, "double-close~"}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        STORY(s);
        initialize(&s, 1);
        new_session(&s, 1, 1);
        start(&s, 1, 1, rows[i].token);
        if (rows[i].token == SYNCHRONOUS) {
            get(&s, 1, LAST);
        }
        enter_close(&s, MI_FN_operation_close, OP(1));
        on(&s, 107);
        at(&s, 0x402000);
        enter_close(&s, MI_FN_operation_close, OP(1));
        leave(&s, MI_FN_operation_close, (struct mi_event){.result = INVALID_PARAMETER});
        on(&s, STORY_MAIN);
        leave(&s, MI_FN_operation_close, (struct mi_event){0});
        assert_findings(&s, rows[i].found);
        assert_non_null(strstr(finding_at(&s, 0)->message, ": thread 100 was closing it in place_401000"));
        end(&s);
    }
}

static void test_race_of_two_session_closes(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    on(&s, 107);
    call(&s, MI_FN_session_close, SESSION(1), OK); /* the loser is told OK */
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_session_close, (struct mi_event){0});
    assert_findings(&s, "");
    end(&s);
}

/* What is refused may be repeated; what was never made may be closed. */
static void test_closes_that_are_allowed(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create_fails(&s, MI_FN_application_initialize, NOBODY, NOBODY);
    call(&s, MI_FN_application_close, copy_of(NOBODY), INVALID_PARAMETER);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), ACCESS_DENIED);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    enter(&s, MI_FN_application_new_session, APP(1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    leave(&s, MI_FN_application_new_session, (struct mi_event){.result = 1, .out = SESSION(1).address});
    call(&s, MI_FN_session_close, SESSION(1), INVALID_PARAMETER); /* MI left the old words in the struct */
    call(&s, MI_FN_application_close, APP(1), OK);
    assert_findings(&s, "close-failed~");
    end(&s);
}

/* The struct that a failed creation left alone is made anew, and closed twice. */
static void test_struct_that_was_refused_once(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    enter(&s, MI_FN_application_new_session, APP(1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    leave(&s, MI_FN_application_new_session, (struct mi_event){.result = 1, .out = SESSION(1).address});
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    call(&s, MI_FN_session_close, SESSION(1), INVALID_PARAMETER);
    assert_findings(&s, "double-close~");
    end(&s);
}

static void test_close_that_mi_does_not_know(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), INVALID_PARAMETER);
    call(&s, MI_FN_session_close, SESSION(1), INVALID_PARAMETER);
    call(&s, MI_FN_session_get_application, SESSION(1), INVALID_PARAMETER);
    assert_findings(&s, "");
    end(&s);
}

/* A failed start carries its session's words, which an operation of an earlier application had. */
static void test_failed_start_with_words_of_an_operation(void **state)
{
    const struct words shared = {.address = SESSION(2).address, .r1 = OP(1).r1, .r2 = OP(1).r2};
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), OK);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    call(&s, MI_FN_application_close, APP(1), OK);
    initialize(&s, 1);
    create(&s, MI_FN_application_new_session, APP(1), shared);
    enter(&s, MI_FN_session_enumerate_instances, shared,
          (struct mi_event){.operation = OP(1).address, .namespace = "", .name = "", .detail = ""});
    leave_start(&s, shared);
    call(&s, MI_FN_operation_cancel, OP(1), FAILED);
    call(&s, MI_FN_operation_close, OP(1), OK);
    assert_findings(&s, "");
    end(&s);
}

static void test_struct_of_one_codec_after_the_other(void **state)
{
    const struct words here = {.address = 0x7ffd0010}, there = {.address = 0x7ffd0020};
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_serializer, APP(1), here);
    call(&s, MI_FN_serializer_close, here, OK);
    create(&s, MI_FN_application_new_serializer, APP(1), there);
    call(&s, MI_FN_serializer_serialize_instance, here, OK); /* may be a copy of the open one */
    call(&s, MI_FN_serializer_close, there, OK);
    assert_findings(&s, "");
    call(&s, MI_FN_serializer_close, there, OK);
    end(&s);
}

static void test_exception_out_of_a_creation(void **state)
{
    struct story s;

    (void)state;
    make_and_close(&s, &kind_cases[2]);
    enter(&s, MI_FN_instance_clone, INSTANCE(9), (struct mi_event){0});
    unwind(&s); /* may have made an instance at that address */
    call(&s, MI_FN_instance_delete, INSTANCE(5), OK);
    assert_findings(&s, "");
    end(&s);
}

/* The variable still holds the address of the last error, and so nobody sees the new one that stands there.
 */
static void test_error_details_at_the_same_address(void **state)
{
    const struct words reader = words_of(MI_KIND_deserializer, 1);
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_deserializer, APP(1), reader);
    create_fails(&s, MI_FN_deserializer_deserialize_class, reader, INSTANCE(1));
    call(&s, MI_FN_instance_delete, INSTANCE(1), OK);
    create_fails(&s, MI_FN_deserializer_deserialize_class, reader, NOBODY);
    call(&s, MI_FN_instance_get_element, INSTANCE(1), OK);
    call(&s, MI_FN_instance_delete, INSTANCE(1), OK);
    call(&s, MI_FN_instance_delete, INSTANCE(2), OK); /* perhaps another such variable */
    assert_findings(&s, "");
    end(&s);
    begin(&s);
    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), OK);
    create_fails(&s, MI_FN_application_new_session, APP(1), NOBODY);
    call(&s, MI_FN_instance_get_element, (struct words){.address = 0x600011110000},
         OK); /* where the result was */
    call(&s, MI_FN_instance_delete, (struct words){.address = 0x600011110000}, OK);
    assert_findings(&s, "");
    end(&s);
}

static void test_error_details_deleted_twice(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create_fails(&s, MI_FN_application_new_session, APP(1), INSTANCE(1));
    call(&s, MI_FN_instance_delete, INSTANCE(1), OK);
    call(&s, MI_FN_instance_delete, INSTANCE(1), OK);
    assert_findings(&s, "double-close");
    end(&s);
}

static void test_tables_left_alone(void **state)
{
    struct story s;

    (void)state;
    make_and_close(&s, &kind_cases[0]);
    tell(&s, MI_EV_function_table,
         (struct mi_event){.kind = MI_KIND_application, .problem = "read-only", .problem_len = 9});
    call(&s, MI_FN_session_close, SESSION(5), INVALID_PARAMETER);
    assert_findings(&s, "");
    end(&s);
}

/* A second MI makes instances that nobody sees. */
static void test_instances_of_a_second_mi(void **state)
{
    struct story s;

    (void)state;
    make_and_close(&s, &kind_cases[2]);
    for (uint64_t table = 1; table <= 3; table++) {
        tell(&s, MI_EV_function_table,
             (struct mi_event){.kind = MI_KIND_instance, .address = MIN(table, 2), .problem = ""});
    }
    call(&s, MI_FN_instance_get_element, INSTANCE(5), OK);
    call(&s, MI_FN_instance_delete, INSTANCE(5), OK);
    call(&s, MI_FN_instance_delete, INSTANCE(7), OK);
    assert_findings(&s, "");
    end(&s);
}

static void test_classes_of_a_second_mi(void **state)
{
    struct story s;

    (void)state;
    make_and_close(&s, &kind_cases[4]);
    for (uint64_t table = 1; table <= 2; table++) {
        tell(&s, MI_EV_function_table,
             (struct mi_event){.kind = MI_KIND_class, .address = table, .problem = ""});
    }
    call(&s, MI_FN_class_delete, CLASS(5), OK);
    assert_findings(&s, "");
    end(&s);
}

static void test_handles_of_the_parent_in_a_forked_child(void **state)
{
    struct story s;

    (void)state;
    make_and_close(&s, &kind_cases[2]);
    create(&s, MI_FN_application_new_instance, APP(1), INSTANCE(6));
    s.pid = s.tid = 200;
    tell(&s, MI_EV_process_fork, (struct mi_event){.parent = STORY_PID});
    call(&s, MI_FN_instance_delete, INSTANCE(5), OK);
    call(&s, MI_FN_instance_delete, INSTANCE(6), OK);
    call(&s, MI_FN_instance_delete, INSTANCE(7), OK);
    call(&s, MI_FN_session_close, SESSION(7), OK);
    s.pid = s.tid = STORY_PID;
    call(&s, MI_FN_instance_delete, INSTANCE(6), OK);
    assert_findings(&s, "");
    end(&s);
}

/* use-after-close */
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

static void test_operation_used_after_its_close(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), OK);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    leave(&s, MI_FN_operation_get_instance, (struct mi_event){.result = INVALID_PARAMETER});
    assert_findings(&s, "use-after-close~");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Operation_GetInstance on operation 1 in place_403000 (client.c:42): it was closed already in "
        "place_403000 (client.c:42); MI refuses it");
    assert_string_equal(
        finding_at(&s, 0)->advice,
        "Let MI_Operation_Close come after the last use, or do without MI_Operation_GetInstance.");
    end(&s);
}

static void test_start_after_the_close(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    close_asynchronously(&s, 1, 5);
    enter_start(&s, 1, 1, SYNCHRONOUS, 0);
    leave_start(&s, SESSION(1));
    assert_findings(&s, "use-after-close~");
    end(&s);
}

/* An operation that was closed still delivers; its session may be closed before it is. */
static void test_closes_that_are_not_the_end(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    start_manual(&s, 1, 2, 72);
    close_asynchronously(&s, 1, 5);
    call(&s, MI_FN_operation_close, OP(2), OK);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), OK);
    on(&s, STORY_MI);
    enter_result_of(&s, OP(2), 72, LAST, 1, FAILED);
    call(&s, MI_FN_acknowledge, OP(2), OK);
    leave_result(&s, 72);
    enter_completion(&s, 5);
    leave_completion(&s, 5);
    assert_findings(&s, "");
    end(&s);
}

static void test_acknowledged_twice(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    start_manual(&s, 1, 2, 72);
    on(&s, STORY_MI);
    enter_result_of(&s, OP(2), 72, MORE, 1, OK);
    call(&s, MI_FN_acknowledge, OP(2), OK);
    leave_result(&s, 72);
    on(&s, STORY_MAIN);
    at(&s, 0x404000);
    call(&s, MI_FN_acknowledge, OP(2), OK);
    assert_findings(&s, "use-after-close");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "result acknowledgement on operation 2 in place_404000 (client.c:42): all of it was acknowledged "
        "already in place_403000 (client.c:42); MI does not check that and touches what is gone");
    end(&s);
}

static void test_acknowledged_after_the_end(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    start_manual(&s, 1, 2, 72);
    owed_result(&s, 2, 72, LAST);
    call(&s, MI_FN_acknowledge, OP(2), OK);
    call(&s, MI_FN_operation_close, OP(2), OK);
    call(&s, MI_FN_acknowledge, OP(2), OK);
    assert_findings(&s, "use-after-close");
    end(&s);
}

/* Several results are owed at the same time, one was refused before, threads answer beside one another. */
static void test_acknowledgements_that_are_owed(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    start_manual(&s, 1, 2, 72);
    owed_result(&s, 2, 72, MORE);
    owed_result(&s, 2, 72, LAST);
    call(&s, MI_FN_acknowledge, OP(2), FAILED);
    enter(&s, MI_FN_acknowledge, OP(2), (struct mi_event){0});
    on(&s, 107);
    enter(&s, MI_FN_acknowledge, OP(2), (struct mi_event){0});
    leave(&s, MI_FN_acknowledge, (struct mi_event){0});
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_acknowledge, (struct mi_event){0});
    assert_findings(&s, "");
    end(&s);
}

/* Two threads for one result; an acknowledgement where an answer is owed. */
static void test_responses_that_are_too_many(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    start_manual(&s, 1, 2, 72);
    owed_result(&s, 2, 72, MORE);
    enter(&s, MI_FN_acknowledge, OP(2), (struct mi_event){0});
    on(&s, 107);
    enter(&s, MI_FN_acknowledge, OP(2), (struct mi_event){0});
    assert_findings(&s, "use-after-close");
    end(&s);
    begin_with_operation(&s, 71);
    enter_callback(&s, MI_CB_prompt_user,
                   (struct mi_event){.token = 71, .r1 = OP(1).r1, .r2 = OP(1).r2, .more = 1, .owed = 1});
    call(&s, MI_FN_acknowledge, OP(1), OK);
    assert_findings(&s, "use-after-close");
    end(&s);
}

static void test_answered_twice(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_callback(&s, MI_CB_prompt_user,
                   (struct mi_event){.token = 71, .r1 = OP(1).r1, .r2 = OP(1).r2, .more = 1, .owed = 1});
    call(&s, MI_FN_answer_prompt, OP(1), OK);
    call(&s, MI_FN_answer_prompt, OP(1), OK);
    assert_findings(&s, "use-after-close");
    end(&s);
}

/* Results, lent until the next getter, the close, the end of the callback, or the acknowledgement. */
#define RESULT 0x600011110000

static void test_result_used_after_the_close(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, LAST);
    call(&s, MI_FN_instance_get_element, (struct words){.address = RESULT}, OK);
    call(&s, MI_FN_operation_close, OP(1), OK);
    at(&s, 0x404000);
    call(&s, MI_FN_instance_get_element, (struct words){.address = RESULT}, OK);
    assert_findings(&s, "use-after-close");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Instance_GetElement on an instance of operation 1: the "
        "operation was closed before in place_403000 (client.c:42); it touches memory that was freed");
    assert_string_equal(finding_at(&s, 0)->advice,
                        "Clone it with MI_Instance_Clone while it is valid, use the clone, and delete that.");
    end(&s);
}

static void get_at(struct story *story, unsigned op, uint64_t address, uint8_t more)
{
    enter(story, MI_FN_operation_get_instance, OP(op), (struct mi_event){0});
    leave(story, MI_FN_operation_get_instance, (struct mi_event){.more = more, .object = address});
}

static void test_result_used_after_the_next(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get_at(&s, 1, 0x600000, MORE);
    get_at(&s, 1, 0x700000, MORE);
    call(&s, MI_FN_instance_clone, (struct words){.address = 0x700000}, FAILED);
    call(&s, MI_FN_instance_clone, (struct words){.address = 0x600000},
         FAILED); /* or a part of the next one */
    assert_findings(&s, "use-after-close?~");
    assert_non_null(strstr(finding_at(&s, 0)->message, "unless something else stands at its address"));
    end(&s);
}

static void lend(struct story *story, unsigned op, uint64_t token, uint8_t owed)
{
    enter_callback(story, MI_CB_instance_result,
                   (struct mi_event){.token = token,
                                     .r1 = OP(op).r1,
                                     .r2 = OP(op).r2,
                                     .table = 3,
                                     .more = MORE,
                                     .object = RESULT,
                                     .owed = owed});
}

static void test_result_used_after_its_callback(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    lend(&s, 1, 71, 0);
    call(&s, MI_FN_operation_close, OP(1), OK); /* it lives as long as the callback */
    call(&s, MI_FN_instance_get_class_name, (struct words){.address = RESULT}, OK);
    leave_result(&s, 71);
    on(&s, STORY_MAIN);
    call(&s, MI_FN_instance_get_class_name, (struct words){.address = RESULT}, OK);
    assert_findings(&s, "use-after-close");
    assert_non_null(strstr(finding_at(&s, 0)->message, "its callback returned before"));
    end(&s);
}

/* MI delivers the last result inside the call that cancels, which is made in the callback of the first. */
static void test_result_used_after_a_callback_inside(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    lend(&s, 1, 71, 0);
    enter(&s, MI_FN_operation_cancel, OP(1), (struct mi_event){0});
    result(&s, 1, 71, LAST);
    leave(&s, MI_FN_operation_cancel, (struct mi_event){0});
    call(&s, MI_FN_instance_get_class_name, (struct words){.address = RESULT}, OK);
    leave_result(&s, 71);
    assert_findings(&s, "");
    end(&s);
}

static void test_result_used_after_its_acknowledgement(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    start_manual(&s, 1, 2, 72);
    on(&s, STORY_MI);
    lend(&s, 2, 72, 1);
    leave_result(&s, 72);
    on(&s, STORY_MAIN);
    call(&s, MI_FN_instance_get_class_name, (struct words){.address = RESULT}, OK);
    call(&s, MI_FN_acknowledge, OP(2), OK);
    assert_findings(&s, "");
    end(&s);
    begin_with_operation(&s, SYNCHRONOUS);
    start_manual(&s, 1, 2, 72);
    lend(&s, 2, 72, 1);
    call(&s, MI_FN_acknowledge, OP(2), OK);
    call(&s, MI_FN_instance_get_class_name, (struct words){.address = RESULT}, OK);
    assert_findings(&s, "use-after-close");
    end(&s);
}

/* The address of a result is given out again: to a result, to an instance of the program. */
static void test_address_of_a_result_used_again(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, MORE);
    get(&s, 1, MORE);
    call(&s, MI_FN_instance_get_element, (struct words){.address = RESULT}, OK);
    get_at(&s, 1, 0, LAST);
    call(&s, MI_FN_operation_close, OP(1), OK);
    create(&s, MI_FN_application_new_instance, APP(1), (struct words){.address = RESULT});
    call(&s, MI_FN_instance_get_element, (struct words){.address = RESULT}, OK);
    call(&s, MI_FN_instance_delete, (struct words){.address = RESULT}, OK);
    assert_findings(&s, "");
    end(&s);
}

/* Since the instance was deleted, one that has others in it may have come to stand there. */
static void use_after(struct story *story, enum mi_function between)
{
    begin_with_operation(story, SYNCHRONOUS);
    create(story, MI_FN_application_new_instance, APP(1), INSTANCE(1));
    create(story, MI_FN_application_new_instance, APP(1), INSTANCE(2));
    call(story, MI_FN_instance_delete, INSTANCE(1), OK);
    if (between == MI_FN_operation_get_instance) {
        get(story, 1, MORE);
    } else if (mi_functions[between].made == MI_KIND_none) {
        call(story, between, INSTANCE(2), OK);
    } else {
        create(story, between, INSTANCE(2), INSTANCE(3));
    }
    call(story, MI_FN_instance_get_element, INSTANCE(1), OK);
}

static void test_instance_used_after_others(void **state)
{
    static const struct {
        enum mi_function between;
        const char *found;
    } rows[] = {{MI_FN_application_new_instance, "use-after-close"},
                {MI_FN_instance_get_element, "use-after-close"},
                {MI_FN_instance_add_element, "use-after-close?~"},
                {MI_FN_instance_set_element_at, "use-after-close?~"},
                {MI_FN_instance_clone, "use-after-close?~"},
                {MI_FN_operation_get_instance, "use-after-close?~"}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct story s;
        use_after(&s, rows[i].between);
        assert_findings(&s, rows[i].found);
        end(&s);
    }
}

static void crash_after(struct story *story, int32_t result, int signal_number)
{
    begin(story);
    initialize(story, 1);
    enter(story, MI_FN_application_new_session, APP(1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    leave(story, MI_FN_application_new_session,
          (struct mi_event){.result = result, .out = SESSION(1).address});
    model_set_end(story->model, STORY_PID, MODEL_SIGNAL, signal_number);
}

static void test_crash_after_a_failed_creation(void **state)
{
    struct story s;

    (void)state;
    crash_after(&s, INVALID_PARAMETER, SIGSEGV);
    assert_findings(&s, "use-after-close? process-killed");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "the process crashed right after MI_Application_NewSession in place_401000 (client.c:42) had "
        "failed (INVALID_PARAMETER)");
    end(&s);
    crash_after(&s, INVALID_PARAMETER, SIGKILL);
    assert_findings(&s, "process-killed");
    end(&s);
    crash_after(&s, OK, SIGSEGV);
    assert_findings(&s, "process-killed");
    end(&s);
    crash_after(&s, INVALID_PARAMETER, SIGSEGV);
    call(&s, MI_FN_application_close, APP(1), OK);
    assert_findings(&s, "");
    end(&s);
}

/* close-borrowed */
static void test_session_of_somebody_else_closed(void **state)
{
    STORY(s);

    initialize(&s, 1);
    call(&s, MI_FN_session_close, SESSION(7), OK);
    assert_findings(&s, "close-borrowed");
    assert_string_equal(finding_at(&s, 0)->message,
                        "MI_Session_Close in place_401000 (client.c:42): the program did "
                        "not open this session");
    assert_int_equal(finding_at(&s, 0)->handle.kind, MI_KIND_none);
    end(&s);
}

static void test_unknown_sessions(void **state)
{
    STORY(s);

    initialize(&s, 1);
    call(&s, MI_FN_session_close, SESSION(7), INVALID_PARAMETER);
    call(&s, MI_FN_session_close, (struct words){.address = 0x1000, .r1 = 3}, OK); /* never made */
    call(&s, MI_FN_operation_close, OP(7), OK);                                    /* a start that failed */
    assert_findings(&s, "");
    end(&s);
    begin(&s);
    tell(&s, MI_EV_function_table,
         (struct mi_event){.kind = MI_KIND_application, .problem = "read-only", .problem_len = 9});
    call(&s, MI_FN_session_close, SESSION(7), OK);
    assert_findings(&s, "");
    end(&s);
}

/* close-other-user */
static void as_user(struct story *story, enum mi_function function, struct words self, uint32_t uid,
                    int32_t result)
{
    enter(story, function, self, (struct mi_event){.uid = uid, .gid = uid});
    leave(story, function, (struct mi_event){.result = result});
}

static void test_refused_for_another_user(void **state)
{
    struct story s;
    const struct finding *finding;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, LAST);
    as_user(&s, MI_FN_operation_close, OP(1), 7, ACCESS_DENIED);
    call(&s, MI_FN_operation_close, OP(1), OK);
    at(&s, 0x404000);
    as_user(&s, MI_FN_session_close, SESSION(1), 7, ACCESS_DENIED);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    call(&s, MI_FN_application_close, APP(1), OK);
    assert_findings(&s, "close-other-user~ close-other-user~");
    finding = finding_at(&s, 0);
    assert_string_equal(
        finding->message,
        "MI_Operation_Close on operation 1 in place_403000 (client.c:42): the thread runs as user 7, "
        "group 7; user 0, group 0 opened the session in place_401000 (client.c:42); MI refuses it");
    assert_string_equal(finding->advice,
                        "Call MI_Operation_Close as user 0, group 0: on a thread that keeps these ids, "
                        "or before they change.");
    end(&s);
}

/* What MI says last is what counts. */
static void test_closed_operation_denied_to_another_user(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), OK);
    as_user(&s, MI_FN_operation_close, OP(1), 7, ACCESS_DENIED);
    assert_findings(&s, "close-other-user~");
    end(&s);
}

static void test_start_and_acknowledgement_of_another_user(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    start_manual(&s, 1, 2, 72);
    owed_result(&s, 2, 72, MORE);
    as_user(&s, MI_FN_acknowledge, OP(2), 7, ACCESS_DENIED);
    call(&s, MI_FN_acknowledge, OP(2), OK);
    at(&s, 0x404000);
    enter(&s, MI_FN_session_test_connection, SESSION(1),
          (struct mi_event){.uid = 7, .operation = OP(3).address, .namespace = "", .name = "", .detail = ""});
    leave(&s, MI_FN_session_test_connection,
          (struct mi_event){.r1 = SESSION(1).r1, .r2 = SESSION(1).r2, .table = 4});
    assert_findings(&s, "close-other-user~ close-other-user~");
    end(&s);
}

/* Another user may do what MI does not check; and a remote system may deny things, too. */
static void test_access_denied_for_other_reasons(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    leave(&s, MI_FN_operation_get_instance, (struct mi_event){.more = LAST, .final = ACCESS_DENIED});
    as_user(&s, MI_FN_operation_close, OP(1), 7, OK);
    enter_start(&s, 1, 2, SYNCHRONOUS, 0);
    leave_start(&s, SESSION(1));
    assert_findings(&s, "");
    end(&s);
}

/* close-failed */
static void test_close_that_fails(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    create(&s, MI_FN_application_new_instance, APP(1), INSTANCE(1));
    call(&s, MI_FN_session_close, SESSION(1), FAILED);
    at(&s, 0x402000);
    call(&s, MI_FN_instance_delete, INSTANCE(1), FAILED);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    call(&s, MI_FN_application_close, APP(1), OK);
    exits(&s);
    assert_findings(&s, "close-failed~ close-failed~ leak-instance");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Session_Close on session 1 in place_401000 (client.c:42): it returned FAILED, so the session "
        "is not closed");
    end(&s);
}

/* get-on-async-operation */
static void test_getter_of_an_asynchronous_operation(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    leave(&s, MI_FN_operation_get_instance, (struct mi_event){.result = INVALID_PARAMETER});
    assert_findings(&s, "get-on-async-operation~");
    assert_non_null(
        strstr(finding_at(&s, 0)->message, ": its results go to its instanceResult callback; MI refuses it"));
    end(&s);
}

static void test_getter_of_a_closed_asynchronous_operation(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    call(&s, MI_FN_operation_close, OP(1), OK);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    leave(&s, MI_FN_operation_get_instance, (struct mi_event){.result = INVALID_PARAMETER});
    assert_findings(&s, "use-after-close~");
    end(&s);
}

static void test_getter_for_another_kind(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_class, OP(1), (struct mi_event){0});
    leave(&s, MI_FN_operation_get_class, (struct mi_event){.result = INVALID_PARAMETER});
    assert_findings(&s, "get-on-async-operation~");
    assert_non_null(strstr(finding_at(&s, 0)->message, ": its results are instances; MI refuses it"));
    assert_string_equal(finding_at(&s, 0)->advice, "Call MI_Operation_GetInstance instead.");
    end(&s);
}

/* Callbacks for messages make no operation asynchronous; a getter may fail for other reasons. */
static void test_getters_that_fit(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter(&s, MI_FN_session_enumerate_instances, SESSION(1),
          (struct mi_event){.callbacks = 1u << MI_CB_write_message,
                            .operation = OP(1).address,
                            .namespace = "",
                            .name = "",
                            .detail = ""});
    leave_start(&s, OP(1));
    get(&s, 1, MORE);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    leave(&s, MI_FN_operation_get_instance, (struct mi_event){.result = INVALID_PARAMETER});
    enter_start(&s, 1, 2, 71, 0);
    leave_start(&s, SESSION(1));
    enter(&s, MI_FN_operation_get_instance, (struct words){OP(2).address, SESSION(1).r1, SESSION(1).r2},
          (struct mi_event){0});
    leave_get(&s, LAST);
    assert_findings(&s, "");
    end(&s);
}

/* close-during-use */
static void test_operation_closed_while_it_is_read(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    on(&s, 107);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    on(&s, STORY_MAIN);
    at(&s, 0x404000);
    enter_close(&s, MI_FN_operation_close, OP(1));
    on(&s, 107);
    leave_get(&s, MORE);
    get(&s, 1, LAST); /* once more for the same close */
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_operation_close, (struct mi_event){0});
    assert_findings(&s, "close-during-use");
    assert_int_equal(finding_at(&s, 0)->count, 1);
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Operation_Close on operation 1 in place_404000 (client.c:42): thread 107 was inside "
        "MI_Operation_GetInstance on it in place_403000 (client.c:42)");
    end(&s);
}

static void test_operation_read_while_it_is_closed(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter_close(&s, MI_FN_operation_close, OP(1));
    on(&s, 107);
    get(&s, 1, LAST);
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_operation_close, (struct mi_event){0});
    assert_findings(&s, "close-during-use");
    assert_int_equal(finding_at(&s, 0)->at.function, MI_FN_operation_close);
    end(&s);
}

static void test_two_readers(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    on(&s, 107);
    get(&s, 1, LAST);
    assert_findings(&s, "close-during-use");
    assert_int_equal(finding_at(&s, 0)->at.function, MI_FN_operation_get_instance);
    assert_string_equal(finding_at(&s, 0)->advice, "Let one thread read the results of an operation.");
    end(&s);
}

/* A getter that has nothing to get does no harm. */
static void test_readers_of_what_is_over(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, LAST);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    on(&s, 107);
    get(&s, 1, LAST);
    call(&s, MI_FN_operation_close, OP(1), OK);
    on(&s, STORY_MAIN);
    leave_get(&s, LAST);
    assert_findings(&s, "");
    end(&s);
}

/* Cancelled by one thread, read to its end by another, closed then; asynchronous operations may be closed at
 * any time. */
static void test_readers_that_are_no_problem(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    start(&s, 1, 2, 72);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    on(&s, 107);
    call(&s, MI_FN_operation_cancel, OP(1), OK);
    on(&s, STORY_MAIN);
    leave_get(&s, LAST);
    on(&s, 107);
    call(&s, MI_FN_operation_close, OP(1), OK);
    on(&s, STORY_MI);
    enter_result(&s, 2, 72, LAST);
    enter(&s, MI_FN_operation_get_session, OP(2), (struct mi_event){0});
    on(&s, 107);
    call(&s, MI_FN_operation_close, OP(2), OK);
    assert_findings(&s, "");
    end(&s);
}

static const struct {
    enum mi_kind kind;
    struct words words;
    enum mi_function creator, closer, user;
    const char *found;
} use_cases[] = {
    {MI_KIND_serializer,
     {0x1000, 7, 8},
     MI_FN_application_new_serializer,
     MI_FN_serializer_close,
     MI_FN_serializer_serialize_class,
     "close-during-use"},
    {MI_KIND_serializer,
     {0x1000, 0, 0},
     MI_FN_application_new_serializer,
     MI_FN_serializer_close,
     MI_FN_serializer_serialize_class,
     "close-during-use~"},
    {MI_KIND_deserializer,
     {0x1000, 7, 8},
     MI_FN_application_new_deserializer,
     MI_FN_deserializer_close,
     MI_FN_deserializer_instance_get_class_name,
     "close-during-use~"},
    {MI_KIND_instance,
     {0x1000, 0, 0},
     MI_FN_application_new_instance,
     MI_FN_instance_delete,
     MI_FN_instance_clone,
     "close-during-use"},
    {MI_KIND_class,
     {0x1000, 0, 0},
     MI_FN_application_new_class,
     MI_FN_class_delete,
     MI_FN_class_get_parent_class,
     "close-during-use"},
    {MI_KIND_operation_options,
     {0x1000, 0, 8},
     MI_FN_application_new_operation_options,
     MI_FN_operation_options_delete,
     MI_FN_operation_options_get_number,
     "close-during-use"},
    {MI_KIND_session,
     {0x1000, 7, 8},
     MI_FN_application_new_session,
     MI_FN_session_close,
     MI_FN_session_get_application,
     ""},
};

static void test_each_kind_closed_during_a_call(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(use_cases); i++) {
        STORY(s);
        initialize(&s, 1);
        create(&s, use_cases[i].creator, APP(1), use_cases[i].words);
        enter(&s, use_cases[i].user, use_cases[i].words, (struct mi_event){0});
        on(&s, 107);
        call(&s, use_cases[i].closer, use_cases[i].words, OK);
        on(&s, STORY_MAIN);
        leave(&s, use_cases[i].user, (struct mi_event){.result = FAILED});
        assert_findings(&s, use_cases[i].found);
        end(&s);
    }
}

static void test_reference_deleted_during_a_call(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    create(&s, MI_FN_class_clone, CLASS(1), CLASS(1));
    enter(&s, MI_FN_class_get_element, CLASS(1), (struct mi_event){0});
    on(&s, 107);
    call(&s, MI_FN_class_delete, CLASS(1), OK); /* the other reference is enough */
    assert_findings(&s, "");
    end(&s);
}

/* delete-borrowed */
static void test_result_deleted(void **state)
{
    struct story s;
    const struct finding *finding;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, MORE);
    at(&s, 0x404000);
    call(&s, MI_FN_instance_delete, (struct words){.address = RESULT}, OK);
    assert_findings(&s, "delete-borrowed");
    finding = finding_at(&s, 0);
    assert_string_equal(
        finding->message,
        "MI_Instance_Delete on an instance of operation 1 in place_404000 (client.c:42): it belongs to "
        "the operation, which handed it out in place_403000 (client.c:42); MI goes on using it, or has "
        "freed it itself");
    assert_int_equal(finding->handle.kind, MI_KIND_operation);
    assert_int_equal(finding->created.function, MI_FN_session_enumerate_instances);
    end(&s);
}

static void test_results_of_each_kind_deleted(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, 71);
    on(&s, STORY_MI);
    enter_callback(&s, MI_CB_class_result,
                   (struct mi_event){.token = 71, .more = 1, .object = 0x600000, .details = 0x700000});
    at(&s, 0x404000);
    call(&s, MI_FN_class_delete, (struct words){.address = 0x600000}, OK);
    at(&s, 0x405000);
    call(&s, MI_FN_instance_delete, (struct words){.address = 0x700000}, OK);
    leave_callback(&s, MI_CB_class_result, 71);
    at(&s, 0x406000);
    call(&s, MI_FN_instance_destruct, (struct words){.address = 0x700000}, OK); /* later */
    assert_findings(&s, "delete-borrowed delete-borrowed delete-borrowed~");
    end(&s);
}

static void test_unknown_instance_deleted(void **state)
{
    STORY(s);

    initialize(&s, 1);
    call(&s, MI_FN_instance_delete, INSTANCE(7), OK);
    assert_findings(&s, "delete-borrowed");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Instance_Delete in place_401000 (client.c:42): the program did not make this instance: it is "
        "a part of another one, or MI's");
    end(&s);
}

/* Clones and error instances are the program's; a struct of the program may be destructed; classes come from
 * anywhere. */
static void test_deletes_of_ones_own(void **state)
{
    struct story s;

    (void)state;
    begin_with_operation(&s, SYNCHRONOUS);
    get(&s, 1, MORE);
    create(&s, MI_FN_instance_clone, (struct words){.address = RESULT}, INSTANCE(1));
    call(&s, MI_FN_instance_delete, INSTANCE(1), OK);
    create_fails(&s, MI_FN_application_new_session, APP(1), INSTANCE(2));
    call(&s, MI_FN_instance_delete, INSTANCE(2), OK);
    call(&s, MI_FN_instance_destruct, INSTANCE(3), OK);
    call(&s, MI_FN_instance_delete, NOBODY, INVALID_PARAMETER);
    call(&s, MI_FN_class_delete, CLASS(3), OK);
    assert_findings(&s, "");
    end(&s);
}

static void test_unknown_instances_of_an_older_process(void **state)
{
    struct source_event event = {.id = MI_EV_instance_delete_entry, .time_ns = 1};
    struct story s;

    (void)state;
    begin(&s);
    event.data = (struct mi_event){.pid = 300, .tid = 300, .call = 1, .handle = 0x1234};
    model_take(s.model, &event); /* it began before the trace */
    assert_findings(&s, "");
    end(&s);
}

/* start-during-close */
static void test_start_during_the_close(void **state)
{
    static const enum mi_function closes[] = {MI_FN_session_close, MI_FN_application_close};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(closes); i++) {
        STORY(s);
        initialize(&s, 1);
        new_session(&s, 1, 1);
        enter_close(&s, closes[i], i == 0 ? SESSION(1) : APP(1));
        on(&s, 107);
        at(&s, 0x402000);
        start(&s, 1, 1, 71);
        at(&s, 0x403000);
        enter_start(&s, 1, 2, SYNCHRONOUS, 0);
        leave_start(&s, SESSION(1)); /* refused */
        result(&s, 1, 71, LAST);
        call(&s, MI_FN_operation_close, OP(1), OK);
        on(&s, STORY_MAIN);
        leave(&s, closes[i], (struct mi_event){0});
        assert_findings(&s, "start-during-close");
        assert_non_null(
            strstr(finding_at(&s, 0)->message,
                   i == 0 ? ": MI_Session_Close on session 1 was running in place_401000 (client.c:42); MI "
                            "started operation 1 all the same"
                          : ": MI_Application_Close on application 1 was running in place_401000"));
        end(&s);
    }
}

static void test_start_beside_the_close(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    new_session(&s, 1, 2);
    enter_close(&s, MI_FN_session_close, SESSION(2));
    on(&s, 107);
    start(&s, 1, 1, 71);
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_session_close, (struct mi_event){.result = ACCESS_DENIED});
    start(&s, 2, 2, 72); /* that close is over */
    assert_findings(&s, "close-failed~");
    end(&s);
}

/* application-churn */
static void test_last_application_closed_while_another_connects(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    initialize(&s, 2);
    enter_close(&s, MI_FN_application_close, APP(1));
    on(&s, 107);
    at(&s, 0x402000);
    new_session(&s, 2, 2);
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_application_close, (struct mi_event){0});
    assert_findings(&s, "application-churn~");
    assert_string_equal(
        finding_at(&s, 0)->message,
        "MI_Application_NewSession on application 2 in place_402000 (client.c:42): MI_Application_Close on "
        "application 1 was running in place_401000 (client.c:42); MI's delivering thread may be ended and "
        "started at once");
    end(&s);
}

static void test_application_connects_while_the_last_is_closed(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    initialize(&s, 2);
    enter(&s, MI_FN_application_new_session, APP(2),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    on(&s, 107);
    call(&s, MI_FN_application_close, APP(1), OK);
    assert_findings(&s, "application-churn~");
    assert_int_equal(finding_at(&s, 0)->at.function, MI_FN_application_close);
    end(&s);
}

static void close_while_connecting(struct story *story, unsigned closing, unsigned connecting)
{
    on(story, 107);
    enter_close(story, MI_FN_application_close, APP(closing));
    on(story, STORY_MAIN);
    new_session(story, connecting, 10 + connecting);
    on(story, 107);
    leave(story, MI_FN_application_close, (struct mi_event){0});
    on(story, STORY_MAIN);
}

/* An application that is being closed as well keeps nothing alive. */
static void test_all_applications_closed_while_another_connects(void **state)
{
    STORY(s);

    for (unsigned i = 1; i <= 3; i++) {
        initialize(&s, i);
    }
    new_session(&s, 1, 1);
    new_session(&s, 2, 2);
    call(&s, MI_FN_session_close, SESSION(1), OK);
    call(&s, MI_FN_session_close, SESSION(2), OK);
    enter_close(&s, MI_FN_application_close, APP(1));
    on(&s, 107);
    enter_close(&s, MI_FN_application_close, APP(2));
    on(&s, 108);
    new_session(&s, 3, 3);
    assert_findings(&s, "application-churn~");
    end(&s);
}

static void test_applications_that_come_and_go(void **state)
{
    STORY(s);

    initialize(&s, 1);
    initialize(&s, 2);
    close_while_connecting(&s, 1, 2); /* the closed one had no session */
    call(&s, MI_FN_session_close, SESSION(12), OK);
    call(&s, MI_FN_application_close, APP(2), OK);
    for (unsigned i = 1; i <= 20; i++) { /* one after the other */
        initialize(&s, 1);
        new_session(&s, 1, 1);
        call(&s, MI_FN_session_close, SESSION(1), OK);
        call(&s, MI_FN_application_close, APP(1), OK);
    }
    for (unsigned i = 1; i <= 4; i++) {
        initialize(&s, i);
    }
    new_session(&s, 2, 2);
    new_session(&s, 3, 3);
    close_while_connecting(&s, 1, 2); /* not the first session; nor was the closed one connected */
    close_while_connecting(&s, 3, 4); /* application 2 keeps the thread alive */
    assert_findings(&s, "");
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_kind_closed_twice),
        cmocka_unit_test(test_each_kind_used_after_its_close),
        cmocka_unit_test(test_each_kind_made_again),
        cmocka_unit_test(test_closed_while_events_are_missing),
        cmocka_unit_test(test_what_is_told_of_a_second_close),
        cmocka_unit_test(test_closed_twice_in_one_place),
        cmocka_unit_test(test_copy_of_an_application_closed),
        cmocka_unit_test(test_handles_of_a_closed_application),
        cmocka_unit_test(test_references_of_a_class),
        cmocka_unit_test(test_class_given_to_mi),
        cmocka_unit_test(test_overlapping_closes),
        cmocka_unit_test(test_race_of_two_session_closes),
        cmocka_unit_test(test_closes_that_are_allowed),
        cmocka_unit_test(test_struct_that_was_refused_once),
        cmocka_unit_test(test_close_that_mi_does_not_know),
        cmocka_unit_test(test_failed_start_with_words_of_an_operation),
        cmocka_unit_test(test_struct_of_one_codec_after_the_other),
        cmocka_unit_test(test_exception_out_of_a_creation),
        cmocka_unit_test(test_instances_of_a_second_mi),
        cmocka_unit_test(test_handles_of_the_parent_in_a_forked_child),
        cmocka_unit_test(test_operation_used_after_its_close),
        cmocka_unit_test(test_start_after_the_close),
        cmocka_unit_test(test_closes_that_are_not_the_end),
        cmocka_unit_test(test_acknowledged_twice),
        cmocka_unit_test(test_acknowledged_after_the_end),
        cmocka_unit_test(test_acknowledgements_that_are_owed),
        cmocka_unit_test(test_answered_twice),
        cmocka_unit_test(test_result_used_after_the_close),
        cmocka_unit_test(test_result_used_after_the_next),
        cmocka_unit_test(test_result_used_after_its_callback),
        cmocka_unit_test(test_result_used_after_its_acknowledgement),
        cmocka_unit_test(test_address_of_a_result_used_again),
        cmocka_unit_test(test_instance_used_after_others),
        cmocka_unit_test(test_crash_after_a_failed_creation),
        cmocka_unit_test(test_session_of_somebody_else_closed),
        cmocka_unit_test(test_unknown_sessions),
        cmocka_unit_test(test_refused_for_another_user),
        cmocka_unit_test(test_start_and_acknowledgement_of_another_user),
        cmocka_unit_test(test_access_denied_for_other_reasons),
        cmocka_unit_test(test_close_that_fails),
        cmocka_unit_test(test_getter_of_an_asynchronous_operation),
        cmocka_unit_test(test_getter_for_another_kind),
        cmocka_unit_test(test_getters_that_fit),
        cmocka_unit_test(test_operation_closed_while_it_is_read),
        cmocka_unit_test(test_operation_read_while_it_is_closed),
        cmocka_unit_test(test_two_readers),
        cmocka_unit_test(test_readers_that_are_no_problem),
        cmocka_unit_test(test_each_kind_closed_during_a_call),
        cmocka_unit_test(test_reference_deleted_during_a_call),
        cmocka_unit_test(test_result_deleted),
        cmocka_unit_test(test_results_of_each_kind_deleted),
        cmocka_unit_test(test_unknown_instance_deleted),
        cmocka_unit_test(test_deletes_of_ones_own),
        cmocka_unit_test(test_unknown_instances_of_an_older_process),
        cmocka_unit_test(test_start_during_the_close),
        cmocka_unit_test(test_start_beside_the_close),
        cmocka_unit_test(test_last_application_closed_while_another_connects),
        cmocka_unit_test(test_application_connects_while_the_last_is_closed),
        cmocka_unit_test(test_one_reference_given_to_mi),
        cmocka_unit_test(test_exception_out_of_a_delete),
        cmocka_unit_test(test_responses_that_are_too_many),
        cmocka_unit_test(test_result_used_after_a_callback_inside),
        cmocka_unit_test(test_closed_operation_denied_to_another_user),
        cmocka_unit_test(test_getter_of_a_closed_asynchronous_operation),
        cmocka_unit_test(test_readers_of_what_is_over),
        cmocka_unit_test(test_all_applications_closed_while_another_connects),
        cmocka_unit_test(test_error_details_at_the_same_address),
        cmocka_unit_test(test_error_details_deleted_twice),
        cmocka_unit_test(test_tables_left_alone),
        cmocka_unit_test(test_classes_of_a_second_mi),
        cmocka_unit_test(test_applications_that_come_and_go),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
