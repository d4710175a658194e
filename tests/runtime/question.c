/* SPDX-License-Identifier: MIT */
/* See question.h. */
#include "question.h"

#include "class.h"
#include "instance.h"

#include <stdlib.h>
#include <string.h>

static const MI_Char *copy_text(const MI_Char *text)
{
    return text != NULL ? strdup(text) : NULL;
}

static const MI_Instance *copy_instance(const MI_Instance *instance)
{
    MI_Instance *copy = NULL;

    if (instance != NULL) {
        instance->ft->Clone(instance, &copy);
    }
    return copy;
}

struct question question_copy(const struct question *question)
{
    return (struct question){
        .verb = question->verb,
        .namespace_name = copy_text(question->namespace_name),
        .class_name = copy_text(question->class_name),
        .method = copy_text(question->method),
        .dialect = copy_text(question->dialect),
        .query = copy_text(question->query),
        .instance = copy_instance(question->instance),
        .parameters = copy_instance(question->parameters),
    };
}

static void free_instance(const MI_Instance *instance)
{
    if (instance != NULL) {
        instance->ft->Delete((MI_Instance *)instance);
    }
}

void question_free(struct question *question)
{
    free((void *)question->namespace_name);
    free((void *)question->class_name);
    free((void *)question->method);
    free((void *)question->dialect);
    free((void *)question->query);
    free_instance(question->instance);
    free_instance(question->parameters);
}

void answer_free(struct answer *answer)
{
    for (size_t i = 0; i < answer->count; i++) {
        instance_free_owned(answer->instances[i]);
    }
    free(answer->instances);
    if (answer->class != NULL) {
        answer->class->ft->Delete(answer->class);
    }
    if (answer->details != NULL) {
        instance_free_owned(answer->details);
    }
}
