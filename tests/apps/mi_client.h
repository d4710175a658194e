/* SPDX-License-Identifier: MIT */
/*
 * MI's public functions as inline functions, made from mi_api.def, so that programs compile without OMI's
 * headers. They do what MI.h's do: a handle without a table is answered here and the library never sees the
 * call; any other call jumps through its table. A slot that is NULL is not tested for.
 *
 * Without a table: closes, deletes and accessors return MI_RESULT_INVALID_PARAMETER; creators and
 * GetApplication, GetSession clear their out-parameter too; getters set *more to MI_FALSE and *result;
 * starting calls clear *operation and call the result callback that matches, operation and acknowledgement
 * NULL; MI_Session_Close calls a completion function at once and returns MI_RESULT_OK. Serializers,
 * deserializers and utilities are reached through mi_clientFT_V1 and nothing is tested.
 */
#ifndef MITRACE_APPS_MI_CLIENT_H
#define MITRACE_APPS_MI_CLIENT_H

#include "mi_abi.h"
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif
MI_Result MI_Application_InitializeV1(MI_Uint32 flags, const MI_Char *application_id, MI_Instance **error,
                                      MI_Application *out);
extern const MI_ClientFT_V1 *mi_clientFT_V1;
void app_count_call(void);     /* app_calls.c */
unsigned long app_calls(void); /* counted so far, 0 when nobody wants to know */
#ifdef __cplusplus
}
#endif

/* In programs that count their own calls, those that the library sees. */
#ifdef MI_CLIENT_COUNTS
#define MI_COUNT_CALL() app_count_call()
#else
#define MI_COUNT_CALL() (void)0
#endif

static inline MI_Result MI_Application_Initialize(MI_Uint32 flags, const MI_Char *application_id,
                                                  MI_Instance **error, MI_Application *out)
{
    MI_COUNT_CALL();
    return MI_Application_InitializeV1(flags, application_id, error, out);
}

/* How a row's function is reached: through the handle's own table, or through mi_clientFT_V1. */
#define MI_ROUTE_application          HANDLE
#define MI_ROUTE_session              HANDLE
#define MI_ROUTE_operation            HANDLE
#define MI_ROUTE_hosted_provider      HANDLE
#define MI_ROUTE_serializer           serializerFT
#define MI_ROUTE_deserializer         deserializerFT
#define MI_ROUTE_subscription_options HANDLE
#define MI_ROUTE_destination_options  HANDLE
#define MI_ROUTE_operation_options    HANDLE
#define MI_ROUTE_utilities            utilitiesFT
#define MI_ROUTE_instance             HANDLE
#define MI_ROUTE_class                HANDLE
#define MI_ROUTE_property_set         HANDLE
#define MI_ROUTE_qualifier_set        HANDLE
#define MI_ROUTE_parameter_set        HANDLE
#define MI_ROUTE_filter               HANDLE

/* What a function does without a table, by the event class of its exit (its entry for closes of a session).
 */
#define MI_MISSING_call_exit(entry, yields) MI_MISSING_##entry
#define MI_MISSING_close_entry
#define MI_MISSING_object_close_entry
#define MI_MISSING_call_entry
#define MI_MISSING_object_entry
#define MI_MISSING_wait_entry
#define MI_MISSING_plain_entry
#define MI_MISSING_session_close_entry \
    if (completion != NULL) {          \
        completion(context);           \
        return MI_RESULT_OK;           \
    }
#define MI_MISSING_create_exit(entry, yields) \
    if (out != NULL) {                        \
        memset(out, 0, sizeof *out);          \
    }
#define MI_MISSING_alias_exit(entry, yields) MI_MISSING_create_exit(entry, yields)
#define MI_MISSING_create_object_exit(entry, yields) \
    if (out != NULL) {                               \
        *out = NULL;                                 \
    }
#define MI_MISSING_error_exit(entry, yields)
#define MI_MISSING_qualifiers_exit(entry, yields)
#define MI_MISSING_element_exit(entry, yields)
#define MI_MISSING_method_exit(entry, yields)
#define MI_MISSING_result_exit(entry, yields)  \
    if (more != NULL) {                        \
        *more = MI_FALSE;                      \
    }                                          \
    if (result != NULL) {                      \
        *result = MI_RESULT_INVALID_PARAMETER; \
    }
#define MI_MISSING_start_exit(entry, yields)     \
    if (operation != NULL) {                     \
        memset(operation, 0, sizeof *operation); \
    }                                            \
    MI_FAIL_##yields(callbacks);
#define MI_FAIL_instance(callbacks)                                                 \
    if (callbacks != NULL && callbacks->instanceResult != NULL) {                   \
        callbacks->instanceResult(NULL, callbacks->callbackContext, NULL, MI_FALSE, \
                                  MI_RESULT_INVALID_PARAMETER, NULL, NULL, NULL);   \
    }
#define MI_FAIL_class(callbacks)                                                 \
    if (callbacks != NULL && callbacks->classResult != NULL) {                   \
        callbacks->classResult(NULL, callbacks->callbackContext, NULL, MI_FALSE, \
                               MI_RESULT_INVALID_PARAMETER, NULL, NULL, NULL);   \
    }
#define MI_FAIL_indication(callbacks)                                                             \
    if (callbacks != NULL && callbacks->indicationResult != NULL) {                               \
        callbacks->indicationResult(NULL, callbacks->callbackContext, NULL, NULL, NULL, MI_FALSE, \
                                    MI_RESULT_INVALID_PARAMETER, NULL, NULL, NULL);               \
    }

#define MI_INVALID_MI_Result    return MI_RESULT_INVALID_PARAMETER
#define MI_INVALID_void         return
#define MI_JUMP_MI_Result(call) return call
#define MI_JUMP_void(call) \
    call;                  \
    return

#define MI_BODY_HANDLE(Slot, returns, entry, exit, yields, n, params) \
    {                                                                 \
        if (self != NULL && self->ft != NULL) {                       \
            MI_COUNT_CALL();                                          \
            MI_JUMP_##returns(self->ft->Slot(MI_PASS(n, params)));    \
        }                                                             \
        MI_MISSING_##exit(entry, yields);                             \
        MI_INVALID_##returns;                                         \
    }
#define MI_BODY_CLIENT(table, Slot, n, params)                  \
    {                                                           \
        MI_COUNT_CALL();                                        \
        return mi_clientFT_V1->table->Slot(MI_PASS(n, params)); \
    }
#define MI_BODY_serializerFT(Slot, returns, entry, exit, yields, n, params) \
    MI_BODY_CLIENT(serializerFT, Slot, n, params)
#define MI_BODY_deserializerFT(Slot, returns, entry, exit, yields, n, params) \
    MI_BODY_CLIENT(deserializerFT, Slot, n, params)
#define MI_BODY_utilitiesFT(Slot, returns, entry, exit, yields, n, params) \
    MI_BODY_CLIENT(utilitiesFT, Slot, n, params)

#define MI_BODY_BY(route, ...) MI_BODY_##route(__VA_ARGS__)
#define MI_BODY(route, ...)    MI_BODY_BY(route, __VA_ARGS__)

#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    static inline returns MI_##Object##_##Slot(MI_DECLARE(n, params))                                       \
        MI_BODY(MI_ROUTE_##object, Slot, returns, entry, exit, yields, n, params)
#include "mi_api.def"

#endif
