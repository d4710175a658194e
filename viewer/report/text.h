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
    GHashTable *told; /* struct model_thread * whose part in MI has been told; NULL: it is told each time */
};

/* Append `words`, coloured where that is wanted. */
void text_coloured(const struct text *text, enum text_colour colour, const char *words);

/* Begin a line at depth `depth` (times TEXT_INDENT columns). */
void text_indent(const struct text *text, unsigned depth);

/* A paragraph at that depth, made harmless and wrapped. */
void text_paragraph(const struct text *text, unsigned depth, const char *words);

/* A heading at that depth, harmless already: "Fix:". */
void text_heading(const struct text *text, unsigned depth, const char *words);

/* Whether the finding is told: not what the trace lacks, and what is accepted only when that is wanted. */
bool text_shows(const struct text *text, const struct finding *finding);

/* A bold line of its own at the left edge, harmless already: "Checked:". */
void text_section(const struct text *text, const char *name);

void text_finding(const struct text *text, const struct finding *finding);
void text_summary(const struct text *text);

/* text_accept.c: what of a finding is known already; what was accepted in all, and what of that is out of
 * date. */
void text_mark(const struct text *text, const struct finding *finding);
void text_accepted(const struct text *text);

#endif
