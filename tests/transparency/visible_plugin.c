/* SPDX-License-Identifier: MIT */
/* A plugin with a link to MI of its own; it counts by its host's app_count_call. */
#include "visible.h"

int visible_plugin(void);

int visible_plugin(void)
{
    MI_Application application;
    int bad = MI_Application_Initialize(0, "plugin", NULL, &application) != MI_RESULT_OK;

    return bad + (MI_Application_Close(&application) != MI_RESULT_OK);
}
