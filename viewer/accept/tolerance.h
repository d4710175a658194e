/* SPDX-License-Identifier: MIT */
/* Which findings fail a check: --fail-on selects rules, kinds and severities, --max sets limits for rules. */
#ifndef MITRACE_ACCEPT_TOLERANCE_H
#define MITRACE_ACCEPT_TOLERANCE_H

#include "rules/rules.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* --max RULE=MOST */
struct accept_limit {
    const struct rule *rule;
    uint64_t most;
    uint64_t found; /* handles or occurrences of findings that are neither suppressed nor in the baseline */
};

struct accept_tolerance {
    const char *fail_on; /* as it was given, borrowed; NULL: the default, every error */
    int least;           /* enum finding_severity: this and what is worse fails; FINDING_ERROR + 1: none */
    bool kinds[FINDING_TRACE + 1];
    GPtrArray *rules; /* const struct rule * */
    GArray *limits;   /* struct accept_limit */
};

/* The default: every error fails. */
struct accept_tolerance *accept_tolerance_new(void);
void accept_tolerance_free(struct accept_tolerance *tolerance); /* NULL is allowed */

/* The LIST of --fail-on, which must outlive `tolerance`. False with one line in `error`. */
bool accept_fail_on(struct accept_tolerance *tolerance, const char *list, GError **error);

/* "RULE=N" of --max; a later one for the same rule counts. False with one line in `error`. */
bool accept_add_limit(struct accept_tolerance *tolerance, const char *text, GError **error);

/* Count `count` handles or occurrences of a finding towards the limit of its rule, if there is one. */
void accept_count(struct accept_tolerance *tolerance, const struct rule *rule, uint64_t count);

/* After everything was counted: whether a finding that nothing accepts fails the check. */
bool accept_fails_by(const struct accept_tolerance *tolerance, const struct finding *finding);

#endif
