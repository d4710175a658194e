/* SPDX-License-Identifier: MIT */
/*
 * What is known and accepted of a program: suppressions, a baseline, tolerances. Decides of every finding
 * whether it fails the check, and nothing else does.
 *
 *     struct accept *accept = accept_new(&options, &error);        before the program runs: files may be
 * wrong accept_judge(accept, findings, &stacks, whole);              marks the findings accept_save(accept,
 * &error);                                 writes the baseline, if that was wanted
 */
#ifndef MITRACE_ACCEPT_ACCEPT_H
#define MITRACE_ACCEPT_ACCEPT_H

#include "accept/baseline.h"
#include "accept/place.h"
#include "accept/suppressions.h"
#include "accept/tolerance.h"

#include <glib.h>

/* What the command line says; all of it may be 0. Strings are borrowed and must outlive the struct accept. */
struct accept_options {
    GPtrArray *suppressions; /* const char *: files, besides those of the environment */
    gboolean no_builtin;
    gboolean show_suppressed;
    gboolean generate;
    const char *baseline;
    gboolean update_baseline;
    const char *fail_on;
    GPtrArray *limits; /* const char *: RULE=N */
    const char *today; /* "2026-01-31"; NULL: the day it is, by UTC */
};

#define ACCEPT_ENVIRONMENT "MITRACE_SUPPRESSIONS" /* further suppression files, with colons between */

/* Rows for a command whose values are a `struct type` with a member `struct accept_options accept`. */
#define ACCEPT_OPTION_ROWS(type)                                                               \
    {"suppressions",                                                                           \
     0,                                                                                        \
     "FILE",                                                                                   \
     "accept what FILE describes; repeatable, also " ACCEPT_ENVIRONMENT "=FILE:FILE...",       \
     OPTION_LIST,                                                                              \
     offsetof(struct type, accept.suppressions),                                               \
     0},                                                                                       \
        {"no-builtin-suppressions",                                                            \
         0,                                                                                    \
         NULL,                                                                                 \
         "do not accept what mitrace accepts by itself",                                       \
         OPTION_FLAG,                                                                          \
         offsetof(struct type, accept.no_builtin),                                             \
         0},                                                                                   \
        {"show-suppressed",                                                                    \
         0,                                                                                    \
         NULL,                                                                                 \
         "print accepted findings, too, not only how many there are",                          \
         OPTION_FLAG,                                                                          \
         offsetof(struct type, accept.show_suppressed),                                        \
         0},                                                                                   \
        {"generate-suppressions",                                                              \
         0,                                                                                    \
         NULL,                                                                                 \
         "print a suppression for each finding",                                               \
         OPTION_FLAG,                                                                          \
         offsetof(struct type, accept.generate),                                               \
         0},                                                                                   \
        {"baseline",                                                                           \
         0,                                                                                    \
         "FILE",                                                                               \
         "accept the findings that FILE holds",                                                \
         OPTION_STRING,                                                                        \
         offsetof(struct type, accept.baseline),                                               \
         0},                                                                                   \
        {"update-baseline",                                                                    \
         0,                                                                                    \
         NULL,                                                                                 \
         "write the present findings to the baseline",                                         \
         OPTION_FLAG,                                                                          \
         offsetof(struct type, accept.update_baseline),                                        \
         0},                                                                                   \
        {"fail-on",                                                                            \
         0,                                                                                    \
         "LIST",                                                                               \
         "what fails: rules; leak, deadlock, misuse; error, warning, note (default: error)",   \
         OPTION_STRING,                                                                        \
         offsetof(struct type, accept.fail_on),                                                \
         0},                                                                                   \
    {                                                                                          \
        "max", 0, "RULE=N", "let up to N of RULE pass, fail on more; repeatable", OPTION_LIST, \
            offsetof(struct type, accept.limits), 0                                            \
    }

/* The paragraphs of --help that explain them. */
#define ACCEPT_HELP                                                                                        \
    "A suppression file holds lines RULE:PATTERN. RULE is a rule's id (leak-session, leak-*). PATTERN\n"   \
    "is a function in a stack of the finding, or module:NAME or file:PATH; * stands for anything, ? for\n" \
    "one character. Behind an entry, or indented below it: # reason: TEXT, and # until: YYYY-MM-DD, the\n" \
    "last day (UTC) on which it holds.\n"                                                                  \
    "\n"                                                                                                   \
    "What fails: a suppressed finding never does, one of the baseline only when it has grown. Of the\n"    \
    "rest, --max RULE=N decides on all findings of RULE together: more than N handles or occurrences\n"    \
    "fail, whatever --fail-on says. Findings of other rules fail when --fail-on names the rule, its\n"     \
    "kind, or a severity that they reach (warning means warnings and errors).\n"

/* What was decided of one finding. */
struct accept_mark {
    bool fails;
    bool tolerated; /* an error that fails unless --fail-on or --max say otherwise, and they do */
    uint64_t known; /* the count that the baseline knows; 0: none */
};

struct accept {
    GPtrArray *entries;               /* struct accept_entry *, the built-in ones first */
    struct accept_baseline *baseline; /* NULL: none */
    struct accept_tolerance *tolerance;
    bool show_suppressed;
    GHashTable *marks; /* const struct finding * -> struct accept_mark * */
};

struct accept_sums {
    uint64_t accepted; /* findings that got a suppressed_by */
    uint64_t failing;
    uint64_t possible; /* of the failing ones, those that are not certain */
};

/* Reads the files. NULL with one line in `error`, which is always the user's to mend. */
struct accept *accept_new(const struct accept_options *options, GError **error);
void accept_free(struct accept *accept); /* NULL is allowed */

/*
 * Judge all findings of an analysis, once: sets suppressed_by of those that are accepted. `whole`: nothing is
 * missing from the trace, so that what was not found is gone. `accept` NULL: every error fails.
 */
struct accept_sums accept_judge(struct accept *accept, const GPtrArray *findings,
                                const struct accept_stacks *stacks, bool whole);

/* Write the baseline if --update-baseline was given. False with one line in `error`. NULL is allowed. */
bool accept_save(struct accept *accept, GError **error);

/* What accept_judge decided of `finding`; all 0 when it was not asked, or `accept` is NULL. */
struct accept_mark accept_mark_of(const struct accept *accept, const struct finding *finding);

/* Whether there is anything to tell about acceptance; `accept` NULL: no. */
bool accept_in_use(const struct accept *accept);

#endif
