/* SPDX-License-Identifier: MIT */
/* What a jump out of MI leaves: the shim's state of a thread, and its gate for forks. */
#include "preload.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

__thread struct shim_thread preload_thread __attribute__((tls_model("initial-exec")));

void preload_find_real(void)
{
}

const struct shim_recorder *preload_recorder(void)
{
    return NULL;
}

void preload_last_in_child(void)
{
}

static time_t now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

enum { FORKS = 8 };

static void *fork_often(void *seconds)
{
    time_t begin = now();

    for (int i = 0; i < FORKS; i++) {
        pid_t child = fork();
        if (child == 0) {
            _exit(0);
        }
        waitpid(child, NULL, 0);
    }
    *(time_t *)seconds = now() - begin;
    return NULL;
}

/* A fork waits a second for a thread inside the gate. */
static void assert_forks_do_not_wait(void)
{
    pthread_t thread;
    time_t seconds = 0;

    assert_int_equal(pthread_create(&thread, NULL, fork_often, &seconds), 0);
    pthread_join(thread, NULL);
    assert_in_range(seconds, 0, FORKS - 2);
}

__attribute__((noinline)) static void enter_gate(unsigned depth)
{
    for (unsigned i = 0; i < depth; i++) {
        preload_gate_enter();
    }
}

/* As stack.c does. */
__attribute__((noinline)) static void unwind(void)
{
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &preload_thread.cancel);
    enter_gate(1);
    preload_thread.unwinding = true;
}

#define HERE ((uintptr_t)__builtin_frame_address(0))

static void test_gate_that_was_left(void **state)
{
    (void)state;
    enter_gate(2);
    preload_jump(HERE);
    assert_int_equal(preload_thread.in_gate, 0);
    assert_forks_do_not_wait();
}

/* A handler that interrupted the shim jumps within itself. */
static void test_jump_inside_the_gate(void **state)
{
    (void)state;
    enter_gate(1);
    preload_jump(preload_thread.gate_frame - 100);
    assert_int_equal(preload_thread.in_gate, 1);
    preload_gate_leave();
    assert_forks_do_not_wait();
}

static void test_unwinder_that_was_left(void **state)
{
    int cancel;

    (void)state;
    unwind();
    preload_jump(HERE);
    assert_int_equal(preload_thread.in_gate, 0);
    assert_false(preload_thread.unwinding);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &cancel);
    assert_int_equal(cancel, PTHREAD_CANCEL_ENABLE);
}

static void test_wrapper_that_was_left(void **state)
{
    char wrapper;

    (void)state;
    preload_thread.inside = 1;
    preload_thread.frame = (uintptr_t)&wrapper;
    preload_jump((uintptr_t)&wrapper - 100);
    assert_int_equal(preload_thread.inside, 1);
    preload_jump(HERE);
    assert_int_equal(preload_thread.inside, 0);
    assert_int_equal(preload_thread.frame, 0);
}

/* All that runs there is MI's. */
static void test_thread_of_mi(void **state)
{
    (void)state;
    preload_thread.inside = 1;
    preload_jump(HERE);
    assert_int_equal(preload_thread.inside, 1);
    preload_thread.inside = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gate_that_was_left),     cmocka_unit_test(test_jump_inside_the_gate),
        cmocka_unit_test(test_unwinder_that_was_left), cmocka_unit_test(test_wrapper_that_was_left),
        cmocka_unit_test(test_thread_of_mi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
