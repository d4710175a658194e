/* SPDX-License-Identifier: MIT */
/* Makes and removes the private directory of a run. */
#include "launch/home.h"

#include "launch/environment.h"
#include "launch/launch.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX "mitrace-"
#define LINK   "libmitrace.so"

/* A socket's path has 108 bytes (unix(7)); the longest below LTTNG_HOME and the name of the directory
 * take 70. */
#define LONGEST_PARENT 32

static bool is_usable(const char *parent)
{
    return *parent == '/' && strlen(parent) <= LONGEST_PARENT && launch_environment_preloadable(parent) &&
           g_access(parent, W_OK | X_OK) == 0;
}

char *launch_home_choose(const char *name, GError **error)
{
    const char *const parents[] = {g_get_tmp_dir(), "/tmp", "/var/tmp", "/dev/shm"};
    g_autofree char *own = g_strconcat(PREFIX, name, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(parents); i++) {
        if (is_usable(parents[i]))
            return g_build_filename(parents[i], own, NULL);
    }
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD,
                "no directory for temporary files: make /tmp writable, or name another one in TMPDIR");
    return NULL;
}

/*
 * An ordinary user's directory is nobody else's business. Processes of root's PROGRAM that are other users
 * must reach their socket in it, by its path, but need not list it.
 */
static bool make_directory(const char *path)
{
    return mkdir(path, 0700) == 0 && chmod(path, getuid() == 0 ? 0711 : 0700) == 0;
}

bool launch_home_create(const char *home, const char *library, GError **error)
{
    g_autofree char *sockets = g_build_filename(home, ".lttng", NULL);
    g_autofree char *link = g_build_filename(home, LINK, NULL);
    if (make_directory(home) && make_directory(sockets) && symlink(library, link) == 0)
        return true;
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "cannot create %s: %s", home, g_strerror(errno));
    return false;
}

char *launch_home_preload_path(const char *home, const char *library)
{
    if (launch_environment_preloadable(library))
        return g_strdup(library);
    return g_build_filename(home, LINK, NULL);
}
