/* SPDX-License-Identifier: MIT */
/* Hosted providers: as with OMI's own protocol handlers none can be made, so that only stale handles get
 * here. */
#include "application.h"
#include "slots.h"

MI_Result application_new_hosted_provider(MI_Application *self, const MI_Char *namespace_name,
                                          const MI_Char *provider_name, MI_MainFunction main_function,
                                          MI_Instance **error, MI_HostedProvider *out)
{
    struct application *application = application_of(self);

    if (application == NULL) {
        return MI_RESULT_INVALID_PARAMETER;
    }
    if (out != NULL) {
        *out = (MI_HostedProvider){.ft = NULL};
    }
    if (error != NULL) {
        *error = NULL;
    }
    if (main_function != NULL && namespace_name != NULL && provider_name != NULL && out != NULL) {
        application_load(application, NULL, NULL);
    }
    return MI_RESULT_INVALID_PARAMETER;
}

MI_Result hosted_provider_close(MI_HostedProvider *self)
{
    return self == NULL ? MI_RESULT_OK : MI_RESULT_INVALID_PARAMETER;
}

MI_Result hosted_provider_get_application(MI_HostedProvider *self, MI_Application *out)
{
    (void)self;
    if (out != NULL) {
        *out = (MI_Application){.ft = NULL};
    }
    return MI_RESULT_INVALID_PARAMETER;
}
