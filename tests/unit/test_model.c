/* SPDX-License-Identifier: MIT */
/* The model: processes, threads, what they are inside of, and the lives of handles. */
#include "build_events.h"

static void test_life_of_each_handle(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    assert_open(&s, "application 1, session 1, operation 1");
    assert_string_equal(open_one(&s, MI_KIND_operation, 1)->name, "root/cimv2 CIM_Foo");
    assert_ptr_equal(open_one(&s, MI_KIND_operation, 1)->parent, open_one(&s, MI_KIND_session, 1));
    get(&s, 1, MORE);
    assert_false(open_one(&s, MI_KIND_operation, 1)->final_seen);
    get(&s, 1, LAST);
    assert_true(open_one(&s, MI_KIND_operation, 1)->final_seen);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->results, 2);
    call(&s, MI_FN_operation_close, OP(1), 0);
    assert_open(&s, "application 1, session 1");
    call(&s, MI_FN_session_close, SESSION(1), 0);
    call(&s, MI_FN_application_close, APP(1), 0);
    assert_open(&s, "");
    assert_int_equal(process_of(&s, 0)->counts[MI_KIND_operation].created, 1);
    assert_int_equal(process_of(&s, 0)->counts[MI_KIND_operation].closed, 1);
    assert_int_equal(model_odd_events(s.model), 0);
    end(&s);
}

static void test_failed_creations_make_nothing(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create_fails(&s, MI_FN_application_new_session, APP(1), NOBODY);
    create_fails(&s, MI_FN_application_new_instance, APP(1), NOBODY);
    assert_open(&s, "application 1");
    new_session(&s, 1, 1);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_error_details_belong_to_the_program(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create_fails(&s, MI_FN_application_new_session, APP(1), INSTANCE(9));
    assert_open(&s, "application 1, instance 1");
    assert_string_equal(open_one(&s, MI_KIND_instance, 1)->name, "error details");
    call(&s, MI_FN_instance_delete, INSTANCE(9), 0);
    assert_open(&s, "application 1");
    end(&s);
}

/* The thread that deletes a class is interrupted before its return is recorded; the address is another's by
 * then.
 */
static void test_address_of_a_class_that_is_being_deleted(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    enter_close(&s, MI_FN_class_delete, CLASS(1));
    on(&s, STORY_MAIN + 1);
    create(&s, MI_FN_instance_get_class, INSTANCE(1), CLASS(1));
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_class_delete, (struct mi_event){0});
    assert_open(&s, "application 1, class 2");
    on(&s, STORY_MAIN + 1);
    create(&s, MI_FN_class_clone, CLASS(1), CLASS(1));
    call(&s, MI_FN_class_delete, CLASS(1), 0);
    assert_open(&s, "application 1, class 2");
    call(&s, MI_FN_class_delete, CLASS(1), 0);
    assert_open(&s, "application 1");
    assert_int_equal(process_of(&s, 0)->counts[MI_KIND_class].created, 2);
    assert_int_equal(process_of(&s, 0)->counts[MI_KIND_class].closed, 2);
    assert_int_equal(model_odd_events(s.model), 0);
    end(&s);
}

static void test_refused_close_leaves_the_handle(void **state)
{
    enum { ACCESS_DENIED = 2 };
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), ACCESS_DENIED);
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->state, MODEL_LIVE);
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->close_result, ACCESS_DENIED);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    assert_open(&s, "application 1");
    end(&s);
}

static void test_close_of_what_mi_does_not_know(void **state)
{
    enum { INVALID_PARAMETER = 4 };
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    call(&s, MI_FN_operation_close, OP(1), INVALID_PARAMETER);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_asynchronous_operation_ends_with_its_last_callback(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    call(&s, MI_FN_operation_close, OP(1), 0);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->state, MODEL_CLOSING);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->callbacks_running, 1);
    leave_result(&s, 71);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_close_in_the_last_callback(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    on(&s, STORY_MI);
    result(&s, 1, 71, MORE);
    enter_result(&s, 1, 71, LAST);
    call(&s, MI_FN_operation_close, OP(1), 0);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->state, MODEL_CLOSING);
    leave_result(&s, 71);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_acknowledgement_after_the_close(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_manual(&s, 1, 1, 71);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, LAST);
    on(&s, STORY_MAIN);
    call(&s, MI_FN_operation_close, OP(1), 0);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->owed, 1);
    call(&s, MI_FN_acknowledge, OP(1), 0);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_refused_acknowledgement_stays_owed(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_manual(&s, 1, 1, 71);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, MORE);
    call(&s, MI_FN_acknowledge, OP(1), 2);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->owed, 1);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->refused_result, 2);
    call(&s, MI_FN_acknowledge, OP(1), 0);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->owed, 0);
    end(&s);
}

/* Acknowledging one result delivers the next one inside the acknowledgement. */
static void test_result_inside_acknowledgement(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_manual(&s, 1, 1, 71);
    on(&s, STORY_MI);
    owed_result(&s, 1, 71, MORE);
    on(&s, STORY_MAIN);
    enter(&s, MI_FN_acknowledge, OP(1), (struct mi_event){0});
    owed_result(&s, 1, 71, LAST);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->owed, 2);
    leave(&s, MI_FN_acknowledge, (struct mi_event){0});
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->owed, 1);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->responding, 0);
    assert_int_equal(model_odd_events(s.model), 0);
    end(&s);
}

