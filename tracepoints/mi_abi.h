/* SPDX-License-Identifier: MIT */
/*
 * MI's binary interface on 64-bit Linux, in our own words: handle layouts, function tables, callbacks,
 * constants. The function tables are made from mi_api.def; tests/unit/test_abi.c proves sizes, offsets and
 * slot numbers, against the real MI.h too where OMI_ROOT is set. Names are MI's own, so that a program can be
 * built with either. Source of the facts: MI.h of the Management Infrastructure, API version 1; sizes
 * measured on x86-64.
 */
#ifndef MITRACE_TRACEPOINTS_MI_ABI_H
#define MITRACE_TRACEPOINTS_MI_ABI_H

#include "mi_params.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

typedef char MI_Char;
typedef unsigned char MI_Boolean;
typedef uint8_t MI_Uint8;
typedef uint32_t MI_Uint32;
typedef uint64_t MI_Uint64;

#define MI_TRUE  ((MI_Boolean)1)
#define MI_FALSE ((MI_Boolean)0)

/* Result codes, by number. mi_results.def says each one's name. */
typedef enum MI_Result {
#define MI_RESULT(name, number) MI_RESULT_##name = number,
#include "mi_results.def"
    MI_RESULT_FORCE_INT = 0x7fffffff
} MI_Result;

typedef int MI_ErrorCategory;
typedef int MI_CancellationReason;
typedef int MI_SubscriptionDeliveryType;
typedef int MI_PromptType;
typedef int MI_OperationCallback_ResponseType;
typedef int MI_Type;

#define MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS 0x0001u

/* Types of a value, those that are needed here. */
enum {
    MI_BOOLEAN = 0,
    MI_UINT8 = 1,
    MI_UINT32 = 5,
    MI_UINT64 = 7,
    MI_DATETIME = 12,
    MI_STRING = 13,
    MI_REFERENCE = 14,
    MI_INSTANCE = 15,
    MI_ARRAY = 16 /* added to a scalar's number */
};
#define MI_FLAG_KEY    (1u << 12)
#define MI_FLAG_NULL   (1u << 29)
#define MI_FLAG_BORROW (1u << 30)
#define MI_FLAG_ADOPT  (1u << 31)

typedef struct MI_Instance MI_Instance;
typedef struct MI_Class MI_Class;
typedef struct MI_PropertySet MI_PropertySet;
typedef struct MI_Filter MI_Filter;
typedef struct MI_Module MI_Module;
typedef struct MI_Server MI_Server;

/* The head that every declaration of a class, property or method begins with. */
typedef struct MI_ClassDecl {
    MI_Uint32 flags;
    MI_Uint32 code;
    const MI_Char *name;
} MI_ClassDecl;

typedef struct MI_Interval {
    MI_Uint32 days, hours, minutes, seconds, microseconds;
    MI_Uint32 padding[3];
} MI_Interval;

typedef struct MI_Timestamp {
    MI_Uint32 year, month, day, hour, minute, second, microseconds;
    int32_t utc;
} MI_Timestamp;

typedef struct MI_Datetime {
    MI_Uint32 isTimestamp;
    union {
        MI_Timestamp timestamp;
        MI_Interval interval;
    } u;
} MI_Datetime;

typedef union MI_Value {
    MI_Boolean boolean;
    MI_Uint8 uint8;
    MI_Uint32 uint32;
    MI_Uint64 uint64;
    MI_Datetime datetime;
    MI_Char *string;
    MI_Instance *instance;
    MI_Instance *reference;
    struct {
        void *data;
        MI_Uint32 size;
    } array;
} MI_Value;

typedef struct MI_UserCredentials {
    const MI_Char *authenticationType;
    const MI_Char *credentials[3];
} MI_UserCredentials;

