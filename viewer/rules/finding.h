/* SPDX-License-Identifier: MIT */
/* What a rule found: one finding, as every report prints it. */
#ifndef MITRACE_RULES_FINDING_H
#define MITRACE_RULES_FINDING_H

#include "model/model.h"

enum finding_severity { FINDING_NOTE, FINDING_WARNING, FINDING_ERROR };
enum finding_certainty { FINDING_OBSERVED, FINDING_POSSIBLE };
enum finding_kind { FINDING_LEAK, FINDING_DEADLOCK, FINDING_MISUSE, FINDING_TRACE };

const char *finding_severity_word(enum finding_severity severity);    /* "error" */
const char *finding_certainty_word(enum finding_certainty certainty); /* "observed" */
const char *finding_kind_word(enum finding_kind kind);                /* "deadlock" */

/* A copy of what identifies a handle: findings outlive the model's handles. */
struct finding_handle {
    enum mi_kind kind; /* MI_KIND_none: the finding is about no handle */
    unsigned id;
    char *name;
    unsigned parent; /* id of its parent; 0: none */
};

/* Another place that explains the finding: "first close", "callback running here". */
struct finding_related {
    char *what;
    struct model_site site;
    struct finding_handle handle;
};

/* One step of the chain of who waits for whom: "thread 12" waits for "session 3" because ... */
struct finding_link {
    char *from;
    char *waits_for;
    char *because;
};

struct rule;

struct finding {
    const struct rule *rule;
    enum finding_severity severity;
    enum finding_certainty certainty;
    uint64_t count;                /* handles (leaks) or occurrences */
    int64_t first_ns, last_ns;     /* creation (leaks) or occurrence of the first and last of them */
    char *message;                 /* one sentence: what, with function names and handle ids */
    char *advice;                  /* one or two sentences: what to change and where */
    char *fingerprint;             /* 16 hex digits, stable over runs; set by rules_finish */
    struct model_process *process; /* NULL: the finding is about the trace */
    struct finding_handle handle;
    struct model_site created; /* thread NULL: unknown */
    struct model_site at;      /* stuck or misused here; thread NULL: nowhere (leaks) */
    int64_t blocked_ns; /* how long `at` has been inside its call when the trace ended; -1: not blocked */
    GPtrArray *related; /* struct finding_related * */
    GPtrArray *chain;   /* struct finding_link * */
    GPtrArray
        *consequences;   /* struct finding *: other findings of the same hang, explained by this one; owned */
    char *suppressed_by; /* NULL: not suppressed */
};

/* One occurrence, observed, with the rule's severity; everything else is empty. `process` may be NULL. */
struct finding *finding_new(const struct rule *rule, struct model_process *process);
void finding_free(struct finding *finding); /* NULL is allowed */

/* `about` may be NULL, and so may `site`: then there is no place. Formats as printf does. */
void finding_set_handle(struct finding *finding, const struct model_handle *about);
void finding_set_message(struct finding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);
void finding_set_advice(struct finding *finding, const char *format, ...) G_GNUC_PRINTF(2, 3);
void finding_set_at(struct finding *finding, const struct model_site *site);
void finding_relate(struct finding *finding, const struct model_site *site, const struct model_handle *about,
                    const char *what, ...) G_GNUC_PRINTF(4, 5);
void finding_link(struct finding *finding, char *from, char *waits_for,
                  char *because);                                /* takes the strings */
void finding_occurred(struct finding *finding, int64_t time_ns); /* widens first_ns and last_ns */

#endif
