/* SPDX-License-Identifier: MIT */
/* Histograms against sorted numbers; calls, callbacks, operations and threads summed up from stories. */
#include "stats/stats.h"

#include "build_events.h"

enum { EVENT_NS = 1000 }; /* how far a story's clock goes on with each event */

/* Numbers of all magnitudes, the same in every run. */
static uint64_t next_number(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed >> (*seed % 60);
}

static int compare_numbers(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static void assert_near(uint64_t found, uint64_t exact)
{
    uint64_t off = found > exact ? found - exact : exact - found;

    if (off > exact / 100) {
        fail_msg("%" G_GUINT64_FORMAT " is more than 1 %% off %" G_GUINT64_FORMAT, found, exact);
    }
}

static struct stats_histogram *histogram_of(const uint64_t *numbers, size_t count)
{
    struct stats_histogram *histogram = g_new0(struct stats_histogram, 1);

    for (size_t i = 0; i < count; i++) {
        stats_histogram_add(histogram, numbers[i]);
    }
    return histogram;
}

static void every_rank_is_near_the_sorted_one(void **state)
{
    enum { COUNT = 5000 };
    static uint64_t numbers[COUNT];
    uint64_t seed = 88172645463325252;

    (void)state;
    for (size_t i = 0; i < COUNT; i++) {
        numbers[i] = next_number(&seed);
    }
    g_autofree struct stats_histogram *histogram = histogram_of(numbers, COUNT);
    qsort(numbers, COUNT, sizeof(numbers[0]), compare_numbers);
    for (size_t i = 0; i < COUNT; i++) {
        assert_near(stats_histogram_at(histogram, i + 1), numbers[i]);
    }
    assert_int_equal(stats_histogram_at(histogram, 1), numbers[0]);
    assert_int_equal(stats_histogram_at(histogram, COUNT), numbers[COUNT - 1]);
}

/* Both sides of every boundary between buckets of different width. */
static void powers_of_two_are_near(void **state)
{
    (void)state;
    for (unsigned bit = 0; bit < 64; bit++) {
        for (int64_t off = -1; off <= 1; off++) {
            uint64_t number = (UINT64_C(1) << bit) + (uint64_t)off;
            const uint64_t numbers[] = {0, number, number, UINT64_MAX};
            g_autofree struct stats_histogram *histogram = histogram_of(numbers, 4);
            assert_near(stats_histogram_at(histogram, number == 0 ? 1 : 2), number);
        }
    }
}

static void small_numbers_are_exact(void **state)
{
    g_autofree struct stats_histogram *histogram = g_new0(struct stats_histogram, 1);

    (void)state;
    for (uint64_t i = 0; i < STATS_EXACT; i++) {
        stats_histogram_add(histogram, i);
    }
    for (uint64_t i = 0; i < STATS_EXACT; i++) {
        assert_int_equal(stats_histogram_at(histogram, i + 1), i);
    }
}

/* The smallest number that so many do not exceed, not one between two. */
static void percentiles_are_numbers_that_came(void **state)
{
    const uint64_t ten[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    g_autofree struct stats_histogram *histogram = histogram_of(ten, 10);

    (void)state;
    assert_int_equal(stats_histogram_percentile(histogram, 500), 5);
    assert_int_equal(stats_histogram_percentile(histogram, 501), 6);
    assert_int_equal(stats_histogram_percentile(histogram, 900), 9);
    assert_int_equal(stats_histogram_percentile(histogram, 990), 10);
    assert_int_equal(stats_histogram_percentile(histogram, 999), 10);
    assert_int_equal(histogram->total, 55);
}

static void an_empty_histogram_has_zeros(void **state)
{
    g_autofree struct stats_histogram *histogram = g_new0(struct stats_histogram, 1);

    (void)state;
    assert_int_equal(stats_histogram_percentile(histogram, 500), 0);
    assert_int_equal(stats_histogram_at(histogram, 1), 0);
}

static void a_total_does_not_overflow(void **state)
{
    const uint64_t numbers[] = {UINT64_MAX, UINT64_MAX, 1};
    g_autofree struct stats_histogram *histogram = histogram_of(numbers, 3);

    (void)state;
    assert_true(histogram->total == UINT64_MAX);
    assert_near(stats_histogram_percentile(histogram, 500), UINT64_MAX);
    assert_int_equal(histogram->smallest, 1);
}

/* A story that is summed up. */
#define COUNTED(name) \
    STORY(name);      \
    struct stats *stats = stats_new((name).model)

static void finish(struct story *story, struct stats *stats)
{
    stats_free(stats);
    end(story);
}

static void calls_are_counted_and_timed(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    new_session(&story, 1, 1);
    new_session(&story, 1, 2);
    const struct stats_function *function = stats->functions[MI_FN_application_new_session];
    assert_int_equal(stats->calls, 3);
    assert_int_equal(function->calls, 2);
    assert_int_equal(function->ended, 2);
    assert_int_equal(function->times.count, 2);
    assert_int_equal(function->times.smallest, EVENT_NS);
    assert_int_equal(function->times.total, 2 * EVENT_NS);
    assert_int_equal(function->failures.count, 0);
    assert_null(stats->functions[MI_FN_session_close]);
    finish(&story, stats);
}

static void failures_are_counted_by_result(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    new_session(&story, 1, 1);
    call(&story, MI_FN_session_close, SESSION(1), 4);
    call(&story, MI_FN_session_close, SESSION(1), 2);
    call(&story, MI_FN_session_close, SESSION(1), 2);
    call(&story, MI_FN_session_close, SESSION(1), 12345);
    call(&story, MI_FN_session_close, SESSION(1), 0);
    const struct stats_failures *failures = &stats->functions[MI_FN_session_close]->failures;
    g_autoptr(GArray) results = stats_results(failures);
    assert_int_equal(failures->count, 4);
    assert_int_equal(results->len, 3);
    assert_int_equal(g_array_index(results, struct stats_result, 0).result, 2);
    assert_int_equal(g_array_index(results, struct stats_result, 0).count, 2);
    assert_int_equal(g_array_index(results, struct stats_result, 1).result, 4);
    assert_int_equal(g_array_index(results, struct stats_result, 2).result, 12345);
    finish(&story, stats);
}

static void calls_that_do_not_return_have_no_time(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    new_session(&story, 1, 1);
    enter_close(&story, MI_FN_session_close, SESSION(1));
    const struct stats_function *function = stats->functions[MI_FN_session_close];
    assert_int_equal(function->calls, 1);
    assert_int_equal(function->ended, 0);
    assert_int_equal(function->times.count, 0);
    finish(&story, stats);
}

static void exceptions_and_missing_returns_are_no_results(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    enter(&story, MI_FN_application_new_session, APP(1),
          (struct mi_event){.namespace = "", .name = "", .detail = ""});
    unwind(&story);
    enter_close(&story, MI_FN_application_close, APP(1));
    tell(&story, MI_EV_thread_end, (struct mi_event){0});
    const struct stats_function *thrown = stats->functions[MI_FN_application_new_session];
    const struct stats_function *dropped = stats->functions[MI_FN_application_close];
    assert_int_equal(thrown->unwound, 1);
    assert_int_equal(thrown->ended, 1);
    assert_int_equal(thrown->times.count, 1);
    assert_int_equal(dropped->unseen, 1);
    assert_int_equal(dropped->ended, 1);
    assert_int_equal(dropped->times.count, 0);
    finish(&story, stats);
}

/* start: 1, its return: 2, entry of the getter: 3, the result: 4, ... */
static void synchronous_operations_are_timed_from_their_start(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    new_session(&story, 1, 1);
    start(&story, 1, 1, SYNCHRONOUS);
    get(&story, 1, MORE);
    get(&story, 1, MORE);
    get(&story, 1, LAST);
    const struct stats_operation *operation = stats->operations[MI_FN_session_enumerate_instances];
    assert_int_equal(operation->started, 1);
    assert_int_equal(operation->first.count, 1);
    assert_int_equal(operation->first.total, 3 * EVENT_NS);
    assert_int_equal(operation->final.count, 1);
    assert_int_equal(operation->final.total, 7 * EVENT_NS);
    assert_int_equal(operation->results.total, 3);
    assert_int_equal(operation->failures.count, 0);
    finish(&story, stats);
}

static void asynchronous_operations_end_with_a_callback(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    new_session(&story, 1, 1);
    start(&story, 1, 1, 7);
    start(&story, 1, 2, 8);
    on(&story, STORY_MI);
    result(&story, 1, 7, MORE);
    enter_result_of(&story, OP(1), 7, LAST, 0, 6);
    leave_result(&story, 7);
    const struct stats_operation *operation = stats->operations[MI_FN_session_enumerate_instances];
    assert_int_equal(operation->started, 2);
    assert_int_equal(operation->first.count, 1);
    assert_int_equal(operation->first.total, 4 * EVENT_NS);
    assert_int_equal(operation->final.count, 1);
    assert_int_equal(operation->final.total, 6 * EVENT_NS);
    assert_int_equal(operation->failures.count, 1);
    finish(&story, stats);
}

/* A final result without an instance is no result that was handed out. */
static void an_empty_final_result_is_not_counted(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    new_session(&story, 1, 1);
    start(&story, 1, 1, SYNCHRONOUS);
    get(&story, 1, MORE);
    enter(&story, MI_FN_operation_get_instance, OP(1), (struct mi_event){0});
    leave(&story, MI_FN_operation_get_instance, (struct mi_event){.more = LAST});
    const struct stats_operation *operation = stats->operations[MI_FN_session_enumerate_instances];
    assert_int_equal(operation->final.count, 1);
    assert_int_equal(operation->results.total, 1);
    finish(&story, stats);
}

static void callbacks_are_timed_with_the_calls_inside(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    new_session(&story, 1, 1);
    start(&story, 1, 1, 7);
    on(&story, STORY_MI);
    enter_result(&story, 1, 7, LAST);
    call(&story, MI_FN_operation_close, OP(1), 0);
    leave_result(&story, 7);
    const struct stats_callback *callback = stats->callbacks[MI_CB_instance_result];
    assert_int_equal(callback->calls, 1);
    assert_int_equal(callback->ended, 1);
    assert_int_equal(callback->times.total, 3 * EVENT_NS);
    assert_int_equal(callback->in_mi_ns, EVENT_NS);
    finish(&story, stats);
}

/* Of a call in a callback in a call, each has its own time. */
static void time_of_threads_is_told_apart(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    new_session(&story, 1, 1);
    enter_start(&story, 1, 1, 7, 0);
    enter_result(&story, 1, 7, LAST);
    call(&story, MI_FN_operation_close, OP(1), 0);
    leave_result(&story, 7);
    leave_start(&story, OP(1));
    g_autoptr(GPtrArray) threads = stats_threads(stats);
    assert_int_equal(threads->len, 1);
    const struct stats_thread *thread = threads->pdata[0];
    assert_int_equal(thread->calls, 4);
    assert_int_equal(thread->callbacks, 1);
    assert_int_equal(thread->in_callbacks_ns, 2 * EVENT_NS);
    assert_int_equal(thread->in_mi_ns, (2 + 2 + 1) * EVENT_NS);
    finish(&story, stats);
}

static void a_thread_that_hangs_is_inside_until_the_end(void **state)
{
    COUNTED(story);

    initialize(&story, 1);
    new_session(&story, 1, 1);
    start(&story, 1, 1, 7);
    on(&story, STORY_MI);
    enter_result(&story, 1, 7, LAST);
    enter_close(&story, MI_FN_application_close, APP(1));
    stats_end_process(stats, process_of(&story, 0), story.now + 50 * EVENT_NS);
    g_autoptr(GPtrArray) threads = stats_threads(stats);
    const struct stats_thread *thread = threads->pdata[0];
    assert_int_equal(thread->thread->tid, STORY_MI);
    assert_int_equal(thread->in_mi_ns, 50 * EVENT_NS);
    assert_int_equal(thread->in_callbacks_ns, EVENT_NS);
    assert_int_equal(stats->functions[MI_FN_application_close]->open_ns, 50 * EVENT_NS);
    assert_int_equal(stats->callbacks[MI_CB_instance_result]->open_ns, 51 * EVENT_NS);
    finish(&story, stats);
}

/* The one that took long stays, whenever it was. */
static void threads_that_ended_are_put_together(void **state)
{
    enum { THREADS = 5 * STATS_THREADS_KEPT, LONG = 700 };
    COUNTED(story);
    uint64_t calls = 0;

    initialize(&story, 1);
    on(&story, 107);
    for (unsigned i = 0; i < THREADS; i++) {
        enter(&story, MI_FN_application_new_instance, APP(1), (struct mi_event){0});
        story.now += i == LONG ? 1000 * EVENT_NS : 0;
        leave(&story, MI_FN_application_new_instance, (struct mi_event){.result = 1});
        tell(&story, MI_EV_thread_end, (struct mi_event){0});
    }
    g_autoptr(GPtrArray) threads = stats_threads(stats);
    assert_in_range(threads->len, STATS_THREADS_KEPT, 2 * STATS_THREADS_KEPT);
    assert_int_equal(threads->len + stats->others, 1 + THREADS);
    for (guint i = 0; i < threads->len; i++) {
        calls += ((const struct stats_thread *)threads->pdata[i])->calls;
    }
    assert_int_equal(calls + stats->of_others.calls, stats->calls);
    assert_int_equal(stats->of_others.calls, stats->others);
    assert_int_equal(stats->of_others.in_mi_ns, stats->others * EVENT_NS);
    assert_int_equal(((const struct stats_thread *)threads->pdata[0])->in_mi_ns, 1001 * EVENT_NS);
    finish(&story, stats);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_that_ended_are_put_together),
        cmocka_unit_test(every_rank_is_near_the_sorted_one),
        cmocka_unit_test(powers_of_two_are_near),
        cmocka_unit_test(small_numbers_are_exact),
        cmocka_unit_test(percentiles_are_numbers_that_came),
        cmocka_unit_test(an_empty_histogram_has_zeros),
        cmocka_unit_test(a_total_does_not_overflow),
        cmocka_unit_test(calls_are_counted_and_timed),
        cmocka_unit_test(failures_are_counted_by_result),
        cmocka_unit_test(calls_that_do_not_return_have_no_time),
        cmocka_unit_test(exceptions_and_missing_returns_are_no_results),
        cmocka_unit_test(synchronous_operations_are_timed_from_their_start),
        cmocka_unit_test(asynchronous_operations_end_with_a_callback),
        cmocka_unit_test(an_empty_final_result_is_not_counted),
        cmocka_unit_test(callbacks_are_timed_with_the_calls_inside),
        cmocka_unit_test(time_of_threads_is_told_apart),
        cmocka_unit_test(a_thread_that_hangs_is_inside_until_the_end),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