static void test_asynchronous_close_ends_with_its_completion(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    close_asynchronously(&s, 1, 5);
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->state, MODEL_CLOSING);
    on(&s, STORY_MI);
    enter_completion(&s, 5);
    assert_true(open_one(&s, MI_KIND_session, 1)->completion_entered);
    leave_completion(&s, 5);
    assert_open(&s, "application 1");
    end(&s);
}

static void test_completion_before_the_close_returns(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter(&s, MI_FN_session_close, SESSION(1), (struct mi_event){.token = 5});
    enter_completion(&s, 5);
    leave_completion(&s, 5);
    leave(&s, MI_FN_session_close, (struct mi_event){0});
    assert_open(&s, "application 1");
    assert_false(
        ((struct model_thread *)g_hash_table_lookup(process_of(&s, 0)->threads, GUINT_TO_POINTER(STORY_MAIN)))
            ->delivers);
    end(&s);
}

static void test_end_of_a_session_ends_its_closed_operations(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    call(&s, MI_FN_operation_close, OP(1), 0);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    assert_open(&s, "application 1");
    end(&s);
}

static void test_references_to_a_class(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    create(&s, MI_FN_class_clone, CLASS(1), CLASS(1));
    assert_int_equal(open_one(&s, MI_KIND_class, 1)->references, 2);
    call(&s, MI_FN_class_delete, CLASS(1), 0);
    assert_open(&s, "application 1, class 1");
    call(&s, MI_FN_class_delete, CLASS(1), 0);
    assert_open(&s, "application 1");
    end(&s);
}

static void enter_class_needed(struct story *story)
{
    enter(story, MI_FN_deserializer_deserialize_instance, words_of(MI_KIND_deserializer, 1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    enter_callback(story, MI_CB_class_needed, (struct mi_event){0});
}

static void leave_class_needed(struct story *story)
{
    leave_callback(story, MI_CB_class_needed, 0);
    leave(story, MI_FN_deserializer_deserialize_instance, (struct mi_event){.out = INSTANCE(77).address});
    call(story, MI_FN_instance_delete, INSTANCE(77), 0);
}

static void test_class_given_to_mi(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_deserializer, APP(1), words_of(MI_KIND_deserializer, 1));
    enter_class_needed(&s);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    leave_class_needed(&s);
    assert_open(&s, "application 1, deserializer 1");
    assert_int_equal(process_of(&s, 0)->classes_given_ns, 0);
    end(&s);
}

static void test_clone_given_to_mi(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_deserializer, APP(1), words_of(MI_KIND_deserializer, 1));
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    enter_class_needed(&s);
    create(&s, MI_FN_class_clone, CLASS(1), CLASS(1));
    leave_class_needed(&s);
    assert_int_equal(open_one(&s, MI_KIND_class, 1)->references, 1);
    call(&s, MI_FN_class_delete, CLASS(1), 0);
    assert_open(&s, "application 1, deserializer 1");
    end(&s);
}

/* Which thread delivers: callbacks outside any call of its own. */
static void test_delivering_thread(void **state)
{
    STORY(s);
    GHashTable *threads = process_of(&s, 0)->threads;

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    result(&s, 1, 71, LAST);
    leave_start(&s, NOBODY);
    assert_false(
        ((struct model_thread *)g_hash_table_lookup(threads, GUINT_TO_POINTER(STORY_MAIN)))->delivers);
    start(&s, 1, 2, 72);
    on(&s, STORY_MI);
    result(&s, 2, 72, LAST);
    assert_true(((struct model_thread *)g_hash_table_lookup(threads, GUINT_TO_POINTER(STORY_MI)))->delivers);
    end(&s);
}

static void test_longjmp_out_of_a_call(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    s.depth[STORY_MAIN] = 0;
    call(&s, MI_FN_application_close, APP(1), 0);
    assert_open(&s, "");
    assert_int_equal(model_odd_events(s.model), 1);
    end(&s);
}

static void test_exception_out_of_a_call(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    unwind(&s);
    assert_open(&s, "application 1, session 1");
    enter_start(&s, 1, 2, 72, 0);
    result(&s, 2, 72, LAST);
    unwind(&s);
    assert_true(open_one(&s, MI_KIND_operation, 2)->doubtful);
    enter(&s, MI_FN_application_new_session, APP(1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    unwind(&s);
    assert_open(&s, "application 1, session 1, operation 2");
    assert_int_equal(model_odd_events(s.model), 0);
    end(&s);
}

static void test_exit_without_entry(void **state)
{
    STORY(s);

    initialize(&s, 1);
    tell(&s, MI_EV_session_close_exit, (struct mi_event){.call = 99});
    assert_int_equal(model_odd_events(s.model), 1);
    tell(&s, MI_EV_instance_result_callback_exit, (struct mi_event){.token = 9});
    assert_int_equal(model_odd_events(s.model), 2);
    assert_open(&s, "application 1");
    end(&s);
}

static void test_end_of_a_thread_leaves_its_calls(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    on(&s, 107);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    tell(&s, MI_EV_thread_end, (struct mi_event){0});
    assert_open(&s, "application 1");
    end(&s);
}

static void test_blocked_call(void **state)
{
    STORY(s);
    g_autoptr(GPtrArray) threads = NULL;

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    enter_close(&s, MI_FN_session_close, SESSION(1));
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, LAST);
    threads = model_threads(process_of(&s, 0));
    assert_int_equal(threads->len, 2);
    assert_int_equal(model_blocked_call(threads->pdata[0])->function, MI_FN_session_close);
    assert_int_equal(model_blocked_call(threads->pdata[0])->handle->id, 1);
    assert_null(model_blocked_call(threads->pdata[1]));
    end(&s);
}

static void test_stacks_are_interned(void **state)
{
    STORY(s);
    const struct model_stack *stack;

    at(&s, 0x401111);
    initialize(&s, 1);
    at(&s, 0x402222);
    new_session(&s, 1, 1);
    new_session(&s, 1, 2);
    stack = open_one(&s, MI_KIND_session, 1)->created.stack;
    assert_ptr_equal(stack, open_one(&s, MI_KIND_session, 2)->created.stack);
    assert_ptr_not_equal(stack, open_one(&s, MI_KIND_application, 1)->created.stack);
    assert_int_equal(stack->addresses[0], 0x402222);
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->origin->created, 2);
    end(&s);
}

