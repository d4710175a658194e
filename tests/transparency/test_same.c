/* SPDX-License-Identifier: MIT */
/* Every row of cases.def: test_same PART PARTS, the rows are dealt out to PARTS runs. With a third argument,
 * only rows whose name contains it. */
#include "same.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#define SAME(name, program, arguments, count, error, says, environment) \
    {name, program, arguments, SAME_##count, SAME_##error, says, environment},
static const struct same_case cases[] = {
#include "cases.def"
};

static void check(void **state)
{
    const struct same_case *test = *state;
    g_autofree char *path = g_build_filename(VISIBLE_PROGRAMS, test->program, NULL);

    if (!g_file_test(path, G_FILE_TEST_IS_EXECUTABLE)) {
        print_message("%s: not built, its compiler is not here\n", test->program);
        skip();
    }
    same_check(test);
}

int main(int argc, char **argv)
{
    size_t part = argc > 2 ? strtoul(argv[1], NULL, 10) : 0;
    size_t parts = argc > 2 ? strtoul(argv[2], NULL, 10) : 1;
    GArray *tests = g_array_new(FALSE, TRUE, sizeof(struct CMUnitTest));

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (i % parts == part && (argc < 4 || strstr(cases[i].name, argv[3]) != NULL)) {
            struct CMUnitTest test = {
                .name = cases[i].name, .test_func = check, .initial_state = (void *)(uintptr_t)&cases[i]};
            g_array_append_val(tests, test);
        }
    }
    return _cmocka_run_group_tests("same", (const struct CMUnitTest *)(void *)tests->data, tests->len, NULL,
                                   NULL);
}
