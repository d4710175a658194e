/* SPDX-License-Identifier: MIT */
/* What the parts of the text report share: where it is written, and its few means of showing structure. */
#ifndef MITRACE_REPORT_TEXT_H
#define MITRACE_REPORT_TEXT_H

#include "report/report.h"

enum { TEXT_INDENT = 4 };

enum text_colour { TEXT_BOLD, TEXT_ERROR, TEXT_WARNING, TEXT_NOTE, TEXT_FAINT };

struct text {
    GString *out;
    const struct analysis *analysis;
    bool colour;
};

/* Append `words`, coloured where that is wanted. */
void text_coloured(const struct text *text, enum text_colour colour, const char *words);

/* Begin a line at depth `depth` (times TEXT_INDENT columns). */
void text_indent(const struct text *text, unsigned depth);

/* A paragraph at that depth, made harmless and wrapped. */
void text_paragraph(const struct text *text, unsigned depth, const char *words);

/* A heading at that depth, harmless already: "Fix:". */
void text_heading(const struct text *text, unsigned depth, const char *words);

void text_finding(const struct text *text, const struct finding *finding);
void text_summary(const struct text *text);

#endif