/* Processes. */
static void test_exec_begins_a_new_generation(void **state)
{
    STORY(s);

    initialize(&s, 1);
    tell(&s, MI_EV_process_end, (struct mi_event){.how = 2, .path = "/bin/b", .path_len = 6});
    tell(&s, MI_EV_process_start, (struct mi_event){.path = "/bin/b", .path_len = 6, .run = ""});
    assert_int_equal(model_processes(s.model)->len, 2);
    assert_int_equal(process_of(&s, 0)->end, MODEL_EXEC);
    assert_int_equal(process_of(&s, 1)->generation, 1);
    assert_string_equal(process_of(&s, 1)->path, "/bin/b");
    initialize(&s, 1);
    assert_int_equal(process_of(&s, 1)->counts[MI_KIND_application].created, 1);
    end(&s);
}

static void test_failed_exec_takes_its_end_back(void **state)
{
    STORY(s);

    tell(&s, MI_EV_process_end, (struct mi_event){.how = 2, .path = ""});
    tell(&s, MI_EV_exec_failed, (struct mi_event){0});
    assert_int_equal(process_of(&s, 0)->end, MODEL_RUNNING);
    end(&s);
}

/* The recorder announces the child's thread before the fork. */
static void test_thread_of_a_child_comes_before_the_fork(void **state)
{
    STORY(s);

    initialize(&s, 1);
    s.pid = s.tid = 200;
    tell(&s, MI_EV_thread_start, (struct mi_event){.name = ""});
    tell(&s, MI_EV_process_fork, (struct mi_event){.parent = STORY_PID});
    assert_int_equal(model_processes(s.model)->len, 2);
    assert_ptr_equal(process_of(&s, 1)->forked_from, process_of(&s, 0));
    assert_string_equal(process_of(&s, 1)->path, "/bin/client");
    assert_int_equal(process_of(&s, 1)->begin_ns, s.now);
    assert_null(process_of(&s, 1)->delivery_left); /* nothing was connected */
    end(&s);
}

static void note_inherited(struct model_handle *handle, void *context)
{
    *(unsigned *)context += handle->inherited != NULL ? 1 : 0;
}

/* What a child makes of its parent's handles is told apart from what it makes of its own. */
static void test_handles_made_from_inherited_ones(void **state)
{
    STORY(s);
    unsigned inherited = 0;

    initialize(&s, 1);
    new_session(&s, 1, 1);
    s.pid = s.tid = 200;
    tell(&s, MI_EV_process_fork, (struct mi_event){.parent = STORY_PID});
    assert_ptr_equal(process_of(&s, 1)->delivery_left, open_one(&s, MI_KIND_application, 1));
    new_session(&s, 1, 2);
    start(&s, 2, 1, SYNCHRONOUS);
    model_each_open(process_of(&s, 1), note_inherited, &inherited);
    assert_int_equal(inherited, 1); /* the session; the operation is of that */
    end(&s);
}

static void test_texts_that_are_left_out(void **state)
{
    STORY(s);

    s.pid = s.tid = 300;
    tell(&s, MI_EV_process_start, (struct mi_event){.major = 1});
    tell(&s, MI_EV_module_load, (struct mi_event){.base = 1});
    assert_string_equal(process_of(&s, 1)->path, "");
    assert_string_equal(process_of(&s, 1)->run, "");
    assert_string_equal(((const struct model_module *)process_of(&s, 1)->modules->pdata[0])->path, "");
    end(&s);
}

static void test_end_of_watching(void **state)
{
    STORY(s);
    int64_t last_ns = s.now;

    assert_int_equal(model_end_of(s.model, process_of(&s, 0)), last_ns);
    model_set_watched(s.model, last_ns + 7000);
    assert_int_equal(model_end_of(s.model, process_of(&s, 0)), last_ns + 7000);
    model_set_watched(s.model, last_ns + 9000); /* of another trace */
    assert_int_equal(model_end_of(s.model, process_of(&s, 0)), last_ns + 7000);
    model_set_end(s.model, STORY_PID, MODEL_EXIT, 0);
    assert_int_equal(model_end_of(s.model, process_of(&s, 0)), last_ns);
    end(&s);
}

