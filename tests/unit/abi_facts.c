/* SPDX-License-Identifier: MIT */
/*
 * Prints the facts of MI's binary interface, one `name value` a line: of mi_abi.h, or with -DREAL_MI_H of the
 * real MI.h. Both must print the same. With the real one it also proves, while it compiles, that every
 * signature of mi_api.def is that of the real table.
 */
#ifdef REAL_MI_H
#include <MI.h>

#include "mi_params.h"
#include <stddef.h>
#undef MI_EXPORT /* MI.h has a macro of that name */
typedef void(MI_CALL *MI_SessionCloseCompletion)(void *);
#define MI_TABLE_BEGIN(object, Object, slots)
#define MI_SLOT(object, Object, index, slot, Slot, returns, entry, exit, level, roles, made, yields, names, \
                n, params)                                                                                  \
    _Static_assert(__builtin_types_compatible_p(__typeof__(((MI_##Object##FT *)0)->Slot),                   \
                                                returns(*)(MI_DECLARE(n, params))),                         \
                   "signature of MI_" #Object "_" #Slot);
#include "mi_api.def"
#else
#include "mi_abi.h"
#endif

#include <stdio.h>

#define SIZE(type)          printf("sizeof(%s) %zu\n", #type, sizeof(type))
#define OFFSET(type, field) printf("offsetof(%s, %s) %zu\n", #type, #field, offsetof(type, field))
#define NUMBER(constant)    printf("%s %lld\n", #constant, (long long)(constant))

static void print_handles(void)
{
#define MI_KIND(kind, Object, title, layout) layout(MI_##Object)
#define WORDS(type)          \
    SIZE(type);              \
    OFFSET(type, reserved1); \
    OFFSET(type, reserved2);
#define WORDS_TABLE(type) \
    WORDS(type)           \
    OFFSET(type, ft);
#define POINTER(type) \
    SIZE(type);       \
    OFFSET(type, ft);
#define NOTHING(type)
#include "mi_kinds.def"
    OFFSET(MI_Instance, classDecl);
    OFFSET(MI_Class, classDecl);
    OFFSET(MI_ClassDecl, name);
}

static void print_tables(void)
{
#define MI_TABLE_BEGIN(object, Object, slots)           SIZE(MI_##Object##FT);
#define MI_SLOT(object, Object, index, slot, Slot, ...) OFFSET(MI_##Object##FT, Slot);
#include "mi_api.def"
    SIZE(MI_ClientFT_V1);
    OFFSET(MI_ClientFT_V1, serializerFT);
    OFFSET(MI_ClientFT_V1, deserializerFT);
    OFFSET(MI_ClientFT_V1, utilitiesFT);
}

static void print_callbacks(void)
{
    SIZE(MI_OperationCallbacks);
    OFFSET(MI_OperationCallbacks, callbackContext);
    OFFSET(MI_OperationCallbacks, promptUser);
    OFFSET(MI_OperationCallbacks, writeError);
    OFFSET(MI_OperationCallbacks, writeMessage);
    OFFSET(MI_OperationCallbacks, writeProgress);
    OFFSET(MI_OperationCallbacks, instanceResult);
    OFFSET(MI_OperationCallbacks, indicationResult);
    OFFSET(MI_OperationCallbacks, classResult);
    OFFSET(MI_OperationCallbacks, streamedParameterResult);
    SIZE(MI_SessionCallbacks);
    OFFSET(MI_SessionCallbacks, writeMessage);
    OFFSET(MI_SessionCallbacks, writeError);
}

static void print_values(void)
{
    SIZE(MI_Char);
    SIZE(MI_Boolean);
    SIZE(MI_Result);
    SIZE(MI_Value);
    SIZE(MI_Datetime);
    SIZE(MI_Interval);
    SIZE(MI_UserCredentials);
    NUMBER(MI_OPERATIONFLAGS_MANUAL_ACK_RESULTS);
    NUMBER(MI_BOOLEAN);
    NUMBER(MI_UINT32);
    NUMBER(MI_STRING);
    NUMBER(MI_INSTANCE);
    NUMBER(MI_FLAG_KEY);
    NUMBER(MI_FLAG_NULL);
    NUMBER(MI_FLAG_BORROW);
    NUMBER(MI_FLAG_ADOPT);
#define MI_RESULT(name, number) NUMBER(MI_RESULT_##name);
#include "mi_results.def"
}

int main(void)
{
    print_handles();
    print_tables();
    print_callbacks();
    print_values();
    return 0;
}
