/* SPDX-License-Identifier: MIT */
/* What the files of the analysis share, and nobody else sees. */
#ifndef MITRACE_VIEWER_ANALYSIS_INTERNAL_H
#define MITRACE_VIEWER_ANALYSIS_INTERNAL_H

#include "analysis.h"
#include "coverage.h"

#include <stdbool.h>

/* What a trace itself says of an address. */
struct analysis_frame {
    struct source_frame frame; /* its texts are in analysis_private.texts */
    const struct analysis_trace *trace;
};

struct analysis_private {
    struct rules *rules;
    struct coverage_tables *tables;
    GHashTable *symbols; /* struct model_process * -> struct symbols * */
    GHashTable *known;   /* pid -> GArray of struct analysis_frame */
    GStringChunk *texts;
    struct symbols_options symbols_options;
};

/* Read one more trace into the model; adds to analysis->traces. False with one line in `error`. */
bool analysis_read(struct analysis *analysis, const char *path, GError **error);

#endif
