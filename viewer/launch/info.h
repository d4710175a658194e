/* SPDX-License-Identifier: MIT */
/* What the trace directory says of its run: mitrace.json, by which the viewer knows PROGRAM's own fate. */
#ifndef MITRACE_LAUNCH_INFO_H
#define MITRACE_LAUNCH_INFO_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define LAUNCH_INFO_FILE   "mitrace.json"
#define LAUNCH_INFO_SCHEMA "mitrace-trace/1"

struct launch_info {
    char *run_id; /* 16 hex digits; every process of the run records it. Owned, as are argv and version */
    char **argv;  /* of PROGRAM, NULL-terminated; bytes that are no UTF-8 were replaced. Only argv[0], unless
                     the user had arguments kept: nobody can tell which of them is a password */
    unsigned arguments; /* how many PROGRAM got besides argv[0], kept or not */
    char *version;      /* of the mitrace that recorded */
    pid_t pid;          /* PROGRAM's */
    bool
        finished; /* false: the launcher was killed or still runs; what follows is then 0, but for start_us */
    int status;   /* PROGRAM's exit status; 0 when a signal ended it */
    int signal;   /* 0: none */
    bool timed_out;
    bool complete; /* the session was stopped and closed in order */
    uint64_t lost;
    int64_t start_us; /* wall clock, microseconds since the epoch; 0: never */
    int64_t end_us;
};

/* Write or replace the file in `directory`: whoever reads it sees the old or the new one, whole. */
bool launch_write_info(const char *directory, const struct launch_info *info, GError **error);

/*
 * Fill info, to be cleared by the caller. False with one line in error when the file is absent
 * (G_FILE_ERROR_NOENT of G_FILE_ERROR: not recorded by mitrace), unreadable, or of another schema; info is
 * then empty.
 */
bool launch_read_info(const char *directory, struct launch_info *info, GError **error);

void launch_info_clear(struct launch_info *info);

#endif
