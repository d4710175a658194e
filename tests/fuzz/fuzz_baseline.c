/* SPDX-License-Identifier: MIT */
/* Baselines: what can be read can be compared with, updated, written and read again. */
#include "fuzz.h"

#include "accept/baseline.h"

#include <stdlib.h>

static void compare(struct accept_baseline *baseline, bool whole)
{
    const struct accept_known found[] = {
        {.fingerprint = "c56bda0e81d2b39a", .rule = "leak-session", .message = "m\xff\x1b", .count = 2},
        {.fingerprint = "0000000000000000",
         .rule = "double-close",
         .message = "",
         .function = "f",
         .count = 1}};

    baseline->whole = whole;
    for (size_t i = 0; i < G_N_ELEMENTS(found); i++) {
        accept_baseline_take(baseline, &found[i]);
    }
    accept_baseline_finish(baseline);
}

/* What was written holds the two findings, and what else is still known. */
static void update(const char *path, bool whole)
{
    g_autoptr(GError) error = NULL;
    struct accept_baseline *baseline = accept_baseline_read(path, true, &error);

    compare(baseline, whole);
    struct accept_baseline *again =
        accept_baseline_write(baseline, &error) ? accept_baseline_read(path, false, &error) : NULL;
    if (again == NULL || again->known->len != baseline->next->len || again->known->len < 2) {
        abort();
    }
    accept_baseline_free(again);
    accept_baseline_free(baseline);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_build_filename(fuzz_directory(), "baseline.json", NULL);

    fuzz_put("baseline.json", data, size);
    struct accept_baseline *baseline = accept_baseline_read(path, false, &error);
    if (baseline == NULL) {
        fuzz_check_error(error);
        return 0;
    }
    compare(baseline, true);
    accept_baseline_free(baseline);
    update(path, size % 2 == 0);
    return 0;
}
