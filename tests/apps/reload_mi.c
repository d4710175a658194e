/* SPDX-License-Identifier: MIT */
/* Loads MI, uses it and unloads it, several times, as a plugin host does: reload_mi LIBRARY TIMES [deepbind].
 */
#include "mi_abi.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef MI_Result (*initialize_fn)(MI_Uint32, const MI_Char *, MI_Instance **, MI_Application *);

static int use_once(const char *library, int flags)
{
    MI_Application application = {0, 0, NULL};
    MI_OperationOptions options;
    initialize_fn initialize;
    void *handle = dlopen(library, flags);

    if (handle == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    initialize = (initialize_fn)dlsym(handle, "MI_Application_InitializeV1");
    if (initialize == NULL || initialize(0, "reload_mi", NULL, &application) != MI_RESULT_OK ||
        application.ft->NewOperationOptions(&application, MI_FALSE, &options) != MI_RESULT_OK) {
        return 1;
    }
    options.ft->Delete(&options);
    application.ft->Close(&application);
    return dlclose(handle);
}

int main(int argc, char **argv)
{
    int flags = RTLD_NOW | RTLD_LOCAL;

    if (argc < 3) {
        fprintf(stderr, "usage: reload_mi LIBRARY TIMES [deepbind]\n");
        return 2;
    }
    flags |= argc > 3 && strcmp(argv[3], "deepbind") == 0 ? RTLD_DEEPBIND : 0;
    for (long i = strtol(argv[2], NULL, 10); i > 0; i--) {
        if (use_once(argv[1], flags) != 0) {
            return 1;
        }
    }
    puts("done");
    return 0;
}
