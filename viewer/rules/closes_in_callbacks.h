/* SPDX-License-Identifier: MIT */
/*
 * Closes that are forbidden inside a callback and came back nevertheless: the rule was broken and nothing
 * happened this time. Those that hang are found at the end of the trace.
 */
#ifndef MITRACE_RULES_CLOSES_IN_CALLBACKS_H
#define MITRACE_RULES_CLOSES_IN_CALLBACKS_H

#include "rules/rules_internal.h"

struct closes_in_callbacks;

struct closes_in_callbacks *closes_in_callbacks_new(struct model *model); /* observes the model */
void closes_in_callbacks_report(struct closes_in_callbacks *closes, struct rules *rules);
void closes_in_callbacks_free(struct closes_in_callbacks *closes);

#endif