static void test_forked_child_has_no_handles_of_its_own(void **state)
{
    STORY(s);

    initialize(&s, 1);
    s.pid = s.tid = 200;
    tell(&s, MI_EV_process_fork, (struct mi_event){.parent = STORY_PID});
    call(&s, MI_FN_application_close, APP(1), 0);
    assert_open(&s, "application 1"); /* of the parent */
    assert_ptr_equal(process_of(&s, 1)->forked_from, process_of(&s, 0));
    assert_string_equal(process_of(&s, 1)->path, "/bin/client");
    initialize(&s, 1);
    assert_int_equal(process_of(&s, 1)->counts[MI_KIND_application].created, 1);
    end(&s);
}

static void test_only_one_run(void **state)
{
    struct model *model = model_new();
    struct source_event event = {.id = MI_EV_process_start,
                                 .data = {.pid = 1, .tid = 1, .run = "other", .run_len = 5, .path = ""}};

    (void)state;
    model_begin_trace(model, "mine");
    model_take(model, &event);
    event.id = MI_EV_thread_start;
    event.data.name = "";
    model_take(model, &event);
    event.data.pid = 2; /* began before the trace */
    model_take(model, &event);
    assert_int_equal(model_processes(model)->len, 0);
    event = (struct source_event){.id = MI_EV_process_start,
                                  .data = {.pid = 6, .tid = 6, .run = "your", .run_len = 4, .path = ""}};
    model_take(model, &event);
    event = (struct source_event){.id = MI_EV_process_start,
                                  .data = {.pid = 3, .tid = 3, .run = "mine", .run_len = 4, .path = ""}};
    model_take(model, &event);
    event = (struct source_event){.id = MI_EV_process_fork, .data = {.pid = 4, .tid = 4, .parent = 3}};
    model_take(model, &event);
    event = (struct source_event){.id = MI_EV_process_fork, .data = {.pid = 5, .tid = 5, .parent = 1}};
    model_take(model, &event);
    assert_int_equal(model_processes(model)->len, 2);
    model_free(model);
}

static void test_ends_that_the_launcher_knows(void **state)
{
    STORY(s);

    model_set_end(s.model, STORY_PID, MODEL_EXIT, 3);
    assert_int_equal(process_of(&s, 0)->end, MODEL_EXIT);
    assert_int_equal(process_of(&s, 0)->end_status, 3);
    model_set_end(s.model, STORY_PID, MODEL_SIGNAL, 11);
    assert_int_equal(process_of(&s, 0)->end, MODEL_SIGNAL);
    model_set_end(s.model, 4242, MODEL_SIGNAL, 11); /* never seen */
    end(&s);
}

/* Equal pids are usual in containers: each begins to count at 1. */
static void test_another_trace_has_other_processes(void **state)
{
    STORY(s);

    initialize(&s, 1);
    model_begin_trace(s.model, NULL);
    model_set_end(s.model, STORY_PID, MODEL_SIGNAL, 9);
    assert_int_equal(process_of(&s, 0)->end, MODEL_RUNNING);
    call(&s, MI_FN_application_close, APP(1), 0);
    assert_int_equal(model_processes(s.model)->len, 2);
    assert_int_equal(process_of(&s, 1)->generation, 0);
    assert_open(&s, "application 1"); /* of the first */
    tell(&s, MI_EV_process_end, (struct mi_event){.path = ""});
    assert_int_equal(process_of(&s, 0)->end, MODEL_RUNNING);
    model_begin_trace(s.model, NULL);
    s.pid = s.tid = 200;
    tell(&s, MI_EV_process_fork, (struct mi_event){.parent = STORY_PID});
    assert_null(process_of(&s, 2)->forked_from);
    end(&s);
}

static void test_modules_are_kept(void **state)
{
    static const uint8_t build_id[] = {1, 2, 3};
    STORY(s);
    const struct model_module *module;

    tell(&s, MI_EV_module_load,
         (struct mi_event){.base = 0x1000,
                           .start = 0x1000,
                           .end = 0x2000,
                           .build_id = build_id,
                           .build_id_len = 3,
                           .path = "/lib/a.so",
                           .path_len = 9});
    tell(&s, MI_EV_module_unload, (struct mi_event){.base = 0x1000});
    assert_int_equal(process_of(&s, 0)->modules->len, 1);
    module = process_of(&s, 0)->modules->pdata[0];
    assert_string_equal(module->path, "/lib/a.so");
    assert_int_equal(module->build_id_len, 3);
    assert_memory_equal(module->build_id, build_id, 3);
    end(&s);
}

/* What observers are told, and when. */
struct seen {
    GString *text;
};

static void see_entered(void *context, struct model_thread *thread, const struct model_activity *call)
{
    g_string_append_printf(((struct seen *)context)->text, "+%s depth %u state %d; ",
                           mi_functions[call->function].name, thread->inside->len,
                           call->handle == NULL ? -1 : (int)call->handle->state);
}

static void see_left(void *context, struct model_thread *thread, const struct model_activity *call,
                     const struct source_event *event)
{
    g_string_append_printf(((struct seen *)context)->text, "-%s depth %u state %d%s; ",
                           mi_functions[call->function].name, thread->inside->len,
                           call->handle == NULL ? -1 : (int)call->handle->state,
                           event == NULL ? " lost" : "");
}

