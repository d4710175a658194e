/* SPDX-License-Identifier: MIT */
/*
 * What a misuse rule is: it is shown calls while the trace is read and tells the ones that break a rule of
 * MI. Which calls are worth looking at, equal findings, and the report stand in misuse.c.
 */
#ifndef MITRACE_RULES_MISUSE_H
#define MITRACE_RULES_MISUSE_H

#include "rules/rules_internal.h"

/* What MI's functions return when they refuse. */
enum { MISUSE_FAILED = 1, MISUSE_ACCESS_DENIED = 2, MISUSE_INVALID_PARAMETER = 4 };

struct misuse;

/* A call that is being looked at. */
struct misuse_call {
    struct misuse *misuse;
    const struct rule *rule;
    void *state; /* of the rule: `state_size` bytes, 0 in the beginning */
    struct model_thread *thread;
    const struct model_activity *call;
    struct model_handle *handle; /* that it acts on, of this process; NULL: unknown, or a forked child's
                                    parent has it */
    int32_t result;              /* when it was left */
};

struct misuse_rule {
    /* The model is as it was before the call. Calls that only use a handle which is not ending are left out,
     * but for getters and responses. */
    void (*entered)(const struct misuse_call *seen);
    /* It returned, and `result` is known; left out are those that succeeded on a handle that was not ending.
     */
    void (*left)(const struct misuse_call *seen);
    void (*judge)(struct rules *rules, const struct rule *rule); /* after the last event */
    void (*advise)(struct finding *finding);
    size_t state_size;
};

extern const struct rule_code misuse_code;

/* A finding about the call, not added yet. `about` may be NULL. */
struct finding *misuse_new(const struct misuse_call *seen, enum finding_severity severity,
                           const struct model_handle *about);

/*
 * What is wrong: the message will be "CALL on HANDLE in PLACE: <what> in <place of the first related one>
 * <then>". Formats as printf does; `then` is a part of a sentence, may be "".
 */
void misuse_explain(struct finding *finding, const char *then, const char *what, ...) G_GNUC_PRINTF(3, 4);
void misuse_add(const struct misuse_call *seen, struct finding *finding); /* takes it */

/* A part of the handle's life is not known, or events of it are missing: nothing can be said of its end. */
bool misuse_is_doubtful(const struct misuse_call *seen);

/* Objects of the kind may have been made that nobody sees. */
bool misuse_has_second_mi(const struct model_process *process, enum mi_kind kind);

/* Is memory at risk when something is done with `handle` after its end? */
bool misuse_harms(const struct model_handle *handle);

/* "it was", "they were" for options. */
bool misuse_is_plural(enum mi_kind kind);
const char *misuse_it_was(enum mi_kind kind);

/* A call on `handle`, other than `seen`, that has not returned and has one of these roles; NULL: none. */
const struct model_activity *misuse_running(const struct misuse_call *seen, const struct model_handle *handle,
                                            unsigned roles);

#endif
