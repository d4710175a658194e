/* SPDX-License-Identifier: MIT */
/* Writing to read-only pages: several threads on one page, and the child of a fork during a write. */
#include "memory.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 4, TIMES = 500 };

static long *page; /* read-only; a number for each thread */

static void increment(void *number)
{
    ++*(volatile long *)number;
}

static void *write_often(void *number)
{
    for (int i = 0; i < TIMES; i++) {
        memory_write(number, sizeof(long), increment, number);
    }
    return NULL;
}

static int map_page(void **state)
{
    (void)state;
    page =
        mmap(NULL, (size_t)sysconf(_SC_PAGESIZE), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return mprotect(page, 1, PROT_READ);
}

static int unmap_page(void **state)
{
    (void)state;
    return munmap(page, (size_t)sysconf(_SC_PAGESIZE));
}

static void test_threads_share_a_page(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, write_often, &page[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(page[i], TIMES);
    }
}

/* The child has the lock of a parent that is no more in it. */
static void fork_and_write(void *number)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0) {
        alarm(10);
        _exit(memory_write(number, sizeof(long), increment, number) ? 7 : 1);
    }
    waitpid(child, &status, 0);
    *(long *)number = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_child_of_a_writer_writes(void **state)
{
    (void)state;
    assert_true(memory_write(&page[0], sizeof(long), fork_and_write, &page[0]));
    assert_int_equal(page[0], 7);
}

static void test_protection_comes_back(void **state)
{
    int ends[2];

    (void)state;
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], "x", 1), 1);
    assert_true(memory_write(&page[0], sizeof(long), increment, &page[0]));
    assert_int_equal(read(ends[0], page, 1), -1); /* EFAULT: it is read-only */
    close(ends[0]);
    close(ends[1]);
}

static void test_unmapped_memory_is_refused(void **state)
{
    long *gone = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    (void)state;
    munmap(gone, 1);
    assert_false(memory_write(gone, sizeof(long), increment, gone));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_threads_share_a_page, map_page, unmap_page),
        cmocka_unit_test_setup_teardown(test_child_of_a_writer_writes, map_page, unmap_page),
        cmocka_unit_test_setup_teardown(test_protection_comes_back, map_page, unmap_page),
        cmocka_unit_test(test_unmapped_memory_is_refused),
    };

    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
