/* SPDX-License-Identifier: MIT */
/* Suppression files: what they say is compared with findings in all kinds of places. */
#include "fuzz.h"

#include "accept/suppressions.h"
#include "rules/rules.h"

/* Names as traces have them, and as nobody would choose them. */
static const struct symbols_frame frames[] = {
    {.function = "open_session", .file = "/src/client.c", .module = "/usr/bin/client"},
    {.function = "Pool::open(std::vector<int> const&)", .file = "pool.cpp", .module = "libpool.so.1"},
    {.function = NULL, .file = NULL, .module = "/"},
    {.function = "", .file = "", .module = ""},
    {.function = "a\xff\x1b[31m*?\n#", .file = "x", .module = "\xf0\x9f"},
    {.function = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"},
};

static void match_all(const GPtrArray *entries)
{
    g_autoptr(GPtrArray) stack = g_ptr_array_new(), none = g_ptr_array_new();

    for (size_t i = 0; i < G_N_ELEMENTS(frames); i++) {
        g_ptr_array_add(stack, (gpointer)&frames[i]);
    }
    const struct accept_places places = {.created = {.call = "MI_Application_NewSession", .frames = stack},
                                         .at = {.call = NULL, .frames = none}};
    for (size_t i = 0; i < rules_count; i++) {
        accept_match(entries, rules_registry[i].id, &places);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) entries = accept_entries_new();
    g_autoptr(GError) error = NULL;

    if (accept_read(entries, fuzz_file(0, data, size), "2026-06-30", &error)) {
        match_all(entries);
    } else {
        fuzz_check_error(error);
    }
    return 0;
}
