/* SPDX-License-Identifier: MIT */
/* Makes and removes the temporary directory of a trace. */
#include "scratch.h"

#include <errno.h>
#include <ftw.h>
#include <glib/gstdio.h>
#include <stdio.h>

char *scratch_create(GError **error)
{
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "mitrace-XXXXXX", NULL);

    if (g_mkdtemp_full(path, 0700) == NULL) {
        int number = errno;
        g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(number),
                    "cannot create a directory for the trace in %s: %s (set TMPDIR, or name one with -o)",
                    g_get_tmp_dir(), g_strerror(number));
        return NULL;
    }
    return g_steal_pointer(&path);
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *place)
{
    (void)status;
    (void)type;
    (void)place;
    g_remove(path);
    return 0;
}

void scratch_remove(const char *directory)
{
    enum { OPEN_DIRECTORIES = 16 };

    nftw(directory, remove_entry, OPEN_DIRECTORIES, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}
