/* SPDX-License-Identifier: MIT */
/*
 * `mitrace` under a fault: started on a program that says where it stands, harmed at a chosen moment, and
 * looked at afterwards. What cannot be done fails the running CMocka test.
 */
#ifndef MITRACE_TESTS_FAULT_H
#define MITRACE_TESTS_FAULT_H

#include "fault_account.h"

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/* Nothing may delay mitrace's end, or the program between two of its calls, by more than this when a part of
 * LTTng is gone or hangs: the 5 s that README.md promises, and 1.6 times that for a busy machine. */
#define FAULT_BOUND_S 8.0

struct fault {
    char *folder; /* of this run, private; HOME is in it */
    char *tmp;    /* TMPDIR, in it: what mitrace leaves there is left behind */
    char *trace;  /* in it: the trace directory */
    pid_t mitrace;
    bool killed;             /* by us */
    guint64 calls_after;     /* what the program had counted after it was harmed */
    bool missed;             /* the process to be harmed was no more */
    int terminal;            /* its terminal, if it was given one; -1 */
    gint64 harmed_us;        /* when the fault was done, monotonic */
    int status;              /* of mitrace, 128 + signal; valid after fault_wait */
    double seconds;          /* from the fault, or from the start, to the end */
    char *err;               /* what it wrote to standard error */
    GHashTable *before;      /* what there was in shared places */
    GPtrArray *mounts;       /* char *: unmounted by fault_close */
    const char *own_program; /* its processes may stay; NULL: none may */
    int filler;              /* an open file that takes up room; -1 */
    pid_t daemon;            /* a session daemon of somebody else's, ended by fault_close; 0 */
};

/* How mitrace is started. */
enum fault_start { START_PLAIN, START_ON_TERMINAL, START_WITHOUT_STDIN, START_WITHOUT_STREAMS };

/*
 * See that nothing done here can harm other recordings: as root by a private view of the places that they
 * share, or else by becoming an ordinary user. False after saying that neither is possible.
 */
bool fault_isolate(void);

/* Make the folders. */
void fault_open(struct fault *fault);

/* Start argv (NULL-terminated); `limit`, unless NULL, runs in the new process first. Every process of the run
 * has MITRACE_FAULT=<folder> in its environment, and looks for programs in <folder>/bin first. */
void fault_start(struct fault *fault, char *const *argv, enum fault_start how, void (*limit)(void));

/* Wait for mitrace's end, `bound` seconds at most. */
void fault_wait(struct fault *fault, double bound);

/* Have the program wait at "middle" or "last"; wait until it does; let it go on. */
void fault_hold(const struct fault *fault, const char *place);
void fault_reach(const struct fault *fault, const char *place);
void fault_release(const struct fault *fault, const char *place);

/* Whether the program left this mark: "begun", "ended", "daemon-ended". */
bool fault_marked(const struct fault *fault, const char *mark);

/* What the program tells of itself, all 0 when it never ran; its calls. */
struct fault_account fault_own_account(const struct fault *fault);
guint64 fault_own_count(const struct fault *fault);

/* Remove the folders, and end what is left of the run. */
void fault_close(struct fault *fault);

/* fault_processes.c: the run's process of this name, waited for as long as mitrace lives; 0: there was none.
 */
pid_t fault_process(const struct fault *fault, const char *name);

/* Wait until there is no such process; false: there still is after `bound` seconds. */
bool fault_await_end(const struct fault *fault, const char *name, double bound);

/* Process ids of the run (pid_t), but for mitrace itself. */
GArray *fault_processes(const struct fault *fault);

/* fault_left.c: remember what is in the shared places, then fail if more is there now, or a process or file
 * of the run, after a moment of patience. */
void fault_look(struct fault *fault);
void fault_assert_nothing_left(struct fault *fault);

#endif
