/* SPDX-License-Identifier: MIT */
/* A plugin of `host`, linked with MI. */
#include "mi_client.h"

#include <dlfcn.h>
#include <stdio.h>

int host_plugin_asks(void);

typedef MI_Result (*initialize_fn)(MI_Uint32, const MI_Char *, MI_Instance **, MI_Application *);

/* MI by its link, and by its name. */
int host_plugin_asks(void)
{
    initialize_fn initialize = (initialize_fn)dlsym(RTLD_DEFAULT, "MI_Application_InitializeV1");
    MI_Application first, second;

    printf("MI for the plugin: %d, ", initialize != NULL);
    printf("%s\n", dlerror() != NULL ? "but an error" : "no error");
    fflush(stdout);
    if (initialize == NULL || MI_Application_Initialize(0, "linked", NULL, &first) != MI_RESULT_OK) {
        return 1;
    }
    app_count_call();
    return (int)initialize(0, "named", NULL, &second) + (int)MI_Application_Close(&second) +
           (int)MI_Application_Close(&first);
}
