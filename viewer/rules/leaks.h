/* SPDX-License-Identifier: MIT */
/* The leak rules' code and help texts, for the registry. */
#ifndef MITRACE_RULES_LEAKS_H
#define MITRACE_RULES_LEAKS_H

#include "rules/rules.h"

extern const struct rule_code leaks_code;

extern const char help_leak_application[], help_leak_session[], help_leak_operation[], help_leak_instance[],
    help_leak_class[], help_leak_destination_options[], help_leak_operation_options[],
    help_leak_subscription_options[], help_leak_serializer[], help_leak_deserializer[],
    help_leak_hosted_provider[];

#endif
