/* SPDX-License-Identifier: MIT */
/* The private directory of a run: LTTNG_HOME, where the sockets of its session daemon are. */
#ifndef MITRACE_LAUNCH_HOME_H
#define MITRACE_LAUNCH_HOME_H

#include <glib.h>
#include <stdbool.h>

/* Where the directory of this run is to be, with `name` in its own: a place short enough for socket names; to
 * be freed. NULL with error. */
char *launch_home_choose(const char *name, GError **error);

/* Make it, for us alone, with a link to `library` in it; scratch_remove_tree removes it. False with one line
 * in error. */
bool launch_home_create(const char *home, const char *library, GError **error);

/* `library`, an absolute path, or the link to it in `home` if LD_PRELOAD cannot hold that path; to be freed.
 */
char *launch_home_preload_path(const char *home, const char *library);

#endif
