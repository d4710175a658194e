/* SPDX-License-Identifier: MIT */
/* set_uid LIBRARY: uses the MI in that file, and tells whether it runs with more rights than its user. It
 * needs nothing that another user could not read. */
#include "mi_abi.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>

static int is_preloaded(void)
{
    FILE *maps = fopen("/proc/self/maps", "re");
    char line[4352];
    int found = 0;

    while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
        found = found || strstr(line, "libmitrace") != NULL;
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

int main(int argc, char **argv)
{
    void *library = argc > 1 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    MI_Result (*initialize)(MI_Uint32, const MI_Char *, MI_Instance **, MI_Application *) = NULL;
    MI_Application application = {0, 0, NULL};

    if (library != NULL) {
        *(void **)&initialize = dlsym(library, "MI_Application_InitializeV1");
    }
    if (initialize == NULL || initialize(0, "set-uid", NULL, &application) != MI_RESULT_OK) {
        printf("no MI: %s\n", dlerror());
        return 1;
    }
    printf("set-uid %lu, preloaded %d, closed %d\n", getauxval(AT_SECURE), is_preloaded(),
           (int)application.ft->Close(&application));
    return 0;
}
