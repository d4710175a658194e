/* SPDX-License-Identifier: MIT */
/* Loads liblttng-ctl. */
#include "launch/lttng_ctl.h"

#include "launch/launch.h"

#include <dlfcn.h>

struct launch_lttng launch_lttng;

/* Where each function is to be stored. */
static const struct {
    const char *symbol;
    void *member;
} functions[] = {
#define FUNCTION_ROW(name) {"lttng_" #name, &launch_lttng.name},
    LAUNCH_LTTNG_FUNCTIONS(FUNCTION_ROW)
#undef FUNCTION_ROW
};

/* In no header: keeps the library's own complaints from PROGRAM's standard error. Absent in other versions.
 */
static void be_quiet(void *library)
{
    int *quiet = dlsym(library, "lttng_opt_quiet");
    if (quiet != NULL)
        *quiet = 1;
}

static bool find_functions(void *library)
{
    bool found = true;
    for (size_t i = 0; i < G_N_ELEMENTS(functions) && found; i++) {
        void *function = dlsym(library, functions[i].symbol);
        found = function != NULL;
        *(void **)functions[i].member = function;
    }
    return found;
}

bool launch_lttng_load(GError **error)
{
    void *library = dlopen(LAUNCH_LTTNG_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (library != NULL && find_functions(library)) {
        be_quiet(library);
        return true;
    }
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "%s: apt-get install liblttng-ctl0", dlerror());
    return false;
}
