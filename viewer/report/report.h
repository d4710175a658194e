/* SPDX-License-Identifier: MIT */
/* The formats in which an analysis is told. A format is a file of this room and a row of formats.def. */
#ifndef MITRACE_REPORT_REPORT_H
#define MITRACE_REPORT_REPORT_H

#include "analysis.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct report_style {
    bool colour; /* escape sequences of our own are welcome: `out` is a terminal */
};

struct report_format {
    const char *name;        /* "json": what --format and --report take */
    const char *description; /* for help texts */
    /*
     * False with one line in `error` when the report could not be made. That it could not be written shows in
     * `out` (ferror), which the caller looks at.
     */
    bool (*write)(FILE *out, const struct analysis *analysis, const struct report_style *style,
                  GError **error);
};

#define REPORT_FORMAT(name) extern const struct report_format report_##name;
#include "report/formats.def"

/* Entries for a suppression file that would accept the findings: what --generate-suppressions prints. */
extern const struct report_format report_suppressions;

extern const struct report_format *const report_formats[];
extern const size_t report_formats_count;

/* The format of that name, NULL when there is none. */
const struct report_format *report_find(const char *name);

/* "text, json": for help and messages. The caller frees it. */
char *report_names(void);

/* Colour for terminals only, and never when NO_COLOR is set. */
struct report_style report_style_of(FILE *out);

#endif
