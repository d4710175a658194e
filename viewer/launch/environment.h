/* SPDX-License-Identifier: MIT */
/* The environments of PROGRAM and of the session daemon. */
#ifndef MITRACE_LAUNCH_ENVIRONMENT_H
#define MITRACE_LAUNCH_ENVIRONMENT_H

#include <stdbool.h>

struct launch_environment {
    const char *preload; /* absolute path of libmitrace.so, one that launch_environment_preloadable accepts */
    const char *home;    /* LTTNG_HOME: under it is the socket of the session daemon */
    const char *run_id;  /* recorded by every process of the run */
    unsigned stack_depth; /* frames */
    bool lossless;
};

/* All results are vectors or strings that the caller frees with g_strfreev and g_free; `base` is not changed.
 */

/* PROGRAM's environment: base, with what the shim and LTTng read set. */
char **launch_environment_build(char **base, const struct launch_environment *values);

/* The session daemon's: base with its own home, and nothing preloaded into it. */
char **launch_environment_for_daemon(char **base, const char *home);

/* LD_PRELOAD with `library` first; `existing` may be NULL. */
char *launch_environment_merge_preload(const char *library, const char *existing);

/* Whether the dynamic linker takes this path from LD_PRELOAD as it stands. */
bool launch_environment_preloadable(const char *path);

#endif
