/* SPDX-License-Identifier: MIT */
/* Operations that never started: one table per reason. Such a handle owns nothing and gives its error for
 * ever. */
#include "slots.h"
#include "tables.h"

static MI_Result close_failed(MI_Operation *self)
{
    if (self != NULL) {
        *self = (MI_Operation){.ft = NULL};
    }
    return MI_RESULT_OK;
}

static MI_Result cancel_failed(MI_Operation *self, MI_CancellationReason reason)
{
    (void)self;
    (void)reason;
    return MI_RESULT_FAILED;
}

/* Fails, and yet the session's words are the operation's. */
static MI_Result get_session_failed(MI_Operation *self, MI_Session *out)
{
    if (out != NULL) {
        *out = (MI_Session){.ft = NULL};
        if (self != NULL) {
            *out = (MI_Session){self->reserved1, self->reserved2, &session_table};
        }
    }
    return MI_RESULT_FAILED;
}

static MI_Result get_failed(MI_Result reason, MI_Boolean *more, MI_Result *result, const MI_Char **message,
                            const MI_Instance **details)
{
    if (more != NULL) {
        *more = MI_FALSE;
    }
    if (result != NULL) {
        *result = reason;
    }
    if (message != NULL) {
        *message = NULL;
    }
    if (details != NULL) {
        *details = NULL;
    }
    return MI_RESULT_OK;
}

/* The getters and the table of operations that failed to start with MI_RESULT_<reason>. */
#define FAILURE_TABLE(reason)                                                                              \
    static MI_Result get_instance_##reason(MI_Operation *self, const MI_Instance **instance,               \
                                           MI_Boolean *more, MI_Result *result, const MI_Char **message,   \
                                           const MI_Instance **details)                                    \
    {                                                                                                      \
        (void)self;                                                                                        \
        if (instance != NULL) {                                                                            \
            *instance = NULL;                                                                              \
        }                                                                                                  \
        return get_failed(MI_RESULT_##reason, more, result, message, details);                             \
    }                                                                                                      \
    static MI_Result get_indication_##reason(MI_Operation *self, const MI_Instance **instance,             \
                                             const MI_Char **bookmark, const MI_Char **machine_id,         \
                                             MI_Boolean *more, MI_Result *result, const MI_Char **message, \
                                             const MI_Instance **details)                                  \
    {                                                                                                      \
        if (bookmark != NULL) {                                                                            \
            *bookmark = NULL;                                                                              \
        }                                                                                                  \
        if (machine_id != NULL) {                                                                          \
            *machine_id = NULL;                                                                            \
        }                                                                                                  \
        return get_instance_##reason(self, instance, more, result, message, details);                      \
    }                                                                                                      \
    static MI_Result get_class_##reason(MI_Operation *self, const MI_Class **object, MI_Boolean *more,     \
                                        MI_Result *result, const MI_Char **message,                        \
                                        const MI_Instance **details)                                       \
    {                                                                                                      \
        (void)self;                                                                                        \
        if (object != NULL) {                                                                              \
            *object = NULL;                                                                                \
        }                                                                                                  \
        return get_failed(MI_RESULT_##reason, more, result, message, details);                             \
    }                                                                                                      \
    static const MI_OperationFT table_##reason = {                                                         \
        close_failed,          cancel_failed,           get_session_failed,                                \
        get_instance_##reason, get_indication_##reason, get_class_##reason}

FAILURE_TABLE(FAILED);
FAILURE_TABLE(INVALID_PARAMETER);
FAILURE_TABLE(SERVER_LIMITS_EXCEEDED);
FAILURE_TABLE(NOT_SUPPORTED);
FAILURE_TABLE(ACCESS_DENIED);

const MI_OperationFT *operation_table_for_failure(MI_Result reason)
{
    switch (reason) {
    case MI_RESULT_INVALID_PARAMETER:
        return &table_INVALID_PARAMETER;
    case MI_RESULT_SERVER_LIMITS_EXCEEDED:
        return &table_SERVER_LIMITS_EXCEEDED;
    case MI_RESULT_NOT_SUPPORTED:
        return &table_NOT_SUPPORTED;
    case MI_RESULT_ACCESS_DENIED:
        return &table_ACCESS_DENIED;
    default:
        return &table_FAILED;
    }
}
