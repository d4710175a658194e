/* SPDX-License-Identifier: MIT */
/* mitrace.json of a trace directory: what the launcher says of the program, in reports of a run without
 * events. */
#include "reports.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *path = fuzz_directory();
    g_autoptr(GError) error = NULL;

    fuzz_put("mitrace.json", data, size);
    struct analysis *analysis = analysis_run(&path, 1, NULL, &error);
    if (analysis == NULL) {
        fuzz_check_error(error);
        return 0;
    }
    fuzz_check_reports(analysis);
    if (verdict_exit_code(&analysis->facts) == EXIT_CLEAN) {
        abort();
    }
    analysis_free(analysis);
    return 0;
}
