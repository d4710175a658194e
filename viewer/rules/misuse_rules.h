/* SPDX-License-Identifier: MIT */
/* The misuse rules and their help texts, for the registry. */
#ifndef MITRACE_RULES_MISUSE_RULES_H
#define MITRACE_RULES_MISUSE_RULES_H

#include "rules/misuse.h"

extern const struct misuse_rule misuse_double_close, misuse_use_after_close, misuse_close_borrowed,
    misuse_close_other_user, misuse_close_failed, misuse_get_on_async_operation, misuse_close_during_use,
    misuse_delete_borrowed, misuse_start_during_close, misuse_application_churn;

extern const char help_double_close[], help_use_after_close[], help_close_borrowed[], help_close_other_user[],
    help_close_failed[], help_get_on_async_operation[], help_close_during_use[], help_delete_borrowed[],
    help_start_during_close[], help_application_churn[];

#endif
