/* SPDX-License-Identifier: MIT */
/* The registry of formats and what all of them share. */
#include "report/report.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct report_format *const report_formats[] = {
#define REPORT_FORMAT(name) &report_##name,
#include "report/formats.def"
};

const size_t report_formats_count = G_N_ELEMENTS(report_formats);

const struct report_format *report_find(const char *name)
{
    for (size_t i = 0; i < report_formats_count; i++) {
        if (strcmp(report_formats[i]->name, name) == 0) {
            return report_formats[i];
        }
    }
    return NULL;
}

char *report_names(void)
{
    GString *names = g_string_new(NULL);

    for (size_t i = 0; i < report_formats_count; i++) {
        g_string_append_printf(names, "%s%s", i == 0 ? "" : ", ", report_formats[i]->name);
    }
    return g_string_free(names, FALSE);
}

struct report_style report_style_of(FILE *out)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    bool dumb = terminal == NULL || strcmp(terminal, "dumb") == 0;
    bool refused = no_colour != NULL && no_colour[0] != '\0';

    return (struct report_style){.colour = !refused && !dumb && isatty(fileno(out)) == 1};
}