static void test_observers(void **state)
{
    STORY(s);
    struct seen seen = {.text = g_string_new(NULL)};
    const struct model_observer observer = {
        .call_entered = see_entered, .call_left = see_left, .context = &seen};

    initialize(&s, 1);
    model_add_observer(s.model, &observer);
    call(&s, MI_FN_application_close, APP(1), 0);
    call(&s, MI_FN_application_close, APP(1), 4);
    enter(&s, MI_FN_session_close, SESSION(1), (struct mi_event){0});
    tell(&s, MI_EV_thread_end, (struct mi_event){0});
    assert_string_equal(seen.text->str, "+MI_Application_Close depth 1 state 1; "
                                        "-MI_Application_Close depth 0 state 3; "
                                        "+MI_Application_Close depth 1 state 3; "
                                        "-MI_Application_Close depth 0 state 3; "
                                        "+MI_Session_Close depth 1 state -1; "
                                        "-MI_Session_Close depth 0 state -1 lost; ");
    g_string_free(seen.text, TRUE);
    end(&s);
}

/* Closes that are refused, doubled, or overlap. */
static void test_refused_closes_of_each_kind(void **state)
{
    enum { ACCESS_DENIED = 2, FAILED = 1 };
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    create(&s, MI_FN_application_new_instance, APP(1), INSTANCE(1));
    call(&s, MI_FN_operation_close, OP(1), ACCESS_DENIED);
    call(&s, MI_FN_application_close, APP(1), FAILED);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->state, MODEL_LIVE);
    assert_int_equal(open_one(&s, MI_KIND_application, 1)->state, MODEL_LIVE);
    assert_true(open_one(&s, MI_KIND_application, 1)->close_returned);
    call(&s, MI_FN_instance_delete, INSTANCE(1), FAILED); /* foreign memory */
    assert_open(&s, "application 1, session 1, operation 1, instance 1");
    call(&s, MI_FN_instance_delete, INSTANCE(1), 77);
    assert_open(&s, "application 1, session 1, operation 1");
    end(&s);
}

static void test_overlapping_closes(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter(&s, MI_FN_session_close, SESSION(1), (struct mi_event){.token = 5});
    on(&s, 107);
    enter(&s, MI_FN_session_close, SESSION(1), (struct mi_event){.token = 6});
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->closes_running, 2);
    leave(&s, MI_FN_session_close, (struct mi_event){.result = 4});
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->state, MODEL_CLOSING);
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_session_close, (struct mi_event){0});
    assert_true(open_one(&s, MI_KIND_session, 1)->close_accepted);
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->closing.thread->tid, STORY_MAIN);
    call(&s, MI_FN_session_close, SESSION(1), 4); /* once more */
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->close_result, 0);
    enter_completion(&s, 5);
    leave_completion(&s, 5);
    assert_open(&s, "application 1");
    end(&s);
}

static void test_exception_out_of_a_close(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    enter_close(&s, MI_FN_operation_close, OP(1));
    unwind(&s);
    assert_open(&s, "application 1, session 1");
    assert_int_equal(process_of(&s, 0)->counts[MI_KIND_operation].closed, 1);
    end(&s);
}

static void test_exception_out_of_a_getter(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, SYNCHRONOUS);
    enter(&s, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    unwind(&s);
    assert_true(open_one(&s, MI_KIND_operation, 1)->doubtful);
    end(&s);
}

/* MI may leave anything in the out-parameter of a call that failed. */
static void test_failed_creation_with_an_out_parameter(void **state)
{
    STORY(s);

    initialize(&s, 1);
    enter(&s, MI_FN_application_new_session, APP(1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    leave(&s, MI_FN_application_new_session,
          (struct mi_event){.result = 1, .out = SESSION(1).address, .r1 = 1, .r2 = 2, .table = 2});
    enter(&s, MI_FN_instance_clone, INSTANCE(1), (struct mi_event){0});
    leave(&s, MI_FN_instance_clone, (struct mi_event){.result = 1, .out = INSTANCE(2).address});
    assert_open(&s, "application 1");
    end(&s);
}

static void test_close_on_its_way(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), 2);
    enter(&s, MI_FN_session_close, SESSION(1), (struct mi_event){.token = 5});
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->state, MODEL_CLOSING);
    assert_false(open_one(&s, MI_KIND_session, 1)->close_returned);
    leave(&s, MI_FN_session_close, (struct mi_event){0});
    assert_true(open_one(&s, MI_KIND_session, 1)->close_returned);
    assert_true(open_one(&s, MI_KIND_session, 1)->close_accepted);
    assert_int_equal(open_one(&s, MI_KIND_session, 1)->close_result, 0);
    end(&s);
}

/* Operations. */
static void test_what_is_known_of_an_operation(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_manual(&s, 1, 1, 71);
    start(&s, 1, 2, SYNCHRONOUS);
    assert_true(open_one(&s, MI_KIND_operation, 1)->manual);
    assert_true(open_one(&s, MI_KIND_operation, 1)->asynchronous);
    assert_false(open_one(&s, MI_KIND_operation, 2)->manual);
    assert_false(open_one(&s, MI_KIND_operation, 2)->asynchronous);
    assert_false(open_one(&s, MI_KIND_operation, 2)->cancelled);
    call(&s, MI_FN_operation_cancel, OP(2), 0);
    assert_true(open_one(&s, MI_KIND_operation, 2)->cancelled);
    assert_false(open_one(&s, MI_KIND_operation, 1)->cancelled);
    assert_false(open_one(&s, MI_KIND_operation, 2)->several_users);
    on(&s, 107);
    get(&s, 2, MORE);
    assert_true(open_one(&s, MI_KIND_operation, 2)->several_users);
    assert_int_equal(process_of(&s, 0)->calls, 6);
    end(&s);
}

/* The connection fails inside the start: an error, but of an operation that was started and wants to be
 * closed. */
