/* SPDX-License-Identifier: MIT */
/* The table of faults: what happens to whom and when, and what must come of it. */
#ifndef MITRACE_TESTS_CASES_H
#define MITRACE_TESTS_CASES_H

#include "fault.h"

/* 0 with an exact account, 3 with a reason, or 137 when mitrace itself was killed. Of a later check: 0 or 3.
 */
enum { STATUS_ANY = -1 };

/* When the harm is done. */
enum fault_moment {
    AT_NO_TIME,
    AT_START,   /* after_ms after mitrace was started */
    AT_MOMENTS, /* from the start to after the recording, one test for each */
    AT_BEGUN,   /* the program runs, and has not used MI yet */
    AT_MIDDLE,
    AT_LAST,    /* the program has made its last call */
    AT_CALL,    /* the program, which is not held, has counted after_calls */
    AT_END,     /* after_ms after the program's last step */
    AT_ANALYSIS /* the program has ended, and mitrace reads the trace */
};

/* What the trace holds. */
enum fault_account_kind {
    EXACT,   /* each call that the program made */
    PARTIAL, /* each call up to the fault, perhaps more */
    KILLED, /* each call up to the program's death but the one that it was in, or a word that some are lost */
    UNKNOWN /* it may be unreadable */
};

/* What becomes of the program. */
enum fault_fate {
    ENDS, /* by itself, having done all it had to do */
    DIES, /* of what its END says, or of a signal that was passed on */
    ENDS_OR_NEVER_RUNS,
    DIES_OR_NEVER_RUNS,
};

struct fault_case {
    const char *name;
    const char *end;      /* of fault_program; NULL: "exit" */
    const char *options;  /* of mitrace check, separated by blanks; NULL: none */
    unsigned calls;       /* 0: some thousands */
    unsigned rate;        /* calls a second, 0: as fast as it can */
    bool big;             /* takes minutes and gigabytes: only where MITRACE_BIG_TESTS is set */
    bool starts_late;     /* the fault delays the start and the end, each by its bound */
    bool mounts;          /* needs private mounts */
    bool is_moment;       /* one of many in a row with AT_MOMENTS */
    bool no_trace_option; /* mitrace finds a place for the trace by itself */
    enum fault_start how;
    void (*prepare)(struct fault *fault); /* before mitrace is started; NULL: nothing */
    void (*limit)(void);                  /* in the process that becomes mitrace; NULL: nothing */
    enum fault_moment moment;
    unsigned after_ms;
    unsigned after_calls;
    void (*harm)(struct fault *fault);
    int status; /* of mitrace */
    enum fault_account_kind account;
    enum fault_fate fate;
    const char *says;   /* on standard error; NULL: no matter */
    const char *excuse; /* what it says when the status is 3 and another one is right too; NULL: no matter */
    int check_later;    /* status of a later `mitrace check` of the trace; 0: there is none */
    void (*afterwards)(struct fault *fault); /* fails if something is not as it was; NULL: nothing */
};

extern const struct fault_case fault_cases[];
extern const size_t fault_case_count;

#endif
