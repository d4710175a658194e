/* SPDX-License-Identifier: MIT */
/* Stacks as the analysis names and trims them. */
#include "report/stacks.h"

GPtrArray *report_stack(const struct analysis *analysis, const struct model_site *site)
{
    return analysis_stack(analysis, site);
}