static void test_error_result_of_a_real_operation(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    enter_start(&s, 1, 1, 71, 0);
    enter_result_of(&s, OP(1), 71, LAST, 0, 1);
    leave_result(&s, 71);
    leave_start(&s, NOBODY);
    assert_open(&s, "application 1, session 1, operation 1");
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->final_result, 1);
    call(&s, MI_FN_operation_close, OP(1), 0);
    assert_open(&s, "application 1, session 1");
    end(&s);
}

static void test_side_callbacks_are_no_results(void **state)
{
    const struct mi_event message = {.token = 71, .r1 = OP(1).r1, .r2 = OP(1).r2};
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    on(&s, STORY_MI);
    enter_callback(&s, MI_CB_write_message, message);
    leave_callback(&s, MI_CB_write_message, 71);
    assert_false(open_one(&s, MI_KIND_operation, 1)->final_seen);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->results, 0);
    end(&s);
}

static void test_answers(void **state)
{
    const struct mi_event asked = {.token = 71, .r1 = OP(1).r1, .r2 = OP(1).r2, .more = 1, .owed = 1};
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    on(&s, STORY_MI);
    enter_callback(&s, MI_CB_prompt_user, asked);
    leave_callback(&s, MI_CB_prompt_user, 71);
    enter_callback(&s, MI_CB_write_error, asked);
    leave_callback(&s, MI_CB_write_error, 71);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->owed_answers, 2);
    call(&s, MI_FN_acknowledge, OP(1), 0); /* not what is owed */
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->owed_answers, 2);
    call(&s, MI_FN_answer_prompt, OP(1), 0);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->last_owed.thread->tid, STORY_MI);
    call(&s, MI_FN_answer_error, OP(1), 0);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->owed_answers, 0);
    assert_null(open_one(&s, MI_KIND_operation, 1)->last_owed.thread);
    end(&s);
}

static void test_result_in_a_callback_is_borrowed(void **state)
{
    const struct words there = {.address = 0x600022220000};
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    create(&s, MI_FN_application_new_instance, APP(1), there);
    on(&s, STORY_MI);
    enter_callback(
        &s, MI_CB_instance_result,
        (struct mi_event){.token = 71, .r1 = OP(1).r1, .r2 = OP(1).r2, .more = 1, .object = there.address});
    assert_open(&s, "application 1, session 1, operation 1");
    end(&s);
}

static void test_several_classes_in_one_callback(void **state)
{
    STORY(s);

    initialize(&s, 1);
    create(&s, MI_FN_application_new_deserializer, APP(1), words_of(MI_KIND_deserializer, 1));
    enter_class_needed(&s);
    create(&s, MI_FN_application_new_class, APP(1), CLASS(1));
    call(&s, MI_FN_class_delete, CLASS(1), 0);
    leave_class_needed(&s); /* what was given is not known */
    assert_int_not_equal(process_of(&s, 0)->classes_given_ns, 0);
    end(&s);
}

static void see_owner(void *context, struct model_thread *thread, const struct model_activity *callback)
{
    (void)thread;
    *(enum mi_kind *)context = callback->handle == NULL ? MI_KIND_none : callback->handle->kind;
}

