/* SPDX-License-Identifier: MIT */
/* Makes and removes the private mounts of root's session daemon. */
#include "launch/namespace.h"

#include "launch/wait_page.h"

#include <errno.h>
#include <glib.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* Compiled into lttng-sessiond, liblttng-ctl and liblttng-ust. */
#define RUN_DIRECTORY "/var/run/lttng"

#define MOUNT_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

static bool has_private_memory; /* a fact of the process, as its namespace is */

/* The directories as they are seen now, in a vector that the caller frees. */
static struct stat *look_at(const char *const *directories)
{
    struct stat *seen = g_new0(struct stat, g_strv_length((char **)directories) + 1);
    for (size_t i = 0; directories[i] != NULL; i++) {
        if (stat(directories[i], &seen[i]) != 0)
            seen[i] = (struct stat){0};
    }
    return seen;
}

static bool looks_same(const char *const *directories, const struct stat *before)
{
    g_autofree struct stat *now = look_at(directories);
    bool same = true;
    for (size_t i = 0; directories[i] != NULL; i++)
        same &= now[i].st_dev == before[i].st_dev && now[i].st_ino == before[i].st_ino;
    return same;
}

/* Mount an empty file system on `directory`, unless that hides what is to be kept. */
static bool mount_private(const char *directory, const char *options, const char *const *kept)
{
    g_autofree struct stat *before = look_at(kept);
    if (mount("mitrace", directory, "tmpfs", MOUNT_FLAGS, options) != 0)
        return false;
    if (looks_same(kept, before))
        return true;
    umount2(directory, MNT_DETACH);
    return false;
}

bool launch_namespace_enter(const char *const *kept)
{
    if (mkdir(RUN_DIRECTORY, 0755) != 0 && errno != EEXIST)
        return false;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0)
        return false;
    if (!mount_private(RUN_DIRECTORY, "mode=0755", kept))
        return false;
    has_private_memory = mount_private(LAUNCH_SHM_DIRECTORY, "mode=1777", kept);
    return true;
}

void launch_namespace_leave(void)
{
    if (has_private_memory)
        umount2(LAUNCH_SHM_DIRECTORY, MNT_DETACH);
    umount2(RUN_DIRECTORY, MNT_DETACH);
}
