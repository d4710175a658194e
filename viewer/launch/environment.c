/* SPDX-License-Identifier: MIT */
/* Builds the environments of PROGRAM and of the session daemon. */
#include "launch/environment.h"

#include <glib.h>
#include <string.h>

/* How long a process waits at most for a session daemon that does not answer, in ms. */
#define REGISTER_TIMEOUT "5000"

/* How long the daemon waits for a traced process that does not answer because it is stopped, in s. Less than
 * our patience with the daemon. */
#define APP_TIMEOUT "3"

/* ld.so splits LD_PRELOAD at these and expands what follows a dollar sign. */
#define PRELOAD_SEPARATORS " :"
#define PRELOAD_SPECIAL    PRELOAD_SEPARATORS "$"

bool launch_environment_preloadable(const char *path)
{
    return *path != '\0' && strpbrk(path, PRELOAD_SPECIAL) == NULL;
}

static bool is_first(const char *library, const char *list)
{
    size_t length = strlen(library);
    return strncmp(list, library, length) == 0 &&
           (list[length] == '\0' || strchr(PRELOAD_SEPARATORS, list[length]) != NULL);
}

char *launch_environment_merge_preload(const char *library, const char *existing)
{
    if (existing == NULL || *existing == '\0')
        return g_strdup(library);
    if (is_first(library, existing))
        return g_strdup(existing);
    return g_strconcat(library, ":", existing, NULL);
}

char **launch_environment_build(char **base, const struct launch_environment *values)
{
    char **environment = g_strdupv(base);
    g_autofree char *depth = g_strdup_printf("%u", values->stack_depth);
    g_autofree char *preload =
        launch_environment_merge_preload(values->preload, g_environ_getenv(base, "LD_PRELOAD"));
    environment = g_environ_setenv(environment, "LD_PRELOAD", preload, TRUE);
    environment = g_environ_setenv(environment, "LTTNG_HOME", values->home, TRUE);
    environment = g_environ_setenv(environment, "LTTNG_UST_REGISTER_TIMEOUT", REGISTER_TIMEOUT, FALSE);
    environment = g_environ_setenv(environment, "MITRACE_RUN", values->run_id, TRUE);
    environment = g_environ_setenv(environment, "MITRACE_STACK_DEPTH", depth, TRUE);
    if (values->lossless)
        environment = g_environ_setenv(environment, "LTTNG_UST_ALLOW_BLOCKING", "1", TRUE);
    return environment;
}

char **launch_environment_for_daemon(char **base, const char *home)
{
    char **environment = g_environ_unsetenv(g_strdupv(base), "LD_PRELOAD");
    environment = g_environ_setenv(environment, "LTTNG_APP_SOCKET_TIMEOUT", APP_TIMEOUT, FALSE);
    return g_environ_setenv(environment, "LTTNG_HOME", home, TRUE);
}
