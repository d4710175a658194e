/* SPDX-License-Identifier: MIT */
/* The deadlock rules and their help texts, for the registry, and what two of them share. */
#ifndef MITRACE_RULES_DEADLOCK_RULES_H
#define MITRACE_RULES_DEADLOCK_RULES_H

#include "rules/deadlock.h"

extern const struct deadlock_rule deadlock_app_close_in_callback, deadlock_app_close_session_open,
    deadlock_session_close_in_callback, deadlock_session_close_operation_open,
    deadlock_async_close_never_completes, deadlock_operation_close_undrained, deadlock_ack_never_given,
    deadlock_blocking_call_in_callback, deadlock_blocking_wait_in_callback, deadlock_callback_blocked,
    deadlock_use_in_forked_child, deadlock_closed_in_early_callback, deadlock_session_close_stuck;

extern const char help_app_close_in_callback[], help_app_close_session_open[],
    help_session_close_in_callback[], help_session_close_operation_open[], help_async_close_never_completes[],
    help_operation_close_undrained[], help_ack_never_given[], help_blocking_call_in_callback[],
    help_blocking_wait_in_callback[], help_callback_blocked[], help_use_in_forked_child[],
    help_closed_in_early_callback[], help_session_close_stuck[];

/* A session's close, waiting or not, that needs an operation to be closed. */
void deadlock_tell_operation_open(const struct deadlock_root *root);

/* A session's close, waiting or not, that does not end although nothing is open. */
bool deadlock_nothing_open(const struct waiter *waiter, const struct wait_reason *reason);
void deadlock_tell_nothing_open(const struct deadlock_root *root);

#endif
