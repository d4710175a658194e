/* SPDX-License-Identifier: MIT */
/* The rules about the trace itself, for the registry. */
#ifndef MITRACE_RULES_TRACE_QUALITY_H
#define MITRACE_RULES_TRACE_QUALITY_H

#include "rules/rules.h"

struct model_process;

extern const struct rule_code trace_quality_code;

/* process_killed.c: of a process that a signal ended. */
void process_killed_judge(struct rules *rules, struct model_process *process);

extern const char help_events_lost[], help_trace_truncated[], help_process_killed[];

#endif
