/* SPDX-License-Identifier: MIT */
/* See error.h; and MI's utilities, which are about errors only. */
#include "error.h"

#include "instance.h"
#include "slots.h"

#include <stdio.h>
#include <string.h>

/* By result code: MI's error category, and what it means. */
static const struct {
    MI_ErrorCategory category;
    const MI_Char *message;
} errors[] = {
    [MI_RESULT_OK] = {0, NULL},
    [MI_RESULT_FAILED] = {0, "The request failed."},
    [MI_RESULT_ACCESS_DENIED] = {18, "Access is denied."},
    [MI_RESULT_INVALID_NAMESPACE] = {10, "There is no such namespace."},
    [MI_RESULT_INVALID_PARAMETER] = {5, "A parameter is not valid."},
    [MI_RESULT_INVALID_CLASS] = {10, "There is no such class."},
    [MI_RESULT_NOT_FOUND] = {13, "There is no such object."},
    [MI_RESULT_NOT_SUPPORTED] = {11, "This is not supported."},
    [MI_RESULT_CLASS_HAS_CHILDREN] = {10, "The class has children."},
    [MI_RESULT_CLASS_HAS_INSTANCES] = {10, "The class has instances."},
    [MI_RESULT_INVALID_SUPERCLASS] = {10, "There is no such parent class."},
    [MI_RESULT_ALREADY_EXISTS] = {20, "The object exists already."},
    [MI_RESULT_NO_SUCH_PROPERTY] = {10, "There is no such property."},
    [MI_RESULT_TYPE_MISMATCH] = {9, "The types do not match."},
    [MI_RESULT_QUERY_LANGUAGE_NOT_SUPPORTED] = {11, "The query language is not supported."},
    [MI_RESULT_INVALID_QUERY] = {5, "The query is not valid."},
    [MI_RESULT_METHOD_NOT_AVAILABLE] = {10, "The method is not available."},
    [MI_RESULT_METHOD_NOT_FOUND] = {10, "There is no such method."},
    [MI_RESULT_SERVER_LIMITS_EXCEEDED] = {19, "The server's limits are exceeded."},
    [MI_RESULT_SERVER_IS_SHUTTING_DOWN] = {21, "The server is shutting down."},
};

enum { KNOWN_ERRORS = sizeof errors / sizeof errors[0] };

const MI_Char *error_message(MI_Result result)
{
    return (unsigned)result < KNOWN_ERRORS ? errors[result].message : NULL;
}

MI_ErrorCategory utilities_map_error_to_mi_error_category(const MI_Char *error_type, MI_Uint32 error)
{
    return strcmp(error_type, "MI") == 0 && error < KNOWN_ERRORS ? errors[error].category : 0;
}

static void add_text(MI_Instance *instance, const MI_Char *name, const MI_Char *text)
{
    MI_Value value = {.string = (MI_Char *)text};

    instance->ft->AddElement(instance, name, text != NULL ? &value : NULL, MI_STRING, DECLARED_PROPERTY);
}

static void add_number(MI_Instance *instance, const MI_Char *name, MI_Uint32 number)
{
    MI_Value value = {.uint32 = number};

    instance->ft->AddElement(instance, name, &value, MI_UINT32, DECLARED_PROPERTY);
}

MI_Instance *error_instance(MI_Uint32 code, const MI_Char *type, const MI_Char *message)
{
    MI_Instance *instance;
    MI_Char id[64];

    if (instance_new_dynamic("OMI_Error", &instance) != MI_RESULT_OK) {
        return NULL;
    }
    snprintf(id, sizeof id, "OMI:%s:%u", strcmp(type, "MI") == 0 ? "MI_Result" : type, code);
    add_text(instance, "OwningEntity", "OMI:CIMOM");
    add_text(instance, "MessageID", id);
    add_text(instance, "Message", message);
    add_number(instance, "CIMStatusCode", code);
    add_number(instance, "OMI_Code", code);
    add_number(instance, "OMI_Category", (MI_Uint32)utilities_map_error_to_mi_error_category(type, code));
    add_text(instance, "OMI_Type", type);
    add_text(instance, "OMI_ErrorMessage", code < KNOWN_ERRORS ? errors[code].message : NULL);
    return instance;
}

MI_Result utilities_cim_error_from_error_code(MI_Uint32 error, const MI_Char *error_type,
                                              const MI_Char *message, MI_Instance **out)
{
    MI_Instance *instance = error_instance(error, error_type, message);

    if (instance == NULL) {
        return MI_RESULT_SERVER_LIMITS_EXCEEDED;
    }
    if (out != NULL) {
        *out = instance;
    } else {
        instance_free_owned(instance);
    }
    return MI_RESULT_OK;
}
