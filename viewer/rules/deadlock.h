/* SPDX-License-Identifier: MIT */
/*
 * What a deadlock rule is: it recognises the root of a wait and tells it. The graph, the certainty, the begin
 * of the chain and what follows from the root are the same for all of them and stand in deadlock.c.
 */
#ifndef MITRACE_RULES_DEADLOCK_H
#define MITRACE_RULES_DEADLOCK_H

#include "rules/rules_internal.h"
#include "rules/wait_for.h"

/*
 * A callback that is slow, and a close at work, look like ones that are stuck until they end. Nothing is said
 * of them before so much time has passed without an event.
 */
#define DEADLOCK_PATIENCE_NS INT64_C(1000000000)

/* One who is stuck for a cause of its own, and the finding that is being made of it. */
struct deadlock_root {
    const struct rules *rules;
    const struct waiter *waiter;
    const struct waiter *face; /* who the finding is about: of a stuck callback, one who waits for it */
    const struct wait_reason *reason;
    struct model_handle *handle; /* the first of the reason's handles */
    struct finding *finding;
};

struct deadlock_rule {
    bool (*explains)(const struct waiter *waiter, const struct wait_reason *reason);
    /* Message, advice, the end of the chain, related places. */
    void (*tell)(const struct deadlock_root *root);
};

extern const struct rule_code deadlock_code;

/* Parts of messages; the caller frees them. "MI_Session_Close on session 1 in close_session (client.c:50)" */
char *deadlock_call(const struct deadlock_root *root);

/* "operation 2 (started in list_disks, inventory.c:60)" */
char *deadlock_named(const struct deadlock_root *root, const struct model_handle *handle);

/* The call, and that it cannot return; "does not return" when it is only possible; how the process ended. */
char *deadlock_what(const struct deadlock_root *root);

/* A link from a handle. `because` formats as printf does. */
void deadlock_link(const struct deadlock_root *root, const struct model_handle *from, const char *waits_for,
                   const char *because, ...) G_GNUC_PRINTF(4, 5);

/* Links and related place of a call that waits for a callback around itself, or for its own thread to
 * deliver. */
void deadlock_tell_callback(const struct deadlock_root *root);

/* Links and related places of a call that waits for handles nobody closed. */
void deadlock_tell_open(const struct deadlock_root *root);

/* "operation 2 (started in list_disks, inventory.c:60) was never closed", or that its close was refused.
 * Caller frees. */
char *deadlock_why_open(const struct deadlock_root *root);

/* "Call MI_Session_Close on session 1", `when`, and as which user. Caller frees. */
char *deadlock_close_call(const struct model_handle *handle, const char *when);

/* "MI_Operation_GetInstance": what reads the results of a synchronous operation. */
const char *deadlock_getter(const struct model_handle *operation);

/* " Close its operations first: operation 2 and 3 more are open." when `handle` has open ones, else "".
 * Caller frees. */
char *deadlock_children_first(const struct model_handle *handle, enum mi_kind kind);

#endif
