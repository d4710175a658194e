/* SPDX-License-Identifier: MIT */
/*
 * A plugin with a link to MI of its own; it counts by its host's app_count_call. If there is a file of its
 * name and ".inner", it asks its host for that from its constructor, and uses it.
 */
#include "visible.h"

#include <dlfcn.h>
#include <unistd.h>

int visible_plugin(void);

static int inner_failed;

__attribute__((constructor)) static void load_inner(void)
{
    char path[4096];
    void *inner;
    int (*use)(void) = NULL;
    Dl_info info;

    if (dladdr((void *)load_inner, &info) != 0 &&
        (size_t)snprintf(path, sizeof(path), "%s.inner", info.dli_fname) < sizeof(path) &&
        access(path, R_OK) == 0) {
        inner = visible_load_deep(path);
        if (inner != NULL) {
            use = (int (*)(void))dlsym(inner, "visible_plugin");
        }
        inner_failed = use == NULL || use() != 0;
    }
}

int visible_plugin(void)
{
    MI_Application application;
    int bad = MI_Application_Initialize(0, "plugin", NULL, &application) != MI_RESULT_OK;

    return bad + inner_failed + (MI_Application_Close(&application) != MI_RESULT_OK);
}