static void test_owners_of_callbacks(void **state)
{
    STORY(s);
    enum mi_kind owner = MI_KIND_none;
    const struct model_observer observer = {.callback_entered = see_owner, .context = &owner};

    model_add_observer(s.model, &observer);
    initialize(&s, 1);
    create(&s, MI_FN_application_new_deserializer, APP(1), words_of(MI_KIND_deserializer, 1));
    enter_class_needed(&s);
    assert_int_equal(owner, MI_KIND_deserializer);
    leave_class_needed(&s);
    enter(&s, MI_FN_application_new_session, APP(1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    enter_callback(&s, MI_CB_session_message, (struct mi_event){.r1 = APP(1).r1, .r2 = APP(1).r2});
    assert_int_equal(owner, MI_KIND_application);
    end(&s);
}

/* Threads. */
static struct model_thread *thread_of(struct story *story, uint32_t tid)
{
    return g_hash_table_lookup(process_of(story, 0)->threads, GUINT_TO_POINTER(tid));
}

static void test_thread_with_a_number_used_before(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start_delivery_thread(&s);
    close_asynchronously(&s, 1, 5);
    on(&s, STORY_MI);
    enter_completion(&s, 5);
    leave_completion(&s, 5);
    assert_true(thread_of(&s, STORY_MI)->library);
    assert_true(thread_of(&s, STORY_MI)->delivers);
    tell(&s, MI_EV_thread_end, (struct mi_event){0});
    assert_null(thread_of(&s, STORY_MI));
    assert_true(process_of(&s, 0)->deliverer_seen);
    tell(&s, MI_EV_thread_start, (struct mi_event){.name = "worker", .name_len = 6});
    assert_false(thread_of(&s, STORY_MI)->library);
    assert_false(thread_of(&s, STORY_MI)->delivers);
    assert_true(thread_of(&s, STORY_MI)->announced);
    assert_string_equal(thread_of(&s, STORY_MI)->name, "worker");
    tell(&s, MI_EV_thread_start, (struct mi_event){.name = ""});
    assert_null(thread_of(&s, STORY_MI)->name);
    end(&s);
}

static void name_thread(struct story *story, const char *name)
{
    tell(story, MI_EV_thread_start, (struct mi_event){.name = name, .name_len = (uint32_t)strlen(name)});
}

static void test_thread_that_a_handle_comes_from_is_remembered(void **state)
{
    STORY(s);
    const struct model_handle *session;

    initialize(&s, 1);
    on(&s, 107);
    name_thread(&s, "first");
    new_session(&s, 1, 1);
    tell(&s, MI_EV_thread_end, (struct mi_event){0});
    name_thread(&s, "second");
    session = open_one(&s, MI_KIND_session, 1);
    assert_true(session->created.thread->ended);
    assert_string_equal(session->created.thread->name, "first");
    call(&s, MI_FN_session_close, SESSION(1), 0);
    assert_string_equal(thread_of(&s, 107)->name, "second");
    assert_int_equal(process_of(&s, 0)->threads_seen, 3);
    end(&s);
}

/* Those of the handles that are remembered are, as long as these. */
static void test_threads_that_ended_are_forgotten(void **state)
{
    enum { THREADS = 3 * MODEL_REMEMBERED };
    STORY(s);
    struct model_thread *thread;

    initialize(&s, 1);
    on(&s, 107);
    name_thread(&s, "first");
    new_session(&s, 1, 1);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    thread = model_hold_thread(thread_of(&s, 107));
    assert_true(thread->holders > 1);
    tell(&s, MI_EV_thread_end, (struct mi_event){0});
    for (unsigned i = 2; i <= THREADS; i++) {
        name_thread(&s, "another");
        new_session(&s, 1, i);
        call(&s, MI_FN_session_close, SESSION(i), 0);
        tell(&s, MI_EV_thread_end, (struct mi_event){0});
    }
    assert_int_equal(g_hash_table_size(process_of(&s, 0)->threads), 1);
    assert_int_equal(process_of(&s, 0)->threads_seen, 1 + THREADS);
    assert_int_equal(thread->holders, 1); /* this test's */
    model_release_thread(thread);
    end(&s);
}

static void test_ends_that_fit_nothing(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    on(&s, STORY_MI);
    enter_result(&s, 1, 71, MORE);
    leave_result(&s, 72); /* of another operation */
    leave_callback(&s, MI_CB_write_message, 71);
    assert_int_equal(thread_of(&s, STORY_MI)->inside->len, 1);
    enter(&s, MI_FN_operation_cancel, OP(1), (struct mi_event){0});
    tell(&s, MI_EV_operation_close_exit, (struct mi_event){.call = 1}); /* of another function */
    assert_int_equal(thread_of(&s, STORY_MI)->inside->len, 1);
    assert_open(&s, "application 1, session 1, operation 1");
    assert_true(model_odd_events(s.model) > 0);
    end(&s);
}

static void test_calls_of_a_thread_that_vanished(void **state)
{
    STORY(s);

    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    on(&s, STORY_MI);
    for (int i = 0; i < 5; i++) {
        call(&s, MI_FN_operation_cancel, OP(1), 0);
    }
    enter(&s, MI_FN_operation_cancel, OP(1), (struct mi_event){0});
    enter_result(&s, 1, 71, MORE); /* inside the call; then a thread with the same number begins anew */
    s.numbers[STORY_MI] = s.depth[STORY_MI] = 0;
    enter(&s, MI_FN_operation_cancel, OP(1), (struct mi_event){0});
    assert_int_equal(thread_of(&s, STORY_MI)->inside->len, 1);
    assert_int_equal(open_one(&s, MI_KIND_operation, 1)->callbacks_running, 0);
    end(&s);
}

static void test_events_before_the_start_of_their_process(void **state)
{
    STORY(s);

    s.pid = s.tid = 300;
    tell(&s, MI_EV_thread_start, (struct mi_event){.name = ""});
    assert_false(process_of(&s, 1)->started_in_trace);
    tell(&s, MI_EV_process_start, (struct mi_event){.path = "/bin/late", .path_len = 9, .run = ""});
    assert_int_equal(model_processes(s.model)->len, 2);
    assert_true(process_of(&s, 1)->started_in_trace);
    tell(&s, MI_EV_process_start, (struct mi_event){.path = "/bin/next", .path_len = 9, .run = ""});
    assert_int_equal(model_processes(s.model)->len, 3);
    end(&s);
}

static void test_tables_left_alone(void **state)
{
    STORY(s);

    tell(&s, MI_EV_function_table, (struct mi_event){.problem = ""});
    assert_int_equal(process_of(&s, 0)->unpatched, 0);
    tell(&s, MI_EV_function_table,
         (struct mi_event){.kind = MI_KIND_session, .problem = "no permission", .problem_len = 13});
    assert_int_equal(process_of(&s, 0)->unpatched, 1);
    assert_true(process_of(&s, 0)->unwatched[MI_KIND_session]);
    assert_false(process_of(&s, 0)->unwatched[MI_KIND_application]);
    end(&s);
}

static void test_unknown_event(void **state)
{
    STORY(s);
    struct source_event event = {.id = MI_EV_COUNT};

    model_take(s.model, &event);
    assert_int_equal(model_odd_events(s.model), 1);
    end(&s);
}

static void test_freeing_nothing(void **state)
{
    (void)state;
    model_free(NULL);
    rules_free(NULL);
    finding_free(NULL);
    assert_null(model_hold(NULL));
    model_release(NULL);
}

/* How far the end of a handle had come when a call on it began, and who is inside of calls on it. */
struct endings {
    enum model_ending last;
    unsigned uses;
};

static void see_ending(void *context, struct model_thread *thread, const struct model_activity *call)
{
    struct endings *endings = context;

    (void)thread;
    endings->last = call->ending;
    endings->uses = call->handle == NULL ? 0 : call->handle->uses_running;
}

static void test_calls_around_the_end(void **state)
{
    STORY(s);
    struct endings endings;
    const struct model_observer observer = {.call_entered = see_ending, .context = &endings};

    model_add_observer(s.model, &observer);
    initialize(&s, 1);
    new_session(&s, 1, 1);
    start(&s, 1, 1, 71);
    assert_int_equal(endings.last, MODEL_NOT_ENDING);
    enter(&s, MI_FN_operation_cancel, OP(1), (struct mi_event){0});
    on(&s, 107);
    call(&s, MI_FN_operation_close, OP(1), 0);
    assert_int_equal(endings.uses, 1);
    on(&s, STORY_MAIN);
    leave(&s, MI_FN_operation_cancel, (struct mi_event){0});
    call(&s, MI_FN_operation_cancel, OP(1), 4);
    assert_int_equal(endings.last, MODEL_ENDED);
    assert_int_equal(endings.uses, 0);
    on(&s, 107);
    enter_close(&s, MI_FN_application_close, APP(1));
    on(&s, STORY_MAIN);
    call(&s, MI_FN_session_get_application, SESSION(1), 0);
    assert_int_equal(endings.last, MODEL_ENDING);
    call(&s, MI_FN_session_close, SESSION(1), 0);
    call(&s, MI_FN_session_get_application, SESSION(1), 4);
    assert_int_equal(endings.last, MODEL_ENDED);
    end(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_life_of_each_handle),
        cmocka_unit_test(test_failed_creations_make_nothing),
        cmocka_unit_test(test_error_details_belong_to_the_program),
        cmocka_unit_test(test_address_of_a_class_that_is_being_deleted),
        cmocka_unit_test(test_refused_close_leaves_the_handle),
        cmocka_unit_test(test_close_of_what_mi_does_not_know),
        cmocka_unit_test(test_asynchronous_operation_ends_with_its_last_callback),
        cmocka_unit_test(test_close_in_the_last_callback),
        cmocka_unit_test(test_acknowledgement_after_the_close),
        cmocka_unit_test(test_refused_acknowledgement_stays_owed),
        cmocka_unit_test(test_result_inside_acknowledgement),
        cmocka_unit_test(test_asynchronous_close_ends_with_its_completion),
        cmocka_unit_test(test_completion_before_the_close_returns),
        cmocka_unit_test(test_end_of_a_session_ends_its_closed_operations),
        cmocka_unit_test(test_references_to_a_class),
        cmocka_unit_test(test_class_given_to_mi),
        cmocka_unit_test(test_clone_given_to_mi),
        cmocka_unit_test(test_delivering_thread),
        cmocka_unit_test(test_longjmp_out_of_a_call),
        cmocka_unit_test(test_exception_out_of_a_call),
        cmocka_unit_test(test_exit_without_entry),
        cmocka_unit_test(test_end_of_a_thread_leaves_its_calls),
        cmocka_unit_test(test_blocked_call),
        cmocka_unit_test(test_stacks_are_interned),
        cmocka_unit_test(test_exec_begins_a_new_generation),
        cmocka_unit_test(test_failed_exec_takes_its_end_back),
        cmocka_unit_test(test_thread_of_a_child_comes_before_the_fork),
        cmocka_unit_test(test_handles_made_from_inherited_ones),
        cmocka_unit_test(test_texts_that_are_left_out),
        cmocka_unit_test(test_end_of_watching),
        cmocka_unit_test(test_forked_child_has_no_handles_of_its_own),
        cmocka_unit_test(test_only_one_run),
        cmocka_unit_test(test_ends_that_the_launcher_knows),
        cmocka_unit_test(test_another_trace_has_other_processes),
        cmocka_unit_test(test_modules_are_kept),
        cmocka_unit_test(test_observers),
        cmocka_unit_test(test_unknown_event),
        cmocka_unit_test(test_freeing_nothing),
        cmocka_unit_test(test_refused_closes_of_each_kind),
        cmocka_unit_test(test_overlapping_closes),
        cmocka_unit_test(test_exception_out_of_a_close),
        cmocka_unit_test(test_exception_out_of_a_getter),
        cmocka_unit_test(test_what_is_known_of_an_operation),
        cmocka_unit_test(test_error_result_of_a_real_operation),
        cmocka_unit_test(test_side_callbacks_are_no_results),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_result_in_a_callback_is_borrowed),
        cmocka_unit_test(test_several_classes_in_one_callback),
        cmocka_unit_test(test_owners_of_callbacks),
        cmocka_unit_test(test_thread_with_a_number_used_before),
        cmocka_unit_test(test_thread_that_a_handle_comes_from_is_remembered),
        cmocka_unit_test(test_threads_that_ended_are_forgotten),
        cmocka_unit_test(test_ends_that_fit_nothing),
        cmocka_unit_test(test_calls_of_a_thread_that_vanished),
        cmocka_unit_test(test_events_before_the_start_of_their_process),
        cmocka_unit_test(test_tables_left_alone),
        cmocka_unit_test(test_failed_creation_with_an_out_parameter),
        cmocka_unit_test(test_close_on_its_way),
        cmocka_unit_test(test_calls_around_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
