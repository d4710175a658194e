/* SPDX-License-Identifier: MIT */
/* Nothing is found in histories that are legal, and in those with one fault that fault and nothing else. */
#include "history.h"

/* "leak-session leak-operation": the rules that found something, each once, in the order of reports. */
static char *rules_of(struct history *history)
{
    GString *text = g_string_new(NULL);

    judge(&history->story);
    for (guint i = 0; i < history->story.findings->len; i++) {
        const struct finding *finding = history->story.findings->pdata[i];
        g_auto(GStrv) known = g_strsplit(text->str, " ", -1);
        if (!g_strv_contains((const char *const *)known, finding->rule->id)) {
            g_string_append_printf(text, "%s%s", text->len == 0 ? "" : " ", finding->rule->id);
        }
    }
    return g_string_free(text, FALSE);
}

static void print_findings(struct history *history)
{
    for (guint i = 0; i < history->story.findings->len; i++) {
        const struct finding *finding = history->story.findings->pdata[i];
        print_error("[%s] %s\n", finding->rule->id, finding->message);
    }
}

/* False: there was no occasion for the fault. */
static bool run(guint32 seed, const struct fault *fault)
{
    struct history *history = g_new0(struct history, 1);
    const char *expected = fault == NULL ? "" : fault->found;
    bool committed;

    history_begin(history, seed);
    committed = history_go_on(history, 40 + seed % 200, fault);
    if (fault == NULL || committed) {
        g_autofree char *found = rules_of(history);
        if (strcmp(found, expected) != 0) {
            print_error("%s, seed %u:\n", fault == NULL ? "no fault" : fault->name, seed);
            print_findings(history);
        }
        assert_string_equal(found, expected);
    }
    history_end(history);
    g_free(history);
    return committed;
}

static void test_legal_histories(void **state)
{
    (void)state;
    for (guint32 seed = 1; seed <= 3000; seed++) {
        run(seed, NULL);
    }
}

static void test_one_fault(void **state)
{
    enum { SEEDS = 60 };

    (void)state;
    for (size_t i = 0; i < history_fault_count; i++) {
        unsigned committed = 0;
        for (guint32 seed = 1; seed <= SEEDS; seed++) {
            committed += run(seed * 1000 + (guint32)i, &history_faults[i]) ? 1 : 0;
        }
        if (committed < SEEDS / 2) {
            print_error("%s: only %u of %u\n", history_faults[i].name, committed, SEEDS);
        }
        assert_true(committed >= SEEDS / 2);
    }
}

/* What the generator is worth: everything that it can do happens often. */
static void count_call(void *context, struct model_thread *thread, const struct model_activity *call)
{
    unsigned *counts = context;

    (void)thread;
    counts[call->function]++;
}

static void test_histories_show_everything(void **state)
{
    static const enum mi_function expected[] = {MI_FN_application_initialize,
                                                MI_FN_application_close,
                                                MI_FN_application_new_session,
                                                MI_FN_application_new_instance,
                                                MI_FN_application_new_class,
                                                MI_FN_application_new_serializer,
                                                MI_FN_session_close,
                                                MI_FN_session_get_application,
                                                MI_FN_session_enumerate_instances,
                                                MI_FN_session_get_class,
                                                MI_FN_operation_close,
                                                MI_FN_operation_cancel,
                                                MI_FN_operation_get_instance,
                                                MI_FN_operation_get_class,
                                                MI_FN_operation_get_indication,
                                                MI_FN_operation_get_session,
                                                MI_FN_acknowledge,
                                                MI_FN_instance_clone,
                                                MI_FN_instance_delete,
                                                MI_FN_instance_get_class,
                                                MI_FN_instance_get_element,
                                                MI_FN_class_get_element,
                                                MI_FN_class_delete,
                                                MI_FN_deserializer_deserialize_instance,
                                                MI_FN_deserializer_close,
                                                MI_FN_destination_options_delete,
                                                MI_FN_operation_options_get_number,
                                                MI_FN_serializer_serialize_instance};
    unsigned counts[MI_FN_COUNT] = {0};
    const struct model_observer observer = {.call_entered = count_call, .context = counts};

    (void)state;
    for (guint32 seed = 1; seed <= 50; seed++) {
        struct history *history = g_new0(struct history, 1);
        history_begin(history, seed);
        model_add_observer(history->story.model, &observer);
        history_go_on(history, 300, NULL);
        history_end(history);
        g_free(history);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        if (counts[expected[i]] < 10) {
            print_error("%s: only %u times\n", mi_functions[expected[i]].name, counts[expected[i]]);
        }
        assert_true(counts[expected[i]] >= 10);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_legal_histories),
        cmocka_unit_test(test_one_fault),
        cmocka_unit_test(test_histories_show_everything),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
