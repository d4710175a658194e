/* SPDX-License-Identifier: MIT */
/*
 * Long life in short: after ten times as many handles a program has as much memory, mappings and descriptors,
 * although the shim saw each call and stood before each callback.
 */
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#define EARLY "8000"
#define LATE  "80000"

struct figures {
    unsigned long handles, resident, heap, mappings, descriptors, callbacks, by_mitrace;
};

static void read_line(const char *line, struct figures *figures)
{
    if (line == NULL || sscanf(line,
                               "%lu handles: %lu kB resident, %lu bytes of heap, %lu mappings, "
                               "%lu descriptors, %lu callbacks, %lu by mitrace",
                               &figures->handles, &figures->resident, &figures->heap, &figures->mappings,
                               &figures->descriptors, &figures->callbacks, &figures->by_mitrace) != 7) {
        fail_msg("cannot read \"%s\"", line != NULL ? line : "");
    }
}

/*
 * Of 72,000 handles, 32 bytes for every hundredth make 23,040, and a callback's box for every hundredth
 * callback 40,000 and more. What the C library keeps differs by 4,000 to 6,000 between two such moments.
 */
#define HEAP_TOLERANCE 12288

/* Every fourth handle is an asynchronous operation, every eighth a session closed with a completion function:
 * those have callbacks, and all callbacks went through a box of the shim. */
static void compare(const struct live_run *run, struct figures *late)
{
    struct figures early;

    assert_int_equal(run->exit_code, 0);
    read_line(run->out, &early);
    read_line(strchr(run->out, '\n') != NULL ? strchr(run->out, '\n') + 1 : NULL, late);
    assert_int_equal(late->handles, 10 * early.handles);
    assert_in_range(late->heap, 0, early.heap + HEAP_TOLERANCE);
    assert_in_range(late->resident, 0, early.resident + 2048);
    assert_in_range(late->mappings, 0, early.mappings + 4);
    assert_int_equal(late->descriptors, early.descriptors);
    assert_true(late->callbacks >= late->handles / 4 + late->handles / 8);
    assert_int_equal(late->by_mitrace, late->callbacks);
}

static void run_cycles(struct live_run *run, const char *const *argv, const char *preload,
                       struct figures *late)
{
    const char *const environment[] = {"MITRACE_MI_DELAY_US=0", "MITRACE_APP_CALLS=@/calls", preload, NULL};

    live_command(run, argv, environment);
    compare(run, late);
}

static void check_loaded(void **state)
{
    const char *const argv[] = {CYCLES, EARLY, LATE, NULL};
    struct live_run run;
    struct figures late;

    (void)state;
    run_cycles(&run, argv, live_preload(), &late);
    live_clear(&run);
}

/* How often all of `list` ("functions", "callbacks") were called. */
static double sum_calls(const cJSON *stats, const char *list)
{
    const cJSON *element;
    double sum = 0;

    cJSON_ArrayForEach(element, cJSON_GetObjectItem(stats, list))
    {
        sum += cJSON_GetNumberValue(cJSON_GetObjectItem(element, "calls"));
    }
    return sum;
}

/* The trace has each call and each callback. */
static void compare_trace(const struct live_run *recorded, const struct figures *late)
{
    g_autofree char *trace = g_build_filename(recorded->folder, "trace", NULL);
    const char *const argv[] = {MITRACE_PROGRAM, "stats", "--format", "json", trace, NULL};
    struct live_run run;
    cJSON *stats;

    live_command(&run, argv, NULL);
    stats = cJSON_Parse(run.out);
    assert_non_null(stats);
    assert_true(live_mapped_count(recorded, "calls") > (long)late->handles);
    assert_int_equal((long)sum_calls(stats, "functions"), live_mapped_count(recorded, "calls"));
    assert_int_equal((long)sum_calls(stats, "callbacks"), late->callbacks);
    cJSON_Delete(stats);
    live_clear(&run);
}

static void check_recorded(void **state)
{
    const char *const argv[] = {MITRACE_PROGRAM, "record", "-o", "@/trace", "--all-calls", "--lossless", "--",
                                CYCLES,          EARLY,    LATE, NULL};
    struct live_run run;
    struct figures late;

    (void)state;
    run_cycles(&run, argv, NULL, &late);
    compare_trace(&run, &late);
    live_clear(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_loaded),
        cmocka_unit_test(check_recorded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
