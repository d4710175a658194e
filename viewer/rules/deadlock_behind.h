/* SPDX-License-Identifier: MIT */
/* What deadlock.c says of those who wait: their calls, the way from one to the root, and those behind it. */
#ifndef MITRACE_RULES_DEADLOCK_BEHIND_H
#define MITRACE_RULES_DEADLOCK_BEHIND_H

#include "rules/deadlock.h"

/*
 * Who shows that `root` is stuck: itself; but for a callback that may just be slow, somebody who waits for
 * it. NULL: nobody does.
 */
const struct waiter *deadlock_face(const struct wait_for *graph, const struct waiter *root,
                                   const struct wait_reason *reason);

/* A finding at the place of `waiter`, with the first link of the chain. */
struct finding *deadlock_new_finding(const struct rules *rules, const struct rule *rule,
                                     const struct waiter *waiter, const struct model_handle *subject);

/* Links from the root's face to the root. */
void deadlock_link_path(const struct deadlock_root *root);

/* Whoever else is stuck behind `root` becomes a consequence of `finding`. */
void deadlock_add_consequences(const struct rules *rules, const struct wait_for *graph,
                               const struct waiter *root, const struct wait_reason *reason,
                               struct finding *finding);

#endif