/* The handles that stand in the caller's memory: two reserved words and, but for (de)serializers, a table. */
#define MI_HANDLE_WITH_TABLE(Object)                \
    typedef struct MI_##Object##FT MI_##Object##FT; \
    typedef struct MI_##Object {                    \
        MI_Uint64 reserved1;                        \
        ptrdiff_t reserved2;                        \
        const MI_##Object##FT *ft;                  \
    } MI_##Object;                                  \
    static_assert(sizeof(MI_##Object) == 24, "MI_" #Object " has 24 bytes")

MI_HANDLE_WITH_TABLE(Application);
MI_HANDLE_WITH_TABLE(Session);
MI_HANDLE_WITH_TABLE(Operation);
MI_HANDLE_WITH_TABLE(HostedProvider);
MI_HANDLE_WITH_TABLE(DestinationOptions);
MI_HANDLE_WITH_TABLE(OperationOptions);
MI_HANDLE_WITH_TABLE(SubscriptionDeliveryOptions);
MI_HANDLE_WITH_TABLE(QualifierSet);
MI_HANDLE_WITH_TABLE(ParameterSet);
#undef MI_HANDLE_WITH_TABLE

typedef struct MI_Serializer {
    MI_Uint64 reserved1;
    ptrdiff_t reserved2;
} MI_Serializer;

typedef struct MI_Deserializer {
    MI_Uint64 reserved1;
    ptrdiff_t reserved2;
} MI_Deserializer;

/* The objects that MI allocates: they begin with their table. */
struct MI_Instance {
    const struct MI_InstanceFT *ft;
    const MI_ClassDecl *classDecl;
    const MI_Char *serverName;
    const MI_Char *nameSpace;
    ptrdiff_t reserved[4];
};

struct MI_Class {
    const struct MI_ClassFT *ft;
    const MI_ClassDecl *classDecl;
    const MI_Char *namespaceName;
    const MI_Char *serverName;
    ptrdiff_t reserved[4];
};

struct MI_PropertySet {
    const struct MI_PropertySetFT *ft;
    ptrdiff_t reserved[3];
};

struct MI_Filter {
    const struct MI_FilterFT *ft;
    ptrdiff_t reserved[3];
};

/* Callbacks. `acknowledge` and `answer` are NULL when nothing is owed. */
typedef MI_Result (*MI_ResultAcknowledgement)(MI_Operation *operation);
typedef MI_Result (*MI_Answer)(MI_Operation *operation, MI_OperationCallback_ResponseType response);

typedef struct MI_OperationCallbacks {
    void *callbackContext;
    void (*promptUser)(MI_Operation *, void *context, const MI_Char *message, MI_PromptType,
                       MI_Answer answer);
    void (*writeError)(MI_Operation *, void *context, MI_Instance *error, MI_Answer answer);
    void (*writeMessage)(MI_Operation *, void *context, MI_Uint32 channel, const MI_Char *message);
    void (*writeProgress)(MI_Operation *, void *context, const MI_Char *activity, const MI_Char *current,
                          const MI_Char *status, MI_Uint32 percent, MI_Uint32 seconds_left);
    void (*instanceResult)(MI_Operation *, void *context, const MI_Instance *, MI_Boolean more, MI_Result,
                           const MI_Char *message, const MI_Instance *details, MI_ResultAcknowledgement);
    void (*indicationResult)(MI_Operation *, void *context, const MI_Instance *, const MI_Char *bookmark,
                             const MI_Char *machine_id, MI_Boolean more, MI_Result, const MI_Char *message,
                             const MI_Instance *details, MI_ResultAcknowledgement);
    void (*classResult)(MI_Operation *, void *context, const MI_Class *, MI_Boolean more, MI_Result,
                        const MI_Char *message, const MI_Instance *details, MI_ResultAcknowledgement);
    void (*streamedParameterResult)(MI_Operation *, void *context, const MI_Char *name, MI_Type,
                                    const MI_Value *, MI_ResultAcknowledgement);
} MI_OperationCallbacks;

typedef struct MI_SessionCallbacks {
    void *callbackContext;
    void (*writeMessage)(MI_Application *, void *context, MI_Uint32 channel, const MI_Char *message);
    void (*writeError)(MI_Application *, void *context, MI_Instance *error);
} MI_SessionCallbacks;

typedef void (*MI_SessionCloseCompletion)(void *context);
typedef MI_Result (*MI_Deserializer_ClassObjectNeeded)(void *context, const MI_Char *server_name,
                                                       const MI_Char *namespace_name,
                                                       const MI_Char *class_name, MI_Class **object);
typedef MI_Module *(*MI_MainFunction)(MI_Server *server);

/* The function tables. */
#define MI_TABLE_BEGIN(object, Object, slots) typedef struct MI_##Object##FT {
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    returns (*Slot)(MI_DECLARE(n, params));
#define MI_TABLE_END(object, Object) \
    }                                \
    MI_##Object##FT;
#include "mi_api.def"

#define MI_TABLE_BEGIN(object, Object, slots) \
    static_assert(sizeof(MI_##Object##FT) == (slots) * sizeof(void (*)(void)), "slots of MI_" #Object "FT");
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    static_assert(offsetof(MI_##Object##FT, Slot) == (index) * sizeof(void (*)(void)),                      \
                  "MI_" #Object "_" #Slot);
#include "mi_api.def"

static_assert(sizeof(MI_Serializer) == 16 && sizeof(MI_Deserializer) == 16, "(de)serializers have 16 bytes");
static_assert(sizeof(MI_Instance) == 64 && sizeof(MI_Class) == 64, "instances and classes have 64 bytes");
static_assert(sizeof(MI_PropertySet) == 32 && sizeof(MI_Filter) == 32, "sets and filters have 32 bytes");
static_assert(sizeof(MI_OperationCallbacks) == 72 && sizeof(MI_SessionCallbacks) == 24, "callback structs");
static_assert(sizeof(MI_Value) == 40, "MI_Value has 40 bytes");

/* What `mi_clientFT_V1` points to; the way to the tables of handles that carry none. */
typedef struct MI_ClientFT_V1 {
    const MI_ApplicationFT *applicationFT;
    const MI_SessionFT *sessionFT;
    const MI_OperationFT *operationFT;
    const MI_HostedProviderFT *hostedProviderFT;
    const MI_SerializerFT *serializerFT;
    const MI_DeserializerFT *deserializerFT;
    const MI_SubscriptionDeliveryOptionsFT *subscriptionDeliveryOptionsFT;
    const MI_DestinationOptionsFT *destinationOptionsFT;
    const MI_OperationOptionsFT *operationOptionsFT;
    const MI_UtilitiesFT *utilitiesFT;
} MI_ClientFT_V1;

#endif
