/* SPDX-License-Identifier: MIT */
/* Makes the trace directory, and removes it when nothing was recorded. */
#include "launch/trace_dir.h"

#include "launch/info.h"
#include "launch/launch.h"
#include "scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The folder that LTTng writes in. */
#define DATA "ust"

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

static bool refuse(GError **error, const char *directory, const char *why)
{
    g_set_error(error, LAUNCH_ERROR, LAUNCH_ERROR_RECORD, "%s %s", directory, why);
    return false;
}

/* Whoever else owned the directory could read the trace, or put another in its place. LTTng makes folders
 * that our group may write to, whatever the umask: they lie in one that we make. */
static bool make_private(const char *path, GError **error)
{
    int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    struct stat status;
    bool good = directory >= 0 && fstat(directory, &status) == 0;
    if (good && status.st_uid != geteuid()) {
        close(directory);
        return refuse(error, path, "belongs to another user: name a new directory");
    }
    good = good && fchmod(directory, 0700) == 0 && mkdirat(directory, DATA, 0700) == 0 &&
           fchmodat(directory, DATA, 0700, 0) == 0;
    if (!good)
        fail(error, "make a private folder in", path);
    if (directory >= 0)
        close(directory);
    return good;
}

bool launch_trace_dir_make(struct launch_trace_dir *directory, GError **error)
{
    const char *path = directory->path;
    directory->made = !g_file_test(path, G_FILE_TEST_EXISTS);
    if (g_mkdir_with_parents(path, 0700) != 0)
        return fail(error, "create", path);
    if (g_access(path, W_OK | X_OK) != 0)
        return fail(error, "write to", path);
    if (!is_empty(path))
        return refuse(error, path, "is not empty: name a new directory, or remove it");
    directory->ours = make_private(path, error);
    return directory->ours;
}

void launch_trace_dir_remove(const struct launch_trace_dir *directory)
{
    g_autofree char *info = g_build_filename(directory->path, LAUNCH_INFO_FILE, NULL);
    g_autofree char *data = g_build_filename(directory->path, DATA, NULL);
    if (!directory->ours)
        return;
    g_unlink(info);
    scratch_remove_tree(data);
    if (directory->made)
        g_rmdir(directory->path);
}

static int make_entry_private(const char *path, const struct stat *status, int type, struct FTW *position)
{
    (void)status;
    (void)position;
    if (type == FTW_F || type == FTW_D)
        g_chmod(path, type == FTW_D ? 0700 : 0600);
    return 0;
}

void launch_trace_dir_finish(const struct launch_trace_dir *directory)
{
    g_autofree char *data = g_build_filename(directory->path, DATA, NULL);
    nftw(data, make_entry_private, 8, FTW_PHYS | FTW_MOUNT);
}
