/* SPDX-License-Identifier: MIT */
/* Writes reports to memory and checks them. */
#include "reports.h"

#include "report/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check_report(const struct analysis *analysis, const struct report_format *format)
{
    const struct report_style style = {.colour = false};
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);

    format->write(out, analysis, &style, NULL);
    fclose(out);
    if (strcmp(format->name, "json") == 0) {
        fuzz_check_json(format->name, text);
        g_strdelimit(text, "\t", ' ');
    }
    fuzz_check_text(format->name, text, length);
    free(text);
}

void fuzz_check_reports(const struct analysis *analysis)
{
    for (size_t i = 0; i < report_formats_count; i++) {
        check_report(analysis, report_formats[i]);
    }
    check_report(analysis, &report_suppressions);
}
