/* SPDX-License-Identifier: MIT */
/* The verdict on a run and the exit code that tells it to scripts: decided here and nowhere else. */
#ifndef MITRACE_VIEWER_VERDICT_H
#define MITRACE_VIEWER_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

enum verdict {
    VERDICT_CLEAN,    /* everything was checked and nothing that fails was found */
    VERDICT_FINDINGS, /* something was found, whatever else could not be checked */
    VERDICT_UNKNOWN   /* nothing certain was found, but not everything could be checked */
};

struct verdict_facts {
    uint64_t failing;    /* findings that fail the check, as accept_judge decides */
    uint64_t unsure;     /* of these, what events that are missing may explain */
    bool seen;           /* at least one MI call was recorded */
    bool whole;          /* nothing that a clean verdict needs is missing from the trace */
    int program_status;  /* what the program that was run just now exited with, 128 + signal; 0: fine, or none
                            was run */
    int findings_status; /* exit code that says VERDICT_FINDINGS */
};

const char *verdict_word(enum verdict verdict); /* "clean", "findings", "unknown" */
enum verdict verdict_of(const struct verdict_facts *facts);
int verdict_exit_code(const struct verdict_facts *facts);

#endif
