/* SPDX-License-Identifier: MIT */
/* Checks what every report format says of an analysis. */
#ifndef MITRACE_FUZZ_REPORTS_H
#define MITRACE_FUZZ_REPORTS_H

#include "analysis.h"
#include "fuzz.h"

/* All formats, and the suppressions that would accept the findings. */
void fuzz_check_reports(const struct analysis *analysis);

#endif
