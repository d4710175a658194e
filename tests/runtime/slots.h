/* SPDX-License-Identifier: MIT */
/*
 * The runtime's implementation of each MI function, as <object>_<slot>, made from mi_api.def. The three kinds
 * of options share theirs, options_<slot> (options.h). tables.c puts them into the tables that handles carry.
 */
#ifndef MITRACE_RUNTIME_SLOTS_H
#define MITRACE_RUNTIME_SLOTS_H

#include "mi_abi.h"

#define SLOT_application(...)     __VA_ARGS__
#define SLOT_session(...)         __VA_ARGS__
#define SLOT_operation(...)       __VA_ARGS__
#define SLOT_hosted_provider(...) __VA_ARGS__
#define SLOT_serializer(...)      __VA_ARGS__
#define SLOT_deserializer(...)    __VA_ARGS__
#define SLOT_subscription_options(...)
#define SLOT_destination_options(...)
#define SLOT_operation_options(...)
#define SLOT_utilities(...) __VA_ARGS__
#define SLOT_instance(...)  __VA_ARGS__
#define SLOT_class(...)     __VA_ARGS__
#define SLOT_property_set(...)
#define SLOT_qualifier_set(...) __VA_ARGS__
#define SLOT_parameter_set(...) __VA_ARGS__
#define SLOT_filter(...)

#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    SLOT_##object(returns object##_##slot(MI_DECLARE(n, params));)
#include "mi_api.def"

#endif
