/* SPDX-License-Identifier: MIT */
/* LEGAL: asks for a hosted provider, which no protocol handler of OMI can give; nothing is owed for it, and
 * closing what was never made does no harm. */
#include "app_support.h"

#include <stdio.h>
#include <string.h>

static MI_Module *provider_main(MI_Server *server)
{
    (void)server;
    puts("provider started");
    return NULL;
}

static int host_provider(MI_Application *application)
{
    MI_HostedProvider provider;
    MI_Instance *error = NULL;
    MI_Result result;

    memset(&provider, 0, sizeof provider);
    result = MI_Application_NewHostedProvider(application, "root/test", "garage", provider_main, &error,
                                              &provider);
    if (error != NULL) {
        MI_Instance_Delete(error);
    }
    if (result != MI_RESULT_OK) {
        printf("cannot host\n");
        return -1;
    }
    app_print("provider", MI_HostedProvider_Close(&provider));
    return 0;
}

int main(void)
{
    MI_Application application;

    open_application(&application, "hosted_provider_refused");
    host_provider(&application);
    app_print("application", MI_Application_Close(&application));
    return 0;
}
