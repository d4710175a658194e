/* SPDX-License-Identifier: MIT */
/* Makes and removes LTTng-UST's wait pages. Names and modes are those of liblttng-ust 2.13. */
#include "launch/wait_page.h"

#include <fcntl.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#define EVERYONES_PAGE "lttng-ust-wait-8"

#define TRIES          10
#define LEAST_PAUSE_US 4000
#define MOST_PAUSE_US  16000

static char *user_page(void)
{
    return g_strdup_printf(EVERYONES_PAGE "-%u", getuid());
}

static int hold(int directory, const char *name, mode_t mode)
{
    int page = openat(directory, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (page < 0)
        page = openat(directory, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    else if (ftruncate(page, sysconf(_SC_PAGESIZE)) != 0 || fchmod(page, mode) != 0)
        unlinkat(directory, name, 0);
    return page >= 0 ? page : openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
}

void launch_wait_pages_hold(struct launch_wait_pages *pages, int directory)
{
    g_autofree char *own = user_page();
    pages->directory = directory;
    pages->everyone = hold(directory, EVERYONES_PAGE, 0666);
    pages->user = hold(directory, own, 0660);
}

/*
 * Remove the page if it is ours alone: a write lease is granted only to the sole user of a file, and until it
 * is given up others wait to open it.
 */
static bool remove_unused(int directory, const char *name, int page)
{
    struct stat status;
    bool removed = fstat(page, &status) == 0 && status.st_uid == getuid() &&
                   fcntl(page, F_SETLEASE, F_WRLCK) == 0 && unlinkat(directory, name, 0) == 0;
    close(page);
    return removed;
}

/*
 * What a process had mapped is its own for a moment after it has ended, and other runs may end just now:
 * between two tries the page is not held, so that one of them finds itself alone.
 */
static void release(int directory, const char *name, int page)
{
    for (int tries = 0; tries < TRIES && page >= 0; tries++) {
        if (remove_unused(directory, name, page))
            return;
        g_usleep((gulong)g_random_int_range(LEAST_PAUSE_US, MOST_PAUSE_US));
        page = openat(directory, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    }
    if (page >= 0)
        close(page);
}

void launch_wait_pages_clear(const struct launch_wait_pages *pages)
{
    const int32_t nobody = 0;
    int page = getuid() == 0 ? pages->everyone : pages->user;
    if (pwrite(page, &nobody, sizeof nobody, 0) != (ssize_t)sizeof nobody)
        g_debug("cannot clear the wait page");
}

void launch_wait_pages_release(struct launch_wait_pages *pages)
{
    g_autofree char *own = user_page();
    release(pages->directory, EVERYONES_PAGE, pages->everyone);
    release(pages->directory, own, pages->user);
}
