/* SPDX-License-Identifier: MIT */
/* JSON reports, as `mitrace diff` reads them: compared with themselves and with another run. */
#include "fuzz.h"

#include "diff/diff.h"

static struct diff_side *other_run(void)
{
    static const struct diff_finding known = {.severity = FINDING_ERROR, .kind = FINDING_LEAK, .count = 3};
    struct diff_side *side = diff_side_empty("other");
    struct diff_finding *finding = g_memdup2(&known, sizeof(known));

    finding->fingerprint = g_strdup("c56bda0e81d2b39a");
    finding->rule = g_strdup("leak-session");
    finding->message = g_strdup("3 sessions were never closed");
    diff_side_add(side, finding);
    side->handles[MI_KIND_session] = (struct diff_handles){7, 3};
    return side;
}

static void compare(const struct diff_side *before, const struct diff_side *after)
{
    struct diff *diff = diff_new(before, after);
    g_autoptr(GString) text = g_string_new(NULL), json = g_string_new(NULL);

    diff_append_text(text, diff, false);
    fuzz_check_text("diff", text->str, text->len);
    diff_append_json(json, diff, 0);
    fuzz_check_json("diff --format json", json->str);
    diff_free(diff);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_file(0, data, size);
    g_autoptr(GError) error = NULL;
    struct diff_side *side = diff_side_read(path, &error), *other = other_run();

    diff_is_report(path);
    if (side == NULL) {
        fuzz_check_error(error);
    } else {
        compare(side, side);
        compare(side, other);
        compare(other, side);
    }
    diff_side_free(side);
    diff_side_free(other);
    return 0;
}
