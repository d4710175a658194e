/* SPDX-License-Identifier: MIT */
/* The LTTng session of a run: one channel, all events of the shim, from before PROGRAM starts until it has
 * ended. */
#ifndef MITRACE_LAUNCH_SESSION_H
#define MITRACE_LAUNCH_SESSION_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define LAUNCH_SESSION_PREFIX "mitrace-"

struct launch_session {
    char *name;      /* unique in the session daemon: the prefix and the run id */
    char *trace_dir; /* absolute */
    bool all_calls;
    bool lossless;
    uint64_t subbuf_size; /* bytes; 0: default */
    unsigned subbuf_count;
};

/*
 * The size of a sub-buffer in bytes by which `count` of them for each of `cpus` fit in half of `available`
 * bytes (each further user whose processes are traced has such buffers too): the default of 1 MiB or less; 0
 * when not even the smallest useful ones do.
 */
uint64_t launch_session_fit(uint64_t available, unsigned cpus, unsigned count);

/* Create and start the session in the daemon that LTTNG_HOME names. False with one line in error; nothing is
 * left. */
bool launch_session_open(const struct launch_session *session, GError **error);

/* How a recording ended. */
enum launch_session_end {
    LAUNCH_SESSION_COMPLETE,   /* all data is on disk: the trace can be read, and the daemon be killed */
    LAUNCH_SESSION_INCOMPLETE, /* the trace may end early, because a part of LTTng failed */
    LAUNCH_SESSION_HANGS       /* the same, and the daemon or its consumer daemon does not answer */
};

/*
 * Stop the session and wait until all data is on disk. Adds what LTTng lost to `lost`. It takes no longer
 * than a bound, whatever the daemon does.
 */
enum launch_session_end launch_session_stop(const struct launch_session *session, uint64_t *lost);

/* Whether session daemon and consumer daemon are there and answer, and the threads of the consumer daemon
 * work. */
bool launch_session_is_alive(void);

/* Have the daemon destroy the session `name` if there is one, without waiting for it. */
void launch_session_discard(const char *name);

#endif
