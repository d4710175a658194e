/* SPDX-License-Identifier: MIT */
/*
 * See tables.h. Each slot first counts the call for MITRACE_MI_FAIL, then goes on to the implementation.
 * Options, instances and serializers have writable tables, the others lie in memory that is read-only after
 * start-up.
 */
#include "tables.h"

#include "class.h"
#include "knobs.h"
#include "operation.h"
#include "options.h"
#include "slots.h"

/* The implementation of a row, see slots.h. */
#define CALL_application(slot)          application_##slot
#define CALL_session(slot)              session_##slot
#define CALL_operation(slot)            operation_##slot
#define CALL_hosted_provider(slot)      hosted_provider_##slot
#define CALL_serializer(slot)           serializer_##slot
#define CALL_deserializer(slot)         deserializer_##slot
#define CALL_subscription_options(slot) options_##slot
#define CALL_destination_options(slot)  options_##slot
#define CALL_operation_options(slot)    options_##slot
#define CALL_utilities(slot)            utilities_##slot
#define CALL_instance(slot)             instance_##slot
#define CALL_class(slot)                class_##slot
#define CALL_qualifier_set(slot)        qualifier_set_##slot
#define CALL_parameter_set(slot)        parameter_set_##slot

/* Property sets and filters are the provider's; clients cannot reach any. */
#define IS_OURS_application(...)          __VA_ARGS__
#define IS_OURS_session(...)              __VA_ARGS__
#define IS_OURS_operation(...)            __VA_ARGS__
#define IS_OURS_hosted_provider(...)      __VA_ARGS__
#define IS_OURS_serializer(...)           __VA_ARGS__
#define IS_OURS_deserializer(...)         __VA_ARGS__
#define IS_OURS_subscription_options(...) __VA_ARGS__
#define IS_OURS_destination_options(...)  __VA_ARGS__
#define IS_OURS_operation_options(...)    __VA_ARGS__
#define IS_OURS_utilities(...)            __VA_ARGS__
#define IS_OURS_instance(...)             __VA_ARGS__
#define IS_OURS_class(...)                __VA_ARGS__
#define IS_OURS_property_set(...)
#define IS_OURS_qualifier_set(...) __VA_ARGS__
#define IS_OURS_parameter_set(...) __VA_ARGS__
#define IS_OURS_filter(...)

#define KIND_OF_instance   RESULT_INSTANCE
#define KIND_OF_class      RESULT_CLASS
#define KIND_OF_indication RESULT_INDICATION

/* What a slot does when its turn to fail has come; options cannot refuse to be deleted. */
#define FAIL_MI_Result(exit, yields)        return MI_RESULT_FAILED
#define FAIL_MI_ErrorCategory(exit, yields) return 0
#define FAIL_void(exit, yields)             FAIL_##exit(yields)
#define FAIL_call_exit(yields)
#define FAIL_start_exit(yields)                                                     \
    operation_fail(KIND_OF_##yields, MI_RESULT_FAILED, callbacks, self, operation); \
    return

#define RETURN_MI_Result(call)        return call
#define RETURN_MI_ErrorCategory(call) return call
#define RETURN_void(call)             call

#define ENTRY(object, Object, slot, Slot, returns, exit, yields, n, params) \
    static returns enter_##object##_##slot(MI_DECLARE(n, params))           \
    {                                                                       \
        if (knob_fails(#Object "_" #Slot)) {                                \
            FAIL_##returns(exit, yields);                                   \
        }                                                                   \
        RETURN_##returns(CALL_##object(slot)(MI_PASS(n, params)));          \
    }
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    IS_OURS_##object(ENTRY(object, Object, slot, Slot, returns, exit, yields, n, params))
#include "mi_api.def"

/* The tables that handles carry. */
/* clang-format off */
#define BEGIN_application          const MI_ApplicationFT application_table = {
#define BEGIN_session              const MI_SessionFT session_table = {
#define BEGIN_operation            const MI_OperationFT operation_table = {
#define BEGIN_hosted_provider      const MI_HostedProviderFT hosted_provider_table = {
#define BEGIN_serializer           static MI_SerializerFT serializer_table = {
#define BEGIN_deserializer         static const MI_DeserializerFT deserializer_table = {
#define BEGIN_subscription_options MI_SubscriptionDeliveryOptionsFT subscription_options_table = {
#define BEGIN_destination_options  MI_DestinationOptionsFT destination_options_table = {
#define BEGIN_operation_options    MI_OperationOptionsFT operation_options_table = {
#define BEGIN_utilities            static const MI_UtilitiesFT utilities_table = {
#define BEGIN_instance             MI_InstanceFT instance_table = {
#define BEGIN_class                const struct class_table class_table = {.open = {
#define BEGIN_qualifier_set        const MI_QualifierSetFT qualifier_set_table = {
#define BEGIN_parameter_set        const struct parameter_table parameter_set_table = {.open = {
#define BEGIN_property_set
#define BEGIN_filter

#define END_application          };
#define END_session              };
#define END_operation            };
#define END_hosted_provider      };
#define END_serializer           };
#define END_deserializer         };
#define END_subscription_options };
#define END_destination_options  };
#define END_operation_options    };
#define END_utilities            };
#define END_instance             };
#define END_class                                                                  \
    }, class_get_flags, class_get_parent_view, class_get_property, class_get_declared_method};
