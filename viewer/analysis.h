/* SPDX-License-Identifier: MIT */
/*
 * Traces in, verdict out: what every command that judges or shows a trace needs. An analysis owns the model,
 * the symbols, the rules and their findings, and what is known of the program that was run; it lives until
 * analysis_free.
 */
#ifndef MITRACE_VIEWER_ANALYSIS_H
#define MITRACE_VIEWER_ANALYSIS_H

#include "accept/accept.h"
#include "exit_codes.h"
#include "launch/info.h"
#include "model/model.h"
#include "rules/rules.h"
#include "source/source.h"
#include "symbols/symbols.h"
#include "verdict.h"

#include <glib.h>

struct analysis;

struct analysis_options {
    struct symbols_options symbols; /* where to look for files; what it points to must outlive the analysis */
    struct accept *accept; /* what is accepted and what fails, must outlive the analysis; NULL: errors fail */
    int findings_status;   /* exit code when there are findings */
    int program_status;    /* of the program that was run just now, 128 + signal; 0: fine, or none */

    /*
     * Called once, before the first event: the place to add observers to analysis->model. NULL: nobody wants
     * to. While events are taken, the last of analysis->traces is the one they are of.
     */
    void (*attach)(void *context, const struct analysis *analysis);
    void *attach_context;
};

/* What `mitrace check TRACE` uses. */
#define ANALYSIS_OPTIONS_DEFAULT         \
    {                                    \
        .findings_status = EXIT_FINDINGS \
    }

/* One of the traces that were read. */
struct analysis_trace {
    char *path;               /* as it was given */
    struct launch_info *info; /* NULL: not recorded by mitrace */
    uint64_t events, lost;    /* as in struct source_summary, of this trace alone */
    int64_t begin_ns;         /* time of its first event; 0: it has none */
    int64_t end_ns;           /* when observation ended: the launcher knows more than the last event does */
    guint first_process;      /* index in model_processes of the first process that appeared in it */
};

struct analysis {
    GPtrArray *traces; /* struct analysis_trace *, in the order they were given */
    struct model *model;
    struct source_summary summary;
    const GPtrArray *findings;         /* struct finding *, in the order of reports; owned by the rules */
    const struct launch_info *program; /* NULL: the trace does not say, or several programs were recorded */
    GPtrArray *not_checked;            /* char *, one sentence each */
    struct verdict_facts facts;
    const struct accept *accept; /* NULL: nothing is accepted */
    uint64_t suppressed;         /* findings that are accepted: they have a suppressed_by */

    struct analysis_private *private;
};

/*
 * Read `count` traces (directories, text traces, "-"), one after the other, and judge all of them. NULL with
 * one line in `error` when nothing could be read. `options` NULL: ANALYSIS_OPTIONS_DEFAULT.
 */
struct analysis *analysis_run(const char *const *paths, size_t count, const struct analysis_options *options,
                              GError **error);
void analysis_free(struct analysis *analysis); /* NULL is allowed */

/* The trace that `process` appeared in; NULL when there is none. */
const struct analysis_trace *analysis_trace_of(const struct analysis *analysis,
                                               const struct model_process *process);

/* When the process ended, or observation of it did. */
int64_t analysis_end_of(const struct analysis *analysis, const struct model_process *process);

/* The frames at a return address, innermost first, at least one; owned by the analysis. */
const struct symbols_frame *analysis_lookup(const struct analysis *analysis, struct model_process *process,
                                            uint64_t address, size_t *count);

/*
 * The program's frames at `site`, innermost first: const struct symbols_frame *, owned by the analysis. Left
 * out are the recorder's frames, the inline function of MI.h that stands for the call itself, and at the
 * outer end those by which the C library starts a program or thread. The caller frees the array
 * (g_ptr_array_unref); it is empty when there is no stack.
 */
GPtrArray *analysis_stack(const struct analysis *analysis, const struct model_site *site);

/* "inventory (pid 4711)", as recorded: not made safe for a terminal. The caller frees it. */
char *analysis_process_name(const struct model_process *process);

/* "SIGKILL", or "signal 77" when it has no name. The caller frees it. */
char *analysis_signal_name(int number);

#endif
