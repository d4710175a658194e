/* SPDX-License-Identifier: MIT */
/* Long life in short: after ten times as many handles a program has as much memory, mappings and descriptors.
 */
#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

struct figures {
    unsigned long handles, resident, heap, mappings, descriptors;
};

static void read_line(const char *line, struct figures *figures)
{
    if (line == NULL ||
        sscanf(line, "%lu handles: %lu kB resident, %lu bytes of heap, %lu mappings, %lu descriptors",
               &figures->handles, &figures->resident, &figures->heap, &figures->mappings,
               &figures->descriptors) != 5) {
        fail_msg("cannot read \"%s\"", line != NULL ? line : "");
    }
}

/* A leak of a few bytes for every hundredth handle shows; what the C library keeps does not. */
static void compare(const struct live_run *run)
{
    struct figures early, late;

    assert_int_equal(run->exit_code, 0);
    read_line(run->out, &early);
    read_line(strchr(run->out, '\n') != NULL ? strchr(run->out, '\n') + 1 : NULL, &late);
    assert_int_equal(late.handles, 10 * early.handles);
    assert_in_range(late.heap, 0, early.heap + 32768);
    assert_in_range(late.resident, 0, early.resident + 2048);
    assert_in_range(late.mappings, 0, early.mappings + 4);
    assert_int_equal(late.descriptors, early.descriptors);
}

static void check(const char *const *argv, const char *preload)
{
    const char *const environment[] = {"MITRACE_MI_DELAY_US=0", preload, NULL};
    struct live_run run;

    live_command(&run, argv, environment);
    compare(&run);
    live_clear(&run);
}

static void check_loaded(void **state)
{
    const char *const argv[] = {CYCLES, "4000", "40000", NULL};

    (void)state;
    check(argv, live_preload());
}

static void check_recorded(void **state)
{
    const char *const argv[] = {MITRACE_PROGRAM, "record", "-o",    "@/trace", "--all-calls", "--",
                                CYCLES,          "4000",   "40000", NULL};

    (void)state;
    check(argv, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_loaded),
        cmocka_unit_test(check_recorded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
