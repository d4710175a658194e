/* SPDX-License-Identifier: MIT */
/* What fault_program tells of itself, in a file that outlives any death. */
#ifndef MITRACE_TESTS_FAULT_ACCOUNT_H
#define MITRACE_TESTS_FAULT_ACCOUNT_H

#include <stdint.h>

struct fault_account {
    uint64_t calls;      /* of MI, each counted before it is made */
    uint64_t longest_ns; /* from one call to the next, but for the program's own pauses */
    uint64_t working_ns; /* the sum of these */
};

#endif
