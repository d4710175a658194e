/* SPDX-License-Identifier: MIT */
/* Makes the trace directory, and removes it when nothing was recorded. */
#include "launch/trace_dir.h"

#include "launch/info.h"
#include "launch/launch.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <unistd.h>

static bool fail(GError **error, const char *what, const char *directory)
{
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "cannot %s %s: %s", what, directory,
                g_strerror(errno));
    return false;
}

static bool is_empty(const char *directory)
{
    g_autoptr(GDir) entries = g_dir_open(directory, 0, NULL);
    return entries != NULL && g_dir_read_name(entries) == NULL;
}

bool launch_trace_dir_make(struct launch_trace_dir *directory, GError **error)
{
    const char *path = directory->path;
    directory->made = !g_file_test(path, G_FILE_TEST_EXISTS);
    if (g_mkdir_with_parents(path, 0700) != 0)
        return fail(error, "create", path);
    if (g_access(path, W_OK | X_OK) != 0)
        return fail(error, "write to", path);
    if (!is_empty(path)) {
        g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD,
                    "%s is not empty: name a new directory, or remove it", path);
        return false;
    }
    directory->ours = true;
    return true;
}

void launch_trace_dir_remove(const struct launch_trace_dir *directory)
{
    g_autofree char *info = g_build_filename(directory->path, LAUNCH_INFO_FILE, NULL);
    g_autofree char *data = g_build_filename(directory->path, "ust", NULL);
    if (!directory->ours)
        return;
    g_unlink(info);
    g_rmdir(data);
    if (directory->made)
        g_rmdir(directory->path);
}
