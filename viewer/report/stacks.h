/* SPDX-License-Identifier: MIT */
/* Stacks as reports show them. */
#ifndef MITRACE_REPORT_STACKS_H
#define MITRACE_REPORT_STACKS_H

#include "analysis.h"

/* The frames of analysis_stack: suppressions are compared with what reports show. */
GPtrArray *report_stack(const struct analysis *analysis, const struct model_site *site);

#endif
