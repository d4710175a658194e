/* SPDX-License-Identifier: MIT */
/* What the files of this room offer to one another: the code behind rules, the analysis, words for texts. */
#ifndef MITRACE_RULES_RULES_INTERNAL_H
#define MITRACE_RULES_RULES_INTERNAL_H

#include "rules/rules.h"

/* The code behind one rule or a family of them. Any function may be NULL. */
struct rule_code {
    /* Before the first event; may add an observer to `model`. Returns the code's state. */
    void *(*start)(struct rules *rules, struct model *model);
    /* After the last event: hand findings to rules_add. */
    void (*judge)(struct rules *rules, void *state);
    void (*stop)(void *state);
};

struct omi_defects;

struct rules {
    struct model *model;
    GPtrArray *codes;                  /* const struct rule_code *, in the order of the registry */
    GPtrArray *states;                 /* what their start returned */
    GPtrArray *findings;               /* struct finding *, owned */
    GHashTable *hung;                  /* struct model_process * that have a deadlock, a set */
    const struct omi_defects *defects; /* what spoilt MI's counts; owned by the deadlock rules */
    /* while judging: */
    const struct rules_trace *trace;
    rules_namer namer;
    void *context;
};

void rules_add(struct rules *rules, struct finding *finding); /* takes it */

/* No event is missing, so what was not seen did not happen. */
bool rules_trace_is_whole(const struct rules *rules);

/* grouping.c: one finding for equal ones, in the order of reports. fingerprint.c: give each its fingerprint.
 */
void rules_group(struct rules *rules);
void rules_fingerprint(struct rules *rules);

/* The frames at an address, or none when nobody names addresses. */
const struct symbols_frame *rules_frames(const struct rules *rules, struct model_process *process,
                                         uint64_t address, size_t *count);

/*
 * words.c: parts of messages and advice; what is returned belongs to the caller. Places are empty when the
 * trace does not tell them.
 */
char *rules_handle_title(const struct model_handle *handle);              /* "session 3" */
char *rules_handle_titles(const GPtrArray *handles);                      /* "session 3 and 2 more" */
char *rules_kind_title(enum mi_kind kind, uint64_t count);                /* "operations" */
const char *rules_was(enum mi_kind kind, uint64_t count);                 /* "was" or "were" */
char *rules_in(const struct rules *rules, const struct model_site *site); /* " in open (client.c:42)" */
char *rules_made_in(const struct rules *rules,
                    const struct model_handle *handle); /* " (created in open, client.c:42)" */
const char *rules_made_verb(enum mi_kind kind);         /* "started" or "created" */
char *rules_callback_title(
    const struct model_activity *callback);       /* "the instanceResult callback of operation 2" */
const char *rules_closer(enum mi_kind kind);      /* "MI_Session_Close" */
const char *rules_close_verb(enum mi_kind kind);  /* "close" or "delete" */
const char *rules_closed_verb(enum mi_kind kind); /* "closed" or "deleted" */
char *rules_result(int32_t result);               /* "ACCESS_DENIED", "result 77" */
/* "open (client.c:42)": the innermost function of the program; NULL when the trace does not tell */
char *rules_site_name(const struct rules *rules, const struct model_site *site);

#endif
