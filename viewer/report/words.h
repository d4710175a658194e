/* SPDX-License-Identifier: MIT */
/* How handles, threads, processes and places are called in every text for people; all of it harmless. */
#ifndef MITRACE_REPORT_WORDS_H
#define MITRACE_REPORT_WORDS_H

#include "analysis.h"

/* "session 1 (host-a)"; the title of the kind alone when the handle has no number. */
void report_append_handle(GString *out, const struct finding_handle *handle);

/* "1 class", "12 classes", "3 destination options" */
void report_append_kinds(GString *out, uint64_t count, enum mi_kind kind);

/* "thread 4712 (MI delivery)" */
void report_append_thread(GString *out, const struct model_thread *thread);

/* "inventory (pid 4711)" */
void report_append_process(GString *out, const struct model_process *process);

/* "exited with status 0", "was killed by SIGKILL" */
void report_append_end(GString *out, const struct model_process *process);

/* "MI_Session_Close"; "the program" when no call is meant. */
const char *report_site_name(const struct model_site *site);

/* "+0.512 s": since the trace began that `process` is in; NULL: since the first trace did. */
void report_append_moment(GString *out, const struct analysis *analysis, const struct model_process *process,
                          int64_t time_ns);

/* "at +0.512 s on thread 4711 (main)"; `when`: "at" or "since". A thread in `told` is only numbered, any
 * other is added to it; NULL is allowed. */
void report_append_place(GString *out, const struct analysis *analysis, const struct model_site *site,
                         const char *when, GHashTable *told);

/* The program as it was started, quoted for a shell, or "omicli (6 arguments)" when those were not kept; ""
 * when it is not known. */
void report_append_command(GString *out, const struct launch_info *program);

/* "exited with status 1", "was killed by SIGSEGV", "was stopped at the time limit" */
void report_append_outcome(GString *out, const struct launch_info *program);

#endif
