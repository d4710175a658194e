/* SPDX-License-Identifier: MIT */
/* The exit statuses of `mitrace`: an interface that scripts and CI jobs depend on, never renumbered. */
#ifndef MITRACE_VIEWER_EXIT_CODES_H
#define MITRACE_VIEWER_EXIT_CODES_H

enum exit_code {
    EXIT_CLEAN = 0,      /* done; for check: no findings, and the trace is complete */
    EXIT_FINDINGS = 1,   /* check: findings that fail it */
    EXIT_USAGE = 2,      /* wrong command line */
    EXIT_UNKNOWN = 3,    /* could not do it: no trace, unreadable, events lost, output not written */
    EXIT_TIMED_OUT = 124 /* record, check: --timeout stopped PROGRAM */
};

#endif
