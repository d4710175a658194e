/* SPDX-License-Identifier: MIT */
/* What the session daemon and its consumer daemon complain of, kept in memory: a full disk is one of the
 * reasons. */
#ifndef MITRACE_LAUNCH_LOG_H
#define MITRACE_LAUNCH_LOG_H

/* A new log, as a descriptor that is closed on execution; -1 when there can be none, which all here accept.
 */
int launch_log_open(void);

/* The last line that was written, or a substitute; to be freed. */
char *launch_log_last(int log);

/*
 * Why data did not get to the disk, in LTTng's words; to be freed. NULL: it did. The consumer daemon drops
 * what it cannot write, and this is the only place where it says so.
 */
char *launch_log_find_loss(int log);

#endif
