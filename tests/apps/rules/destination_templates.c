/* SPDX-License-Identifier: MIT */
/*
 * Sessions to several hosts with options from a template. LEAKS: "clones", each host's copy is kept for ever;
 * "error-path", options are deleted only when the session could not be made. LEGAL ("shared"): options are
 * deleted as soon as the session has them.
 */
#include "app_support.h"
#include "variants.h"

#include <stdbool.h>
#include <stdio.h>

enum { HOSTS = 3 };

static MI_Application application;

static void make_template(MI_DestinationOptions *options)
{
    static const MI_Interval patience = {.minutes = 1};

    app_require("options", MI_Application_NewDestinationOptions(&application, options));
    MI_DestinationOptions_SetInterval(options, "__MI_DESTINATIONOPTIONS_TIMEOUT", &patience, 0);
    MI_DestinationOptions_SetString(options, "__MI_DESTINATIONOPTIONS_UI_LOCALE", "en-us", 0);
}

static void copy_template(const MI_DestinationOptions *template_options, MI_DestinationOptions *copy)
{
    app_require("clone", MI_DestinationOptions_Clone(template_options, copy));
}

static void visit(MI_DestinationOptions *options, bool delete_early)
{
    MI_Session session;
    MI_Operation operation;

    app_require("session",
                MI_Application_NewSession(&application, "OMI_SOCKETS", NULL, options, NULL, NULL, &session));
    if (delete_early) {
        MI_DestinationOptions_Delete(options);
    }
    MI_Session_EnumerateInstances(&session, 0, NULL, app_namespace(), app_class(), MI_FALSE, NULL,
                                  &operation);
    app_print("visit", drain_unseen(&operation));
    MI_Operation_Close(&operation);
    MI_Session_Close(&session, NULL, NULL);
}

static void visit_hosts(bool delete_copies)
{
    MI_DestinationOptions options, copy;

    open_application(&application, "destination_templates");
    make_template(&options);
    for (int host = 0; host < HOSTS; host++) {
        copy_template(&options, &copy);
        visit(&copy, delete_copies);
    }
    MI_DestinationOptions_Delete(&options);
    MI_Application_Close(&application);
}

static void clones(void)
{
    visit_hosts(false);
}

static void shared(void)
{
    visit_hosts(true);
}

static MI_Result connect_with_locale(const char *protocol, MI_Session *session)
{
    MI_DestinationOptions options;
    MI_Result result = MI_Application_NewDestinationOptions(&application, &options);

    if (result != MI_RESULT_OK) {
        return result;
    }
    MI_DestinationOptions_SetString(&options, "__MI_DESTINATIONOPTIONS_DATA_LOCALE", "de-de", 0);
    result = MI_Application_NewSession(&application, protocol, NULL, &options, NULL, NULL, session);
    if (result != MI_RESULT_OK) {
        MI_DestinationOptions_Delete(&options);
    }
    return result;
}

static void error_path(void)
{
    MI_Session session;

    open_application(&application, "destination_templates");
    printf("unknown protocol: %s\n",
           connect_with_locale("SMOKE_SIGNS", &session) == MI_RESULT_OK ? "ok" : "failed");
    app_print("known protocol", connect_with_locale("OMI_SOCKETS", &session));
    MI_Session_Close(&session, NULL, NULL);
    MI_Application_Close(&application);
}

int main(int argc, char **argv)
{
    static const struct variant variants[] = {
        {"clones", clones}, {"shared", shared}, {"error-path", error_path}};

    return RUN_VARIANT(argc, argv, variants);
}
