/* SPDX-License-Identifier: MIT */
/*
 * What mitrace adds to a process on purpose, to the last variable, thread and descriptor: README.md says it,
 * and nothing else is there. And what the start of a program that never uses MI takes.
 */
#include "same.h"
#include "start.h"

#include "live.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define THREADS_OF_LTTNG 2

/* Lines of `text` that begin with `start`, without it, sorted and joined. */
static char *lines_with(const char *text, const char *start)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) found = g_ptr_array_new();

    for (size_t i = 0; lines[i] != NULL; i++) {
        if (g_str_has_prefix(lines[i], start)) {
            g_ptr_array_add(found, lines[i] + strlen(start));
        }
    }
    live_sort((char **)found->pdata, found->len);
    g_ptr_array_add(found, NULL);
    return g_strjoinv(" ", (char **)found->pdata);
}

static long threads_of(const struct same_run *run)
{
    g_autofree char *threads = lines_with(run->out, "threads ");

    return strtol(threads, NULL, 10);
}

/* Words of `more` that are not among those of `less`, joined; both are sorted. */
static char *words_added(const char *less, const char *more)
{
    g_auto(GStrv) before = g_strsplit(less, " ", -1);
    g_auto(GStrv) after = g_strsplit(more, " ", -1);
    GString *added = g_string_new(NULL);

    for (size_t i = 0; after[i] != NULL; i++) {
        if (!g_strv_contains((const char *const *)before, after[i])) {
            g_string_append_printf(added, "%s%s", added->len > 0 ? " " : "", after[i]);
        }
    }
    return g_string_free(added, FALSE);
}

static void check_variables(const struct same_run *bare, const struct same_run *run, const char *expected)
{
    g_autofree char *before = lines_with(bare->out, "variable ");
    g_autofree char *after = lines_with(run->out, "variable ");
    g_autofree char *added = words_added(before, after);
    g_autofree char *gone = words_added(after, before);

    assert_string_equal(added, expected);
    assert_string_equal(gone, "");
}

/* Each descriptor but the first three is one of LTTng's: from `lowest` on, and not to be had. */
static void check_descriptors(const struct same_run *run, int lowest, int most)
{
    g_auto(GStrv) lines = g_strsplit(run->out, "\n", -1);
    unsigned count = 0;

    for (size_t i = 0; lines[i] != NULL; i++) {
        int fd, second, third, closed, on_exec;
        if (sscanf(lines[i], "descriptor %d: dup2 %d, dup3 %d, close %d, on exec %d", &fd, &second, &third,
                   &closed, &on_exec) == 5) {
            if (fd < lowest || fd >= most || second != EBUSY || third != EBUSY || closed != EBADF ||
                on_exec != 1) {
                fail_msg("expected from %d on: %s", lowest, lines[i]);
            }
            count++;
        }
    }
    assert_true(count > 4);
}

/* A program with room for `files` descriptors, bare and added to. */
static void check_added(const char *files, int lowest, int most)
{
    const char *const bare_words[] = {VISIBLE_PROGRAMS "/visible", "added", files, NULL};
    const char *const recorded_words[] = {MITRACE_PROGRAM, "record", "-o",  "trace", "--",
                                          bare_words[0],   "added",  files, NULL};
    const char *const preload[] = {live_preload(), NULL};
    struct same_run bare, dormant, recorded;

    same_run(&bare, bare_words, NULL);
    same_run(&dormant, bare_words, preload);
    same_run(&recorded, recorded_words, NULL);
    assert_int_equal(bare.status | dormant.status | recorded.status, 0);
    assert_true(threads_of(&bare) >= 1);
    assert_null(strstr(bare.out, "descriptor "));
    assert_int_equal(threads_of(&recorded), threads_of(&bare) + THREADS_OF_LTTNG);
    assert_int_equal(threads_of(&dormant), threads_of(&bare) + THREADS_OF_LTTNG);
    check_variables(&bare, &dormant, "LD_PRELOAD");
    check_variables(&bare, &recorded,
                    "LD_PRELOAD LTTNG_HOME LTTNG_UST_REGISTER_TIMEOUT MITRACE_RUN MITRACE_STACK_DEPTH");
    check_descriptors(&recorded, lowest, most);
    same_clear(&bare);
    same_clear(&dormant);
    same_clear(&recorded);
}

static void added_to_a_program(void **state)
{
    (void)state;
    check_added("1024", 768, 1024);
}

static void added_where_there_is_little_room(void **state)
{
    (void)state;
    check_added("400", 300, 400);
}

static void added_where_there_is_much_room(void **state)
{
    (void)state;
    check_added("4096", 768, 1024);
}

static void variables_when_lossless(void **state)
{
    const char *const bare_words[] = {VISIBLE_PROGRAMS "/visible", "added", "1024", NULL};
    const char *const words[] = {MITRACE_PROGRAM, "record", "--lossless", "-o", "trace", "--",
                                 bare_words[0],   "added",  "1024",       NULL};
    struct same_run bare, recorded;

    (void)state;
    same_run(&bare, bare_words, NULL);
    same_run(&recorded, words, NULL);
    check_variables(&bare, &recorded,
                    "LD_PRELOAD LTTNG_HOME LTTNG_UST_ALLOW_BLOCKING LTTNG_UST_REGISTER_TIMEOUT MITRACE_RUN "
                    "MITRACE_STACK_DEPTH");
    same_clear(&bare);
    same_clear(&recorded);
}

/* A start takes no more than this. Each of these calls takes less than a microsecond or two. */
#define MOST_CALLS       20 /* opening, mapping and protecting a library takes ten of them */
#define MOST_RELOCATIONS 160
#define MOST_NAMED       90

static void start_without_mi(void **state)
{
    char *const argv[] = {VISIBLE_PROGRAMS "/stranger", NULL};
    char *const bare_environment[] = {"LANG=C", NULL};
    char *const environment[] = {"LANG=C", (char *)(uintptr_t)live_preload(), NULL};
    struct start_calls bare, loaded;
    unsigned more, links;

    (void)state;
    if (!start_count(&bare, argv, bare_environment) || !start_count(&loaded, argv, environment)) {
        print_message("no process may be traced here\n");
        skip();
    }
    assert_true(WIFEXITED(bare.status) && bare.all > 20);
    assert_int_equal(loaded.status, bare.status);
    assert_int_equal(loaded.threads, 0);
    assert_int_equal(loaded.opened, bare.opened + 1);
    links = loaded.links - bare.links;
    more = loaded.all - bare.all - links;
    print_message("%u system calls more than %u, and %u to resolve its path\n", more, bare.all, links);
    assert_in_range(more, 1, MOST_CALLS);
    assert_in_range(links, 0, 2 * strlen(MITRACE_SHIM)); /* one or two for each folder */
}

static void work_of_the_loader(void **state)
{
    struct start_relocations found = start_relocations(MITRACE_SHIM);

    (void)state;
    print_message("%lu relocations, %lu of them by name\n", found.all, found.named);
    assert_in_range(found.all, 1, MOST_RELOCATIONS);
    assert_in_range(found.named, 1, MOST_NAMED);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(added_to_a_program),
        cmocka_unit_test(added_where_there_is_little_room),
        cmocka_unit_test(added_where_there_is_much_room),
        cmocka_unit_test(variables_when_lossless),
        cmocka_unit_test(start_without_mi),
        cmocka_unit_test(work_of_the_loader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
