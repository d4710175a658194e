/* SPDX-License-Identifier: MIT */
/*
 * The function tables that handles carry. Which of them a handle gets, which slots are NULL, and which tables
 * lie in read-only memory after start-up is as in OMI.
 */
#ifndef MITRACE_RUNTIME_TABLES_H
#define MITRACE_RUNTIME_TABLES_H

#include "declarations.h"
#include "mi_abi.h"

/* A class's table goes on behind MI's public one, and the library itself uses what is there. */
struct class_table {
    MI_ClassFT open;
    MI_Result (*get_flags)(const MI_Class *self, MI_Uint32 *flags);
    MI_Result (*get_parent)(const MI_Class *self, MI_Class *parent);
    MI_Result (*get_property_at)(const MI_Class *self, MI_Uint32 index,
                                 const struct declared_property **property);
    MI_Result (*get_method_at)(const MI_Class *self, MI_Uint32 index, const struct declared_method **method);
};
static_assert(sizeof(struct class_table) == 18 * sizeof(void (*)(void)), "a class has 18 slots");

struct parameter_table {
    MI_ParameterSetFT open;
    MI_Result (*get_parameter_at)(const MI_ParameterSet *self, MI_Uint32 index,
                                  const struct declared_parameter **parameter);
};
static_assert(sizeof(struct parameter_table) == 5 * sizeof(void (*)(void)), "a parameter set has 5 slots");

extern const MI_ApplicationFT application_table;
extern const MI_ApplicationFT application_table_failed; /* only Close */
extern const MI_ApplicationFT
    application_table_peer; /* the protocol handler's: hands out options, nothing else */
extern const MI_SessionFT session_table;
extern const MI_SessionFT session_table_failed; /* only Close */
extern const MI_OperationFT operation_table;
extern const MI_HostedProviderFT hosted_provider_table;
extern MI_DestinationOptionsFT destination_options_table;
extern MI_OperationOptionsFT operation_options_table;
extern MI_SubscriptionDeliveryOptionsFT subscription_options_table;
extern MI_InstanceFT instance_table;
extern const struct class_table class_table;
extern const MI_QualifierSetFT qualifier_set_table;
extern const struct parameter_table parameter_set_table;

/* The table of an operation that failed to start with `reason`. */
const MI_OperationFT *operation_table_for_failure(MI_Result reason);

#endif
