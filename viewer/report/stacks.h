/* SPDX-License-Identifier: MIT */
/* Stacks as people want them: named, without the frames that start every program and thread. */
#ifndef MITRACE_REPORT_STACKS_H
#define MITRACE_REPORT_STACKS_H

#include "analysis.h"

/*
 * The program's frames at `site`, innermost first: const struct symbols_frame *, owned by the analysis. Left
 * out are the recorder's frames, the inline function of MI.h that stands for the call itself, and at the
 * outer end those by which the C library starts a program or thread. The caller frees the array
 * (g_ptr_array_unref); it is empty when there is no stack.
 */
GPtrArray *report_stack(const struct analysis *analysis, const struct model_site *site);

#endif
