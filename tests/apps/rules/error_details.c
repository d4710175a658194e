/* SPDX-License-Identifier: MIT */
/*
 * Instances that only appear when something failed. LEAKS: "parser", the error instance of a deserializer;
 * "code", one made from a number. LEGAL: "deleted", both deleted; "operation", the details of an operation
 * are not the program's.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <string.h>

static MI_Uint8 truncated[] = "i";
static MI_Char mof[] = "MI_MOF_CIMV2_EXTV1";

/* The caller gets what the deserializer says about the text, or NULL. */
static MI_Instance *why_not(MI_Application *application)
{
    MI_Deserializer deserializer;
    MI_Instance *instance = NULL;
    MI_Instance *error = NULL;
    MI_Uint32 read = 0;
    MI_Result result;

    app_require("deserializer", MI_Application_NewDeserializer(application, 0, mof, &deserializer));
    result =
        MI_Deserializer_DeserializeInstance(&deserializer, 0, truncated, (MI_Uint32)strlen((char *)truncated),
                                            NULL, 0, NULL, NULL, &read, &instance, &error);
    printf("parsed: %s, details %s\n", result == MI_RESULT_OK ? "yes" : "no",
           error != NULL ? "given" : "none");
    MI_Deserializer_Close(&deserializer);
    return error;
}

static MI_Instance *describe(MI_Result result)
{
    MI_Instance *error = NULL;

    app_require("CimErrorFromErrorCode",
                MI_Utilities_CimErrorFromErrorCode((MI_Uint32)result, "MI", "it did not work", &error));
    return error;
}

static void parser(void)
{
    MI_Application application;

    open_application(&application, "error_details");
    print_instance(why_not(&application));
    MI_Application_Close(&application);
}

static void code(void)
{
    MI_Application application;

    open_application(&application, "error_details");
    print_instance(describe(MI_RESULT_NOT_FOUND));
    MI_Application_Close(&application);
}

static void deleted(void)
{
    MI_Application application;
    MI_Instance *error;

    open_application(&application, "error_details");
    error = why_not(&application);
    if (error != NULL) {
        MI_Instance_Delete(error);
    }
    app_print("delete", MI_Instance_Delete(describe(MI_RESULT_NOT_FOUND)));
    MI_Application_Close(&application);
}

static void ask_for_nothing(MI_Session *session)
{
    MI_Operation operation;
    MI_Boolean more = MI_TRUE;
    MI_Result result = MI_RESULT_OK;
    const MI_Char *message = NULL;
    const MI_Instance *instance, *details = NULL;

    MI_Session_EnumerateInstances(session, 0, NULL, app_namespace(), "No_Such_Class", MI_FALSE, NULL,
                                  &operation);
    while (more) {
        app_require("get",
                    MI_Operation_GetInstance(&operation, &instance, &more, &result, &message, &details));
    }
    printf("asked: %s\n", result == MI_RESULT_OK ? "yes" : "no");
    MI_Operation_Close(&operation);
}

static void operation(void)
{
    MI_Application application;
    MI_Session session;

    open_application(&application, "error_details");
    open_session(&application, &session);
    ask_for_nothing(&session);
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"parser", parser}, {"code", code}, {"deleted", deleted}, {"operation", operation}};

    return RUN_VARIANT(argc, argv, variants);
}
