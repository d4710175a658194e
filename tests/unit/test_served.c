/* SPDX-License-Identifier: MIT */
/* What lives as long as a handle: it is there until the last close is done, and gone afterwards. */
#include "served.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static unsigned alive;

/* The linker puts this in place of free. */
void __wrap_free(void *memory);
extern void __real_free(void *memory);

void __wrap_free(void *memory)
{
    alive -= memory != NULL;
    __real_free(memory);
}

static struct served *serve(enum mi_kind kind, uint64_t r1, uint64_t r2)
{
    struct served *served = calloc(1, sizeof(*served));

    assert_non_null(served);
    alive++;
    served_begin(served, kind, r1, r2);
    return served;
}

static struct served *closing(uint64_t r1)
{
    return served_closing(MI_KIND_session, r1, 2);
}

static void test_close_frees(void **state)
{
    struct served *served = serve(MI_KIND_session, 1, 2);

    (void)state;
    assert_null(served_closing(MI_KIND_operation, 1, 2));
    assert_null(served_closing(MI_KIND_session, 2, 1));
    assert_ptr_equal(closing(1), served);
    served_closed(served, true);
    assert_null(closing(1));
    served_closed(NULL, true);
    assert_int_equal(alive, 0);
}

static void test_refused_close_frees_nothing(void **state)
{
    struct served *served = serve(MI_KIND_session, 1, 2);

    (void)state;
    served_closed(closing(1), false);
    assert_ptr_equal(closing(1), served);
    served_closed(served, true);
    assert_int_equal(alive, 0);
}

/* The first to return need not be the one that waited until nothing is called any more. */
static void test_last_of_several_closes_frees(void **state)
{
    struct served *served = serve(MI_KIND_session, 1, 2);

    (void)state;
    assert_ptr_equal(closing(1), served);
    assert_ptr_equal(closing(1), served);
    served_closed(served, true);
    assert_ptr_equal(closing(1), served);
    served_closed(served, false);
    served_closed(served, false);
    assert_null(closing(1));
    assert_int_equal(alive, 0);
}

/* MI gives the words out again, maybe before the close that made them free has returned. */
static void test_words_are_given_out_again(void **state)
{
    struct served *newer;

    (void)state;
    serve(MI_KIND_session, 1, 2);
    serve(MI_KIND_session, 1, 2);
    struct served *older = closing(1);
    newer = serve(MI_KIND_session, 1, 2);
    assert_int_equal(alive, 2);
    served_closed(older, true);
    assert_ptr_equal(closing(1), newer);
    served_closed(newer, true);
    assert_int_equal(alive, 0);
}

static void test_many(void **state)
{
    enum { MANY = 5000 };
    struct served *served[MANY];

    (void)state;
    for (uint64_t i = 0; i < MANY; i++) {
        served[i] = serve(MI_KIND_session, i, 2);
    }
    for (uint64_t i = 0; i < MANY; i++) {
        assert_ptr_equal(closing(i), served[i]);
        served_closed(served[i], true);
    }
    assert_int_equal(alive, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_close_frees),
        cmocka_unit_test(test_refused_close_frees_nothing),
        cmocka_unit_test(test_last_of_several_closes_frees),
        cmocka_unit_test(test_words_are_given_out_again),
        cmocka_unit_test(test_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
