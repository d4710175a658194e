/* SPDX-License-Identifier: MIT */
/* How messages name places: the program's function, its file without folders, no parameters. */
#include "rules/rules_internal.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

struct place {
    struct symbols_frame frames[3];
    size_t count;
    const char *name, *made;
};

static const struct symbols_frame *name_frames(void *context, struct model_process *process, uint64_t address,
                                               size_t *count)
{
    const struct place *place = context;

    (void)process;
    (void)address;
    *count = place->count;
    return place->frames;
}

#define FUNCTION(text)                                                                 \
    {                                                                                  \
        .function = text, .file = "/src/client.c", .line = 42, .module = "/bin/client" \
    }

static const struct place places[] = {
    {{FUNCTION("open")}, 1, "open (client.c:42)", " (started in open, client.c:42)"},
    {{{.function = "MI_Session_Close", .file = "/omi/MI.h", .line = 1}, FUNCTION("open")},
     2,
     "open (client.c:42)",
     " (started in open, client.c:42)"},
    {{{.function = "MI_Session_Close", .file = "/omi/MI.h", .line = 1}},
     1,
     "MI_Session_Close (MI.h:1)",
     " (started in MI_Session_Close, MI.h:1)"},
    {{FUNCTION("Cache::close(std::vector<int> const&, void (*)(int))")},
     1,
     "Cache::close (client.c:42)",
     " (started in Cache::close, client.c:42)"},
    {{FUNCTION("Cache::size() const")},
     1,
     "Cache::size (client.c:42)",
     " (started in Cache::size, client.c:42)"},
    {{FUNCTION("main::{lambda()#1}::operator()() const")},
     1,
     "main::{lambda()#1}::operator() (client.c:42)",
     " (started in main::{lambda()#1}::operator(), client.c:42)"},
    {{FUNCTION("Call::operator()")},
     1,
     "Call::operator() (client.c:42)",
     " (started in Call::operator(), client.c:42)"},
    {{FUNCTION("app::(anonymous namespace)::run")},
     1,
     "app::(anonymous namespace)::run (client.c:42)",
     " (started in app::(anonymous namespace)::run, client.c:42)"},
    {{{.function = "open", .module = "/lib/libclient.so", .offset = 0x1234}},
     1,
     "open (libclient.so)",
     " (started in open, libclient.so)"},
    {{{.module = "/lib/libclient.so", .offset = 0x1234}},
     1,
     "libclient.so+0x1234",
     " (started in libclient.so+0x1234)"},
    {{{.address = 0x401000}}, 1, "0x401000", " (started in 0x401000)"},
};

static void test_places(void **state)
{
    g_autofree struct model_stack *stack = g_malloc0(sizeof(*stack) + sizeof(uint64_t));
    struct model_process process = {.pid = 1};
    struct model_thread thread = {.process = &process};
    struct model_handle operation = {.kind = MI_KIND_operation,
                                     .created = {.thread = &thread, .stack = stack}};

    (void)state;
    stack->depth = 1;
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        struct place place = places[i];
        const struct rules rules = {.namer = name_frames, .context = &place};
        g_autofree char *name = rules_site_name(&rules, &operation.created);
        g_autofree char *made = rules_made_in(&rules, &operation);
        assert_string_equal(name, places[i].name);
        assert_string_equal(made, places[i].made);
    }
}

static void test_places_that_are_not_known(void **state)
{
    const struct model_handle session = {.kind = MI_KIND_session};
    const struct rules rules = {.namer = NULL};
    g_autofree char *in = rules_in(&rules, &session.created);
    g_autofree char *made = rules_made_in(&rules, &session);

    (void)state;
    assert_null(rules_site_name(&rules, &session.created));
    assert_string_equal(in, "");
    assert_string_equal(made, "");
}

static void test_verbs(void **state)
{
    (void)state;
    assert_string_equal(rules_was(MI_KIND_session, 1), "was");
    assert_string_equal(rules_was(MI_KIND_session, 2), "were");
    assert_string_equal(rules_was(MI_KIND_operation_options, 1), "were");
    assert_string_equal(rules_made_verb(MI_KIND_operation), "started");
    assert_string_equal(rules_made_verb(MI_KIND_instance), "created");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_places_that_are_not_known),
        cmocka_unit_test(test_verbs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
