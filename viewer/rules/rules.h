/* SPDX-License-Identifier: MIT */
/*
 * The registry of rules. A rule is a row here, a file with its code, its help text and its goldens. The
 * registry also feeds `mitrace explain`, the man page and the JSON schema.
 */
#ifndef MITRACE_RULES_RULES_H
#define MITRACE_RULES_RULES_H

#include "rules/finding.h"
#include "symbols/symbols.h"

struct rules;         /* the state of one analysis */
struct rule_code;     /* what finds, see rules_internal.h */
struct deadlock_rule; /* how a deadlock is recognised and told, see deadlock.h */
struct misuse_rule;   /* which calls break a rule, see misuse.h */

struct rule {
    const char *id; /* "app-close-in-callback": an interface, never renamed */
    enum finding_kind kind;
    enum finding_severity severity;
    const char *title; /* one line */
    const char *help;  /* what it means, why it happens, how to fix it: a paragraph is a line, an example is
                          indented */
    enum mi_kind leak; /* kind of handle that a leak rule is about, else MI_KIND_none */
    const struct rule_code *code;         /* what finds it; rules may share it */
    const struct deadlock_rule *deadlock; /* of a deadlock, else NULL */
    const struct misuse_rule *misuse;     /* of a misuse, else NULL */
};

/* In the order in which their code runs: deadlocks before leaks. */
extern const struct rule rules_registry[];
extern const size_t rules_count;

/* The rule of that id, NULL when there is none. */
const struct rule *rules_find(const char *id);

/* What a whole trace says: handed to the rules of kind `trace` and to the reports. */
struct rules_trace {
    const struct source_summary *summary;
    bool timed_out; /* the launcher stopped the program after a time limit */
};

/* Names a return address of a process; owned by the analysis. Fingerprints are made of these names. */
typedef const struct symbols_frame *(*rules_namer)(void *context, struct model_process *process,
                                                   uint64_t address, size_t *count);

/*
 * Attach the rules to `model` before its first event; after model_finish, rules_finish returns the findings
 * (struct finding *, deadlocks first, then misuse, leaks, trace; inside a kind by severity, certainty, length
 * of the chain, count, time),
 * grouped so that equal rule and equal stacks are one. The array is owned by `rules` and lives until
 * rules_free, which comes before model_free.
 */
struct rules *rules_new(struct model *model);
const GPtrArray *rules_finish(struct rules *rules, const struct rules_trace *trace, rules_namer namer,
                              void *context);
void rules_free(struct rules *rules); /* NULL is allowed */

#endif
