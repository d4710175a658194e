/* SPDX-License-Identifier: MIT */
/*
 * MISUSE (error: it crashes): the result of a creator is not looked at, and what it did not make is used:
 * "session", "application". LEGAL ("checked"): what was not made is only closed, which MI allows.
 */
#include "app_support.h"
#include "variants.h"

#include <stdio.h>
#include <sys/resource.h>

static MI_Application application;
static MI_Session session;

static void no_core(void)
{
    static const struct rlimit none = {0, 0};

    setrlimit(RLIMIT_CORE, &none);
}

static MI_Result connect_to(const char *protocol)
{
    return MI_Application_NewSession(&application, protocol, NULL, NULL, NULL, NULL, &session);
}

static void list(void)
{
    MI_Operation operation;

    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    drain_unseen(&operation);
    MI_Operation_Close(&operation);
}

static void use_session(void)
{
    no_core();
    open_application(&application, "unchecked_result");
    connect_to("CARRIER_PIGEON");
    list();
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
}

static void initialize(MI_Uint32 flags)
{
    MI_Application_Initialize(flags, "unchecked_result", NULL, &application);
}

static void use_application(void)
{
    no_core();
    initialize(1);
    connect_to(NULL);
    MI_Application_Close(&application);
}

static void checked(void)
{
    open_application(&application, "unchecked_result");
    if (connect_to("CARRIER_PIGEON") == MI_RESULT_OK) {
        list();
    }
    printf("closed anyway: %d\n", MI_Session_Close(&session, NULL, NULL) == MI_RESULT_OK);
    app_print("application", MI_Application_Close(&application));
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"session", use_session}, {"application", use_application}, {"checked", checked}};

    return RUN_VARIANT(argc, argv, variants);
}