#define END_qualifier_set        };
#define END_parameter_set        }, parameter_set_get_declared};
#define END_property_set
#define END_filter
/* clang-format on */

#define MI_TABLE_BEGIN(object, Object, slots) BEGIN_##object
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    IS_OURS_##object(.Slot = enter_##object##_##slot, )
#define MI_TABLE_END(object, Object) END_##object
#include "mi_api.def"

const MI_ApplicationFT application_table_failed = {.Close = enter_application_close};
const MI_SessionFT session_table_failed = {.Close = enter_session_close};
const MI_ApplicationFT application_table_peer = {
    .NewDestinationOptions = application_new_destination_options,
    .NewOperationOptions = application_new_operation_options,
    .NewSubscriptionDeliveryOptions = application_new_subscription_delivery_options,
};

/* Copies that no handle carries; the session's lacks its last slot. */
#define COPY_application(...)
#define COPY_session(...)         __VA_ARGS__
#define COPY_operation(...)       __VA_ARGS__
#define COPY_hosted_provider(...) __VA_ARGS__
#define COPY_serializer(...)
#define COPY_deserializer(...)
#define COPY_subscription_options(...)
#define COPY_destination_options(...)
#define COPY_operation_options(...)
#define COPY_utilities(...)
#define COPY_instance(...)
#define COPY_class(...)
#define COPY_property_set(...)
#define COPY_qualifier_set(...)
#define COPY_parameter_set(...)
#define COPY_filter(...)
enum { COPIED_SLOTS = 14 };

/* clang-format off */
#define OPEN_COPY(object, Object) static const MI_##Object##FT object##_table_client = {
#define CLOSE_COPY                };
/* clang-format on */
#define MI_TABLE_BEGIN(object, Object, slots) COPY_##object(OPEN_COPY(object, Object))
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    COPY_##object(.Slot = (index) < COPIED_SLOTS ? enter_##object##_##slot : NULL, )
#define MI_TABLE_END(object, Object) COPY_##object(CLOSE_COPY)
#include "mi_api.def"

static const MI_ClientFT_V1 client = {
    .applicationFT = &application_table,
    .sessionFT = &session_table_client,
    .operationFT = &operation_table_client,
    .hostedProviderFT = &hosted_provider_table_client,
    .serializerFT = &serializer_table,
    .deserializerFT = &deserializer_table,
    .subscriptionDeliveryOptionsFT = &subscription_options_table,
    .destinationOptionsFT = &destination_options_table,
    .operationOptionsFT = &operation_options_table,
    .utilitiesFT = &utilities_table,
};

__attribute__((visibility("default"))) const MI_ClientFT_V1 *mi_clientFT_V1 = &client;
