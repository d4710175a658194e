/* SPDX-License-Identifier: MIT */
/* What an operation asks the server, with copies of all that the program passed, and what the server answers.
 */
#ifndef MITRACE_RUNTIME_QUESTION_H
#define MITRACE_RUNTIME_QUESTION_H

#include "mi_abi.h"

#include <stdbool.h>

enum verb {
    ASK_GET,
    ASK_MODIFY,
    ASK_CREATE,
    ASK_DELETE,
    ASK_INVOKE,
    ASK_ENUMERATE,
    ASK_QUERY,
    ASK_ASSOCIATORS,
    ASK_REFERENCES,
    ASK_SUBSCRIBE,
    ASK_CLASS,
    ASK_CLASSES,
    ASK_CONNECTION
};

/* Everything but `verb` may be NULL. In the program's memory until question_copy. */
struct question {
    enum verb verb;
    const MI_Char *namespace_name;
    const MI_Char *class_name;
    const MI_Char *method;
    const MI_Char *dialect;
    const MI_Char *query;
    const MI_Instance *instance;
    const MI_Instance *parameters;
};

/* The asker owns instances, class and details. */
struct answer {
    MI_Instance **instances; /* an array of `count`, or NULL */
    size_t count;
    MI_Class *class;
    bool endless; /* the instances are indications that come again and again until somebody cancels */
    MI_Result result;
    const MI_Char *message; /* constant text or NULL */
    MI_Instance *details;
};

/* A copy to be freed with question_free. Instances are cloned through their own table, as they may be
 * foreign. */
struct question question_copy(const struct question *question);
void question_free(struct question *question);
void answer_free(struct answer *answer);

/* Answers from the in-memory repository; on the delivery thread only. Instances that are asked about are not
 * kept. */
void repository_answer(const struct question *question, struct answer *answer);

#endif
