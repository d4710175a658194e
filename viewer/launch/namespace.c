/* SPDX-License-Identifier: MIT */
/* Makes and removes the private mounts of root's session daemon. */
#include "launch/namespace.h"

#include "launch/wait_page.h"

#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mount.h>
#include <sys/stat.h>

/* Compiled into lttng-sessiond, liblttng-ctl and liblttng-ust. */
#define RUN_DIRECTORY "/var/run/lttng"

#define MOUNT_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

static bool mount_private(const char *directory, const char *options)
{
    return mount("mitrace", directory, "tmpfs", MOUNT_FLAGS, options) == 0;
}

bool launch_namespace_enter(void)
{
    if (mkdir(RUN_DIRECTORY, 0755) != 0 && errno != EEXIST)
        return false;
    if (unshare(CLONE_NEWNS) != 0 || mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) != 0)
        return false;
    if (!mount_private(RUN_DIRECTORY, "mode=0755"))
        return false;
    if (mount_private(LAUNCH_SHM_DIRECTORY, "mode=1777"))
        return true;
    umount2(RUN_DIRECTORY, MNT_DETACH);
    return false;
}

void launch_namespace_leave(void)
{
    umount2(LAUNCH_SHM_DIRECTORY, MNT_DETACH);
    umount2(RUN_DIRECTORY, MNT_DETACH);
}
